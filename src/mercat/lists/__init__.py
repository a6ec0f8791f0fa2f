"""What people keep an eye on: wishlists, alerts about products, and what they looked at lately.

Owns: wishlists and what is on them, alerts, recent views.
Calls: cart, catalog, inventory, files, auth, outbox.
Publishes: AlertCameTrue.
Listens: BackInStock.
"""

from mercat.lists import jobs
from mercat.lists.alerts_router import router as alerts_router
from mercat.lists.handlers import look_at_variant
from mercat.lists.history import PastWish, record_past
from mercat.lists.letters import AlertInMail, in_mail
from mercat.lists.personal import ListsRecord, forget, record_of
from mercat.lists.router import router
from mercat.lists.unsubscribe import end_alerts, may_unsubscribe, unsubscribe_url
from mercat.lists.views_router import router as views_router

__all__ = [
    "AlertInMail",
    "ListsRecord",
    "PastWish",
    "alerts_router",
    "end_alerts",
    "forget",
    "in_mail",
    "jobs",
    "look_at_variant",
    "may_unsubscribe",
    "record_of",
    "record_past",
    "router",
    "unsubscribe_url",
    "views_router",
]
