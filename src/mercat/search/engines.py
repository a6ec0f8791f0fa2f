"""Which engine answers, by the settings; and who answers while it is away."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mercat.kit import metrics
from mercat.kit.database import Reads
from mercat.kit.logs import logger
from mercat.kit.settings_memory import by_settings
from mercat.search.config import settings
from mercat.search.engine import Engine, FacetCounts, Found, Request
from mercat.search.exceptions import EngineError, SearchUnavailable
from mercat.search.postgresql import PostgresEngine
from mercat.search.remote import Remote

PAUSE_SECONDS = 5.0
"""How long nobody asks an engine that did not answer."""
DEEPEST = 10_000
"""Products that other engines find in an order; pages beyond are PostgreSQL's."""
Answer = TypeVar("Answer")


class Outage:
    """What a process remembers of an engine that did not answer, so that not every request waits for it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._away = False
        self._next_try = 0.0

    @property
    def lasts(self) -> bool:
        """Whether to go on without asking; every few seconds somebody is to ask."""
        if not self._away or self._clock() < self._next_try:
            return self._away
        self._next_try = self._clock() + PAUSE_SECONDS  # whoever hears this asks; the others need not wait for it
        return False

    def note(self, error: Exception) -> None:
        """Remember that it did not answer, and tell the operator once."""
        self._next_try = self._clock() + PAUSE_SECONDS
        if not self._away:
            self._away = True
            logger.warning("search_engine_away", error=str(error))

    def end(self) -> None:
        """Remember that it has answered."""
        if self._away:
            self._away = False
            logger.warning("search_engine_back")


ASKED = metrics.counter(
    "mercat_search_engine_questions", "Questions to the engine beside PostgreSQL: answered, failed, or replaced by it.",
    "outcome",
)  # fmt: skip


class Guarded:
    """An engine beside PostgreSQL, which answers in its place while it cannot."""

    def __init__(self, engine: Engine, postgres: Engine, outage: Outage) -> None:
        self._engine = engine
        self._postgres = postgres
        self._outage = outage
        self.degraded = False

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""
        if request.offset + request.size > DEEPEST:
            return await self._postgres.search(request)
        return await self._first_of(lambda: self._engine.search(request), lambda: self._postgres.search(request))

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
        return await self._first_of(lambda: self._engine.facets(request), lambda: self._postgres.facets(request))

    async def _first_of(self, ask: Callable[[], Awaitable[Answer]], instead: Callable[[], Awaitable[Answer]]) -> Answer:
        if not self.degraded and not self._outage.lasts:  # once degraded, a response is PostgreSQL's as a whole
            try:
                answer = await ask()
            except EngineError as error:
                ASKED.labels("failed").inc()
                self._outage.note(error)
            else:
                ASKED.labels("answered").inc()
                self._outage.end()
                return answer
        if not settings().search_fallback:
            raise SearchUnavailable
        self.degraded = True
        ASKED.labels("replaced").inc()
        return await instead()


@by_settings
def remote() -> Remote | None:
    """Return the engine beside PostgreSQL that is set up, if one is."""
    if not settings().search_url:
        return None
    if settings().search_url.startswith("mongodb"):
        from mercat.search.mongodb import MongoDB  # noqa: PLC0415 - for marketplaces with such a server alone

        return MongoDB(settings())
    from mercat.search.elasticsearch import Elasticsearch  # noqa: PLC0415 - the same

    return Elasticsearch(settings())


@by_settings
def _outage() -> Outage:
    return Outage()


def engine_for(reads: Reads, currency: str | None = None) -> Engine:
    """Return the engine that answers a request; `reads` is where the request reads what PostgreSQL holds.

    `currency` is one other than that of the books: copies of documents do not have its prices, so PostgreSQL answers.
    """
    postgres, other = PostgresEngine(reads), None if currency else remote()
    return Guarded(other.engine(reads), postgres, _outage()) if other else postgres


async def close() -> None:
    """Give the connections to the engine back, at the end of a process."""
    if other := remote():
        await other.close()
