"""The life of a return, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """Where a return stands."""

    requested = "requested"
    approved = "approved"
    rejected = "rejected"
    received = "received"
    refunded = "refunded"
    exchanged = "exchanged"
    cancelled = "cancelled"


class Reason(StrEnum):
    """Why goods come back. `withdrawal` needs no reason: the law gives it to consumers."""

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

CAME_TO_NOTHING = frozenset({Status.rejected, Status.cancelled})
"""Their pieces may be returned after all."""

BY_RECEIPT = frozenset({Status.exchanged})
"""Nobody moves a return there: receiving one does of which nothing is paid back."""

OPEN = frozenset({Status.requested, Status.approved, Status.received})
"""Goods or money are still on their way."""


HERE = frozenset({Status.received, Status.refunded, Status.exchanged})
"""The goods have come."""


def allowed(origin: Status, target: Status) -> bool:
    """Whether a return may go from one status to another."""
    return target in TRANSITIONS[origin]


def begins_as(reason: Reason) -> Status:
    """Return where a new return stands. Nobody has to approve a withdrawal."""
    return Status.approved if reason is Reason.withdrawal else Status.requested
