"""A vendor's own products, for its members, and changes of many at once.

Owns: nothing of its own.
Calls: vendors, auth.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.vendor_products.router import router

__all__ = ["router"]
