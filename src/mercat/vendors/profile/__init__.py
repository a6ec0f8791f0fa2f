"""How a vendor presents itself, and what it promises.

Owns: the profile of shops.
Calls: files, auth, audit.
Publishes: nothing.
Listens: nothing.
"""

from mercat.vendors.profile.router import router

__all__ = ["router"]
