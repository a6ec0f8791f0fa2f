"""Running one job by its number, in whatever process: claimed in its row, kept alive there, and settled there.

Many may be told to run the same job. One gets it; to the others it is not there. Whoever fell silent and finds that
somebody else has the job by now, settles nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import procrastinate
import psycopg
from procrastinate.jobs import Job
from psycopg.rows import TupleRow
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.database import Database, driver
from mercat.kit.logs import logger
from mercat.outbox import failures
from mercat.outbox.config import JobSettings
from mercat.outbox.jobs import DEFER, BackOff, JobContext, app, row_of

# who waits for a claim in front of this one finds the job taken; a claim has a worker of its own, whose heart beats
CLAIM = """
WITH wanted AS (
    SELECT id FROM procrastinate_jobs j
    WHERE id = %s AND status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
    AND NOT EXISTS (SELECT FROM procrastinate_jobs o WHERE o.lock = j.lock AND o.status = 'doing')
    FOR NO KEY UPDATE
), runner AS (
    INSERT INTO procrastinate_workers (last_heartbeat) SELECT now() FROM wanted RETURNING id
)
UPDATE procrastinate_jobs j SET status = 'doing', worker_id = runner.id FROM wanted, runner WHERE j.id = wanted.id
RETURNING j.worker_id, j.queue_name, j.priority, j.task_name, j.lock, j.queueing_lock, j.args, j.attempts
"""
BEAT = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %s"
DONE = "DELETE FROM procrastinate_jobs WHERE id = %(job)s AND status = 'doing' AND worker_id = %(worker)s"
AGAIN = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = %(at)s, worker_id = NULL
WHERE id = %(job)s AND status = 'doing' AND worker_id = %(worker)s
"""
PARKED = """
UPDATE procrastinate_jobs SET status = 'failed', attempts = attempts + 1, worker_id = NULL
WHERE id = %(job)s AND status = 'doing' AND worker_id = %(worker)s
"""
LEAVE = "DELETE FROM procrastinate_workers WHERE id = %s"


class UnknownJob(LookupError):
    """This version has no function of that name."""


Around = Callable[[Database], AbstractAsyncContextManager[object]]
"""What is open while a job runs."""


def nothing_around(_database: Database) -> AbstractAsyncContextManager[object]:
    """Open nothing."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is this process's to run."""

    worker_id: int
    job: Job

    @property
    def number(self) -> int:
        """The job's number."""
        return self.job.id or 0


async def perform(context: JobContext, job_id: int) -> None:
    """Run a job if it still waits, and settle it: done, tried again later, or parked."""
    claim = await _claim(context.database, job_id)
    if claim is None:
        logger.info("job_not_waiting", job=job_id)
        return
    await carry(context, claim)


async def defer_claimed(
    session: AsyncSession, task: procrastinate.tasks.Task[Any, Any, Any], **arguments: procrastinate.types.JSONValue
) -> Claim:
    """Queue a job in the caller's transaction that is this process's from the beginning: `carry` it when that commits.

    If this process ends before, its claim falls silent and the job goes to a worker.
    """
    connection = await driver(session)
    queued = await (await connection.execute(DEFER, row_of(task, arguments), prepare=True)).fetchone()
    claim = await _claimed(connection, queued[0][0]) if queued else None
    if claim is None:
        raise LookupError(task.name)
    return claim


async def carry(context: JobContext, claim: Claim) -> None:
    """Run a claimed job, and settle it: done, tried again later, or parked."""
    async with _beating(context.database, claim.worker_id):
        statement, at = await _attempt(context, claim.job)
    async with context.database.transaction() as session:
        connection = await driver(session)
        values = {"job": claim.number, "worker": claim.worker_id, "at": at}
        settled = await connection.execute(statement, values)
        await connection.execute(LEAVE, (claim.worker_id,))
    if not settled.rowcount:
        logger.warning("job_lost", task=claim.job.task_name, job=claim.number)


async def _claim(database: Database, job_id: int) -> Claim | None:
    async with database.transaction() as session:
        return await _claimed(await driver(session), job_id)


async def _claimed(connection: psycopg.AsyncConnection[TupleRow], job_id: int) -> Claim | None:
    row = await (await connection.execute(CLAIM, (job_id,))).fetchone()
    if row is None:
        return None
    worker_id, queue, priority, task, lock, queueing_lock, args, attempts = row
    job = Job(
        id=job_id, queue=queue, priority=priority, lock=lock, queueing_lock=queueing_lock, task_name=task,
        task_kwargs=args, attempts=attempts,
    )  # fmt: skip
    return Claim(worker_id, job)


async def _attempt(context: JobContext, job: Job) -> tuple[str, datetime | None]:
    """Run the job's function; return the statement that settles the job, and when it is tried again."""
    task = app.tasks.get(job.task_name)
    if task is None:  # put into the queue by a version that is newer: perhaps the next attempt is made by one
        await failures.note(context.database, job.id or 0, job.attempts + 1, UnknownJob(job.task_name))
        return _settle(BackOff().get_retry_exception(exception=UnknownJob(job.task_name), job=job))
    given = procrastinate.JobContext(
        app=app, job=job, start_timestamp=time.time(), additional_context={"mercat": context}, abort_reason=lambda: None
    )
    try:
        await task(given, **job.task_kwargs)
    except Exception as error:  # noqa: BLE001 - whatever a job fails with decides about its next attempt
        return _settle(task.get_retry_exception(exception=error, job=job))
    return DONE, None


def _settle(again: procrastinate.exceptions.JobRetry | None) -> tuple[str, datetime | None]:
    return (PARKED, None) if again is None else (AGAIN, again.retry_decision.retry_at or clock.now())


@asynccontextmanager
async def _beating(database: Database, worker_id: int) -> AsyncIterator[None]:
    """Say regularly that the job is being run; what is not said in time gives the job to others."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(JobSettings.read().worker_heartbeat_seconds)
            with suppress(SQLAlchemyError):  # PostgreSQL is away: it will be asked again
                async with database.transaction() as session:
                    await (await driver(session)).execute(BEAT, (worker_id,))

    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart
