"""Jobs of workers that fell silent go to the living, at once or not at all after their last attempt."""

import psycopg
from psycopg.rows import TupleRow

from mercat.kit.database import Database, driver
from mercat.kit.logs import logger
from mercat.outbox import failures
from mercat.outbox.config import JobSettings
from mercat.outbox.jobs import JobContext, every

STALLED = """
SELECT j.id, j.task_name, j.attempts FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
ORDER BY j.id FOR NO KEY UPDATE OF j SKIP LOCKED
"""
GIVE_BACK = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL
WHERE id = %s
"""
PARK = "UPDATE procrastinate_jobs SET status = 'failed', attempts = attempts + 1, worker_id = NULL WHERE id = %s"
DROP = "DELETE FROM procrastinate_jobs WHERE id = %s"
PRUNE = "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)"
SILENT = ("WorkerLost", "The worker fell silent while it was at this job.")


@every("*/10 * * * * *", "outbox.take_over_stalled")
async def take_over_stalled(context: JobContext) -> None:
    """Give the jobs of workers that fell silent to the living."""
    await take_over(context.database)


async def take_over(database: Database) -> None:
    """Give back what silent workers had, each job once however many do this at a time.

    That a worker was lost counts as an attempt: a job that ends its worker each time is parked like any other.
    """
    settings = JobSettings.read()
    silence = settings.worker_stalled_seconds
    async with database.transaction() as session:
        connection = await driver(session)
        stalled = await (await connection.execute(STALLED, (silence,))).fetchall()
        for job_id, task, attempts in stalled:
            await _move(connection, job_id, attempts + 1, last=attempts + 1 >= settings.job_max_attempts)
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
