"""Redis 6.2 or newer: a help, never a need. Whoever uses it must go on without."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from pydantic import Field
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError

from mercat.kit.config import Settings, address
from mercat.kit.logs import logger

Answer = TypeVar("Answer")

PAUSE_SECONDS = 5.0
OUTAGES = (RedisError, OSError)  # what this Python raises when time is up is an OSError too


class RedisSettings(Settings):
    """Where Redis is."""

    redis_url: Annotated[str, address("redis", "rediss", "unix")] = Field(
        "redis://127.0.0.1:6379/0", description="Redis 6.2 or newer; the marketplace goes on without it."
    )
    redis_pool_size: int = Field(50, ge=1, description="Connections per process to Redis.")
    redis_timeout: float = Field(0.5, gt=0, le=60, description="Seconds until a request goes on without its answer.")


def connect(settings: RedisSettings) -> Redis:
    """Return a client that waits briefly and never hangs a request.

    A command on a connection that a restarted Redis has dropped is sent once more on a new one; silence is not tried
    twice.
    """
    pool = BlockingConnectionPool.from_url(
        settings.redis_url,
        max_connections=settings.redis_pool_size,
        timeout=settings.redis_timeout,
        socket_timeout=settings.redis_timeout,
        socket_connect_timeout=settings.redis_timeout,
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)),
    )
    return Redis.from_pool(pool)  # closes the pool with itself


async def answers(redis: Redis) -> bool:
    """Tell whether Redis is there."""
    try:
        return bool(await redis.ping())
    except OUTAGES:
        return False


class Reach:
    """Asks Redis as long as it answers; once it did not, one caller tries every few seconds and the others go without.

    So an outage costs a caller `patience` seconds at most, and nearly all callers nothing. `what` names in the log
    what goes on without Redis; there is one line when it went and one when it is back.
    """

    def __init__(
        self, redis: Redis, what: str, *, patience: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.redis = redis
        self._what = what
        self._patience = patience
        self._clock = clock
        self._away = False
        self._next_try = 0.0

    async def ask(self, question: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """Return the answer, or None when the caller has to do without Redis."""
        trying = self._away
        if trying:
            if self._clock() < self._next_try:
                return None
            self._next_try = self._clock() + PAUSE_SECONDS  # we try; the others need not wait for what comes of it
        try:
            async with asyncio.timeout(self._patience):
                answer = await question()
        except OUTAGES as error:
            self._lost(error)
            return None
        if trying and self._away:  # what was asked before the outage proves nothing about now
            self._away = False
            logger.warning("redis_back", what=self._what)
        return answer

    def _lost(self, error: Exception) -> None:
        self._next_try = self._clock() + PAUSE_SECONDS
        if not self._away:
            self._away = True
            logger.warning("redis_away", what=self._what, error=type(error).__name__)
