"""Whether vendors still sell, checked when an order is written: the last check before it is placed."""

from collections.abc import Collection
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver

NOT_SELLING = "SELECT id FROM vendors WHERE id = ANY(%s) AND status <> 'active'"


class Selling:
    """A pending query; `stopped` waits for its answer."""

    def __init__(self, cursor: AsyncCursor[TupleRow]) -> None:
        self.cursor = cursor

    async def stopped(self) -> set[UUID]:
        """Return the vendors that do not sell, or not any more."""
        return {row[0] for row in await self.cursor.fetchall()}


async def still_selling(session: AsyncSession, vendor_ids: Collection[UUID]) -> Selling:
    """Query which of these vendors have stopped selling. In a pipeline nothing waits for the answer yet.

    The caller has written rows that refer to the vendors, and so holds a key share of theirs: a suspension that is not
    seen here waits until the caller is done.
    """
    connection = await driver(session)
    return Selling(await connection.execute(NOT_SELLING, (list(vendor_ids),), prepare=True))
