"""All data of the marketplace about a person: exported, or erased.

Owns: nothing of its own; joins what every domain says it has.
Calls: notifications, checkout, reviews, saved_items, invoices, orders, cart, payments, pricing, content, vendors,
    users, files, auth, audit, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.privacy.person_erasure import erase
from mercat.privacy.person_export import export
from mercat.privacy.router import router
from mercat.privacy.schemas import PersonExport

__all__ = ["PersonExport", "erase", "export", "router"]
