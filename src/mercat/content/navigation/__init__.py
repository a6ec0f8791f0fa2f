"""How people find their way: menus as data, and redirects of former paths.

Owns: menus and redirects.
Calls: translations, auth, audit, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.content.navigation.menus import MenuItem, MenuWrite
from mercat.content.navigation.menus import write as write_menu
from mercat.content.navigation.router import MENUS, menus_router, redirects_router

__all__ = ["MENUS", "MenuItem", "MenuWrite", "menus_router", "redirects_router", "write_menu"]
