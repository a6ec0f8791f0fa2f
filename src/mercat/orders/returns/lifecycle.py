"""The life cycle of a return, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """The status of a return."""

    requested = "requested"
    approved = "approved"
    rejected = "rejected"
    received = "received"
    refunded = "refunded"
    exchanged = "exchanged"
    cancelled = "cancelled"


class Reason(StrEnum):
    """Why goods are returned. `withdrawal` needs no reason: it is a consumer's legal right."""

    withdrawal = "withdrawal"
    damaged = "damaged"
    wrong_item = "wrong_item"
    not_as_described = "not_as_described"
    other = "other"


TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.requested: (Status.approved, Status.rejected, Status.cancelled),
    Status.approved: (Status.received, Status.cancelled),
    Status.received: (Status.refunded, Status.exchanged),
    Status.refunded: (),
    Status.exchanged: (),
    Status.rejected: (),
    Status.cancelled: (),
}

CLOSED_WITHOUT_RETURN = frozenset({Status.rejected, Status.cancelled})
"""Their units may be returned again."""

BY_RECEIPT = frozenset({Status.exchanged})
"""No transition by hand: a received return of which nothing is refunded gets there."""

OPEN = frozenset({Status.requested, Status.approved, Status.received})
"""Goods or money are still under way."""


HERE = frozenset({Status.received, Status.refunded, Status.exchanged})
"""The goods are received."""


def allowed(origin: Status, target: Status) -> bool:
    """Whether a return may go from one status to another."""
    return target in TRANSITIONS[origin]


def begins_as(reason: Reason) -> Status:
    """Return the first status of a new return. A withdrawal needs no approval."""
    return Status.approved if reason is Reason.withdrawal else Status.requested
