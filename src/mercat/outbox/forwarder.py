"""Forwarding: instead of running jobs, tell a fleet their numbers.

A job that was forwarded still waits in its row, and whoever begins it first has it: a process of the fleet, or a worker
beside it. One that nobody began in time is forwarded again, so it does not matter what became of the message, or of
the forwarder. Schedules fire here as they do in a worker.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import procrastinate
from procrastinate.periodic import PeriodicDeferrer

from mercat.kit.database import Database, driver
from mercat.kit.logs import logger
from mercat.outbox.config import FleetSettings
from mercat.outbox.job_worker import RECONNECT_SECONDS, outlasting, told_to_stop, until_one_ends
from mercat.outbox.jobs import JobContext, open_jobs
from mercat.outbox.lanes import BULK_QUEUE
from mercat.outbox.takeover import watch

BATCH = 100
LOOK_SECONDS = 1.0
DOUBLINGS = 4
"""How often the time after which a job is forwarded again doubles, so that a long queue is not made longer by it."""
# one row of ours for each job and attempt, which two forwarders cannot both have written; the jobs themselves are not
# changed, and a lock that lets others begin them is enough to keep them from vanishing meanwhile
TAKE = """
WITH room AS (
    SELECT %(window)s - count(*) AS left FROM forwarded_jobs f
    JOIN procrastinate_jobs j ON j.id = f.job_id AND j.attempts = f.attempts
    WHERE j.status = 'todo' AND f.again_at > now() AND (j.queue_name = %(bulk)s) = %(of_bulk)s
), due AS (
    SELECT j.id, j.attempts, CASE WHEN f.attempts = j.attempts THEN f.times + 1 ELSE 0 END AS times
    FROM procrastinate_jobs j LEFT JOIN forwarded_jobs f ON f.job_id = j.id
    WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
    AND (j.queue_name = %(bulk)s) = %(of_bulk)s
    AND (f.job_id IS NULL OR f.attempts <> j.attempts OR f.again_at <= now())
    ORDER BY j.priority DESC, j.id
    LIMIT (SELECT greatest(least(room.left, %(batch)s), 0) FROM room)
    FOR KEY SHARE OF j SKIP LOCKED
)
INSERT INTO forwarded_jobs (job_id, attempts, times, again_at)
SELECT id, attempts, times, now() + make_interval(secs => %(again)s * 2 ^ least(times, %(doublings)s)) FROM due
ON CONFLICT (job_id) DO UPDATE SET attempts = excluded.attempts, times = excluded.times, again_at = excluded.again_at
WHERE forwarded_jobs.attempts <> excluded.attempts OR forwarded_jobs.again_at <= now()
RETURNING job_id
"""
GIVE_BACK = "DELETE FROM forwarded_jobs WHERE job_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that is to be forwarded now."""

    id: int
    bulk: bool


Deliver = Callable[[Sequence[Taken]], None]
"""Sends the numbers of jobs; blocks, and raises what `forward` is told that an absent broker raises."""


async def forward(context: JobContext, deliver: Deliver, away: type[Exception]) -> None:
    """Forward jobs until told to stop. Outages of PostgreSQL and of the broker are waited for."""
    async with told_to_stop() as stop:
        await outlasting(lambda: _until_stopped(context, deliver, away, stop))


async def _until_stopped(context: JobContext, deliver: Deliver, away: type[Exception], stop: asyncio.Event) -> None:
    async with open_jobs(context.database.settings) as running:
        wake = asyncio.Event()
        await until_one_ends(
            _listen(running, wake),
            PeriodicDeferrer(registry=running.periodic_registry).worker(),
            _carry(context.database, deliver, away, wake),
            watch(context.database),
            stop.wait(),
        )


async def _listen(running: procrastinate.App, wake: asyncio.Event) -> None:
    async def heard(**_: Any) -> None:  # noqa: ANN401 - what exactly happened is read from the table
        wake.set()

    await running.job_manager.listen_for_jobs(on_notification=heard)
    await asyncio.Event().wait()  # it could not listen: looking now and then is enough


async def _carry(database: Database, deliver: Deliver, away: type[Exception], wake: asyncio.Event) -> None:
    lost = False
    while True:
        wake.clear()
        taken = await take(database)
        try:
            if taken:
                await asyncio.to_thread(deliver, taken)
        except away as error:
            if not lost:
                logger.warning("broker_away", error=str(error))
            lost = True
            await _give_back(database, taken)
            await asyncio.sleep(RECONNECT_SECONDS)
            continue
        if taken and lost:
            lost = False
            logger.warning("broker_back")
        if len(taken) < BATCH:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await wake.wait()


async def take(database: Database) -> list[Taken]:
    """Return the jobs that are to be forwarded now, and note that they are. Two who take get different ones.

    Bulk jobs have a window of their own: however many of them wait at the broker, there is room for the others.
    """
    return [*await _take(database, bulk=False), *await _take(database, bulk=True)]


async def _take(database: Database, *, bulk: bool) -> list[Taken]:
    settings = FleetSettings.read()
    values = {
        "window": settings.forward_window,
        "batch": BATCH,
        "again": settings.forward_again_seconds,
        "doublings": DOUBLINGS,
        "bulk": BULK_QUEUE,
        "of_bulk": bulk,
    }
    async with database.transaction() as session:
        rows = await (await (await driver(session)).execute(TAKE, values)).fetchall()
    return [Taken(row[0], bulk) for row in rows]


async def _give_back(database: Database, taken: Sequence[Taken]) -> None:
    async with database.transaction() as session:
        await (await driver(session)).execute(GIVE_BACK, ([job.id for job in taken],))
