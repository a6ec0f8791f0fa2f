"""Jobs of workers that fell silent go to the living, at once or not at all after their last attempt.

Every worker and forwarder looks for them beside its jobs: a schedule of the queue would wait behind what is queued.
"""

import asyncio
from typing import Never

import psycopg
from psycopg.rows import TupleRow

from mercat.kit.database import Database, driver
from mercat.kit.logs import logger
from mercat.outbox import failures
from mercat.outbox.config import JobSettings

STALLED = """
SELECT j.id, j.task_name, j.attempts, coalesce(f.workers_lost, 0) + 1
FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id LEFT JOIN job_failures f ON f.job_id = j.id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
ORDER BY j.id FOR NO KEY UPDATE OF j SKIP LOCKED
"""
GIVE_BACK = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL
WHERE id = %s
"""
PARK = "UPDATE procrastinate_jobs SET status = 'failed', attempts = attempts + 1, worker_id = NULL WHERE id = %s"
DROP = "DELETE FROM procrastinate_jobs WHERE id = %s"
LOST = "UPDATE job_failures SET workers_lost = workers_lost + 1 WHERE job_id = %s"
PRUNE = "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)"
SILENT = ("WorkerLost", "The worker fell silent while it was at this job.")


async def watch(database: Database) -> Never:
    """Take over what silent workers leave, twice within the silence after which they count as dead."""
    while True:
        await take_over(database)
        await asyncio.sleep(JobSettings.read().worker_stalled_seconds / 2)


async def take_over(database: Database) -> None:
    """Give back what silent workers had, each job once however many do this at a time.

    That a worker was lost counts as an attempt, and a job that has lost `MERCAT_JOB_MAX_LOST_WORKERS` is parked: it is
    likely what ends them.
    """
    settings = JobSettings.read()
    silence = settings.worker_stalled_seconds
    async with database.transaction() as session:
        connection = await driver(session)
        stalled = await (await connection.execute(STALLED, (silence,))).fetchall()
        for job_id, task, attempts, lost in stalled:
            last = attempts + 1 >= settings.job_max_attempts or lost >= settings.job_max_lost_workers
            await _move(connection, job_id, attempts + 1, last=last)
            logger.info("job_taken_over", task=task, job=job_id, attempt=attempts + 1)
        await connection.execute(PRUNE, (silence,))


async def _move(connection: psycopg.AsyncConnection[TupleRow], job_id: int, attempt: int, *, last: bool) -> None:
    try:
        async with connection.transaction():
            await connection.execute(PARK if last else GIVE_BACK, (job_id,))
    except psycopg.errors.UniqueViolation:  # the schedule's next tick waits already and does the same
        await connection.execute(DROP, (job_id,))
    else:
        await failures.write(connection, job_id, attempt, SILENT)
        await connection.execute(LOST, (job_id,))
