"""What a process is like from the inside, looked at every few seconds: its connections and how late its loop is."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from mercat.kit import metrics
from mercat.kit.database import Database

PERIOD = 5.0
CONNECTIONS = metrics.gauge(
    "mercat_database_connections_in_use",
    "Connections to PostgreSQL that are lent now.",
    "pool",
)
MOST = metrics.gauge("mercat_database_connections_limit", "Connections that a pool may have.", "pool")
LATE = metrics.histogram(
    "mercat_event_loop_late_seconds", "How much later than planned the event loop came to something; seen every 5 s.",
    buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0),
)  # fmt: skip


@asynccontextmanager
async def sampled(database: Database, *more: Callable[[], None]) -> AsyncIterator[None]:
    """Look at a process for as long as it works; `more` are asked too, each time."""
    task = asyncio.create_task(_look(database, more))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        for pool in database.in_use():
            CONNECTIONS.labels(pool).set(0)


async def _look(database: Database, more: tuple[Callable[[], None], ...]) -> None:
    while True:
        for pool, (used, most) in database.in_use().items():
            CONNECTIONS.labels(pool).set(used)
            MOST.labels(pool).set(most)
        for one in more:
            one()
        planned = time.perf_counter() + PERIOD
        await asyncio.sleep(PERIOD)
        LATE.observe(max(0.0, time.perf_counter() - planned))
