"""Reactions to what happened to orders and at providers."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.orders import clearing
from mercat.orders.events import OrderRefunded


async def take_back(session: AsyncSession, _event_id: UUID, event: OrderRefunded) -> None:
    """Take a refund from what can be paid out, where its part had cleared before."""
    await clearing.sweep(session, event.order_id)
