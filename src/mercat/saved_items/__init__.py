"""What people keep an eye on: wishlists, alerts about products, and what they looked at lately.

Owns: wishlists and what is on them, alerts, recent views.
Calls: cart, catalog, inventory, users, exchange, files, auth, outbox, i18n.
Publishes: AlertTriggered.
Listens: BackInStock, PersonalizationDeclined.
"""

from mercat.saved_items import jobs
from mercat.saved_items.alerts_router import router as alerts_router
from mercat.saved_items.backfill import PastWishlistItem, record_past
from mercat.saved_items.handlers import forget_views, look_at_variant
from mercat.saved_items.letters import AlertInMail, in_mail
from mercat.saved_items.personal import SavedItemsRecord, forget, record_of
from mercat.saved_items.recent_views import take_views
from mercat.saved_items.router import router
from mercat.saved_items.unsubscribe import end_alerts, may_unsubscribe, unsubscribe_url
from mercat.saved_items.views_router import OptedOut
from mercat.saved_items.views_router import router as views_router

__all__ = [
    "AlertInMail",
    "OptedOut",
    "PastWishlistItem",
    "SavedItemsRecord",
    "alerts_router",
    "end_alerts",
    "forget",
    "forget_views",
    "in_mail",
    "jobs",
    "look_at_variant",
    "may_unsubscribe",
    "record_of",
    "record_past",
    "router",
    "take_views",
    "unsubscribe_url",
    "views_router",
]
