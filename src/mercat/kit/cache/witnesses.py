"""The state of what answers show, asked of the primary: for all who ask at the same time at once.

Whoever asks gets a state that was read after they asked: never that of a question which was under way already.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

from mercat.kit.database import Reads
from mercat.kit.logs import logger

GENERATIONS = "SELECT tag, bit_xor(delta), count(*) FROM cache_generations GROUP BY tag"
# one that another process folds at the same moment is left alone: what a statement does not see it does not delete
FOLD = """
WITH long AS (SELECT tag FROM cache_generations GROUP BY tag HAVING count(*) > 1),
gone AS (DELETE FROM cache_generations USING long WHERE cache_generations.tag = long.tag
         RETURNING cache_generations.tag, delta)
INSERT INTO cache_generations (tag, delta) SELECT tag, bit_xor(delta) FROM gone GROUP BY tag
"""
PATIENCE = 5.0
"""Seconds until a question that the primary does not answer is given up."""
ITERATIONS = 20
"""Iterations of the event loop that a question waits at most for others to join it."""
LONG = 200
"""Rows of the log from which a reader folds it."""
EVERYTHING = "database"
"""The tag that every database has from its first migration on; it tells databases apart that share one Redis."""

Read = Callable[[Reads, Collection[str]], Awaitable[Mapping[str, bytes]]]
"""Reads the states of several things in one statement; what is left out does not exist."""


class Witness:
    """Says in what state something is."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._waiting: list[tuple[str, asyncio.Future[bytes]]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def now(self, reads: Reads, key: str) -> bytes:
        """Return the state of one thing as it is now; empty if there is no such thing.

        Raises:
            psycopg.Error, TimeoutError: the primary did not answer.
        """
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, future))
        if self._rounds is None:
            self._rounds = asyncio.create_task(self._ask(reads))
        return await future

    async def of(self, reads: Reads, key: str) -> bytes:
        """Return the state of one thing in a database of one's own choice, in a statement of its own."""
        return (await self._read(reads, {key})).get(key, b"")

    def forget(self) -> None:
        """Begin anew: for tests whose event loop has ended."""
        self._waiting, self._rounds = [], None

    async def _gather(self) -> None:
        """Let those join who are about to ask: each iteration of the loop reads what more has come."""
        for _ in range(ITERATIONS):
            before = len(self._waiting)
            await asyncio.sleep(0)
            if len(self._waiting) == before:
                return

    async def _ask(self, reads: Reads) -> None:
        try:
            while self._waiting:
                await self._gather()
                waiting, self._waiting = self._waiting, []
                try:
                    async with asyncio.timeout(PATIENCE):
                        states = await self._read(reads, {key for key, _ in waiting})
                except BaseException as error:
                    for _, future in waiting:
                        if not future.done():
                            future.set_exception(error) if isinstance(error, Exception) else future.cancel()
                    if not isinstance(error, Exception):
                        raise
                    continue
                for key, future in waiting:
                    if not future.done():
                        future.set_result(states.get(key, b""))
        finally:
            self._rounds = None


async def _generations(reads: Reads, keys: Collection[str]) -> dict[str, bytes]:
    rows = await reads.rows(GENERATIONS)
    if sum(row[2] for row in rows) > LONG:
        await fold(reads)
    found = {row[0]: row[1] for row in rows}
    own = found.get(EVERYTHING, 0)
    return {key: b"%x:%b" % (own, b",".join(b"%x" % found.get(tag, 0) for tag in key.split())) for key in keys}


async def fold(reads: Reads) -> None:
    """Keep the log of generations short; they stay what they are."""
    try:
        await reads.note(FOLD, {})
    except Exception as error:  # noqa: BLE001 - a long log is slower and right; the next reader tries again
        logger.warning("generations_not_folded", error=type(error).__name__)


def generations() -> Witness:
    """Return the witness of tags; what it is asked for are tags with a space between them."""
    return Witness(_generations)
