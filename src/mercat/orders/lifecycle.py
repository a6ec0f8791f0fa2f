"""The life cycle of an order and of its vendor orders, as one table.

An order has the status of the vendor order that is furthest behind.
"""

from collections.abc import Collection
from enum import StrEnum


class Status(StrEnum):
    """The status of an order."""

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
"""No transition by hand: a refund makes it."""

NOT_SENT = frozenset({Status.pending, Status.paid, Status.processing})
"""The goods are not shipped yet."""

LEFT = frozenset({Status.shipped, Status.delivered, Status.completed})
"""The goods are shipped or delivered."""

OVER = frozenset({Status.cancelled, Status.expired, Status.refunded})
"""Nothing is shipped any more; an order goes on without vendor orders in these statuses."""

WAY = (Status.pending, Status.paid, Status.processing, Status.shipped, Status.delivered, Status.completed)
"""From the first to the last, if all goes well."""

FULFILMENT: dict[Status, str] = {
    Status.shipped: "shipped",
    Status.delivered: "delivered",
    Status.completed: "delivered",
    Status.cancelled: "cancelled",
    Status.expired: "cancelled",
}
"""The fulfillment status of the buyer's shipments; any other status is `unfulfilled`."""


def allowed(origin: Status, target: Status) -> bool:
    """Whether an order may go from one status to another."""
    return target in TRANSITIONS[origin]


def stands(vendor_orders: Collection[Status]) -> Status:
    """Return the status of an order by those of its vendor orders: that of the one furthest behind.

    If one has begun while another waits, the order is in processing.
    """
    going = [status for status in vendor_orders if status not in OVER]
    if not going:
        ends = set(vendor_orders)
        return ends.pop() if len(ends) == 1 else Status.refunded if Status.refunded in ends else Status.cancelled
    least, most = (pick(going, key=WAY.index) for pick in (min, max))
    return Status.processing if least is Status.paid and most is not Status.paid else least


def fulfilment(vendor_orders: Collection[Status], *, some_sent: bool) -> str:
    """Return the fulfillment status: unfulfilled, partially_shipped, shipped, delivered or cancelled."""
    status = stands(vendor_orders)
    if status in NOT_SENT and (some_sent or LEFT & set(vendor_orders)):
        return "partially_shipped"
    return FULFILMENT.get(status, "unfulfilled")


def payment_status(status: Status, *, paid: bool, refunded_minor: int, total_minor: int) -> str:
    """Return the payment status: pending, paid, partially_refunded, refunded or cancelled."""
    if paid and refunded_minor:
        return "refunded" if refunded_minor == total_minor else "partially_refunded"
    if paid:
        return "paid"
    return "cancelled" if status in {Status.cancelled, Status.expired} else "pending"
