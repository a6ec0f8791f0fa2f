"""Whether shops still sell, asked when an order is written: the last look before a promise is made."""

from collections.abc import Collection
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.vendors.config import required_details
from mercat.vendors.models import HOUSE

NOT_SELLING = """
SELECT id FROM vendors WHERE id = ANY(%s) AND (status <> 'active' OR slug <> %s AND (
    'legal_name' = ANY(%s) AND legal_name = '' OR 'address' = ANY(%s) AND legal_address = '{}'
    OR 'tax_id' = ANY(%s) AND tax_id = ''))
"""


class Selling:
    """The question, under way; `stopped` waits for its answer."""

    def __init__(self, cursor: AsyncCursor[TupleRow]) -> None:
        self.cursor = cursor

    async def stopped(self) -> set[UUID]:
        """Return the vendors that do not sell: not any more, or not before their legal details are known."""
        return {row[0] for row in await self.cursor.fetchall()}


async def still_selling(session: AsyncSession, vendor_ids: Collection[UUID]) -> Selling:
    """Ask which of these shops have stopped selling. In a pipeline nothing waits for the answer yet.

    The caller has written rows that refer to the shops, and so holds a key share of theirs: a suspension that is not
    seen here waits until the caller is done.
    """
    connection = await driver(session)
    required = list(required_details())
    values = (list(vendor_ids), HOUSE, required, required, required)
    return Selling(await connection.execute(NOT_SELLING, values, prepare=True))
