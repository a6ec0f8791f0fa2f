"""Showing ready-made JSON with the prices that are kept in another currency."""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from mercat.exchange import ConversionStopped, UnknownCurrency
from mercat.kit.database import Reads
from mercat.kit.money import Money, format_minor

IS_SHOWN = "EXISTS (SELECT FROM shown_currencies k WHERE k.currency = %(currency)s AND k.status = 'shown')"
"""Looked up once for a statement, and nothing is read where it is not true."""
STATUS = "SELECT status FROM shown_currencies WHERE currency = %s"
LOWEST = """
SELECT product_id, price_minor, compare_at_minor FROM product_prices WHERE currency = %s AND product_id = ANY(%s)
"""
# no text can hold this: a quote within a text has a backslash before it. The first is that of the whole
BEGIN = '"price":{'
LOWEST_BEFORE = ',"lowest_price_30d":null'
PRICES = re.compile(r'"price":\{[^}]*\},"compare_at_price":(?:null|\{[^}]*\})(,"lowest_price_30d":(?:null|\{[^}]*\}))?')


async def require_shown(reads: Reads, currency: str) -> None:
    """Make sure that prices are shown in a currency.

    Raises:
        UnknownCurrency, ConversionStopped: they are not.
    """
    row = await reads.row(STATUS, (currency,))
    if row is None or row[0] != "shown":
        raise ConversionStopped if row is not None and row[0] == "stopped" else UnknownCurrency


async def kept_prices(
    reads: Reads, product_ids: Sequence[UUID], currency: str
) -> dict[UUID, tuple[Money, Money | None]]:
    """Return the lowest price of products in another currency than that of the books, and what it is compared with.

    Raises:
        UnknownCurrency, ConversionStopped: no prices are shown in it.
    """
    await require_shown(reads, currency)
    rows = await reads.rows(LOWEST, (currency, list(product_ids)))
    return {row[0]: (Money(row[1], currency), None if row[2] is None else Money(row[2], currency)) for row in rows}


def with_prices(text: str, minor: int, compare_at: int | None, currency: str) -> str:
    """Return the JSON of a product or a variant with other prices."""
    former = "null" if compare_at is None else _money(compare_at, currency)
    prices = f'"price":{_money(minor, currency)},"compare_at_price":{former}'
    start = text.index(BEGIN)
    found = PRICES.match(text, start)
    if found is None:
        raise ValueError("this JSON has no prices")
    return f"{text[:start]}{prices}{LOWEST_BEFORE if found[1] else ''}{text[found.end() :]}"


def bodies_with_prices(
    bodies: Sequence[str], minors: Iterable[int], compare_at: Iterable[int | None], currency: str
) -> list[str]:
    """Return the JSON of variants with other prices."""
    return [
        with_prices(body, minor, former, currency)
        for body, minor, former in zip(bodies, minors, compare_at, strict=True)
    ]


def _money(minor: int, currency: str) -> str:
    return f'{{"amount":"{format_minor(minor, currency)}","currency":"{currency}"}}'
