"""What happened to payments; whoever talks to providers listens."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class ChargeAbandoned(DomainEvent):
    """A payment is not wanted any more: its provider must not take the money."""

    name: ClassVar[str] = "payments.charge_abandoned"
    payment_id: UUID


class RefundRequested(DomainEvent):
    """Money shall go back through a provider."""

    name: ClassVar[str] = "payments.refund_requested"
    refund_id: UUID


class PaymentFailed(DomainEvent):
    """Money that was on its way did not come after all; the order still waits."""

    name: ClassVar[str] = "payments.payment_failed"
    payment_id: UUID
    order_id: UUID


class RefundFailed(DomainEvent):
    """The provider could not give money back: somebody has to find another way."""

    name: ClassVar[str] = "payments.refund_failed"
    refund_id: UUID


class CustomerForgotten(DomainEvent):
    """Somebody was erased: a provider must keep no card of theirs."""

    name: ClassVar[str] = "payments.customer_forgotten"
    provider: str
    ref: str


class DisputeChanged(DomainEvent):
    """A buyer's bank took money back, or has decided."""

    name: ClassVar[str] = "payments.dispute_changed"
    payment_id: UUID
    dispute_id: UUID
    state: str


class AccountChanged(DomainEvent):
    """A provider says that something about a shop's account with it has changed."""

    name: ClassVar[str] = "payments.account_changed"
    provider: str
    ref: str
