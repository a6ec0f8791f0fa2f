"""What operators do with jobs: run them again, or give them up."""

from dataclasses import dataclass

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.outbox.exceptions import JobIsRunning, JobIsWaiting, JobNotFound, JobQueuedAgain
from mercat.outbox.inspection import STATE, UNFINISHED
from mercat.outbox.schemas import JobState

LOCK = f"""
SELECT j.id, j.task_name, {STATE}, j.attempts FROM procrastinate_jobs j WHERE {UNFINISHED} AND j.id = %s FOR UPDATE
"""  # noqa: S608 - made of constants
# of a schedule one tick is enough, and none if the next one waits
LOCK_PARKED = f"""
SELECT j.id, j.task_name, {STATE}, j.attempts FROM procrastinate_jobs j
WHERE j.status IN ('failed', 'aborted') AND (j.queueing_lock IS NULL OR NOT EXISTS (
    SELECT FROM procrastinate_jobs o WHERE o.queueing_lock = j.queueing_lock
    AND (o.status = 'todo' OR (o.status IN ('failed', 'aborted') AND o.id > j.id))))
ORDER BY j.id FOR UPDATE OF j
"""  # noqa: S608 - made of constants
RETRY = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL, worker_id = NULL WHERE id = ANY(%s)
"""
FORWARD_ANEW = "DELETE FROM forwarded_jobs WHERE job_id = ANY(%s)"
COUNT_ANEW = "UPDATE job_failures SET workers_lost = 0 WHERE job_id = ANY(%s)"
CANCEL = "DELETE FROM procrastinate_jobs WHERE id = %s"


@dataclass(frozen=True, slots=True)
class FormerJob:
    """A job as it was before an operator moved it."""

    id: int
    task: str
    status: JobState
    attempts: int


async def retry(session: AsyncSession, job_id: int) -> FormerJob:
    """Run a job that failed again, now and with all its attempts. Locks it.

    Raises:
        JobNotFound: there is none, or it is done.
        JobIsRunning: a worker is at it.
        JobIsWaiting: it has not failed.
        JobQueuedAgain: it is a schedule's, whose next tick waits.
    """
    connection = await driver(session)
    former = await _lock(connection, job_id)
    if former.status in {JobState.queued, JobState.scheduled}:
        raise JobIsWaiting
    await _queue(connection, [former])
    return former


async def retry_parked(session: AsyncSession) -> list[FormerJob]:
    """Run all parked jobs again and return them. Locks them."""
    connection = await driver(session)
    rows = await (await connection.execute(LOCK_PARKED)).fetchall()
    former = [_former(row) for row in rows]
    await _queue(connection, former)
    return former


async def cancel(session: AsyncSession, job_id: int) -> FormerJob:
    """Delete a job that nobody is at; what it should have done is not done. Locks it.

    Raises:
        JobNotFound: there is none, or it is done.
        JobIsRunning: a worker is at it.
    """
    connection = await driver(session)
    former = await _lock(connection, job_id)
    await connection.execute(CANCEL, (job_id,))
    return former


async def _lock(connection: psycopg.AsyncConnection[TupleRow], job_id: int) -> FormerJob:
    row = await (await connection.execute(LOCK, (job_id,))).fetchone()
    if row is None:
        raise JobNotFound
    former = _former(row)
    if former.status is JobState.running:
        raise JobIsRunning
    return former


async def _queue(connection: psycopg.AsyncConnection[TupleRow], jobs: list[FormerJob]) -> None:
    numbers = [job.id for job in jobs]
    await connection.execute(FORWARD_ANEW, (numbers,))
    await connection.execute(COUNT_ANEW, (numbers,))
    try:
        await connection.execute(RETRY, (numbers,))
    except psycopg.errors.UniqueViolation:
        raise JobQueuedAgain from None


def _former(row: TupleRow) -> FormerJob:
    job_id, task, state, attempts = row
    return FormerJob(job_id, task, JobState(state), attempts)
