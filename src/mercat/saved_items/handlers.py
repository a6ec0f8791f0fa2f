"""Reactions to what happened to stock."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.inventory.events import BackInStock
from mercat.saved_items import product_alerts


@outbox.handler("saved_items.check_variant_alerts")
async def look_at_variant(session: AsyncSession, _event_id: UUID, event: BackInStock) -> None:
    """Trigger alerts that waited for variants; the schedule would find them a little later."""
    await product_alerts.look_at(session, event.variant_ids)
