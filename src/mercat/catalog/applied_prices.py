"""Keeping each change of a price, and reading from that what a reduction is measured by.

Whoever announces a reduction has to show the lowest price that the trader applied in the 30 days before it (Directive
98/6/EC, article 6a). A reduction begins when what is shown of the price last changed: a second step down is a
reduction of its own, measured by the first. A price counts for as long as no other was applied, also while the product
was not on sale, so that raising it unseen gains nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.catalog.product_rows import ProductRow, VariantRow

WINDOW = timedelta(days=30)

# the moment is that of the statement, not of the transaction: the caller holds the product, so moments never go back
RECORD = """
INSERT INTO applied_prices (variant_id, currency, applied_at, price_minor, compare_at_minor)
SELECT n.variant_id, n.currency, clock_timestamp(), n.price_minor, n.compare_at_minor
FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[])
    AS n(variant_id, currency, price_minor, compare_at_minor)
LEFT JOIN LATERAL (
    SELECT a.price_minor, a.compare_at_minor FROM applied_prices a
    WHERE a.variant_id = n.variant_id AND a.currency = n.currency ORDER BY a.applied_at DESC LIMIT 1
) latest ON true
WHERE (latest.price_minor, latest.compare_at_minor) IS DISTINCT FROM (n.price_minor, n.compare_at_minor)
"""
# from the price that was in force when the window opened up to the last one before the reduction
LOWEST = """
SELECT n.variant_id, n.currency, (
    SELECT min(a.price_minor) FROM applied_prices a
    WHERE a.variant_id = n.variant_id AND a.currency = n.currency AND a.applied_at < latest.applied_at
      AND a.applied_at >= coalesce((
          SELECT max(o.applied_at) FROM applied_prices o
          WHERE o.variant_id = n.variant_id AND o.currency = n.currency AND o.applied_at <= latest.applied_at - %s
      ), '-infinity')
)
FROM unnest(%s::uuid[], %s::text[]) AS n(variant_id, currency)
CROSS JOIN LATERAL (
    SELECT a.applied_at FROM applied_prices a
    WHERE a.variant_id = n.variant_id AND a.currency = n.currency ORDER BY a.applied_at DESC LIMIT 1
) latest
"""


class Applied(NamedTuple):
    """What a variant costs in a currency, and the higher price beside it if that is announced as a reduction."""

    variant_id: UUID
    currency: str
    price_minor: int
    compare_at_minor: int | None


async def record(connection: AsyncConnection[TupleRow], products: Iterable[ProductRow]) -> None:
    """Keep what the variants of these products cost from now on, where that is not what they cost already.

    One statement. The caller has locked the products and shows these prices when its transaction is committed.
    """
    variants = [variant for product in products for variant in product.variants]
    await keep(connection, [Applied(v.id, v.currency, v.price_minor, reduced_from(v)) for v in variants])


async def keep(connection: AsyncConnection[TupleRow], prices: Sequence[Applied]) -> None:
    """Keep what variants cost from now on; see `record`."""
    if prices:
        await connection.execute(RECORD, [list(column) for column in zip(*prices, strict=True)])


async def lowest_before(connection: AsyncConnection[TupleRow], products: Sequence[ProductRow]) -> None:
    """Let variants whose price is announced as a reduction know the lowest one of the 30 days before.

    One statement, none if there is no reduction. A variant that was never sold before its reduction has no such price.
    """
    reduced = {
        (variant.id, variant.currency): variant
        for product in products
        for variant in product.variants
        if reduced_from(variant) is not None
    }
    for key, lowest in (await lowest_of(connection, reduced)).items():
        reduced[key].lowest_minor = lowest


async def lowest_of(
    connection: AsyncConnection[TupleRow], reduced: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], int | None]:
    """Return the lowest price before the reduction of each variant in a currency; see `lowest_before`."""
    if not reduced:
        return {}
    ids, currencies = zip(*reduced, strict=True)
    rows = await connection.execute(LOWEST, (WINDOW, list(ids), list(currencies)))
    return {(variant_id, currency): lowest async for variant_id, currency, lowest in rows}


def reduced_from(variant: VariantRow) -> int | None:
    """Return the higher price beside which a variant's is shown, None if it is not announced as a reduction."""
    before = variant.compare_at_minor
    return before if before is not None and before > variant.price_minor else None
