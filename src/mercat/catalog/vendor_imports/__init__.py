"""Product files that vendors import by themselves, in the vendor portal.

Owns: catalog_imports.
Calls: files, vendors, auth, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.vendor_imports import jobs
from mercat.catalog.vendor_imports.router import router

__all__ = ["jobs", "router"]
