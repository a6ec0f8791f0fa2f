"""What orders do by themselves."""

from datetime import timedelta

from mercat import outbox
from mercat.kit import clock
from mercat.orders import arriving, history, service

LOOK_BACK = timedelta(minutes=30)
"""Longer than the schedule's pace, so that a run that was missed is made up for."""


@outbox.every("*/15 * * * * *", "orders.expire_due")
async def expire_due(context: outbox.JobContext) -> None:
    """Expire what was not paid in time, one order a transaction: a worker that dies in between loses nothing."""
    while True:
        async with context.database.transaction() as session:
            if await service.expire_next(session) is None:
                return


@outbox.every("*/10 * * * *", "orders.count_sold")
async def count_sold(context: outbox.JobContext) -> None:
    """Tell the catalogue how much was sold, for the list of best sellers."""
    async with context.database.transaction() as session:
        await history.count_sold(session, since=clock.now() - LOOK_BACK)


@outbox.every("7 * * * *", "orders.take_for_delivered")
async def take_for_delivered(context: outbox.JobContext) -> None:
    """Let parts arrive that left long ago, see `arriving`."""
    await arriving.take_for_delivered(context.database)
