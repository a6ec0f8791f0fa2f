"""Background work of search."""

from collections.abc import Sequence
from uuid import UUID

from mercat import i18n, outbox
from mercat.catalog import listing
from mercat.kit.logs import logger
from mercat.search import delivery, indexing, locales, postgresql, rebuild
from mercat.search.engines import remote
from mercat.search.exceptions import EngineAway, IndexMissing, ReindexRunning


@outbox.job("search.fill_index", lane=outbox.Lane.bulk)
async def fill_index(context: outbox.JobContext) -> None:
    """Fill the index of an engine that has none which answers, as `mercat reindex` does; PostgreSQL answers meanwhile.

    A run that was interrupted goes on where it stopped: every minute another one begins, until the index answers.
    """
    other = remote()
    if other is None:
        return
    try:
        done = await rebuild.reindex(context.database, other.kind, lambda *_: None)
    except (EngineAway, ReindexRunning) as error:
        logger.warning("search_index_waits", error=str(error))
        return
    for one in done:
        logger.info("search_index_filled", engine=one.engine, products=one.products, failed=len(one.failed))


@outbox.every(outbox.minutes(1), "search.catch_up")
async def catch_up(context: outbox.JobContext) -> None:
    """Send to the engine beside PostgreSQL what could not be sent when it changed; an engine that is new is filled.

    While it is away, or has no index, that is a line in the log; what it refuses fails the job, with its reason.
    """
    other = remote()
    if other is None:
        return
    async with context.database.transaction() as session:
        if not await delivery.answers(session, other.where) and not await outbox.is_queued(session, fill_index):
            await outbox.defer(session, fill_index)
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
    """Keep the counts of words and facets' values that have become frequent; others are counted when asked for.

    Of the words that are new those stay that lead a short beginning.
    """
    for locale in i18n.content_locales():
        await postgresql.keep_counts(context.database, locale)
        async with context.database.transaction() as session:
            await postgresql.choose_leading(session, locale, anew=False)


@outbox.every(outbox.daily(4, 17), "search.index_all", lane=outbox.Lane.bulk)
async def index_all(context: outbox.JobContext) -> None:
    """Write all documents anew: what no event has told is found from then on.

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
