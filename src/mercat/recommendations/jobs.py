"""Background work of recommendations."""

from uuid import UUID

from mercat import outbox
from mercat.recommendations import maintenance, order_counts, trends


@outbox.job("recommendations.count_order", lane=outbox.Lane.bulk)
async def count_order(context: outbox.JobContext, order_id: str) -> None:
    """Count an order as it is now."""
    async with context.database.transaction() as session:
        await order_counts.count(session, [UUID(order_id)])


@outbox.every(outbox.minutes(1), "recommendations.count_views", lane=outbox.Lane.bulk)
async def count_views(context: outbox.JobContext) -> None:
    """Count views for what is trending, some a transaction."""
    counted = trends.MOST_VIEWS
    while counted == trends.MOST_VIEWS:
        async with context.database.transaction() as session:
            counted = await trends.count_views(session)


@outbox.every(outbox.daily(4, 41), "recommendations.fold", lane=outbox.Lane.bulk)
async def fold(context: outbox.JobContext) -> None:
    """Follow a changed half-life, and delete counts that have decayed to nothing."""
    async with context.database.transaction() as session:
        await maintenance.fold(session)
