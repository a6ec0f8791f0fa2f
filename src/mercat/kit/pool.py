"""Connections to PostgreSQL for hot reads, opened by whoever finds none free.

psycopg's own pool opens them in the background: while PostgreSQL is away, each caller waits for as long as it would
for a busy connection. Here an outage is known as soon as PostgreSQL, or nobody, answers.
"""

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg.rows import TupleRow

Connection = psycopg.AsyncConnection[TupleRow]


class Pool:
    """At most `size` connections in autocommit; who finds all of them taken waits for `patience` seconds."""

    def __init__(self, conninfo: str, *, size: int, patience: float) -> None:
        self._conninfo = conninfo
        self._patience = patience
        self.size = size
        self.in_use = 0
        self._places = asyncio.Semaphore(size)
        self._free: list[Connection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection; one that was left in the middle of something is not lent again.

        Raises:
            psycopg.OperationalError: PostgreSQL is away, or no connection became free.
        """
        await self._take_place()
        self.in_use += 1
        try:
            connection = self._living() or await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
            try:
                yield connection
            finally:
                if connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
                    self._free.append(connection)
                else:
                    await connection.close()
        finally:
            self.in_use -= 1
            self._places.release()

    async def close(self) -> None:
        """Close what is free."""
        while self._free:
            await self._free.pop().close()

    async def _take_place(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise psycopg.OperationalError(f"no connection became free within {self._patience:g} seconds") from None

    def _living(self) -> Connection | None:
        while self._free:
            connection = self._free.pop()
            if not was_left(connection):
                return connection
            connection.pgconn.finish()
        return None


def was_left(connection: Connection) -> bool:
    """Whether PostgreSQL has left an idle connection: it says goodbye when it stops, and nothing else is due."""
    if connection.closed:
        return True
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    return bool(heard.poll(0))
