"""Closing of a month, so that nothing more is booked in it, before it is billed."""

import asyncio

from mercat import ledger
from mercat.invoices.commissions.exceptions import MonthNotOver
from mercat.invoices.commissions.months import Month
from mercat.kit.database import Database

PATIENCE = 20
PAUSE = 0.1


async def close(database: Database, month: Month) -> None:
    """Close a month in the books; open transactions are waited for, though not for long.

    Raises:
        MonthNotOver: it is not over, or an entry is still being booked.
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
