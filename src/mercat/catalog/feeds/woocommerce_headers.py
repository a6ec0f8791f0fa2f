"""WooCommerce's header in other languages. The site's language names the columns; their order is always the same."""

import re
from collections.abc import Sequence

from mercat.catalog.feeds.woocommerce import BARCODE

ORDER = (
    "id", "type", "sku", BARCODE, "name", "published", "is featured?", "visibility in catalog", "short description",
    "description", "date sale price starts", "date sale price ends", "tax status", "tax class", "in stock?", "stock",
    "low stock amount", "backorders allowed?", "sold individually?", "weight (kg)", "length (cm)", "width (cm)",
    "height (cm)", "allow customer reviews?", "purchase note", "sale price", "regular price", "categories", "tags",
    "shipping class", "images", "download limit", "download expiry days", "parent", "grouped products", "upsells",
    "cross-sells", "external url", "button text", "position",
)  # fmt: skip
OLDER = tuple(name for name in ORDER if name != BARCODE)
KINDS = frozenset({"simple", "variable", "variation", "grouped", "external", "virtual", "downloadable"})
PUBLISHED, FEATURED = frozenset({"1", "0", "-1"}), frozenset({"", "1", "0"})
UNIT = re.compile(r"\((kg|g|lbs|oz)\)")
NUMBER = re.compile(r"[0-9]{1,3}")


def looks_like_it(row: Sequence[str]) -> bool:
    """Whether a row is one of WooCommerce's file, whatever its header is called."""
    return len(row) > 1 and {part.strip().lower() for part in row[1].split(",")} <= KINDS and row[0].strip().isdigit()


def in_english(header: Sequence[str], row: Sequence[str]) -> list[str] | None:
    """Return the English names of the columns, told by position and the first row; None if it is another file."""
    if not looks_like_it(row):
        return None
    for order in (ORDER, OLDER):
        at = order.index("published")
        if len(header) >= len(order) and row[at].strip() in PUBLISHED and row[at + 1].strip() in FEATURED:
            return [*_with_unit(order, header), *_attributes(header[len(order) :])]
    return None


def _with_unit(order: Sequence[str], header: Sequence[str]) -> list[str]:
    unit = UNIT.search(header[order.index("weight (kg)")])
    return [f"weight ({unit[1]})" if unit and name == "weight (kg)" else name for name in order]


def _attributes(header: Sequence[str]) -> list[str]:
    """Name the columns of attributes: of those with one number the first is its name, the second its values."""
    seen: dict[str, int] = {}
    names = []
    for column in header:
        number = NUMBER.search(column)
        if number is None:
            names.append(column)
            continue
        count = seen[number[0]] = seen.get(number[0], 0) + 1
        names.append({1: f"attribute {number[0]} name", 2: f"attribute {number[0]} value(s)"}.get(count, column))
    return names
