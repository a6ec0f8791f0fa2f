"""Reactions to what happened to stock, and to what people decided."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.inventory.events import BackInStock
from mercat.saved_items import product_alerts, recent_views
from mercat.users.events import PersonalizationDeclined


@outbox.handler("saved_items.check_variant_alerts")
async def look_at_variant(session: AsyncSession, _event_id: UUID, event: BackInStock) -> None:
    """Trigger alerts that waited for variants; the schedule would find them a little later."""
    await product_alerts.look_at(session, event.variant_ids)


@outbox.handler("saved_items.forget_views")
async def forget_views(session: AsyncSession, _event_id: UUID, event: PersonalizationDeclined) -> None:
    """Delete what a person looked at who does not want that to be used."""
    await recent_views.forget_declined(session, event.user_id)
