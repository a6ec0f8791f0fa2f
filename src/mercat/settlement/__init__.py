"""Where money, providers and orders meet: asking providers, following what they say, finding what differs.

Owns: nothing of its own.
Calls: orders, cart, payments, ledger, auth, audit, outbox.
Publishes: AccountChanged.
Listens: ChargeAbandoned, CustomerForgotten, RefundRequested.
"""

from mercat.settlement import jobs
from mercat.settlement.asking import asks, begin, confirm, shown
from mercat.settlement.choosing import Choice, choose
from mercat.settlement.handlers import call_off, forget_cards, give_back
from mercat.settlement.reconciling import Report, reconcile
from mercat.settlement.router import router, staff_router
from mercat.settlement.schemas import CardRef, PageUrl

__all__ = [
    "CardRef",
    "Choice",
    "PageUrl",
    "Report",
    "asks",
    "begin",
    "call_off",
    "choose",
    "confirm",
    "forget_cards",
    "give_back",
    "jobs",
    "reconcile",
    "router",
    "shown",
    "staff_router",
]
