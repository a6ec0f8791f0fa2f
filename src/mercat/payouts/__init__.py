"""Shops' money: what clears, what they are owed, and how it reaches them.

Owns: payout accounts, runs, payouts, adjustments.
Calls: orders, payments, ledger, vendors, auth, audit, outbox.
Publishes: PayoutPaid, PayoutFailed, PayoutAccountChanged.
Listens: OrderRefunded.
"""

from mercat.payouts import jobs
from mercat.payouts.handlers import take_back

__all__ = ["jobs", "take_back"]
