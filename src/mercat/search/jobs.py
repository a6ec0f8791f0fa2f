"""Background work of search."""

from collections.abc import Sequence
from uuid import UUID

from mercat import outbox
from mercat.catalog import listing
from mercat.search import indexing, postgresql


@outbox.every(outbox.daily(3, 47), "search.count_lexemes", lane=outbox.Lane.bulk)
async def count_lexemes(context: outbox.JobContext) -> None:
    """Count in how many products each word is, and forget those that are in none."""
    for locale in indexing.LOCALES:
        async with context.database.transaction() as session:
            await postgresql.count_lexemes(session, locale)


@outbox.every(outbox.minutes(1), "search.fold_counts")
async def fold_counts(context: outbox.JobContext) -> None:
    """Join the log of kept counts with them, so that a search of a frequent word adds up a few rows."""
    await postgresql.fold_counts(context.database)


@outbox.every(outbox.minutes(5), "search.keep_counts", lane=outbox.Lane.bulk)
async def keep_counts(context: outbox.JobContext) -> None:
    """Keep the counts of words and facets' values that have become frequent; others are counted when asked for."""
    for locale in indexing.LOCALES:
        await postgresql.keep_counts(context.database, locale)


@outbox.every(outbox.daily(4, 17), "search.index_all", lane=outbox.Lane.bulk)
async def index_all(context: outbox.JobContext) -> None:
    """Write all documents anew: what no event has told, such as a back-order that was allowed, is found from then on.

    What is right already costs a comparison. A product that fails keeps no other waiting, and is told at the end.
    """

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
