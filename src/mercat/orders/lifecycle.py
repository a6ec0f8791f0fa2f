"""The life of an order, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """Where an order stands."""

    pending = "pending"
    paid = "paid"
    processing = "processing"
    shipped = "shipped"
    delivered = "delivered"
    completed = "completed"
    cancelled = "cancelled"
    expired = "expired"
    partially_refunded = "partially_refunded"
    refunded = "refunded"


TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.pending: (Status.paid, Status.cancelled, Status.expired),
    Status.paid: (Status.processing, Status.shipped, Status.cancelled, Status.refunded),
    Status.processing: (Status.shipped, Status.cancelled, Status.refunded),
    Status.shipped: (Status.delivered, Status.refunded),
    Status.delivered: (Status.completed, Status.refunded),
    Status.completed: (Status.refunded,),
    Status.cancelled: (),
    Status.expired: (),
    Status.partially_refunded: (),
    Status.refunded: (),
}

BY_MONEY = frozenset({Status.partially_refunded, Status.refunded})
"""Nobody moves an order there: giving money back does."""

NOT_SENT = frozenset({Status.pending, Status.paid, Status.processing})
"""The goods are still here."""

FULFILMENT: dict[Status, str] = {
    Status.shipped: "shipped",
    Status.delivered: "delivered",
    Status.completed: "delivered",
    Status.cancelled: "cancelled",
    Status.expired: "cancelled",
}
"""What the buyer's parcel does meanwhile; any other status is `unfulfilled`."""


def allowed(origin: Status, target: Status) -> bool:
    """Whether an order may go from one status to another."""
    return target in TRANSITIONS[origin]


def payment_status(status: Status, *, paid: bool, refunded_minor: int, total_minor: int) -> str:
    """Return how the money stands: pending, paid, partially_refunded, refunded or cancelled."""
    if paid and refunded_minor:
        return "refunded" if refunded_minor == total_minor else "partially_refunded"
    if paid:
        return "paid"
    return "cancelled" if status in {Status.cancelled, Status.expired} else "pending"
