"""Where a file has its columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from mercat.catalog.feeds import set_prices, shopify
from mercat.catalog.feeds.shapes import ErrorSink, RowError
from mercat.kit.spreadsheets import restored

ALIASES = MappingProxyType({
    "url handle": shopify.HANDLE,
    "description": "Body (HTML)",
    "published on online store": "Published",
    "sku": "Variant SKU",
    "weight value (grams)": "Variant Grams",
    "inventory tracker": "Variant Inventory Tracker",
    "inventory quantity": "Variant Inventory Qty",
    "continue selling when out of stock": "Variant Inventory Policy",
    "price": "Variant Price",
    "compare-at price": "Variant Compare At Price",
    "barcode": "Variant Barcode",
    "product image url": "Image Src",
    "variant image url": "Variant Image",
})  # fmt: skip
"""The names of Shopify's present template, and the older ones that the code uses."""
OPTION_NAME = re.compile(r"option(\d{1,2}) name")


class Columns:
    """Positions of the columns. One that the file lacks points at the empty cell that is put behind each row."""

    def __init__(self, header: Sequence[str], steps: Mapping[str, int] = MappingProxyType({})) -> None:
        names: dict[str, int] = {}
        for position, name in enumerate(header):
            names.setdefault(" ".join(restored(name).split()).lower(), position)
        written = {name: (position, restored(header[position]).strip()) for name, position in names.items()}
        self.set_prices, self.refused = set_prices.found_in(written, steps)
        self._written: dict[str, str] = {}
        for present, known in ALIASES.items():
            if present in names and known.lower() not in names:
                names[known.lower()] = names[present]
                self._written[known] = restored(header[names[present]]).strip()

        def at(name: str) -> int:
            return names.get(name.lower(), len(header))

        self.missing = [] if shopify.HANDLE.lower() in names else [shopify.HANDLE]
        self.handle, self.title = at(shopify.HANDLE), at(shopify.TITLE)
        self.product = {name: at(column) for name, column in shopify.PRODUCT_COLUMNS.items()}
        self.variant = {name: at(column) for name, column in shopify.VARIANT_COLUMNS.items()}
        self.image = {name: at(column) for name, column in shopify.IMAGE_COLUMNS.items()}
        numbers = sorted(int(match[1]) for name in names if (match := OPTION_NAME.fullmatch(name)))
        self.options = [(at(name), at(value)) for name, value in map(shopify.option_columns, numbers)]
        # a row without any of these says nothing about a variant
        self.variant_marks = (
            self.variant["price"],
            self.variant["sku"],
            *(value for _, value in self.options),
            *(column.price_at for column in self.set_prices),
        )
        everything = {**self.product, **self.variant, "images": self.image["src"], "name": self.title}
        absent = {name for name, position in everything.items() if position == len(header)}
        silent = not self.options and not self.set_prices
        self.without_variants = silent and self.variant.keys() <= absent | {"currency"}
        if self.without_variants or "name" in absent:  # variants that such a file does not list stay
            absent.add("variants")
        if "variants" in absent and not self.options:
            absent.add("options")
        if "published" not in absent:
            absent.discard("status")  # the one column can stand for the other
        self.absent = frozenset(absent - {"currency", "tracker", "gift_card"})
        """Fields that the file cannot speak of."""
        self.tracks = "tracker" not in absent

    def as_written(self, on_error: ErrorSink) -> ErrorSink:
        """Return a sink that names columns as the file does."""

        def report(error: RowError) -> None:
            on_error(replace(error, field=self._written.get(error.field, error.field)))

        return report if self._written else on_error
