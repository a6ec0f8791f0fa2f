"""Payments by buyers, and refunds to them.

Owns: payments, refunds, disputes, saved methods, webhooks as they came, gift cards, the books of the sandbox provider.
Calls: ledger, auth, audit, outbox.
Publishes: ChargeAbandoned, CustomerForgotten, DisputeChanged, PaymentFailed, RefundFailed, RefundRequested.
Listens: nothing.
"""

from mercat.payments.charges import (
    CapturedPayment,
    PaymentSnapshot,
    abandon,
    apply,
    note_checked,
    paid_so_far,
    snapshot,
    take_by_hand,
)
from mercat.payments.creation import Intent, claim, record_past, reopen, start, terms_of, window_of
from mercat.payments.differences import Difference, Findings
from mercat.payments.disputes import DisputeMove, disputed, follow_dispute
from mercat.payments.exceptions import (
    AlreadyPaying,
    AmountNotChargeable,
    PaymentNotFound,
    PaymentRefused,
    ProviderUnavailable,
    RefundExceedsCaptured,
    UnknownMethod,
)
from mercat.payments.lookups import (
    by_charge,
    named,
    note_unknown,
    opened_between,
    providers_since,
    record_stray,
    unheard_of,
)
from mercat.payments.options import name_of
from mercat.payments.queries import bank_details, disputes_of, instructions, of_orders, read_any
from mercat.payments.router import router
from mercat.payments.schemas import DisputeRead, NextAction, PaymentRead

__all__ = [
    "AlreadyPaying",
    "AmountNotChargeable",
    "CapturedPayment",
    "Difference",
    "DisputeMove",
    "DisputeRead",
    "Findings",
    "Intent",
    "NextAction",
    "PaymentNotFound",
    "PaymentRead",
    "PaymentRefused",
    "PaymentSnapshot",
    "ProviderUnavailable",
    "RefundExceedsCaptured",
    "UnknownMethod",
    "abandon",
    "apply",
    "bank_details",
    "by_charge",
    "claim",
    "disputed",
    "disputes_of",
    "follow_dispute",
    "instructions",
    "name_of",
    "named",
    "note_checked",
    "note_unknown",
    "of_orders",
    "opened_between",
    "paid_so_far",
    "providers_since",
    "read_any",
    "record_past",
    "record_stray",
    "reopen",
    "router",
    "snapshot",
    "start",
    "take_by_hand",
    "terms_of",
    "unheard_of",
    "window_of",
]
