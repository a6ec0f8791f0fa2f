"""What happened to returns."""

from typing import ClassVar
from uuid import UUID

from mercat.orders.returns.lifecycle import Status
from mercat.outbox import DomainEvent


class ReturnRequested(DomainEvent):
    """A buyer wants to send something back."""

    name: ClassVar[str] = "orders.return_requested"
    order_id: UUID
    return_id: UUID


class ReturnApproved(DomainEvent):
    """The goods may be sent back; of a withdrawal nobody had to say so."""

    name: ClassVar[str] = "orders.return_approved"
    order_id: UUID
    return_id: UUID


class ReturnRejected(DomainEvent):
    """The shop does not take the goods back."""

    name: ClassVar[str] = "orders.return_rejected"
    order_id: UUID
    return_id: UUID


class ReturnReceived(DomainEvent):
    """The goods are back; their money is on its way to the buyer, see `OrderRefunded`."""

    name: ClassVar[str] = "orders.return_received"
    order_id: UUID
    return_id: UUID


EVENT_OF: dict[Status, type[ReturnApproved | ReturnRejected | ReturnReceived]] = {
    Status.approved: ReturnApproved,
    Status.rejected: ReturnRejected,
    Status.received: ReturnReceived,
}
