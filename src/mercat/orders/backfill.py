"""Orders that happened elsewhere or long ago: written as they were, without moving stock or publishing events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, payments
from mercat.kit import clock
from mercat.kit.database import driver
from mercat.orders import books
from mercat.orders.lifecycle import Status
from mercat.orders.models import Order, VendorOrder
from mercat.orders.placement import INSERT_HISTORY, Draft, write

# only what was sold: cancelled and expired orders sold nothing, and an exchange sells nothing
SOLD = """
SELECT i.product_id, sum(i.quantity)::int FROM order_items i JOIN orders o ON o.id = i.order_id
WHERE o.paid_at IS NOT NULL AND o.status NOT IN ('cancelled', 'expired') AND i.replaces_id IS NULL
AND i.product_id IN (
    SELECT i2.product_id FROM order_items i2 JOIN orders o2 ON o2.id = i2.order_id
    WHERE o2.updated_at >= coalesce(:since, '-infinity'::timestamptz))
GROUP BY i.product_id
"""
STORIES = """
INSERT INTO order_history (order_id, vendor_order_id, at, from_status, to_status, actor, note)
SELECT h.order_id, p.id, h.at, h.from_status, h.to_status, h.actor, h.note
FROM order_history h JOIN vendor_orders p ON p.order_id = h.order_id
WHERE h.order_id = %s AND h.from_status IS NOT NULL AND h.vendor_order_id IS NULL ORDER BY p.id, h.id
"""
MOMENTS = "UPDATE vendor_orders SET shipped_at = %s, delivered_at = %s WHERE order_id = %s"


@dataclass(frozen=True, slots=True)
class PastMove:
    """A status that an order reached, and when."""

    status: Status
    at: datetime
    note: str


async def record_past(session: AsyncSession, draft: Draft, moves: Sequence[PastMove]) -> UUID:
    """Write an order with its whole history. Publishes nothing, reserves nothing, takes nothing from the stock.

    The ledger's entries are of the moment when it was paid: of several orders, bring in first what was paid first.
    """
    end = moves[-1].status if moves else Status.pending
    reached = {move.status: move.at for move in moves}
    paid_at = reached.get(Status.paid)
    connection = await driver(session)
    async with connection.pipeline():
        order_id = await write(session, draft, end, paid_at=paid_at, past=True)
        intent = payments.Intent(order_id, draft.user_id, draft.payment_method, draft.totals.total, rate=draft.rate)
        payment_id = await payments.record_past(session, intent, paid=paid_at is not None, at=draft.placed_at)
        sent = (reached.get(Status.shipped), reached.get(Status.delivered), order_id)
        await connection.execute(MOMENTS, sent, prepare=True)
        before: Status | None = None
        for move in (PastMove(Status.pending, draft.placed_at, ""), *moves):
            actor = "system" if before else "buyer"
            row = (order_id, move.at, before, move.status, actor, move.note)
            await connection.execute(INSERT_HISTORY, row, prepare=True)
            before = move.status
        await connection.execute(STORIES, (order_id,), prepare=True)
    if paid_at is not None:
        money = payments.CapturedPayment(payment_id, order_id, intent.provider, intent.amount, surplus=False)
        with clock.standing_at(paid_at):
            await books.captured(session, money, draft.rate)
            await books.sold(session, await session.get_one(Order, order_id))
        left = {f"{move.status}_at": move.at for move in moves if move.status in (Status.shipped, Status.delivered)}
        if left:
            await session.execute(update(VendorOrder).where(VendorOrder.order_id == order_id).values(**left))
    return order_id


async def count_sold(session: AsyncSession, *, since: datetime | None = None) -> int:
    """Bring the sold counts of products up to date, of all or of those whose orders moved since; returns how many."""
    rows = await session.execute(text(SOLD), {"since": since})
    counts: dict[UUID, int] = {row[0]: row[1] for row in rows}
    await catalog.set_sold(session, counts)
    return len(counts)
