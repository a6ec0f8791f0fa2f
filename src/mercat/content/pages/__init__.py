"""Pages of the marketplace: imprint, terms, privacy and the like, each with every version that it ever had.

Owns: pages and their versions.
Calls: translations, auth, audit, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.content.pages.agreements import AGREED_PAGES, AgreedPage
from mercat.content.pages.backfill import record_past
from mercat.content.pages.router import PAGES, router
from mercat.content.pages.schemas import PageCreate

__all__ = ["AGREED_PAGES", "PAGES", "AgreedPage", "PageCreate", "record_past", "router"]
