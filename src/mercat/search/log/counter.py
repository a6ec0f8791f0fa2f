"""Counting searches in memory, and writing them down in batches.

A search costs its request an addition in memory. What was counted is written every few seconds; what a process that
dies has not written yet is lost, at most these seconds.
"""

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.logs import logger
from mercat.search.asked import Asked
from mercat.search.engine import Filters
from mercat.search.log.terms import term_of

SECONDS = 10.0
"""How often it is written down."""
MOST = 10_000
"""Searches that are remembered, and terms that wait to be written."""
TOTAL = re.compile(rb'\],"page":\d+,"size":\d+,"total":(\d+),')
CORRECTED = b'"corrected":true,"degraded":'
RELAXED = b'"relaxed":true,"dropped_words":'
# in the order of their keys, so that two processes wait for each other and never in a circle
WRITE = """
INSERT INTO search_terms AS t (day, locale, term, searches, found_nothing, corrected, results)
SELECT n.day, n.locale, n.term, n.searches, n.found_nothing, n.corrected, n.results
FROM unnest(%(day)s::date[], %(locale)s::text[], %(term)s::text[], %(searches)s::int[], %(found_nothing)s::int[],
            %(corrected)s::int[], %(results)s::int[])
    AS n(day, locale, term, searches, found_nothing, corrected, results)
ORDER BY 1, 2, 3
ON CONFLICT (day, locale, term) DO UPDATE SET searches = t.searches + excluded.searches,
    found_nothing = t.found_nothing + excluded.found_nothing, corrected = t.corrected + excluded.corrected,
    results = excluded.results
"""
COLUMNS = ("day", "locale", "term", "searches", "found_nothing", "corrected", "results")


@dataclass(frozen=True, slots=True)
class Answered:
    """A search as it was answered last: what counts of it."""

    locale: str
    term: str
    results: int
    corrected: bool


Key = tuple[str, bytes]
"""Path and query of a request."""


class SearchLog:
    """The searches that this process has answered since they were last written down."""

    def __init__(self) -> None:
        self._answered: OrderedDict[Key, Answered] = OrderedDict()
        self._asked: Counter[Key] = Counter()
        self._waiting: Counter[tuple[object, Answered]] = Counter()

    def ask(self, scope: Scope) -> None:
        """Count a request, whoever answers it; what it is about `answer` has said, or will."""
        key = (scope["path"], scope["query_string"])
        if key in self._asked or len(self._asked) < MOST:
            self._asked[key] += 1

    def answer(self, scope: Scope, asked: Asked, locale: str, body: bytes) -> None:
        """Say what a request is about and what it has found: only a first page that somebody has typed counts.

        Neither further pages nor filters and sorts are chosen by typing.
        """
        key = (scope["path"], scope["query_string"])
        parameters = asked.parameters
        plain = (parameters.page or 1) == 1 and not parameters.cursor and asked.filters == Filters()
        term = term_of(parameters.q) if parameters.q and plain and parameters.sort in {None, "relevance"} else None
        found = TOTAL.search(body) if term else None
        if term is None or found is None:
            self._answered.pop(key, None)
            return
        # what most of the words find was not searched for
        results = 0 if RELAXED in body else int(found[1])
        self._answered[key] = Answered(locale, term, results, CORRECTED in body and bool(results))
        self._answered.move_to_end(key)
        if len(self._answered) > MOST:
            self._settle()
            self._answered.popitem(last=False)

    async def write(self, database: Database) -> None:
        """Write down what was counted; what cannot be written waits for the next time."""
        self._settle()
        waiting, self._waiting = self._waiting, Counter()
        if not waiting:
            return
        rows: dict[tuple[object, str, str], list[int]] = {}
        for (day, search), count in waiting.items():
            row = rows.setdefault((day, search.locale, search.term), [0, 0, 0, 0])
            row[0] += count
            row[1] += count * (not search.results)
            row[2] += count * search.corrected
            row[3] = search.results
        columns = zip(*((*key, *row) for key, row in rows.items()), strict=True)
        values = dict(zip(COLUMNS, map(list, columns), strict=True))
        try:
            await database.primary.note(WRITE, values)
        except Exception as error:  # noqa: BLE001 - searches are counted another time, and nobody is kept waiting
            logger.warning("searches_not_written", error=type(error).__name__)
            if len(waiting) < MOST:
                self._waiting.update(waiting)

    @asynccontextmanager
    async def kept(self, database: Database) -> AsyncIterator[None]:
        """Write every few seconds, and once more at the end."""

        async def write() -> None:
            while True:
                await asyncio.sleep(SECONDS)
                await self.write(database)

        task = asyncio.create_task(write())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self.write(database)

    def _settle(self) -> None:
        """Count what was asked by what it was about; of what was refused nobody has said."""
        asked, self._asked = self._asked, Counter()
        today = clock.now().date()
        for key, count in asked.items():
            if search := self._answered.get(key):
                self._waiting[today, search] += count


class Searches:
    """Pure ASGI, outermost: counts requests that search, also those that a cache answers."""

    def __init__(self, app: ASGIApp, *, log: SearchLog, paths: frozenset[str]) -> None:
        self.app = app
        self.log = log
        self.paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] in self.paths and b"q=" in scope["query_string"]:
            self.log.ask(scope)
        await self.app(scope, receive, send)


def get_log(connection: HTTPConnection) -> SearchLog:
    """Return the application's log of searches."""
    found: SearchLog = connection.app.state.search_log
    return found
