"""What happened to returns."""

from typing import ClassVar
from uuid import UUID

from mercat.orders.returns.lifecycle import Status
from mercat.outbox import DomainEvent


class ReturnRequested(DomainEvent):
    """A buyer requests a return."""

    name: ClassVar[str] = "orders.return_requested"
    order_id: UUID
    return_id: UUID


class ReturnApproved(DomainEvent):
    """The goods may be returned; a withdrawal is approved automatically."""

    name: ClassVar[str] = "orders.return_approved"
    order_id: UUID
    return_id: UUID


class ReturnRejected(DomainEvent):
    """The vendor rejects the return."""

    name: ClassVar[str] = "orders.return_rejected"
    order_id: UUID
    return_id: UUID


class ReturnReceived(DomainEvent):
    """The goods are received; their refund is under way, see `OrderRefunded`."""

    name: ClassVar[str] = "orders.return_received"
    order_id: UUID
    return_id: UUID


EVENT_OF: dict[Status, type[ReturnApproved | ReturnRejected | ReturnReceived]] = {
    Status.approved: ReturnApproved,
    Status.rejected: ReturnRejected,
    Status.received: ReturnReceived,
}
