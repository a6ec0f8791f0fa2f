"""What happened to orders."""

from typing import ClassVar
from uuid import UUID

from mercat.orders.lifecycle import Status
from mercat.outbox import DomainEvent


class OrderPlaced(DomainEvent):
    """Somebody bought something; the stock is promised, the money may still be on its way."""

    name: ClassVar[str] = "orders.order_placed"
    order_id: UUID


class OrderPaid(DomainEvent):
    """All of the money has come."""

    name: ClassVar[str] = "orders.order_paid"
    order_id: UUID


class OrderShipped(DomainEvent):
    """The goods have left."""

    name: ClassVar[str] = "orders.order_shipped"
    order_id: UUID


class OrderCancelled(DomainEvent):
    """Somebody called it off; the stock was given back."""

    name: ClassVar[str] = "orders.order_cancelled"
    order_id: UUID


class OrderRefunded(DomainEvent):
    """Money of an order has gone back to its buyer."""

    name: ClassVar[str] = "orders.order_refunded"
    order_id: UUID
    refund_id: UUID


class OrderExpired(DomainEvent):
    """Nobody paid in time; the stock was given back."""

    name: ClassVar[str] = "orders.order_expired"
    order_id: UUID


class VendorOrderShipped(DomainEvent):
    """A parcel of one shop's part has left."""

    name: ClassVar[str] = "orders.vendor_order_shipped"
    order_id: UUID
    vendor_order_id: UUID
    shipment_id: UUID


class VendorOrderCancelled(DomainEvent):
    """One shop's part was called off and its money is on its way back; the rest of the order goes on."""

    name: ClassVar[str] = "orders.vendor_order_cancelled"
    order_id: UUID
    vendor_order_id: UUID


EVENT_OF: dict[Status, type[OrderPaid | OrderShipped | OrderCancelled | OrderExpired]] = {
    Status.paid: OrderPaid,
    Status.shipped: OrderShipped,
    Status.cancelled: OrderCancelled,
    Status.expired: OrderExpired,
}
