"""What the books do by themselves."""

from mercat import outbox
from mercat.ledger.totals import fold


@outbox.every(outbox.seconds(20), "ledger.fold")
async def fold_totals(context: outbox.JobContext) -> None:
    """Keep the totals close to the end of the books: a mark is chosen in one call and reached in a later one."""
    folded = True
    while folded:
        async with context.database.transaction() as session:
            folded = await fold(session)
