"""Columns of prices in other currencies than that of the books, as Shopify names those of markets: `Price / USD`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mercat.catalog.feeds import shopify
from mercat.catalog.feeds.lenient import Lenient
from mercat.catalog.feeds.shapes import SetPrice
from mercat.catalog.feeds.shopify import BadCell
from mercat.kit.money import default_currency, format_minor

PRICE, COMPARE_AT = "Price / {}", "Compare At Price / {}"
"""What an export calls them."""
# three letters are a currency; anything longer is the name of a market, whose columns are ignored as others are
NAME = re.compile(r"(?:variant )?(price|compare[ -]at price) ?/ ?([a-z]{3})")


@dataclass(frozen=True, slots=True)
class PriceColumns:
    """Where a file has its prices in a currency, and how it calls these columns."""

    currency: str
    step: int
    price_at: int
    price_name: str
    compare_at: int | None
    compare_name: str

    def read(self, cells: Sequence[str]) -> SetPrice:
        """Read what a row says about the price in this currency; an empty cell says that none is set.

        Raises:
            BadCell: one of the two cells cannot be taken over. Then neither is.
        """
        price = cells[self.price_at].strip()
        former = cells[self.compare_at].strip() if self.compare_at is not None else ""
        if not price:
            if former:
                message = f"there is no price in {self.currency} that it could be compared with"
                raise BadCell(self.compare_name, message, "bad_compare_at")
            return SetPrice(self.currency, None)
        minor = shopify.amount(price, self.currency, self.price_name, "bad_price").minor
        if minor % self.step:
            least = format_minor(self.step, self.currency)
            raise BadCell(self.price_name, f"not a multiple of {least} {self.currency}", "bad_price")
        before = shopify.amount(former, self.currency, self.compare_name, "bad_compare_at").minor if former else None
        return SetPrice(self.currency, minor, before, keeps_compare_at=self.compare_at is None)


def found_in(
    header: Mapping[str, tuple[int, str]], steps: Mapping[str, int]
) -> tuple[list[PriceColumns], list[BadCell]]:
    """Return the columns of a header, and what is wrong with those that cannot be taken over.

    `header` has for each name in lower case its position and how it is written, `steps` the currencies that are enabled
    and what prices in them are a multiple of.
    """
    prices: dict[str, tuple[int, str]] = {}
    formers: dict[str, tuple[int, str]] = {}
    wrong: list[BadCell] = []
    for name, (position, written) in header.items():
        if (match := NAME.fullmatch(name)) is None:
            continue
        currency = match[2].upper()
        if currency == default_currency():
            message = f"prices in {currency} are in the column {shopify.VARIANT_COLUMNS['price']}"
            wrong.append(BadCell(written, message, "bad_currency"))
        elif currency not in steps:
            shown = ", ".join(sorted(steps)) or "no other currency"
            message = f"prices are not shown in {currency}, but in {shown}: the column is left out"
            wrong.append(BadCell(written, message, "unknown_currency"))
        else:
            (prices if match[1] == "price" else formers).setdefault(currency, (position, written))
    for currency, (_, written) in formers.items():
        if currency not in prices:
            message = f"the file has no column {PRICE.format(currency)} beside it: the column is left out"
            wrong.append(BadCell(written, message, "missing_column"))
    found = [PriceColumns(code, steps[code], *at, *formers.get(code, (None, ""))) for code, at in prices.items()]
    return found, wrong


def read(columns: Sequence[PriceColumns], cells: Sequence[str], cell: Lenient) -> tuple[SetPrice, ...]:
    """Read a row's prices in other currencies; one that cannot be read is reported, and what is stored stays."""
    found = (cell("prices", partial(column.read, cells), None) for column in columns)
    return tuple(price for price in found if price is not None)
