"""Small feeds, written for each test."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mercat.catalog.feeds.reader import read
from mercat.catalog.feeds.shapes import FeedProduct, RowError

Row = Mapping[str, str]
WriteFeed = Callable[..., Path]
ReadFeed = Callable[[Path], "Outcome"]

SHIRT = {
    "Handle": "shirt",
    "Title": "Shirt",
    "Body (HTML)": "<p>Cotton</p>",
    "Vendor": "Acme",
    "Type": "Shirts",
    "Tags": "men, blue",
    "Published": "true",
    "Option1 Name": "Size",
    "Option1 Value": "S",
    "Variant SKU": "SH-S",
    "Variant Grams": "200",
    "Variant Inventory Qty": "5",
    "Variant Inventory Policy": "deny",
    "Variant Price": "19.90",
    "Variant Compare At Price": "25",
    "Variant Barcode": "400123",
    "Image Src": "https://pictures.example/shirt.jpg",
    "Image Position": "1",
    "Image Alt Text": "A shirt",
    "SEO Title": "Shirts",
    "SEO Description": "All shirts",
    "Variant Image": "",
    "Status": "active",
}
COLUMNS = tuple(SHIRT)


@dataclass
class Outcome:
    """What came out of reading a file."""

    products: list[FeedProduct] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(error.line, error.code) for error in self.errors]

    @property
    def handles(self) -> list[str]:
        return [product.handle for product in self.products]

    @property
    def product(self) -> FeedProduct:
        (product,) = self.products
        return product


def more(handle: str, **cells: str) -> Row:
    """A further row of a product."""
    return {"Handle": handle, **{name.replace("_", " "): value for name, value in cells.items()}}


def plain(handle: str, *, price: str = "10", **cells: str) -> Row:
    """A product without options, in one row."""
    named = {name.replace("_", " "): value for name, value in cells.items()}
    return {"Handle": handle, "Title": handle.title(), "Variant Price": price, **named}


def text_of(rows: list[Row], columns: tuple[str, ...] = COLUMNS) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


@pytest.fixture
def write_feed(tmp_path: Path) -> WriteFeed:
    """Write rows to a file and return where it is."""

    def write(*rows: Row, columns: tuple[str, ...] = COLUMNS, name: str = "feed.csv") -> Path:
        path = tmp_path / name
        path.write_text(text_of(list(rows), columns), encoding="utf-8", newline="")
        return path

    return write


@pytest.fixture
def read_feed() -> ReadFeed:
    """Read a file to its end."""

    def reading(path: Path) -> Outcome:
        outcome = Outcome()
        outcome.products.extend(read(path, currency="EUR", on_error=outcome.errors.append))
        return outcome

    return reading
