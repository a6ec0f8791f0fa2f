"""PostgreSQL: one transaction per request or job, committed in one place, and a short way for hot reads.

Writers take `Session`: an SQLAlchemy session whose transaction is committed *before* the response is sent. Readers take
`PrimarySession` (autocommit): what decides something, or must exist because somebody was told that it does, is read
there. `ReplicaSession` is for routes whose answer may be minutes old without harm, and which say so; a test keeps the
list of them. Routes where a benchmark shows the gain read through `Reads`, the driver itself without the object layer.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, cast

import psycopg
from fastapi import Depends
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow
from pydantic import Field
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import QueuePool
from starlette.requests import HTTPConnection

from mercat.kit.config import Settings, address
from mercat.kit.pool import Pool, was_left
from mercat.kit.problems import Problem

PER_CORE, FEWEST = 2, 4
"""Connections of a pool: more than PostgreSQL's processors can serve only wait there, and make others wait."""

BULKHEAD_FACTOR = 4
"""Requests of several transactions that run at a time, for each connection: some of them wait for somebody else."""

DRIVER = "driver"
"""Where a session keeps its transaction's connection."""


class DatabaseSettings(Settings):
    """Where PostgreSQL is and how many connections a process keeps to it."""

    database_url: Annotated[str, address("postgresql", "postgres")] = Field(
        "postgresql://mercat@127.0.0.1:5432/mercat",
        description="PostgreSQL 15 or newer: postgresql://user:password@host/db",
    )
    database_replica_url: Annotated[str, address("postgresql", "postgres")] = Field(
        "", description="Optional read replica, for public catalogue pages only; they may be as old as it is."
    )
    database_pool_size: int = Field(
        0, ge=0, le=500, description="Connections per process for transactions; 0 is two per core, four at least."
    )
    database_read_pool_size: int = Field(
        0, ge=0, le=500, description="Connections per process for reads; 0 is two per core, four at least."
    )
    database_exports: int = Field(
        2, ge=1, le=100, description="Files per process that are read from PostgreSQL at a time; others wait in line."
    )
    database_pool_timeout: float = Field(15.0, gt=0, description="Seconds to wait for a free connection before a 503.")
    database_statement_timeout_ms: int = Field(15_000, ge=0, description="PostgreSQL's statement_timeout; 0 is none.")


class Reads:
    """The driver itself, in autocommit: no session, no ORM objects. For hot paths that a benchmark justifies."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def rows(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> list[TupleRow]:
        """Run one read and return its rows; once more if PostgreSQL left the connection in the middle of it."""
        async with self._pool.connection() as conn:
            try:
                return await (await conn.execute(sql, params)).fetchall()
            except psycopg.OperationalError:
                if not conn.broken:
                    raise
        async with self._pool.connection() as conn:
            return await (await conn.execute(sql, params)).fetchall()

    async def note(self, sql: str, params: Mapping[str, Any]) -> None:
        """Write something by the way, in a transaction of its own: that a key was used, say. Never on a replica."""
        async with self._pool.connection() as conn:
            await conn.execute(sql, params)

    async def row(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> TupleRow | None:
        """Run one read and return its first row, or None."""
        found = await self.rows(sql, params)
        return found[0] if found else None


class Database:
    """The process's connections. They are made when first used: PostgreSQL may still be away."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.settings = settings
        options = f"-c timezone=UTC -c statement_timeout={settings.database_statement_timeout_ms}"
        connect_args: dict[str, str | int] = {"options": options, "application_name": "mercat", "connect_timeout": 5}

        def engine(url: str, size: int, **more: Any) -> AsyncEngine:  # noqa: ANN401 - SQLAlchemy's own keywords
            made = create_async_engine(
                make_url(url).set(drivername="postgresql+psycopg"),
                pool_size=size,
                max_overflow=0,
                pool_timeout=settings.database_pool_timeout,
                connect_args=connect_args,
                hide_parameters=True,  # errors are logged, and parameters hold people's data
                **more,
            )
            event.listen(made.sync_engine, "checkout", _refuse_left)
            return made

        def read_pool(url: str) -> tuple[AsyncEngine, Pool]:
            conninfo = make_conninfo(url, **connect_args)
            pool = Pool(conninfo, size=self.read_pool_size, patience=settings.database_pool_timeout)
            return engine(url, self.read_pool_size, isolation_level="AUTOCOMMIT"), pool

        self.pool_size = settings.database_pool_size or by_cores()
        self.read_pool_size = settings.database_read_pool_size or by_cores()

        self._readable = make_conninfo(settings.database_url, **connect_args)
        self.engine = engine(settings.database_url, self.pool_size)
        primary = read_pool(settings.database_url)
        replica = read_pool(settings.database_replica_url) if settings.database_replica_url else primary
        self.has_replica = replica is not primary

        self.bulkhead = asyncio.Semaphore(BULKHEAD_FACTOR * self.pool_size)
        """See `kit.bulkhead`."""
        self._exports = asyncio.Semaphore(settings.database_exports)
        self._opened = [primary, replica] if self.has_replica else [primary]
        self._primary_engine, self._replica_engine = primary[0], replica[0]
        self.primary, self.replica = Reads(primary[1]), Reads(replica[1])
        """The driver on either; `replica` is the primary where none is set."""

    def in_use(self) -> dict[str, tuple[int, int]]:
        """Return by pool how many connections are lent, and how many there may be."""
        found = {"transactions": (_lent(self.engine), self.pool_size)}
        for name, (engine, pool) in zip(("reads", "replica"), self._opened, strict=False):
            found[name] = (pool.in_use, pool.size)
            found[f"{name} of sessions"] = (_lent(engine), self.read_pool_size)
        return found

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
        for engine, pool in self._opened:
            await pool.close()
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a session whose work is committed at the end, or rolled back if anything is raised.

        Functions added with `after_commit` run once the commit is certain.
        """
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            try:
                yield session
            except Problem as problem:
                if problem.keeps_work:
                    await _commit(session)
                raise
            await _commit(session)

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[psycopg.AsyncConnection[TupleRow]]:
        """Open a connection of its own for a file that is read from beginning to end; a few at a time, others wait.

        It is none of a pool's, so that a long file keeps nobody else waiting, and its one transaction writes nothing.
        """
        async with self._exports, await psycopg.AsyncConnection.connect(self._readable) as connection:
            await connection.set_read_only(True)
            yield connection

    @asynccontextmanager
    async def primary_session(self) -> AsyncIterator[AsyncSession]:
        """Open a session for reads on the primary: autocommit, and nothing that was committed is missing."""
        async with AsyncSession(self._primary_engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def replica_session(self) -> AsyncIterator[AsyncSession]:
        """Open a session for reads that may be minutes old: autocommit, on the replica if there is one."""
        async with AsyncSession(self._replica_engine, expire_on_commit=False, autoflush=False) as session:
            yield session


def _lent(engine: AsyncEngine) -> int:
    return cast("QueuePool", engine.pool).checkedout()


def by_cores() -> int:
    """Return how many connections a pool has when nothing is set."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(FEWEST, PER_CORE * cores)


