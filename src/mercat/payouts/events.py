"""What happened to shops' money."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class PayoutPaid(DomainEvent):
    """A shop's money has left for it."""

    name: ClassVar[str] = "payouts.payout_paid"
    payout_id: UUID


class PayoutFailed(DomainEvent):
    """A shop's money could not be sent, and is on its balance again."""

    name: ClassVar[str] = "payouts.payout_failed"
    payout_id: UUID


class PayoutAccountChanged(DomainEvent):
    """Somebody said where the money of a shop goes from now on."""

    name: ClassVar[str] = "payouts.account_changed"
    vendor_id: UUID
