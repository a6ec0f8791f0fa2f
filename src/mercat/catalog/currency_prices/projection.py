"""Keeping the prices of products in every currency that is in force, so that lists only read and compare numbers."""

from collections.abc import Sequence

import orjson
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat import exchange
from mercat.catalog.product_rows import ProductRow, VariantRow
from mercat.exchange import Conversion
from mercat.kit.money import Money

IN_ORDER = "SELECT pg_advisory_xact_lock(hashtextextended('shown_currencies', 8))"
"""Held by whoever begins to follow conversions: all who wrote prices by others have ended then."""
BESIDE = "SELECT pg_advisory_xact_lock_shared(hashtextextended('shown_currencies', 8))"
# only differences are written: an unchanged price costs no dead row and makes no other answer
MERGE = """
INSERT INTO product_prices AS p
    (product_id, currency, listed, price_minor, compare_at_minor, variant_prices, variant_compare_at)
SELECT r.product_id, r.currency, r.listed, r.price_minor, r.compare_at_minor, r.variant_prices, r.variant_compare_at
FROM jsonb_to_recordset(%s::jsonb) AS r(product_id uuid, currency text, listed boolean, price_minor bigint,
    compare_at_minor bigint, variant_prices bigint[], variant_compare_at bigint[])
ON CONFLICT (product_id, currency) DO UPDATE SET listed = excluded.listed, price_minor = excluded.price_minor,
    compare_at_minor = excluded.compare_at_minor, variant_prices = excluded.variant_prices,
    variant_compare_at = excluded.variant_compare_at, written_at = now()
WHERE (p.listed, p.price_minor, p.compare_at_minor, p.variant_prices, p.variant_compare_at) IS DISTINCT FROM
      (excluded.listed, excluded.price_minor, excluded.compare_at_minor, excluded.variant_prices,
       excluded.variant_compare_at)
"""
Price = tuple[int, int | None]
"""A price and what it is compared with, in minor units."""


async def write(connection: AsyncConnection[TupleRow], products: Sequence[ProductRow]) -> None:
    """Write the prices of products on sale in every currency that is in force; others stay as they are.

    Sales of today are taken off already. Four statements at most, whatever the number of products and currencies.
    """
    if not products:
        return
    # first: a product that is written by conversions of before is there when those who follow new ones look
    await connection.execute(BESIDE)
    conversions = await exchange.conversions(connection)
    if not conversions:
        return
    rows = [
        _row(product, currency, [price_of(variant, conversion) for variant in product.variants])
        for product in products
        for currency, conversion in conversions.items()
    ]
    await connection.execute(MERGE, (orjson.dumps(rows).decode(),))


def price_of(variant: VariantRow, conversion: Conversion) -> Price:
    """Return what a variant costs in a currency: what was set, less the share that a sale takes off; else converted."""
    own = variant.price_minor if variant.own_minor is None else variant.own_minor
    given = next((one[1:] for one in variant.prices if one[0] == conversion.currency), None)
    if given is None:
        price = conversion.convert(Money(variant.price_minor, variant.currency)).minor
        former = variant.compare_at_minor
        compare = None if former is None else conversion.convert(Money(former, variant.currency)).minor
    elif variant.price_minor < own:
        price, compare = reduced(given[0], variant.price_minor, own), max(given[0], given[1] or 0)
    else:
        price, compare = given
    return price, compare if compare is not None and compare > price else None


def reduced(minor: int, now: int, before: int) -> int:
    """Take as much off as brings `before` down to `now`, rounded to the minor unit, half up."""
    return (2 * minor * now + before) // (2 * before)


def _row(product: ProductRow, currency: str, prices: Sequence[Price]) -> dict[str, object]:
    lowest, compare = min(prices, key=lambda one: one[0])
    return {
        "product_id": product.id,
        "currency": currency,
        "listed": product.listed,
        "price_minor": lowest,
        "compare_at_minor": compare,
        "variant_prices": [price for price, _ in prices],
        "variant_compare_at": [former for _, former in prices],
    }
