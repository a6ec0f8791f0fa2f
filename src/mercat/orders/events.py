"""What happened to orders."""

from typing import ClassVar
from uuid import UUID

from mercat.orders.lifecycle import Status
from mercat.outbox import DomainEvent


class OrderPlaced(DomainEvent):
    """An order was placed; its stock is reserved, its money may not be captured yet."""

    name: ClassVar[str] = "orders.order_placed"
    order_id: UUID


class OrderPaid(DomainEvent):
    """All of the money is captured."""

    name: ClassVar[str] = "orders.order_paid"
    order_id: UUID


class OrderShipped(DomainEvent):
    """The goods are shipped."""

    name: ClassVar[str] = "orders.order_shipped"
    order_id: UUID


class OrderCancelled(DomainEvent):
    """The order was cancelled; its stock was released."""

    name: ClassVar[str] = "orders.order_cancelled"
    order_id: UUID


class OrderRefunded(DomainEvent):
    """Money of an order was refunded to its buyer."""

    name: ClassVar[str] = "orders.order_refunded"
    order_id: UUID
    refund_id: UUID


class OrderExpired(DomainEvent):
    """The order was not paid in time; its stock was released."""

    name: ClassVar[str] = "orders.order_expired"
    order_id: UUID


class VendorOrderShipped(DomainEvent):
    """A package of a vendor order was shipped."""

    name: ClassVar[str] = "orders.vendor_order_shipped"
    order_id: UUID
    vendor_order_id: UUID
    shipment_id: UUID


class VendorOrderCancelled(DomainEvent):
    """A vendor order was cancelled and its refund is under way; the rest of the order goes on."""

    name: ClassVar[str] = "orders.vendor_order_cancelled"
    order_id: UUID
    vendor_order_id: UUID


EVENT_OF: dict[Status, type[OrderPaid | OrderShipped | OrderCancelled | OrderExpired]] = {
    Status.paid: OrderPaid,
    Status.shipped: OrderShipped,
    Status.cancelled: OrderCancelled,
    Status.expired: OrderExpired,
}
