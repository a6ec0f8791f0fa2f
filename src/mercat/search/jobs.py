"""Background work of search."""

from uuid import UUID

from mercat import outbox
from mercat.search import indexing, postgresql


@outbox.every(outbox.daily(3, 47), "search.count_lexemes", lane=outbox.Lane.bulk)
async def count_lexemes(context: outbox.JobContext) -> None:
    """Count in how many products each word is, and forget those that are in none."""
    for locale in indexing.LOCALES:
        async with context.database.transaction() as session:
            await postgresql.count_lexemes(session, locale)


@outbox.every(outbox.daily(4, 17), "search.index_all", lane=outbox.Lane.bulk)
async def index_all(context: outbox.JobContext) -> None:
    """Write all documents anew: what no event has told, such as a back-order that was allowed, is found from then on.

    What is right already costs a comparison.
    """
    after: UUID | None = UUID(int=0)
    while after is not None:
        async with context.database.transaction() as session:
            after = await indexing.index_next(session, after)
