"""Events of vendors' money."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class PayoutPaid(DomainEvent):
    """A payout was paid."""

    name: ClassVar[str] = "payouts.payout_paid"
    payout_id: UUID


class PayoutFailed(DomainEvent):
    """A payout failed, and is on the vendor's balance again."""

    name: ClassVar[str] = "payouts.payout_failed"
    payout_id: UUID


class PayoutAccountChanged(DomainEvent):
    """The payout account of a vendor was changed."""

    name: ClassVar[str] = "payouts.account_changed"
    vendor_id: UUID
