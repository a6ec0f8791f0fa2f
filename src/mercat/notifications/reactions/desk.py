"""Reactions to what happened to orders: mail to the people of the shops that sold, in their own languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, orders, outbox, vendors
from mercat.notifications.reactions.parts import lines_of
from mercat.notifications.showing import ShownLine
from mercat.notifications.writing import Draft, write
from mercat.orders import returns
from mercat.orders.events import OrderPaid
from mercat.orders.returns.events import ReturnRequested


@dataclass(frozen=True, slots=True)
class News:
    """What a shop is told about an order."""

    kind: str
    number: str
    lines: Sequence[ShownLine]
    note: str = ""


@outbox.handler("notifications.notify_vendors_of_order")
async def tell_shops_of_order(session: AsyncSession, event_id: UUID, event: OrderPaid) -> None:
    """Tell each shop which of its pieces are paid and to be sent."""
    order = await orders.read(session, event.order_id)
    for part in order.vendor_orders:
        lines = lines_of(order, dict.fromkeys(part.items))
        await _tell(session, event_id, part, News("new_order", order.number, lines))


@outbox.handler("notifications.notify_vendor_of_return")
async def tell_shop_of_return(session: AsyncSession, event_id: UUID, event: ReturnRequested) -> None:
    """Tell the shop what somebody wants to send back; a withdrawal needs no decision, its goods are on their way."""
    asked = await returns.read(session, event.return_id)
    if asked.status != "requested":
        return
    order = await orders.read(session, event.order_id)
    part = next(part for part in order.vendor_orders if part.id == asked.vendor_order_id)
    pieces = lines_of(order, {piece.item_id: piece.quantity for piece in asked.items})
    await _tell(session, event_id, part, News("new_return", order.number, pieces, asked.note))


async def _tell(session: AsyncSession, event_id: UUID, part: orders.VendorOrderRead, news: News) -> None:
    values = {"seller": part.vendor.name, "lines": news.lines, "note": news.note}
    for user_id in await vendors.people_on_duty(session, part.vendor.id, vendors.Duty.orders):
        card = await auth.hold(session, user_id)
        if card is not None:
            subject = {"number": news.number}
            draft = Draft(news.kind, card.email, card.locale, values, subject=subject, user_id=user_id)
            await write(session, event_id, draft)
