"""Jobs deferred in the caller's transaction and schedules fired once however many workers run (procrastinate).

A job is a function `(context, **arguments)`. It runs at least once: a worker that dies in the middle leaves the job to
another. After its last attempt it stays in the table as failed, where an operator sees it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

import procrastinate
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job
from psycopg.types.json import Jsonb
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import Database, DatabaseSettings, driver
from mercat.kit.logs import logger
from mercat.outbox import failures, lanes
from mercat.outbox.config import JobSettings
from mercat.outbox.intervals import Interval
from mercat.outbox.lanes import Lane
from mercat.outbox.numbers import ATTEMPTS, INTERVAL, SECONDS

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a running job may use."""

    database: Database
    reactions: Mapping[Any, Sequence[Any]] = field(default_factory=dict)


FIRST_PAUSE, LONGEST_PAUSE = 1, 300


class BackOff(BaseRetryStrategy):
    """1, 2, 4 ... 300 seconds between attempts; an outage of ten minutes does not exhaust them.

    `attempts` is for jobs that depend on others' machines and may wait longer than `MERCAT_JOB_MAX_ATTEMPTS`.
    """

    def __init__(self, attempts: int = 0) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide about the next attempt of a job that has just failed."""
        if isinstance(exception, asyncio.CancelledError):  # the worker was stopped; that is no fault of the job
            return RetryDecision(retry_in={"seconds": 0})
        logger.warning("job_failed", task=job.task_name, job=job.id, attempt=job.attempts + 1, exc_info=exception)
        if job.attempts + 1 >= max(self.attempts, JobSettings.read().job_max_attempts):
            return None
        return RetryDecision(retry_in={"seconds": min(FIRST_PAUSE * 2 ** min(job.attempts, 9), LONGEST_PAUSE)})


# the connector's own pool is made when a worker opens it; deferring only ever uses the caller's connection
app = procrastinate.App(connector=procrastinate.PsycopgConnector())

# what procrastinate itself sends, but nobody waits for the job's number: an order's statements travel on together
DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%s, %s, %s, %s, %s, %s, NULL)::procrastinate_job_to_defer_v1])
"""
# what an earlier tick of a schedule failed at, a later one has made up for, or has failed at itself
REPLACE_FORMER_TICKS = """
DELETE FROM procrastinate_jobs WHERE task_name = %s AND status IN ('failed', 'aborted') AND id < %s
"""
QUEUED = """
SELECT EXISTS (
    SELECT FROM procrastinate_jobs WHERE task_name = %s AND args @> %s AND status IN ('todo', 'doing'))
"""

LANES: dict[str, Lane | None] = {}
"""The lanes of jobs, by their names; None is whatever lane they are deferred in."""
JobFunction = Callable[Concatenate[JobContext, Arguments], Awaitable[None]]


def job(
    name: str, *, attempts: int = 0, lane: Lane | None = None
) -> Callable[[JobFunction[Arguments]], procrastinate.tasks.Task[Any, Any, Any]]:
    """Register a job function under a name that stays the same when the code moves; see `BackOff` for `attempts`.

    Its jobs are in `lane`, or in that of whoever defers them.
    """

    def register(function: JobFunction[Arguments]) -> procrastinate.tasks.Task[Any, Any, Any]:
        async def run(context: procrastinate.JobContext, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
            async with _attempt(context, Lane.of(context.job.queue, context.job.priority)) as mine:
                await function(mine, *args, **kwargs)

        LANES[name] = lane
        return app.task(name=name, pass_context=True, retry=BackOff(attempts))(run)

    return register


def every(interval: Interval, name: str, *, lane: Lane = Lane.normal) -> Callable[[JobFunction[[]]], JobFunction[[]]]:
    """Run a job on a schedule, once however many workers there are. Unless it is in bulk it overtakes what waits.

    A tick that fails is parked until the next one, which takes its place.
    """

    def register(function: JobFunction[[]]) -> JobFunction[[]]:
        async def run(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - the scheduler's hour
            async with _attempt(context, lane) as mine:
                async with mine.database.transaction() as session:
                    await (await driver(session)).execute(REPLACE_FORMER_TICKS, (name, context.job.id))
                await function(mine)

        tick = Lane.bulk if lane is Lane.bulk else Lane.urgent
        INTERVAL.labels(name).set(interval.period.total_seconds())
        task = app.task(name=name, pass_context=True, queueing_lock=name, queue=tick.queue, priority=tick.priority)(run)
        app.periodic(cron=interval.cron)(task)
        return function

    return register


@asynccontextmanager
async def _attempt(context: procrastinate.JobContext, chosen: Lane) -> AsyncIterator[JobContext]:
    """Bound one attempt in time, let it defer into its lane, and keep why it failed for the operator."""
    mine: JobContext = context.additional_context["mercat"]
    task, begun, outcome = context.job.task_name, time.perf_counter(), "failed"
    try:
        with lanes.lane(chosen):
            async with asyncio.timeout(JobSettings.read().job_timeout_seconds):
                yield mine
        outcome = "done"
    except Exception as error:
        if context.job.id is not None:
            await failures.note(mine.database, context.job.id, context.job.attempts + 1, error)
        raise
    finally:
        ATTEMPTS.labels(task, outcome).inc()
        SECONDS.labels(task).observe(time.perf_counter() - begun)


async def defer(
    session: AsyncSession, task: procrastinate.tasks.Task[Any, Any, Any], **arguments: procrastinate.types.JSONValue
) -> None:
    """Queue a job in the caller's transaction: it exists if and only if that commits."""
    connection = await driver(session)
    await connection.execute(DEFER, row_of(task, arguments), prepare=True)


def row_of(
    task: procrastinate.tasks.Task[Any, Any, Any], arguments: Mapping[str, procrastinate.types.JSONValue]
) -> tuple[object, ...]:
    """Return what `DEFER` queues a job with, in the lane that it belongs to."""
    chosen = LANES.get(task.name) or lanes.current()
    return (chosen.queue, task.name, chosen.priority, task.lock, task.queueing_lock, Jsonb(arguments))


async def is_queued(
    session: AsyncSession, task: procrastinate.tasks.Task[Any, Any, Any], **arguments: procrastinate.types.JSONValue
) -> bool:
    """Whether a job with these arguments, and maybe others, waits or runs."""
    connection = await driver(session)
    found = await (await connection.execute(QUEUED, (task.name, Jsonb(arguments)))).fetchone()
    return bool(found and found[0])


@asynccontextmanager
async def open_jobs(settings: DatabaseSettings) -> AsyncIterator[procrastinate.App]:
    """Yield the job application with a connection pool of its own, for a worker or an operator's command."""
    connector = procrastinate.PsycopgConnector(conninfo=settings.database_url, min_size=1, max_size=4, timeout=10)
    with app.replace_connector(connector) as running:
        async with running.open_async():
            yield running
