"""Money that goes back to buyers."""

from mercat.payments.refunds.queries import by_ids, of_payments, read, requesters
from mercat.payments.refunds.service import (
    Back,
    Refundable,
    counts_as_refunded,
    exists_for,
    forget,
    has_gone_back,
    order_of,
    pending_since,
    refundable,
    refundables,
    request,
    settle,
    unknown_returns,
)
from mercat.payments.schemas import RefundRead

__all__ = [
    "Back",
    "RefundRead",
    "Refundable",
    "by_ids",
    "counts_as_refunded",
    "exists_for",
    "forget",
    "has_gone_back",
    "of_payments",
    "order_of",
    "pending_since",
    "read",
    "refundable",
    "refundables",
    "request",
    "requesters",
    "settle",
    "unknown_returns",
]
