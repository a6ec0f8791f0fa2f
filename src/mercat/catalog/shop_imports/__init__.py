"""Product files that shops bring in by themselves, at their desks.

Owns: catalog_imports.
Calls: files, vendors, auth, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.shop_imports import jobs
from mercat.catalog.shop_imports.router import router

__all__ = ["jobs", "router"]
