"""The life cycle of a payout, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """The status of a payout."""

    requested = "requested"
    """Taken from the balance, and not sent to a provider yet."""
    sent = "sent"
    """Sent; its outcome is not known yet."""
    paid = "paid"
    failed = "failed"
    """It failed, and the money is back on the balance."""


OPEN = (Status.requested, Status.sent)
TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.requested: (Status.sent, Status.paid, Status.failed),
    Status.sent: (Status.paid, Status.failed),
    Status.paid: (),
    Status.failed: (),
}


class Method(StrEnum):
    """Who makes the payout."""

    manual = "manual"
    """Operators, by bank transfer."""
    stripe = "stripe"
    """Stripe, to the vendor's own connected account."""
    test = "test"
    """The sandbox provider: no money moves."""


BY_HAND = frozenset({Method.manual})


def origins(target: Status) -> tuple[Status, ...]:
    """Return the statuses from which a payout may move to this one."""
    return tuple(origin for origin, targets in TRANSITIONS.items() if target in targets)
