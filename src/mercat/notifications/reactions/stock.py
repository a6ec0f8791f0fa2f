"""Reactions to what happened in a shop: mail that the people who work there should get."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, outbox, vendors
from mercat.catalog import stock
from mercat.inventory.events import StockLow
from mercat.notifications.writing import Draft, write

MOST_LINES = 20
"""Variants that a mail names; a feed may have emptied thousands."""


@outbox.handler("notifications.notify_stock_low")
async def tell_of_low_stock(session: AsyncSession, event_id: UUID, event: StockLow) -> None:
    """Tell everybody who keeps a shop's stock what runs low; what has come meanwhile is left out."""
    low = await stock.running_low(session, event.vendor_id, event.variant_ids)
    if not low:
        return
    shop = (await vendors.cards(session, [event.vendor_id]))[event.vendor_id]
    values = {"seller": shop.name, "variants": low[:MOST_LINES], "more": max(len(low) - MOST_LINES, 0)}
    for user_id in await vendors.people_on_duty(session, event.vendor_id, vendors.Duty.stock):
        card = await auth.hold(session, user_id)
        if card is not None:
            subject = {"seller": shop.name}
            draft = Draft("low_stock", card.email, card.locale, values, subject=subject, user_id=user_id)
            await write(session, event_id, draft)
