"""Payment processing: charges, refunds, webhooks and reconciliation with providers.

Owns: nothing of its own.
Calls: orders, cart, payments, ledger, auth, audit, outbox.
Publishes: AccountChanged.
Listens: ChargeAbandoned, CustomerForgotten, RefundRequested.
"""

from mercat.payment_processing import jobs
from mercat.payment_processing.handlers import call_off, delete_saved_cards, give_back
from mercat.payment_processing.method_choice import Choice, choose
from mercat.payment_processing.provider_calls import asks, begin, confirm, shown
from mercat.payment_processing.reconciliation import Report, reconcile
from mercat.payment_processing.router import router, staff_router
from mercat.payment_processing.schemas import CardRef, PageUrl

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
    "delete_saved_cards",
    "give_back",
    "jobs",
    "reconcile",
    "router",
    "shown",
    "staff_router",
]
