"""What lists do by themselves: look at what is watched, and forget what guests looked at."""

from collections.abc import Sequence
from uuid import UUID

from mercat import outbox
from mercat.saved_items import product_alerts, recent_views


@outbox.every(outbox.minutes(5), "saved_items.check_alerts", lane=outbox.Lane.bulk)
async def look_at_watched(context: outbox.JobContext) -> None:
    """Trigger due alerts, a batch a transaction; a failure is reported when the others are done."""

    async def look(alerts: Sequence[UUID]) -> None:
        async with context.database.transaction() as session:
            await product_alerts.look(session, alerts)

    after = UUID(int=0)
    failed: dict[UUID, Exception] = {}
    while True:
        async with context.database.transaction() as session:
            alerts = await product_alerts.open_alerts(session, after=after)
        failed |= await outbox.in_parts(alerts, look)
        if not alerts:
            break
        after = alerts[-1]
    if failed:
        raise ExceptionGroup(f"alerts {', '.join(map(str, failed))}"[:200], list(failed.values()))


@outbox.every(outbox.daily(3, 41), "saved_items.forget_guests", lane=outbox.Lane.bulk)
async def forget_guests(context: outbox.JobContext) -> None:
    """Forget what guests looked at more than a month ago, and people half a year ago unless it is set otherwise."""
    async with context.database.transaction() as session:
        await recent_views.forget_old(session)
