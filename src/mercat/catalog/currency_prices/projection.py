"""Keeping the prices of products in every currency that is in force, so that lists only read and compare numbers."""

from collections.abc import Sequence

import orjson
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat import exchange
from mercat.catalog.currency_prices import prior_prices
from mercat.catalog.currency_prices.prior_prices import Price
from mercat.catalog.product_rows import ProductRow, VariantRow
from mercat.catalog.reductions import Offered, Reduce
from mercat.exchange import Conversion
from mercat.kit.money import Money

IN_ORDER = "SELECT pg_advisory_xact_lock(hashtextextended('shown_currencies', 8))"
"""Held by whoever begins to follow conversions: all who wrote prices by others have ended then."""
BESIDE = "SELECT pg_advisory_xact_lock_shared(hashtextextended('shown_currencies', 8))"
# only differences are written: an unchanged price costs no dead row and makes no other answer
MERGE = """
INSERT INTO product_prices AS p
    (product_id, currency, listed, price_minor, compare_at_minor, lowest_minor, variant_prices, variant_compare_at,
    variant_lowest)
SELECT r.product_id, r.currency, r.listed, r.price_minor, r.compare_at_minor, r.lowest_minor, r.variant_prices,
    r.variant_compare_at, r.variant_lowest
FROM jsonb_to_recordset(%s::jsonb) AS r(product_id uuid, currency text, listed boolean, price_minor bigint,
    compare_at_minor bigint, lowest_minor bigint, variant_prices bigint[], variant_compare_at bigint[],
    variant_lowest bigint[])
ON CONFLICT (product_id, currency) DO UPDATE SET listed = excluded.listed, price_minor = excluded.price_minor,
    compare_at_minor = excluded.compare_at_minor, lowest_minor = excluded.lowest_minor,
    variant_prices = excluded.variant_prices, variant_compare_at = excluded.variant_compare_at,
    variant_lowest = excluded.variant_lowest, written_at = now()
WHERE (p.listed, p.price_minor, p.compare_at_minor, p.lowest_minor, p.variant_prices, p.variant_compare_at,
       p.variant_lowest) IS DISTINCT FROM
      (excluded.listed, excluded.price_minor, excluded.compare_at_minor, excluded.lowest_minor, excluded.variant_prices,
       excluded.variant_compare_at, excluded.variant_lowest)
"""


async def write(connection: AsyncConnection[TupleRow], products: Sequence[ProductRow], reduce: Reduce) -> None:
    """Write the prices of products on sale in every currency that is in force; others stay as they are.

    Four statements at most, whatever the number of products and currencies; four more where some were set.
    """
    if not products:
        return
    # first: a product that is written by conversions of before is there when those who follow new ones look
    await connection.execute(BESIDE)
    conversions = await exchange.conversions(connection)
    if not conversions:
        return
    priced = [
        (product, conversion, prices_of(product, conversion, reduce))
        for product in products
        for conversion in conversions.values()
    ]
    before = await prior_prices.follow(connection, priced)
    rows = [
        _row(product, conversion.currency, prices, prior_prices.lowest(product, conversion, prices, before))
        for product, conversion, prices in priced
    ]
    await connection.execute(MERGE, (orjson.dumps(rows).decode(),))


def prices_of(product: ProductRow, conversion: Conversion, reduce: Reduce) -> list[Price]:
    """Return what the variants of a product cost in a currency: what was set, else converted, less what a sale takes.

    A sale takes as much off as it does in a cart of that currency.
    """
    categories = frozenset(product.category_path)
    prices: list[Price] = []
    for variant in product.variants:
        own, former = _list_price(variant, conversion)
        unit = Offered(product.vendor_id, product.id, categories, Money(own, conversion.currency), conversion)
        price, compare = own - reduce(unit), max(own, former or 0)
        prices.append((price, compare if compare > price else None))
    return prices


def _list_price(variant: VariantRow, conversion: Conversion) -> Price:
    """Return what a variant costs without a sale, and what its vendor compares that with."""
    given = variant.price_set_in(conversion.currency)
    if given is not None:
        return given
    own = variant.price_minor if variant.own_minor is None else variant.own_minor
    before = variant.compare_at_minor
    compare = None if before is None else conversion.convert(Money(before, variant.currency)).minor
    return conversion.convert(Money(own, variant.currency)).minor, compare


def _row(
    product: ProductRow, currency: str, prices: Sequence[Price], lowest_before: Sequence[int | None]
) -> dict[str, object]:
    cheapest = min(range(len(prices)), key=lambda place: prices[place][0])
    lowest, compare = prices[cheapest]
    return {
        "product_id": product.id,
        "currency": currency,
        "listed": product.listed,
        "price_minor": lowest,
        "compare_at_minor": compare,
        "lowest_minor": lowest_before[cheapest],
        "variant_lowest": list(lowest_before),
        "variant_prices": [price for price, _ in prices],
        "variant_compare_at": [former for _, former in prices],
    }
