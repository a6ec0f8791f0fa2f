"""The worker: runs jobs and fires schedules in its own process."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import procrastinate
import psycopg
from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry
from sqlalchemy.exc import OperationalError

from mercat.kit.logs import logger
from mercat.outbox.config import JobSettings
from mercat.outbox.jobs import JobContext, open_jobs
from mercat.outbox.lanes import Lane
from mercat.outbox.numbers import DUE
from mercat.outbox.takeover import take_over, watch

RECONNECT_SECONDS = 1.0
POLL_SECONDS = 2.0
SHUTDOWN_SECONDS = 5.0
ANY_DUE = f"SELECT EXISTS (SELECT FROM procrastinate_jobs j WHERE {DUE}) AS due"  # noqa: S608 - our own condition


@dataclass(frozen=True, slots=True)
class _Hands:
    """How many jobs run at a time, and of which queues."""

    count: int
    queues: tuple[str, ...] = (Lane.normal.queue, Lane.bulk.queue)


def _hands() -> list[_Hands]:
    """Divide a worker: some hands take any job by its priority, the others none that is bulk."""
    settings = JobSettings.read()
    kept = settings.worker_concurrency - settings.bulk_hands
    return [_Hands(settings.bulk_hands), *([_Hands(kept, (Lane.normal.queue,))] if kept else [])]


async def run_worker(
    context: JobContext, *, wait: bool = True, due_schedules: bool = False, install_signal_handlers: bool = True
) -> None:
    """Run jobs until told to stop, or with `wait=False` until none is left. Jobs of dead workers are taken over.

    A worker that waits fires schedules and outlasts outages of PostgreSQL. One that does not wait runs what is queued;
    with `due_schedules` it first fires, once, those whose last tick is at most ten minutes ago.
    """
    if not wait:
        await _drain(context, due_schedules=due_schedules, install_signal_handlers=install_signal_handlers)
        return
    async with told_to_stop(install=install_signal_handlers) as stop:
        await outlasting(lambda: _until_stopped(context, stop))


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


async def until_one_ends(*work: Coroutine[object, object, object]) -> None:
    """Do all of this until one comes to its end; the others are cancelled, and what has failed is raised."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()  # once: what runs is finished
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


@asynccontextmanager
async def told_to_stop(*, install: bool = True) -> AsyncIterator[asyncio.Event]:
    """Yield an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT) if install else ()
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _until_stopped(context: JobContext, stop: asyncio.Event) -> None:
    """Work; a worker of the library that gives up because a statement failed is started anew."""
    async with open_jobs(context.database.settings) as running:
        while not stop.is_set():
            hands = (_work(running, context, some) for some in _hands())
            await until_one_ends(*hands, watch(context.database), stop.wait())
            if not stop.is_set():
                logger.warning("worker_begins_anew")
                await asyncio.sleep(RECONNECT_SECONDS)


async def _drain(context: JobContext, *, due_schedules: bool, install_signal_handlers: bool) -> None:
    async with open_jobs(context.database.settings) as running:
        await take_over(context.database)
        with _no_schedules(running) as known:
            if due_schedules:
                deferrer = PeriodicDeferrer(registry=known)
                await deferrer.defer_jobs(deferrer.get_previous_tasks(at=time.time()))
            while True:
                everybody = _Hands(JobSettings.read().worker_concurrency)
                await _work(running, context, everybody, wait=False, install_signal_handlers=install_signal_handlers)
                # the worker stops looking when it finds nothing, even while a running job is about to defer more
                if not (await running.connector.execute_query_one_async(ANY_DUE))["due"]:
                    return


@contextmanager
def _no_schedules(running: procrastinate.App) -> Iterator[PeriodicRegistry]:
    """Hide the schedules from a worker of the library, which fires them whenever it runs; yields them."""
    known, none = running.periodic_registry, PeriodicRegistry()  # type: ignore[no-untyped-call]  # procrastinate's
    running.periodic_registry = none
    try:
        yield known
    finally:
        running.periodic_registry = known


async def _work(
    running: procrastinate.App,
    context: JobContext,
    hands: _Hands,
    *,
    wait: bool = True,
    install_signal_handlers: bool = False,
) -> None:
    settings = JobSettings.read()
    await running.run_worker_async(
        concurrency=hands.count,
        queues=list(hands.queues),
        wait=wait,
        fetch_job_polling_interval=POLL_SECONDS,
        delete_jobs="successful",
        additional_context={"mercat": context},
        install_signal_handlers=install_signal_handlers,
        update_heartbeat_interval=settings.worker_heartbeat_seconds,
        stalled_worker_timeout=settings.worker_stalled_seconds,
        shutdown_graceful_timeout=SHUTDOWN_SECONDS,
    )
