"""The lowest price of the 30 days before a reduction, in other currencies than that of the books.

A price that was set in a currency has a history of its own there. A converted one has that of the books, converted as
the price is today: what a rate does to both is no reduction. Setting a price begins where the converted one was, so
that a higher one can be set and lowered without hiding what was paid before.
"""

from collections.abc import Sequence
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.catalog import applied_prices
from mercat.catalog.applied_prices import WINDOW, Applied
from mercat.catalog.product_rows import ProductRow
from mercat.exchange import Conversion
from mercat.kit.money import Money

Key = tuple[UUID, str]
Price = tuple[int, int | None]
"""A price and what it is compared with, in minor units."""
Priced = tuple[ProductRow, Conversion, Sequence[Price]]
"""A product, a conversion, and what its variants cost by it: the price, and what that is compared with."""

# the prices of the books before this transaction, as far as they matter, where none was ever set in the currency
CONVERTED_BEFORE = """
SELECT n.place, b.price_minor, b.currency, b.applied_at
FROM unnest(%s::uuid[], %s::text[], %s::text[]) WITH ORDINALITY AS n(variant_id, currency, books, place)
CROSS JOIN LATERAL (
    SELECT a.price_minor, a.currency, a.applied_at FROM applied_prices a
    WHERE a.variant_id = n.variant_id AND a.currency = n.books AND a.applied_at < now()
      AND a.applied_at >= coalesce((
          SELECT max(o.applied_at) FROM applied_prices o
          WHERE o.variant_id = n.variant_id AND o.currency = n.books AND o.applied_at <= now() - %s
      ), '-infinity')
) b
WHERE NOT EXISTS (SELECT FROM applied_prices a WHERE a.variant_id = n.variant_id AND a.currency = n.currency)
"""
BEGIN = """
INSERT INTO applied_prices (variant_id, currency, applied_at, price_minor)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::bigint[])
"""


async def follow(connection: AsyncConnection[TupleRow], priced: Sequence[Priced]) -> dict[Key, int | None]:
    """Keep the prices that were set, and return the lowest before each reduction of these. Nothing if none was set."""
    own = [
        (Applied(variant.id, conversion.currency, *price), variant, conversion)
        for product, conversion, prices in priced
        for variant, price in zip(product.variants, prices, strict=True)
        if variant.price_set_in(conversion.currency) is not None
    ]
    if not own:
        return {}
    asked = zip(*((one.variant_id, one.currency, by.base) for one, _, by in own), strict=True)
    begun = [
        (own[place - 1][0].variant_id, by.currency, at, by.convert(Money(minor, currency)).minor)
        async for place, minor, currency, at in await connection.execute(CONVERTED_BEFORE, [*map(list, asked), WINDOW])
        for by in (own[place - 1][2],)
    ]
    if begun:
        await connection.execute(BEGIN, [list(column) for column in zip(*begun, strict=True)])
    await applied_prices.keep(connection, [one for one, *_ in own])
    reduced = [(one.variant_id, one.currency) for one, *_ in own if one.compare_at_minor is not None]
    return await applied_prices.lowest_of(connection, reduced)


def lowest(
    product: ProductRow,
    conversion: Conversion,
    prices: Sequence[Price],
    set_before: dict[Key, int | None],
) -> list[int | None]:
    """Return the lowest price before the reduction of each variant; None where there is none, or none is known."""
    found: list[int | None] = []
    for variant, (_, former) in zip(product.variants, prices, strict=True):
        if former is None:
            found.append(None)
        elif variant.price_set_in(conversion.currency) is not None:
            found.append(set_before.get((variant.id, conversion.currency)))
        else:
            before = variant.lowest_minor
            found.append(None if before is None else conversion.convert(Money(before, variant.currency)).minor)
    return found
