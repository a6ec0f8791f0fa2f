"""Events of payments; the domains that call providers listen."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class ChargeAbandoned(DomainEvent):
    """A payment is abandoned: its provider must not capture it."""

    name: ClassVar[str] = "payments.charge_abandoned"
    payment_id: UUID


class RefundRequested(DomainEvent):
    """A refund is to be sent through a provider."""

    name: ClassVar[str] = "payments.refund_requested"
    refund_id: UUID


class PaymentFailed(DomainEvent):
    """A payment under way failed; the order still waits."""

    name: ClassVar[str] = "payments.payment_failed"
    payment_id: UUID
    order_id: UUID


class RefundFailed(DomainEvent):
    """The provider could not refund: a person has to find another way."""

    name: ClassVar[str] = "payments.refund_failed"
    refund_id: UUID


class CustomerForgotten(DomainEvent):
    """A person was erased: a provider must keep no card of theirs."""

    name: ClassVar[str] = "payments.customer_forgotten"
    provider: str
    ref: str


class DisputeChanged(DomainEvent):
    """A dispute was opened or decided."""

    name: ClassVar[str] = "payments.dispute_changed"
    payment_id: UUID
    dispute_id: UUID
    state: str


class AccountChanged(DomainEvent):
    """A provider reports a change of a vendor's account with it."""

    name: ClassVar[str] = "payments.account_changed"
    provider: str
    ref: str
