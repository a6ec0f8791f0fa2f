"""What a shop's people see of its own products, and change of many at once.

Owns: nothing of its own.
Calls: vendors, auth.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.vendor_products.router import router

__all__ = ["router"]
