"""Making sure of a month that nothing more comes into it, before anything is said about it."""

import asyncio

from mercat import ledger
from mercat.invoices.commissions.exceptions import MonthNotOver
from mercat.invoices.commissions.months import Month
from mercat.kit.database import Database

PATIENCE = 20
PAUSE = 0.1


async def close(database: Database, month: Month) -> None:
    """Bring the mark of the books past a month; transactions that are open are waited for, though not for long.

    Raises:
        MonthNotOver: it is not over, or something is still being booked.
    """
    for _ in range(PATIENCE):
        async with database.transaction() as session:
            if await ledger.closed(session, month.end):
                return
        folded = True
        while folded:
            async with database.transaction() as session:
                folded = await ledger.fold(session)
        await asyncio.sleep(PAUSE)
    raise MonthNotOver
