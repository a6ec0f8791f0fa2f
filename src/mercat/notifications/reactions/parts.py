"""Reactions to what happened to parts of orders: mail to their buyers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import orders, outbox
from mercat.notifications.reactions.orders import draft_for
from mercat.notifications.showing import ShownLine, ShownOrder
from mercat.notifications.writing import write
from mercat.orders import returns
from mercat.orders.events import PartCancelled, PartShipped
from mercat.orders.returns.events import ReturnApproved, ReturnRejected


@outbox.handler("notifications.notify_vendor_order_shipped")
async def tell_of_parcel(session: AsyncSession, event_id: UUID, event: PartShipped) -> None:
    """Tell the buyer what one parcel brings, and under which number."""
    order = await orders.read(session, event.order_id)
    await _tell(session, event_id, order, "part_shipped", {"order": ShownOrder.of(order, only=event.shipment_id)})


@outbox.handler("notifications.notify_vendor_order_cancelled")
async def tell_of_part_cancelled(session: AsyncSession, event_id: UUID, event: PartCancelled) -> None:
    """Tell the buyer what will not be sent."""
    order = await orders.read(session, event.order_id)
    part = next(part for part in order.vendor_orders if part.id == event.part_id)
    await _tell(session, event_id, order, "part_cancelled", {"lines": lines_of(order, dict.fromkeys(part.items))})


@outbox.handler("notifications.notify_return_decided")
async def answer_return(session: AsyncSession, event_id: UUID, event: ReturnApproved | ReturnRejected) -> None:
    """Tell the buyer whether the shop takes something back."""
    order = await orders.read(session, event.order_id)
    asked = await returns.read(session, event.return_id)
    kind = "return_rejected" if isinstance(event, ReturnRejected) else "return_approved"
    pieces = {piece.item_id: piece.quantity for piece in asked.items}
    values = {"lines": lines_of(order, pieces), "note": asked.history[-1].note}
    await _tell(session, event_id, order, kind, values)


async def _tell(
    session: AsyncSession, event_id: UUID, order: orders.OrderRead, kind: str, values: Mapping[str, Any]
) -> None:
    draft = draft_for(order, kind, await orders.buyer_of(session, order.id), values)
    if draft.recipient:  # who was erased meanwhile gets nothing
        await write(session, event_id, draft)


def lines_of(order: orders.OrderRead, pieces: Mapping[UUID, int | None]) -> list[ShownLine]:
    """Return lines of an order, with so many pieces each or all of them."""
    return [
        ShownLine(item.name, item.title, pieces[item.id] or item.quantity, item.line_total)
        for item in order.items
        if item.id in pieces
    ]
