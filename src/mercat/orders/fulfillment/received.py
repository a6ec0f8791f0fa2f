"""What a person has bought and received."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.orders.models import Order, OrderItem, VendorOrder

RECEIVED = ("delivered", "completed")
"""Statuses of a vendor order whose goods are with the buyer."""


async def delivered_line(session: AsyncSession, user_id: UUID, product_id: UUID) -> UUID | None:
    """Return the first line by which a person got a product, delivered and not refunded, or None."""
    return await session.scalar(
        select(OrderItem.id)
        .join(VendorOrder, VendorOrder.id == OrderItem.vendor_order_id)
        .join(Order, Order.id == OrderItem.order_id)
        .where(Order.user_id == user_id, OrderItem.product_id == product_id, VendorOrder.status.in_(RECEIVED))
        .order_by(OrderItem.id)
        .limit(1)
    )
