"""Which rate a sale is charged: one statement for all lines of an order, then a choice among what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.vendors.terms.config import default_rate

Scope = tuple[UUID | None, UUID | None]
"""Vendor and category; None is all of them."""
Line = tuple[UUID, Sequence[UUID]]
"""A vendor, and a path of categories from the root."""

# in a checkout: through the driver, so that it travels with the statements around it
HOLDING = """
(SELECT DISTINCT ON (vendor_id, category_id) vendor_id, category_id, rate, false AS of_tax FROM commission_terms
WHERE valid_from <= %(at)s AND (vendor_id IS NULL OR vendor_id = ANY(%(vendors)s))
    AND (category_id IS NULL OR category_id = ANY(%(categories)s))
ORDER BY vendor_id, category_id, valid_from DESC)
UNION ALL
SELECT id, NULL, commission_tax_rate, true FROM vendors
WHERE id = ANY(%(vendors)s) AND commission_tax_rate IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Agreed:
    """The rate of each line that was asked for, and of the tax on it for the vendors that have one of their own."""

    rates: tuple[Decimal, ...]
    own_tax_rates: Mapping[UUID, Decimal]


class Rates:
    """A pending query for the rates of lines; `known` waits for the answer."""

    def __init__(self, cursor: AsyncCursor[TupleRow], lines: Sequence[Line]) -> None:
        self._cursor, self._lines = cursor, lines

    async def known(self) -> Agreed:
        """Return what was agreed."""
        rows = await self._cursor.fetchall()
        holding = {(vendor, category): rate for vendor, category, rate, of_tax in rows if not of_tax}
        rates = tuple(rate_of(holding, vendor_id, path) for vendor_id, path in self._lines)
        return Agreed(rates, {vendor: rate for vendor, _, rate, of_tax in rows if of_tax})


async def ask_rates(session: AsyncSession, lines: Sequence[Line], at: datetime) -> Rates:
    """Query the rate of each line, as agreed at a moment. In a pipeline nothing waits for the answer yet.

    Later terms do not change it: an order keeps its rates.
    """
    vendor_ids = list({vendor_id for vendor_id, _ in lines})
    category_ids = list({category_id for _, path in lines for category_id in path})
    asked = {"at": at, "vendors": vendor_ids, "categories": category_ids}
    cursor = await (await driver(session)).execute(HOLDING, asked, prepare=True)
    return Rates(cursor, lines)


def rate_of(holding: Mapping[Scope, Decimal | None], vendor_id: UUID, path: Sequence[UUID]) -> Decimal:
    """Choose the most specific rate: a vendor's before that of all, a category's before all, the nearest one first."""
    nearest_first: list[UUID | None] = [*reversed(path), None]
    for vendor in (vendor_id, None):
        for category in nearest_first:
            rate = holding.get((vendor, category))
            if rate is not None:
                return rate
    return default_rate()
