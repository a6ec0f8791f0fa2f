"""Scheduled clearing of vendor orders, one order a transaction, and sweeps of later refunds."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.orders import clearing
from mercat.payouts.config import settings

BATCH = 500


@outbox.job("payouts.clear_order")
async def clear_order(context: outbox.JobContext, order_id: str) -> None:
    """Clear the vendor orders that failed to clear with the others."""
    async with context.database.transaction() as session:
        await clearing.clear(session, UUID(order_id), _before())


@outbox.job("payouts.sweep_order")
async def sweep_order(context: outbox.JobContext, order_id: str) -> None:
    """Sweep the refunds of an order that failed to be swept with the others."""
    async with context.database.transaction() as session:
        await clearing.sweep(session, UUID(order_id))


async def clear_due(database: Database) -> int:
    """Clear every vendor order whose hold is over; returns how many. Stopping in the middle loses nothing."""
    before = _before()
    failed = await outbox.apart(database, clear_order, "order_id")
    cleared, last = 0, None
    while True:
        async with database.transaction() as session:
            found = await clearing.due(session, before, after=last, limit=BATCH)
        for order_id in dict.fromkeys(part.order_id for part in found if part.order_id not in failed.ids):
            async with failed.one(order_id), database.transaction() as session:
                cleared += await clearing.clear(session, order_id, before)
        if len(found) < BATCH:
            return cleared
        last = found[-1]


async def behind(session: AsyncSession) -> list[UUID]:
    """Return orders of which something was refunded after they cleared, at any time."""
    return await clearing.unswept(session)


async def catch_up(database: Database, *, vendor_id: UUID | None = None, since: datetime | None = None) -> int:
    """Sweep orders of which something was refunded since then, after they cleared; returns how many there were.

    One vendor or all of them; without `since`, at any time.
    """
    failed = await outbox.apart(database, sweep_order, "order_id")
    async with database.transaction() as session:
        found = await clearing.unswept(session, vendor_id=vendor_id, since=since)
    for order_id in found:
        if order_id not in failed.ids:
            async with failed.one(order_id), database.transaction() as session:
                await clearing.sweep(session, order_id)
    return len(found)


def _before() -> datetime:
    """Return the moment before which vendor orders must have been delivered."""
    return clock.now() - timedelta(days=settings().payout_hold_days)
