"""WooCommerce's product CSV: its columns, and how its cells are read.

Every row is a product or a variation of one, which names its parent. Lists are separated by commas, and a comma in a
value is written with a backslash before it; a line break is a backslash and an n.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from mercat.catalog.feeds import shopify
from mercat.catalog.feeds.shapes import Status
from mercat.catalog.feeds.shopify import BadCell
from mercat.kit.money import Money
from mercat.kit.spreadsheets import restored

MARKS = ("type", "sku", "name", "regular price")
"""What only a file of this dialect has all of in its header."""
ATTRIBUTE = re.compile(r"attribute (\d{1,3}) name")
WEIGHT = re.compile(r"weight \((kg|g|lbs|oz)\)")
GRAMS_IN = {"kg": Decimal(1000), "g": Decimal(1), "lbs": Decimal("453.59237"), "oz": Decimal("28.349523125")}
NO_AMOUNT = "not an amount with a decimal point, like 12.50 (or see MERCAT_IMPORT_DECIMAL_COMMA)"
COMMA = re.compile(r"(?<!\\),")
PARENT_ID = re.compile(r"id:\s*([0-9]{1,18})", re.IGNORECASE)
NUMBER = re.compile(r"[0-9]{1,18}")
AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?|\.[0-9]{1,12}")
WHOLE_NUMBER = re.compile(r"(-?[0-9]{1,10})(?:\.0+)?")
BARCODE = "gtin, upc, ean, or isbn"


ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def recognised(header: Sequence[str]) -> bool:
    """Whether a header is of this dialect."""
    names = {restored(name).strip().lower() for name in header}
    return names.issuperset(MARKS)


class Columns:
    """Positions of the columns. One that the file lacks points at the empty cell that is put behind each row."""

    def __init__(self, header: Sequence[str]) -> None:
        self._names: dict[str, int] = {}
        for position, name in enumerate(header):
            self._names.setdefault(restored(name).strip().lower(), position)
        self._lacking = len(header)
        numbers = sorted(int(match[1]) for name in self._names if (match := ATTRIBUTE.fullmatch(name)))
        self.attributes = [(self.at(f"attribute {n} name"), self.at(f"attribute {n} value(s)")) for n in numbers]
        weights = [(name, match[1]) for name in self._names if (match := WEIGHT.fullmatch(name))]
        self.weight_name, self.weight_unit = weights[0] if weights else ("weight (kg)", "kg")

    def at(self, name: str) -> int:
        """Return where a column is."""
        return self._names.get(name, self._lacking)

    @property
    def counts(self) -> bool:
        """Whether the file has counts of stock."""
        return "stock" in self._names

    @property
    def absent(self) -> frozenset[str]:
        """Fields that the file cannot speak of."""
        fields = {
            "brand": "brands",
            "category": "categories",
            "tags": "tags",
            "description_html": "description",
            "status": "published",
            "images": "images",
            "grams": self.weight_name,
            "barcode": BARCODE,
            "compare_at": "sale price",
        }
        lacking = {field for field, column in fields.items() if column not in self._names}
        if not {"backorders allowed?", "in stock?"} & self._names.keys():
            lacking.add("policy")
        return frozenset(lacking | {"seo_title", "seo_description"})


def plain(text: str) -> str:
    """Read text that WordPress keeps as HTML: `&amp;` is a `&`, and all blanks are one."""
    return " ".join(ENTITY.sub(lambda found: html.unescape(found[0]), restored(text)).split())


def parts(text: str) -> list[str]:
    """Read a list: its parts without the blanks around them, those that are empty left out."""
    found = (part.replace("\\,", ",").strip() for part in COMMA.split(restored(text)))
    return [part for part in found if part]


def words(text: str) -> list[str]:
    """Read a list of plain text."""
    return [found for part in parts(text) if (found := plain(part))]


def prose(text: str) -> str:
    """Read a description, whose line breaks are written as two characters."""
    return restored(text).replace("\\n", "\n").replace("\\,", ",")


def kind(text: str) -> str:
    """Read what a row is: `simple`, `variable` or `variation`; that it is `virtual` as well says nothing here."""
    kinds = {part.strip().lower() for part in text.split(",")}
    for known in ("variation", "variable", "simple"):
        if known in kinds:
            return known
    raise BadCell("Type", "neither simple nor variable nor a variation", "unsupported_type")


def number(text: str) -> str:
    """Read a product's number in the store that it was exported from; empty if it has none."""
    found = text.strip()
    if found and not NUMBER.fullmatch(found):
        raise BadCell("ID", "not a number", "bad_id")
    return found.lstrip("0")


