"""Background work of search."""

from collections.abc import Sequence
from uuid import UUID

from mercat import i18n, outbox
from mercat.catalog import listing
from mercat.kit.logs import logger
from mercat.search import delivery, indexing, locales, postgresql
from mercat.search.engines import remote
from mercat.search.exceptions import EngineAway, IndexMissing


@outbox.every(outbox.minutes(1), "search.catch_up")
async def catch_up(context: outbox.JobContext) -> None:
    """Send to the engine beside PostgreSQL what could not be sent when it changed.

    While it is away, or has no index, that is a line in the log; what it refuses fails the job, with its reason.
    """
    other = remote()
    if other is None:
        return
    try:
        await delivery.deliver(context.database, other)
    except (EngineAway, IndexMissing) as error:
        logger.warning("search_changes_wait", error=str(error))


@outbox.every(outbox.daily(3, 47), "search.count_lexemes", lane=outbox.Lane.bulk)
async def count_lexemes(context: outbox.JobContext) -> None:
    """Count in how many products each word is, and forget those that are in none."""
    for locale in i18n.content_locales():
        async with context.database.transaction() as session:
            await postgresql.count_lexemes(session, locale)


@outbox.every(outbox.minutes(1), "search.fold_counts")
async def fold_counts(context: outbox.JobContext) -> None:
    """Join the log of kept counts with them, so that a search of a frequent word adds up a few rows."""
    await postgresql.fold_counts(context.database)


@outbox.every(outbox.minutes(5), "search.keep_counts", lane=outbox.Lane.bulk)
async def keep_counts(context: outbox.JobContext) -> None:
    """Keep the counts of words and facets' values that have become frequent; others are counted when asked for."""
    for locale in i18n.content_locales():
        await postgresql.keep_counts(context.database, locale)


@outbox.every(outbox.daily(4, 17), "search.index_all", lane=outbox.Lane.bulk)
async def index_all(context: outbox.JobContext) -> None:
    """Write all documents anew: what no event has told, such as a back-order that was allowed, is found from then on.

    What is right already costs a comparison. A product that fails keeps no other waiting, and is told at the end.
    """
    await _index_all(context)


@outbox.every(outbox.minutes(5), "search.follow_locales", lane=outbox.Lane.bulk)
async def follow_locales(context: outbox.JobContext) -> None:
    """Write all documents anew when the languages of the marketplace have changed; until then the source's answer."""
    async with context.database.primary_session() as session:
        if not await locales.need_documents(session):
            return
    await _index_all(context)


async def _index_all(context: outbox.JobContext) -> None:

    async def index(products: Sequence[UUID]) -> None:
        async with context.database.transaction() as session:
            await indexing.index_products(session, products)

    after = UUID(int=0)
    failed: dict[UUID, Exception] = {}
    while True:
        async with context.database.primary_session() as session:
            batch = await listing.next_listed(session, after, indexing.BATCH)
        failed |= await outbox.in_parts(batch, index)
        if len(batch) < indexing.BATCH:
            break
        after = batch[-1]
    if failed:  # the others are done, and done again are the same
        raise ExceptionGroup(f"documents of {', '.join(map(str, failed))}"[:200], list(failed.values()))
    async with context.database.transaction() as session:
        await locales.note_documents(session)
