"""Where a file has its columns."""

import re
from collections.abc import Sequence

from mercat.catalog.feeds import shopify
from mercat.kit.spreadsheets import restored

OPTION_NAME = re.compile(r"option(\d{1,2}) name")


class Columns:
    """Positions of the columns. One that the file lacks points at the empty cell that is put behind each row."""

    def __init__(self, header: Sequence[str]) -> None:
        names: dict[str, int] = {}
        for position, name in enumerate(header):
            names.setdefault(restored(name).strip().lower(), position)

        def at(name: str) -> int:
            return names.get(name.lower(), len(header))

        self.missing = [name for name in (shopify.HANDLE, shopify.TITLE) if name.lower() not in names]
        self.handle, self.title = at(shopify.HANDLE), at(shopify.TITLE)
        self.product = {name: at(column) for name, column in shopify.PRODUCT_COLUMNS.items()}
        self.variant = {name: at(column) for name, column in shopify.VARIANT_COLUMNS.items()}
        self.image = {name: at(column) for name, column in shopify.IMAGE_COLUMNS.items()}
        numbers = sorted(int(match[1]) for name in names if (match := OPTION_NAME.fullmatch(name)))
        self.options = [(at(name), at(value)) for name, value in map(shopify.option_columns, numbers)]
        # a row without any of these says nothing about a variant
        self.variant_marks = (self.variant["price"], self.variant["sku"], *(value for _, value in self.options))
        everything = {**self.product, **self.variant, "images": self.image["src"]}
        absent = {name for name, position in everything.items() if position == len(header)}
        if "published" not in absent:
            absent.discard("status")  # the one column can stand for the other
        self.absent = frozenset(absent - {"currency"})
        """Fields that the file cannot speak of."""