def status(text: str) -> Status:
    """Read whether a product is published: 1; 0 is private, -1 a draft."""
    found = text.strip()
    if found not in {"", "1", "0", "-1"}:
        raise BadCell("Published", "neither 1 nor 0 nor -1", "bad_status")
    return "draft" if found in {"0", "-1"} else "active"


def listed(text: str) -> bool | None:
    """Read whether lists show a product: not a `hidden` one. An empty cell does not say."""
    found = text.strip().lower()
    if found not in {"", "visible", "catalog", "search", "hidden"}:
        message = "neither visible nor catalog nor search nor hidden"
        raise BadCell("Visibility in catalog", message, "bad_visibility")
    return found != "hidden" if found else None


def prices(regular: str, sale: str, *, timed: bool, currency: str) -> tuple[Money, Money | None]:
    """Read what a variant costs and what it cost before. A sale that is only for a time is none: the file is from then.

    Raises:
        BadCell: a price is missing, or not written as digits with a point.
    """
    usual = _price(regular, "Regular price", currency)
    reduced = None if timed or not sale.strip() else _price(sale, "Sale price", currency)
    if reduced is None or reduced.minor >= usual.minor:
        return usual, None
    return reduced, usual


def _price(text: str, field: str, currency: str) -> Money:
    found = shopify.pointed(text.strip())
    if not found:
        raise BadCell(field, "a price is needed", "missing_price")
    if not AMOUNT.fullmatch(found):
        raise BadCell(field, NO_AMOUNT, "bad_price")
    try:
        return Money.of(shopify.without_zeros(found), currency)
    except ValueError as error:
        raise BadCell(field, str(error), "bad_price") from None


@dataclass(frozen=True, slots=True)
class Stock:
    """How many there are; what is there uncounted is not `tracked`, and sold without end."""

    quantity: int | None
    backorder: bool
    tracked: bool | None


def stock(count: str, in_stock: str, backorders: str) -> Stock:
    """Read how many there are, and whether it sells without. What is there uncounted is always sold."""
    counted, there = count.strip(), in_stock.strip().lower()
    if there not in {"", "0", "1", "backorder"}:
        raise BadCell("In stock?", "neither 1 nor 0 nor backorder", "bad_stock_status")
    if backorders.strip().lower() not in {"", "0", "1", "notify"}:
        raise BadCell("Backorders allowed?", "neither 1 nor 0 nor notify", "bad_policy")
    waits = backorders.strip().lower() in {"1", "notify"} or there == "backorder"
    if not counted:
        if there == "0":
            return Stock(0, waits, None)
        return Stock(None, waits or there == "1", False if waits or there == "1" else None)
    match = WHOLE_NUMBER.fullmatch(counted)
    if match is None or abs(int(match[1])) > shopify.MAX_COUNT:
        raise BadCell("Stock", "not a whole number of units", "bad_quantity")
    return Stock(int(match[1]), waits, None)


def grams(text: str, unit: str) -> int | None:
    """Read a weight in the unit that the column is named for."""
    found = shopify.pointed(text.strip())
    if not found:
        return None
    try:
        weight = Decimal(found) * GRAMS_IN[unit] if AMOUNT.fullmatch(found) else None
    except InvalidOperation:
        weight = None
    if weight is None or weight > shopify.MAX_COUNT:
        raise BadCell(f"Weight ({unit})", "not a weight with a decimal point, like 0.25", "bad_weight")
    return int(weight.to_integral_value(ROUND_HALF_UP))


def categories(text: str) -> list[str]:
    """Read categories, each by the last name of its path `A > B`: the first is the product's."""
    # a > in a name is written as an entity: it is read after the path was taken apart
    leaves = [plain(path.rsplit(">", 1)[-1]) for path in parts(text)]
    found = [shopify.word(leaf, "Categories", shopify.MAX_WORD) for leaf in leaves if leaf]
    return list(dict.fromkeys(found))


def parent(text: str) -> tuple[str, str]:
    """Read which product a variation belongs to: its number, or its SKU; one of the two is empty.

    Raises:
        BadCell: neither.
    """
    found = restored(text).strip()
    match = PARENT_ID.fullmatch(found)
    if match:
        return match[1].lstrip("0"), ""
    if not found:
        raise BadCell("Parent", "a variation without a parent", "missing_parent")
    return "", found
