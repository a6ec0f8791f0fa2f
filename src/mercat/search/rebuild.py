"""Writing all documents from the beginning while search goes on: in PostgreSQL, or in an index beside the old one.

How far it has come is kept, so that a run that was interrupted goes on there. One run at a time.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import psycopg

from mercat import i18n, outbox
from mercat.catalog import listing
from mercat.kit import clock
from mercat.kit.database import Database, driver
from mercat.search import delivery, indexing, locales, postgresql
from mercat.search.engines import remote
from mercat.search.exceptions import EngineRefused, NoSuchEngine, ReindexRunning
from mercat.search.remote import FIRST, Remote, Write

BATCH = 200
POSTGRESQL = "postgresql"
KEY = 7_305_641_218_004_455_101
"""Of the lock of whoever runs it: it is held by a connection, and goes with it."""
HOLD = "SELECT pg_try_advisory_lock(%s)"
# waits for transactions that may have noted nothing because there was no index, and whose documents we could not see
WAIT = "LOCK TABLE search_changes IN SHARE MODE"
UNFINISHED = "SELECT name, after FROM search_indexes WHERE server = %s AND NOT is_active"
BEGIN = "INSERT INTO search_indexes (name, server, is_active, after) VALUES (%s, %s, false, %s)"
REACHED = "UPDATE search_indexes SET after = %s WHERE name = %s"
FINISH = "UPDATE search_indexes SET is_active = true WHERE name = %s"
FORGET = "DELETE FROM search_indexes WHERE name <> %s"
END = "DELETE FROM search_indexes WHERE name = %s"
COUNT = "SELECT count(DISTINCT product_id) FROM search_documents WHERE product_id > %s"
# of products that have left the lists without an event's being handled
UNLISTED = """
SELECT DISTINCT d.product_id FROM search_documents d
WHERE d.product_id > %s AND d.product_id <= %s
AND NOT EXISTS (SELECT FROM product_projections c WHERE c.product_id = d.product_id AND c.listed)
"""
NOBODY = UUID(int=0)
LAST = UUID(int=(1 << 128) - 1)
Tell = Callable[[str, int, int], None]
"""Told an engine, how many products are done, and how many there are."""


@dataclass(slots=True)
class Reindexed:
    """What a run has done."""

    engine: str
    products: int = 0
    resumed: bool = False
    failed: dict[str, str] = field(default_factory=dict)
    """Products that could not be indexed, with the reasons."""


async def reindex(database: Database, engine: str | None, tell: Tell) -> Sequence[Reindexed]:
    """Write the documents of one engine from the beginning, or of PostgreSQL and then of the one that is set up.

    Raises:
        NoSuchEngine: it is not set up.
        ReindexRunning: somebody else does it already.
        EngineError: the engine does not answer, or does not take it.
    """
    other = remote()
    kinds = (POSTGRESQL, other.kind) if other else (POSTGRESQL,)
    if engine is not None and engine not in kinds:
        raise NoSuchEngine(engine, kinds)
    done = []
    async with _alone(database):
        if engine in {None, POSTGRESQL}:
            done.append(await _in_place(database, partial(tell, POSTGRESQL)))
        if other is not None and engine in {None, other.kind}:
            done.append(await _beside(database, other, partial(tell, other.kind)))
    return done


async def _in_place(database: Database, tell: Callable[[int, int], None]) -> Reindexed:
    """Write the documents in PostgreSQL anew, each replacing its old one."""
    name, after, resumed = await _begin(database, POSTGRESQL, "")
    done = Reindexed(POSTGRESQL, resumed=resumed)
    async with database.primary_session() as session:
        total = await listing.count_listed(session, after)

    async def index(products: Sequence[UUID]) -> None:
        async with database.transaction() as session:
            await indexing.index_products(session, products)

    while True:
        async with database.primary_session() as session:
            batch = await listing.next_listed(session, after, BATCH)
            last = batch[-1] if len(batch) == BATCH else LAST
            unlisted = await (await driver(session)).execute(UNLISTED, (after, last))
            gone = [row[0] for row in await unlisted.fetchall()]
        failed = await outbox.in_parts([*batch, *gone], index)
        done.failed |= {str(product): f"{type(error).__name__}: {error}"[:200] for product, error in failed.items()}
        done.products += len(batch)
        tell(done.products, max(total, done.products))
        if last == LAST:
            break
        after = last
        await _reached(database, name, after)
    for locale in i18n.content_locales():
        async with database.transaction() as session:
            await postgresql.count_lexemes(session, locale)
        await postgresql.keep_counts(database, locale)
    async with database.transaction() as session:
        await locales.note_documents(session)
        await (await driver(session)).execute(END, (name,))
    return done


async def _beside(database: Database, other: Remote, tell: Callable[[int, int], None]) -> Reindexed:
    """Fill a new index with the documents in PostgreSQL, let it catch up, and put it in the place of the old one."""
    await other.about()  # nothing is begun with a server that is not there
    name, after, resumed = await _begin(database, f"{other.index}-{clock.now():%Y%m%d%H%M%S%f}", other.where)
    if await other.create(name) and after != NOBODY:
        after = NOBODY  # somebody has deleted it meanwhile
    done = Reindexed(other.kind, resumed=resumed and after != NOBODY)
    async with database.primary_session() as session:
        found = await (await (await driver(session)).execute(COUNT, (after,))).fetchone()
        total = int(found[0]) if found else 0
    tell(0, total)
    while True:
        async with database.primary_session() as session:
            copies = await postgresql.next_copies(session, after, BATCH)
        if not copies:
            break
        refused = await other.write(name, [Write(one.product_id, one.locale, FIRST, one) for one in copies])
        done.failed |= {str(product): reason for product, reason in refused}
        done.products += len({one.product_id for one in copies})
        after = copies[-1].product_id
        await _reached(database, name, after)
        tell(done.products, max(total, done.products))
    try:
        await delivery.deliver(database, other)
    except EngineRefused as error:  # what it refuses it would refuse as well tomorrow; everything else is there
        done.failed.setdefault("", str(error))
    await other.refresh(name)
    await other.activate(name)
    async with database.transaction() as session:
        connection = await driver(session)
        await connection.execute(FINISH, (name,))
        await connection.execute(FORGET, (name,))
    await other.tidy(name)
    return done


async def _begin(database: Database, name: str, server: str) -> tuple[str, UUID, bool]:
    """Return the index that is to be filled, after which product, and whether an earlier run has begun it."""
    async with database.transaction() as session:
        connection = await driver(session)
        unfinished = await (await connection.execute(UNFINISHED, (server,))).fetchone()
        if unfinished:
            return unfinished[0], unfinished[1], True
        await connection.execute(WAIT)
        await connection.execute(BEGIN, (name, server, NOBODY))
    return name, NOBODY, False


async def _reached(database: Database, name: str, after: UUID) -> None:
    async with database.transaction() as session:
        await (await driver(session)).execute(REACHED, (after, name))


@asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[None]:
    url = database.settings.database_url
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        held = await (await connection.execute(HOLD, (KEY,))).fetchone()
        if not held or not held[0]:
            raise ReindexRunning
        yield
