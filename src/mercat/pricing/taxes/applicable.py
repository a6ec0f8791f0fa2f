"""The rates at an address."""

from datetime import datetime
from decimal import Decimal

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow

from mercat.pricing.arithmetic import Taxes
from mercat.pricing.config import settings
from mercat.pricing.destination import Destination

RATES = """
SELECT DISTINCT ON (tax_class) tax_class, rate FROM tax_rates
WHERE country = %s AND (region IS NULL OR region = %s) AND deleted_at IS NULL
AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)
ORDER BY tax_class, region IS NULL, valid_from DESC
"""


class Asked:
    """The question, under way; `taxes` waits for its answer."""

    def __init__(self, cursor: AsyncCursor[TupleRow]) -> None:
        self.cursor = cursor

    async def taxes(self) -> Taxes:
        """Return the rates by class; a region's own precede the country's."""
        rates: dict[str, Decimal] = {row[0]: row[1] for row in await self.cursor.fetchall()}
        return Taxes(rates, included=settings().prices_include_tax)


async def rates_at(connection: AsyncConnection[TupleRow], destination: Destination, now: datetime) -> Asked:
    """Ask for the rates where something is sent. In a pipeline nothing waits for the answer yet."""
    place = (destination.country, destination.region.strip().casefold(), now, now)
    return Asked(await connection.execute(RATES, place, prepare=True))
