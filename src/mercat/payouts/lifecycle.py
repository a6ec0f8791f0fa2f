"""The life of a payout, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """Where a payout stands."""

    requested = "requested"
    """Taken from the balance, and nobody was asked to pay it yet."""
    sent = "sent"
    """Somebody was asked; what came of it is not known yet."""
    paid = "paid"
    failed = "failed"
    """It came to nothing, and the money is back on the balance."""


OPEN = (Status.requested, Status.sent)
TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.requested: (Status.sent, Status.paid, Status.failed),
    Status.sent: (Status.paid, Status.failed),
    Status.paid: (),
    Status.failed: (),
}


class Method(StrEnum):
    """Who brings the money to a shop."""

    manual = "manual"
    """Operators, by bank transfer."""
    stripe = "stripe"
    """Stripe, to the shop's own connected account."""
    test = "test"
    """The test provider, to nobody."""


BY_HAND = frozenset({Method.manual})


def origins(target: Status) -> tuple[Status, ...]:
    """Return from where a payout may come to a status."""
    return tuple(origin for origin, targets in TRANSITIONS.items() if target in targets)
