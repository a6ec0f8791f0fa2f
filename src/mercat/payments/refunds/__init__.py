"""Refunds to buyers."""

from mercat.payments.exceptions import PaymentDisputed, RefundInOtherCurrency, RefundNotChargeable
from mercat.payments.refunds.numbers import NUMBERS
from mercat.payments.refunds.queries import by_ids, is_pending, is_unsent, of_payments, read, requesters
from mercat.payments.refunds.service import (
    Back,
    Refundable,
    counts_as_refunded,
    forget,
    has_gone_back,
    known_returns,
    order_of,
    pending_since,
    record_made,
    refundable,
    refundables,
    request,
    settle,
)
from mercat.payments.schemas import RefundRead

__all__ = [
    "NUMBERS",
    "Back",
    "PaymentDisputed",
    "RefundInOtherCurrency",
    "RefundNotChargeable",
    "RefundRead",
    "Refundable",
    "by_ids",
    "counts_as_refunded",
    "forget",
    "has_gone_back",
    "is_pending",
    "is_unsent",
    "known_returns",
    "of_payments",
    "order_of",
    "pending_since",
    "read",
    "record_made",
    "refundable",
    "refundables",
    "request",
    "requesters",
    "settle",
]
