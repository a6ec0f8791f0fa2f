"""Reactions to what happened to orders."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.auth import Actor
from mercat.orders.events import OrderRefunded
from mercat.orders.returns import refunds


@outbox.handler("orders.finish_return")
async def finish_return(session: AsyncSession, _event_id: UUID, event: OrderRefunded) -> None:
    """Complete a return whose refund has succeeded."""
    await refunds.follow(session, Actor.system(), event.refund_id)
