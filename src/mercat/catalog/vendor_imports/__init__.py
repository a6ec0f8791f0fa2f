"""Product files that shops bring in by themselves, at their desks.

Owns: catalog_imports.
Calls: files, vendors, auth, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.vendor_imports import jobs
from mercat.catalog.vendor_imports.router import router

__all__ = ["jobs", "router"]
