"""Forgetting what is over: events that every handler has dealt with long ago, and stored answers."""

from datetime import datetime, timedelta

from mercat.kit import clock, idempotency
from mercat.kit.database import Database, driver
from mercat.outbox import intervals, jobs
from mercat.outbox.config import JobSettings
from mercat.outbox.lanes import Lane

BATCH = 5_000
# an event whose job was parked is one that an operator may still bring to its handlers
PURGE = """
DELETE FROM events WHERE id IN (
    SELECT e.id FROM events e
    WHERE e.occurred_at < %s AND NOT EXISTS (
        SELECT FROM procrastinate_jobs j
        WHERE j.task_name = 'outbox.dispatch_event' AND j.args->>'event_id' = e.id::text)
    ORDER BY e.occurred_at LIMIT %s)
"""


@jobs.every(intervals.daily(3, 23), "outbox.purge_events", lane=Lane.bulk)
async def purge_events(context: jobs.JobContext) -> None:
    """Delete events, with the marks of who handled them, that are older than `MERCAT_EVENTS_KEPT_DAYS`."""
    await purge(context.database, clock.now() - timedelta(days=JobSettings.read().events_kept_days))


@jobs.every(intervals.hourly(minute=17), "kit.purge_idempotency_keys", lane=Lane.bulk)
async def purge_idempotency_keys(context: jobs.JobContext) -> None:
    """Forget answers that nobody will ask for again."""
    async with context.database.transaction() as session:
        await idempotency.purge(session)


async def purge(database: Database, before: datetime) -> int:
    """Delete handled events of before a moment, a batch in each transaction; returns how many."""
    gone = 0
    while True:
        async with database.transaction() as session:
            deleted = (await (await driver(session)).execute(PURGE, (before, BATCH))).rowcount
        gone += deleted
        if deleted < BATCH:
            return gone
