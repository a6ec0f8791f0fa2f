"""Vendors' money: what clears, what they are owed, and how it is paid out.

Owns: payout accounts, runs, payouts, adjustments.
Calls: orders, payments, ledger, vendors, auth, audit, outbox.
Publishes: PayoutAccountChanged, PayoutFailed, PayoutPaid.
Listens: AccountChanged, OrderRefunded.
"""

from mercat.payouts import jobs, statement_router, vendor_router
from mercat.payouts.backfill import PastAccount, clear_past, record_past
from mercat.payouts.handlers import follow_account, take_back
from mercat.payouts.queries import read
from mercat.payouts.reconciliation import Report, reconcile
from mercat.payouts.router import adjustments_router, router

routers = (vendor_router.router, statement_router.router, adjustments_router, router)

__all__ = [
    "PastAccount",
    "Report",
    "clear_past",
    "follow_account",
    "jobs",
    "read",
    "reconcile",
    "record_past",
    "routers",
    "take_back",
]
