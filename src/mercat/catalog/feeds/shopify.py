"""Shopify's product CSV: its columns, and how its cells are written and read."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType

from mercat.catalog.feeds.config import settings
from mercat.catalog.feeds.shapes import RowError, Status
from mercat.kit.money import Money
from mercat.kit.spreadsheets import restored

HANDLE, TITLE = "Handle", "Title"
PRODUCT_COLUMNS = MappingProxyType({
    "description_html": "Body (HTML)",
    "brand": "Vendor",
    "category": "Type",
    "tags": "Tags",
    "published": "Published",
    "status": "Status",
    "seo_title": "SEO Title",
    "seo_description": "SEO Description",
    "gift_card": "Gift Card",
})  # fmt: skip
VARIANT_COLUMNS = MappingProxyType({
    "sku": "Variant SKU",
    "grams": "Variant Grams",
    "tracker": "Variant Inventory Tracker",
    "quantity": "Variant Inventory Qty",
    "policy": "Variant Inventory Policy",
    "price": "Variant Price",
    "compare_at": "Variant Compare At Price",
    "barcode": "Variant Barcode",
    "image": "Variant Image",
    "currency": "Variant Currency",  # ours: Shopify's file has one currency and does not say which
})  # fmt: skip
IMAGE_COLUMNS = MappingProxyType({"src": "Image Src", "position": "Image Position", "alt": "Image Alt Text"})

UNLISTED = "unlisted"
"""Status of a product that is on sale on its page alone."""
NO_OPTION = ("Title", "Default Title")
"""Option name and value of a product that has no options."""

MAX_NAME, MAX_HANDLE, MAX_SKU, MAX_WORD, MAX_SEO, MAX_URL = 255, 255, 100, 255, 1_000, 2_048
MAX_OPTIONS_BYTES = 2_000
"""All option values of a variant together: they share one index entry, which PostgreSQL limits to 2,700 bytes."""
MAX_COUNT = 1_000_000_000

MAX_VARIANTS, MAX_IMAGES = 2_048, 250
"""Of one product: Shopify's own limits."""

WHOLE = re.compile(r"(-?[0-9]{1,12})(?:\.0{1,6})?")
GRAMS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?|\.[0-9]{1,12}")
YES, NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
URL = re.compile(r"(?:https?://[^\s/]|/(?![/\\]))[^\s\x00-\x1f\x7f<>\"\\]*", re.IGNORECASE)


class BadCell(Exception):
    """A cell that cannot be taken over."""

    def __init__(self, field: str, message: str, code: str) -> None:
        self.field, self.message, self.code = field, message, code

    def at(self, line: int) -> RowError:
        """Return the report."""
        return RowError(line, self.field, self.message, self.code)


def option_columns(number: int) -> tuple[str, str]:
    """Return the columns of the option's name and value; numbers count from 1."""
    return f"Option{number} Name", f"Option{number} Value"


def word(text: str, field: str, limit: int) -> str:
    """Read a cell of plain text."""
    text = restored(text).strip()
    if len(text) > limit:
        raise BadCell(field, f"longer than {limit} characters", "too_long")
    return text


def handle(text: str, *, blank: bool) -> str:
    """Read what a row belongs to; only a row that is `blank` altogether may lack it."""
    found = word(text, HANDLE, MAX_HANDLE)
    if not found and not blank:
        raise BadCell(HANDLE, "a row without a handle", "missing_handle")
    return found


# the prices of a catalogue come again and again; a refused one is not kept
@lru_cache(maxsize=4_096)
def price(text: str, currency: str) -> Money:
    """Read what a variant costs."""
    return amount(text, currency, VARIANT_COLUMNS["price"], "bad_price")


@lru_cache(maxsize=4_096)
def compare_at(text: str, currency: str) -> Money | None:
    """Read what a variant cost before; an empty cell says that it cost no more."""
    return amount(text, currency, VARIANT_COLUMNS["compare_at"], "bad_compare_at") if text.strip() else None


def pointed(text: str) -> str:
    """Return a number with a decimal point, if numbers of files have a comma: 1.234,50 is 1234.50."""
    if "," not in text or not settings().import_decimal_comma:
        return text
    return "".join(text.replace(".", "").split()).replace(",", ".")


