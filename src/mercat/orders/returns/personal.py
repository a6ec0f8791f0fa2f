"""Personal data in returns: what a person wrote, and what was written about it. The rest is the marketplace's books."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import idempotency
from mercat.orders.lifecycle import LEFT
from mercat.orders.models import Order, OrderItem, ShipmentItem, VendorOrder
from mercat.orders.personal import Buyer, bought_by
from mercat.orders.returns.lifecycle import OPEN
from mercat.orders.returns.models import Return, ReturnHistory
from mercat.orders.returns.queries import of_orders
from mercat.orders.returns.schemas import ReturnRead


def principal(order_id: UUID, who: UUID | None) -> str:
    """Return whose stored answers are, see `kit.idempotency`: an account's or a guest's cart's, about an order."""
    return f"{_about(order_id)} {who}"


async def unfinished(session: AsyncSession, buyer: Buyer) -> list[str]:
    """Return the numbers of a person's orders with a return or its refund under way."""
    sent = select(func.sum(ShipmentItem.quantity)).where(ShipmentItem.order_item_id == OrderItem.id).scalar_subquery()
    replaced = select(OrderItem.order_id).join(VendorOrder, VendorOrder.id == OrderItem.vendor_order_id)
    unsent = replaced.where(
        OrderItem.replaces_id.is_not(None),
        VendorOrder.status.in_(LEFT),
        OrderItem.order_id == Order.id,
        OrderItem.quantity - OrderItem.cancelled_quantity > func.coalesce(sent, 0),
    )
    under_way = select(Return.id).where(Return.order_id == Order.id, Return.status.in_(OPEN))
    wanted = select(Order.number).where(bought_by(buyer), or_(under_way.exists(), unsent.exists()))
    return list(await session.scalars(wanted.order_by(Order.number)))


async def record_of(session: AsyncSession, order_ids: Sequence[UUID]) -> list[ReturnRead]:
    """Return the returns of a person's orders as they see them, the oldest first."""
    return await of_orders(session, order_ids)


async def forget(session: AsyncSession, order_ids: Sequence[UUID]) -> list[UUID]:
    """Blank what was written about returns of these orders; returns the returns, which stay."""
    found = list(await session.scalars(select(Return.id).where(Return.order_id.in_(order_ids)).with_for_update()))
    await session.execute(update(Return).where(Return.id.in_(found)).values(note="", updated_at=Return.updated_at))
    await session.execute(update(ReturnHistory).where(ReturnHistory.return_id.in_(found)).values(note=""))
    await idempotency.forget(session, [_about(order_id) for order_id in order_ids])
    return found


def _about(order_id: UUID) -> str:
    return f"returns of {order_id}"
