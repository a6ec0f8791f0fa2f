"""Scheduled jobs of orders."""

from datetime import timedelta
from uuid import UUID

from mercat import outbox
from mercat.kit import clock
from mercat.orders import backfill, service
from mercat.orders.fulfillment import deliveries

LOOK_BACK = timedelta(minutes=30)
"""Longer than the schedule's interval, so that the next run makes up for a missed one."""


@outbox.job("orders.expire_order")
async def expire_order(context: outbox.JobContext, order_id: str) -> None:
    """Expire an order that could not be expired with the others."""
    async with context.database.transaction() as session:
        await service.expire(session, UUID(order_id))


@outbox.every(outbox.seconds(15), "orders.expire_due")
async def expire_due(context: outbox.JobContext) -> None:
    """Expire orders not paid in time, one order a transaction: a worker that dies in between loses nothing."""
    failed = await outbox.apart(context.database, expire_order, "order_id")
    while True:
        order_id = None
        try:
            async with context.database.transaction() as session:
                order_id = await service.next_to_expire(session, leaving=failed.ids)
                if order_id is not None:
                    await service.expire(session, order_id)
        except Exception as error:
            if order_id is None:
                raise
            await failed.set_aside(order_id, error)
        if order_id is None:
            return


@outbox.every(outbox.minutes(10), "orders.count_sold", lane=outbox.Lane.bulk)
async def count_sold(context: outbox.JobContext) -> None:
    """Update the sold counts of the catalogue, for the list of best sellers."""
    async with context.database.transaction() as session:
        await backfill.count_sold(session, since=clock.now() - LOOK_BACK)


@outbox.every(outbox.hourly(minute=7), "orders.assume_delivered", lane=outbox.Lane.bulk)
async def assume_delivered(context: outbox.JobContext) -> None:
    """Mark vendor orders as delivered that were shipped long ago, see `deliveries`."""
    await deliveries.assume_delivered(context.database)
