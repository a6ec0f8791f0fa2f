"""The worker: runs jobs and fires schedules in its own process."""

import asyncio
from collections.abc import Awaitable, Callable

import procrastinate
import psycopg
from sqlalchemy.exc import OperationalError

from mercat.kit.logs import logger
from mercat.outbox.config import JobSettings
from mercat.outbox.jobs import JobContext, open_jobs
from mercat.outbox.takeover import take_over

RECONNECT_SECONDS = 1.0
DUE = """
SELECT EXISTS (
    SELECT FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) AS due
"""


async def run_worker(context: JobContext, *, wait: bool = True, install_signal_handlers: bool = True) -> None:
    """Run jobs until told to stop, or with `wait=False` until none is left. Jobs of dead workers are taken over.

    A worker that waits for jobs also waits for PostgreSQL to come back, and then goes on.
    """

    async def work() -> None:
        await _work(context, wait=wait, install_signal_handlers=install_signal_handlers)

    await (outlasting(work) if wait else work())


async def outlasting(work: Callable[[], Awaitable[None]]) -> None:
    """Do something until it ends; begin anew when PostgreSQL went away meanwhile."""
    while True:
        try:
            await work()
        except (procrastinate.exceptions.ConnectorException, OperationalError, psycopg.OperationalError) as error:
            cause = error.__cause__ or error
            if not isinstance(cause, psycopg.OperationalError):
                raise
            logger.warning("worker_waits_for_database", error=str(cause).strip())
            await asyncio.sleep(RECONNECT_SECONDS)
        else:
            return


async def _work(context: JobContext, *, wait: bool, install_signal_handlers: bool) -> None:
    settings = JobSettings.read()
    async with open_jobs(context.database.settings) as running:
        await take_over(context.database)
        while True:
            await running.run_worker_async(
                concurrency=settings.worker_concurrency,
                wait=wait,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
                additional_context={"mercat": context},
                install_signal_handlers=install_signal_handlers,
                update_heartbeat_interval=settings.worker_heartbeat_seconds,
                stalled_worker_timeout=settings.worker_stalled_seconds,
                shutdown_graceful_timeout=5.0,
            )
            # the worker stops looking as soon as it finds nothing, even while a running job is about to defer more
            if wait or not (await running.connector.execute_query_one_async(DUE))["due"]:
                return