def without_zeros(text: str) -> str:
    """Return an amount without the zeros behind its last decimal: 12.5000 has no more than 12.5."""
    return text.rstrip("0").rstrip(".") if "." in text[1:] else text


def amount(text: str, currency: str, field: str, code: str) -> Money:
    """Read an amount of a currency; a cell that is not one is refused with `code`."""
    try:
        found = Money.of(without_zeros(pointed(text.strip())), currency)
    except ValueError as error:
        if not text.strip():
            raise BadCell(field, "a price is needed", "missing_price") from None
        hint = "; with a decimal comma, set MERCAT_IMPORT_DECIMAL_COMMA=true" if "," in text else ""
        raise BadCell(field, f"{error}{hint}", code) from None
    if found.minor < 0:
        raise BadCell(field, "a price cannot be negative", code)
    return found


def quantity(text: str) -> int | None:
    """Read a stock count; an empty cell says nothing."""
    text = text.strip()
    if not text:
        return None
    match = WHOLE.fullmatch(text)
    if match is None or abs(int(match[1])) > MAX_COUNT:
        raise BadCell(VARIANT_COLUMNS["quantity"], "not a whole number of units", "bad_quantity")
    return int(match[1])


def grams(text: str) -> int | None:
    """Read a weight. The column is in grams whatever unit Shopify shows."""
    text = pointed(text.strip())
    if not text:
        return None
    if not GRAMS.fullmatch(text) or (weight := Decimal(text)) > MAX_COUNT:
        raise BadCell(VARIANT_COLUMNS["grams"], "not a weight in grams, like 250 or 453.6", "bad_weight")
    return int(weight.to_integral_value(ROUND_HALF_UP))


def backorder(text: str) -> bool:
    """Read whether the variant may be sold without stock."""
    policy = text.strip().lower()
    if policy in YES or policy == "continue":
        return True
    if policy and policy != "deny" and policy not in NO:
        raise BadCell(VARIANT_COLUMNS["policy"], "neither deny nor continue", "bad_policy")
    return False


def url(text: str, field: str) -> str:
    """Read the address of a picture: http, https, or a path of this site. Anything else could run in a browser."""
    text = restored(text).strip()
    if len(text) > MAX_URL or not URL.fullmatch(text):
        raise BadCell(field, "neither an http(s) address nor a path", "bad_image")
    return text


def status(text: str, published: str) -> Status:
    """Read whether a product is on sale; one that is not published is a draft whatever its status says."""
    given, shown = text.strip().lower(), published.strip().lower()
    if shown and shown not in YES and shown not in NO:
        raise BadCell(PRODUCT_COLUMNS["published"], "neither true nor false", "bad_status")
    if given not in ("", "active", UNLISTED, "draft", "archived"):
        raise BadCell(PRODUCT_COLUMNS["status"], "neither active nor unlisted nor draft nor archived", "bad_status")
    if given == "archived":
        return "archived"
    return "draft" if given == "draft" or shown in NO else "active"


def listed(text: str) -> bool | None:
    """Read from a status whether lists show a product; drafts and archived ones do not say."""
    return {"active": True, UNLISTED: False}.get(text.strip().lower())


@lru_cache(maxsize=4_096)
def tags(text: str) -> tuple[str, ...]:
    """Read a list of tags; one that is written twice counts once."""
    found: dict[str, str] = {}
    for part in restored(text).split(","):
        tag = part.strip()
        if len(tag) > MAX_WORD:
            raise BadCell(PRODUCT_COLUMNS["tags"], f"a tag is longer than {MAX_WORD} characters", "too_long")
        if tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def unnamed_option() -> BadCell:
    """Return what is wrong with a value where the product has no option."""
    return BadCell(option_columns(1)[1], "an option value without an option name", "unnamed_option")


@lru_cache(maxsize=4_096)
def options(values: tuple[str, ...]) -> tuple[str, ...]:
    """Read a variant's option values, one for each name."""
    found = tuple(word(value, option_columns(n)[1], MAX_WORD) for n, value in enumerate(values, 1))
    if not all(found):
        raise BadCell(option_columns(found.index("") + 1)[1], "an option value is missing", "missing_option")
    if len("".join(found).encode()) > MAX_OPTIONS_BYTES:
        raise BadCell(option_columns(1)[1], "the option values are too long together", "too_long")
    return found
