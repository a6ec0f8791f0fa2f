"""Bringing documents that have changed to the engine beside PostgreSQL.

A change is noted in its own transaction, and sent when that was committed. What could not be sent stays noted, so that
an engine that was away has everything soon after it is back. Nobody who writes waits for it.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, outbox
from mercat.kit.database import Database, driver
from mercat.kit.logs import logger
from mercat.search import postgresql
from mercat.search.engines import remote
from mercat.search.exceptions import EngineError, EngineRefused, IndexMissing
from mercat.search.remote import Remote, Write

BATCH = 200
"""Products that are sent together."""
# nothing is noted before there is an index: filling one begins with all there is
NOTE = """
INSERT INTO search_changes (product_id)
SELECT product_id FROM unnest(%s::uuid[]) AS n(product_id) WHERE EXISTS (SELECT FROM search_indexes WHERE server <> '')
ORDER BY 1 ON CONFLICT (product_id) DO UPDATE SET version = DEFAULT
"""
PENDING = "SELECT product_id, version FROM search_changes WHERE version > %s ORDER BY version LIMIT %s"
INDEXES = "SELECT name FROM search_indexes WHERE server = %s"
ANSWERS = "SELECT EXISTS (SELECT FROM search_indexes WHERE server = %s AND is_active)"
LOST = "DELETE FROM search_indexes WHERE name = %s"
# what has changed again meanwhile has another version, and stays; in the order of their keys, as they are noted
FORGET = """
DELETE FROM search_changes WHERE product_id IN (
    SELECT product_id FROM search_changes JOIN unnest(%s::uuid[], %s::bigint[]) AS n(product_id, version)
    USING (product_id, version) ORDER BY product_id FOR UPDATE OF search_changes
)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A product that is to be sent."""

    product_id: UUID
    version: int


async def note(session: AsyncSession, product_ids: Sequence[UUID]) -> None:
    """Note that documents of products have changed or gone, and let them be sent after the commit.

    The caller holds the products that there are, so that of two changes the later one has the higher version.
    """
    if not product_ids:
        return
    noted = await (await driver(session)).execute(NOTE, (list(product_ids),))
    if noted.rowcount and remote() is not None:
        await outbox.defer(session, send_changes)


@outbox.job("search.send_changes")
async def send_changes(context: outbox.JobContext) -> None:
    """Send what is noted to the engine beside PostgreSQL; what it does not take now it is sent every minute again."""
    other = remote()
    if other is None:
        return
    try:
        await deliver(context.database, other)
    except EngineError as error:
        logger.warning("search_changes_wait", error=str(error))


async def deliver(database: Database, other: Remote) -> int:
    """Send everything that is noted, and return how many products that was.

    Several may do so at a time: of two writes of a document the newer one stands.

    Raises:
        EngineError: the engine is away, has no index, or has refused documents; these stay noted, others are sent.
    """
    sent, after = 0, 0
    names: Sequence[str] = ()
    refused: dict[UUID, str] = {}
    while True:
        async with database.primary_session() as session:
            changes = await _pending(session, after)
            if not changes:
                break
            # in this order: what was noted before an index was begun is in it from the beginning
            names = await indexes(session, other.where)
            if not names:
                raise IndexMissing(other.where)
            copies = await postgresql.copies_of(session, [change.product_id for change in changes])
        found = {(copy.product_id, copy.locale): copy for copy in copies}
        writes = [
            Write(change.product_id, locale, change.version, found.get((change.product_id, locale)))
            for change in changes
            for locale in i18n.content_locales()
        ]
        missing = 0
        for name in names:
            try:
                refused |= dict(await other.write(name, writes))
            except IndexMissing:
                missing += 1
                await _lost(database, name)
        if missing == len(names):
            raise IndexMissing(other.where)
        taken = [change for change in changes if change.product_id not in refused]
        async with database.transaction() as session:
            await _forget(session, taken)
        sent, after = sent + len(taken), changes[-1].version
    for name in names:
        with suppress(IndexMissing):
            await other.refresh(name)
    if refused:
        product_id, reason = next(iter(refused.items()))
        raise EngineRefused(f"{other.where} has refused {len(refused)} documents, such as {product_id}: {reason}")
    return sent


async def indexes(session: AsyncSession, where: str) -> Sequence[str]:
    """Return the indexes of a server that changes are sent to."""
    rows = await (await driver(session)).execute(INDEXES, (where,))
    return [row[0] for row in await rows.fetchall()]


async def answers(session: AsyncSession, where: str) -> bool:
    """Whether a server has an index that answers."""
    row = await (await (await driver(session)).execute(ANSWERS, (where,))).fetchone()
    return bool(row and row[0])


async def _lost(database: Database, name: str) -> None:
    """Forget an index that has gone from its server; another must be filled from the beginning."""
    logger.warning("search_index_lost", index=name)
    async with database.transaction() as session:
        await (await driver(session)).execute(LOST, (name,))


async def _pending(session: AsyncSession, after: int) -> Sequence[Change]:
    rows = await (await driver(session)).execute(PENDING, (after, BATCH))
    return [Change(*row) for row in await rows.fetchall()]


async def _forget(session: AsyncSession, changes: Iterable[Change]) -> None:
    columns = list(zip(*((change.product_id, change.version) for change in changes), strict=True)) or [(), ()]
    await (await driver(session)).execute(FORGET, [list(column) for column in columns])