def _refuse_left(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter
    """Let SQLAlchemy replace its idle connections when PostgreSQL was restarted, before a request fails on one."""
    if was_left(connection.driver_connection):
        raise InvalidatePoolError


async def _commit(session: AsyncSession) -> None:
    await session.commit()
    for react in session.info.pop("after_commit", ()):
        react()


async def commit_now(session: AsyncSession) -> None:
    """Commit what was done so far, before somebody else is asked; what follows is a transaction of its own."""
    await _commit(session)


def after_commit(session: AsyncSession, react: Callable[[], None]) -> None:
    """Run `react` when the session's transaction has been committed, and not at all if it is rolled back."""
    session.info.setdefault("after_commit", []).append(react)


async def driver(session: AsyncSession) -> psycopg.AsyncConnection[TupleRow]:
    """Return the session's own psycopg connection: same transaction, no object layer (hot paths, COPY, jobs).

    Asked for a dozen times while an order is placed, it is looked up once for each transaction.
    """
    transaction, known = session.info.get(DRIVER, (None, None))
    if known is not None and transaction is session.sync_session.get_transaction():
        return cast("psycopg.AsyncConnection[TupleRow]", known)
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    session.info[DRIVER] = session.sync_session.get_transaction(), raw.driver_connection
    return cast("psycopg.AsyncConnection[TupleRow]", raw.driver_connection)


@asynccontextmanager
async def snapshot(session: AsyncSession) -> AsyncIterator[None]:
    """Let several reads in autocommit see the database as it was at one moment; a transaction stays what it is."""
    connection = await driver(session)
    if not connection.autocommit or connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        yield
        return
    await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        await connection.execute("ROLLBACK")  # nothing was written


@asynccontextmanager
async def pipelined(connection: psycopg.AsyncConnection[TupleRow]) -> AsyncIterator[None]:
    """Let the driver's statements travel together: none waits for the one before, until a result is asked for.

    Joins a pipeline that is open already; opening one in another would wait for what is under way. The session itself
    must not be used inside: SQLAlchemy wants every result at once.
    """
    if connection.pgconn.pipeline_status:
        yield
        return
    async with connection.pipeline():
        yield


def get_database(connection: HTTPConnection) -> Database:
    """Return the application's database."""
    return cast("Database", connection.app.state.database)


async def get_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Give a request its one transaction."""
    async with get_database(connection).transaction() as session:
        yield session


async def get_primary_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Give a request a session for reads on the primary."""
    async with get_database(connection).primary_session() as session:
        yield session


async def get_replica_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Give a request a session for reads that may be old."""
    async with get_database(connection).replica_session() as session:
        yield session


# scope="function": the commit happens when the route returns, before the client holds an answer
Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
PrimarySession = Annotated[AsyncSession, Depends(get_primary_session, scope="function")]
ReplicaSession = Annotated[AsyncSession, Depends(get_replica_session, scope="function")]
"""Only for routes in tests/architecture/test_replica.py: what they answer may be minutes old, and they say so."""
Connections = Annotated[Database, Depends(get_database)]
"""For routes that must do slow work, hashing or asking somebody else, between two transactions."""

OUTAGES: tuple[type[Exception], ...] = (psycopg.OperationalError,)
"""What the driver raises when PostgreSQL is away or has no connection left."""
