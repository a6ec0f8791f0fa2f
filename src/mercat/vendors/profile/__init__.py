"""How a vendor presents itself, and what it promises.

Owns: the profiles of vendors.
Calls: files, auth, audit.
Publishes: nothing.
Listens: nothing.
"""

from mercat.vendors.profile.router import router

__all__ = ["router"]
