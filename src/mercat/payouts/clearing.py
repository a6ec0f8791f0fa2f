"""Letting parts of orders clear in time, one order a transaction, and catching up with refunds that came later."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.database import Database
from mercat.orders import clearing
from mercat.payouts.config import settings

BATCH = 500


async def clear_due(database: Database) -> int:
    """Clear every part whose hold is over; returns how many. Stopping in the middle loses nothing."""
    before = clock.now() - timedelta(days=settings().payout_hold_days)
    cleared, last = 0, None
    while True:
        async with database.transaction() as session:
            found = await clearing.due(session, before, after=last, limit=BATCH)
        for order_id in dict.fromkeys(part.order_id for part in found):
            async with database.transaction() as session:
                cleared += await clearing.clear(session, order_id, before)
        if len(found) < BATCH:
            return cleared
        last = found[-1]


async def behind(session: AsyncSession) -> list[UUID]:
    """Return orders of which a refund has taken something after they cleared, whenever that was."""
    return await clearing.unswept(session)


async def catch_up(database: Database, *, vendor_id: UUID | None = None, since: datetime | None = None) -> int:
    """Sweep orders of which a refund since then has taken something after they cleared; returns how many there were.

    One shop or all of them; without `since`, whenever that was.
    """
    async with database.transaction() as session:
        found = await clearing.unswept(session, vendor_id=vendor_id, since=since)
    for order_id in found:
        async with database.transaction() as session:
            await clearing.sweep(session, order_id)
    return len(found)
