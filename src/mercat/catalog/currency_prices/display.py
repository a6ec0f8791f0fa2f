"""Showing ready-made JSON with the prices that are kept in another currency."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from mercat.exchange import ConversionStopped, UnknownCurrency
from mercat.kit.database import Reads
from mercat.kit.money import Money, format_minor

IS_SHOWN = "EXISTS (SELECT FROM shown_currencies k WHERE k.currency = %(currency)s AND k.status = 'shown')"
"""Looked up once for a statement, and nothing is read where it is not true."""
STATUS = "SELECT status FROM shown_currencies WHERE currency = %s"
KEPT = """
SELECT product_id, price_minor, compare_at_minor, lowest_minor FROM product_prices
WHERE currency = %s AND product_id = ANY(%s)
"""
# no text can hold this: a quote within a text has a backslash before it. The first is that of the whole
BEGIN = '"price":{'
PRICES = re.compile(r'"price":\{[^}]*\},"compare_at_price":(?:null|\{[^}]*\})(,"lowest_price_30d":(?:null|\{[^}]*\}))?')


class KeptPrice(NamedTuple):
    """What a product costs at least, what that is compared with, and the lowest price of the 30 days before."""

    price: Money
    compare_at: Money | None
    lowest: Money | None

    def wire(self) -> dict[str, object]:
        """Return the fields of a product that show it."""
        compare_at, lowest = self.compare_at, self.lowest
        return {
            "price": self.price.wire(),
            "compare_at_price": compare_at.wire() if compare_at else None,
            "lowest_price_30d": lowest.wire() if lowest else None,
        }


async def require_shown(reads: Reads, currency: str) -> None:
    """Make sure that prices are shown in a currency.

    Raises:
        UnknownCurrency, ConversionStopped: they are not.
    """
    row = await reads.row(STATUS, (currency,))
    if row is None or row[0] != "shown":
        raise ConversionStopped if row is not None and row[0] == "stopped" else UnknownCurrency


async def kept_prices(reads: Reads, product_ids: Sequence[UUID], currency: str) -> dict[UUID, KeptPrice]:
    """Return the lowest price of products in another currency than that of the books, with what it is compared with.

    Raises:
        UnknownCurrency, ConversionStopped: no prices are shown in it.
    """
    await require_shown(reads, currency)
    rows = await reads.rows(KEPT, (currency, list(product_ids)))
    return {
        product_id: KeptPrice(Money(price, currency), _amount(compare_at, currency), _amount(lowest, currency))
        for product_id, price, compare_at, lowest in rows
    }


def with_prices(text: str, currency: str, minor: int, compare_at: int | None, lowest: int | None) -> str:
    """Return the JSON of a product or a variant with other prices."""
    prices = f'"price":{_money(minor, currency)},"compare_at_price":{_money(compare_at, currency)}'
    start = text.index(BEGIN)
    found = PRICES.match(text, start)
    if found is None:
        raise ValueError("this JSON has no prices")
    before = f',"lowest_price_30d":{_money(lowest, currency)}' if found[1] else ""
    return f"{text[:start]}{prices}{before}{text[found.end() :]}"


def bodies_with_prices(
    bodies: Sequence[str],
    currency: str,
    minors: Iterable[int],
    compare_at: Iterable[int | None],
    lowest: Iterable[int | None],
) -> list[str]:
    """Return the JSON of variants with other prices."""
    return [
        with_prices(body, currency, minor, former, before)
        for body, minor, former, before in zip(bodies, minors, compare_at, lowest, strict=True)
    ]


def _amount(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _money(minor: int | None, currency: str) -> str:
    return "null" if minor is None else f'{{"amount":"{format_minor(minor, currency)}","currency":"{currency}"}}'
