"""Products as rows of Shopify's product CSV."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mercat.catalog.feeds import set_prices, shopify
from mercat.catalog.feeds.shapes import FeedImage, FeedProduct, FeedVariant
from mercat.kit.money import default_currency, format_minor
from mercat.kit.spreadsheets import csv_lines, neutral

LOWEST_BEFORE = "Lowest Price 30 Days"
"""Ours: the lowest price of the 30 days before a reduction, for readers; imports leave it alone."""
BEFORE_OPTIONS = ("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published")
AFTER_OPTIONS = (
    "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy",
    "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price", "Variant Requires Shipping",
    "Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title",
    "SEO Description", "Variant Image", "Variant Weight Unit", "Status", LOWEST_BEFORE,
)  # fmt: skip
USUAL_OPTIONS = 3
"""Shopify knows no more; a catalogue that has more gets more columns."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a file needs beyond the usual ones."""

    options: int = USUAL_OPTIONS
    currency: bool = False
    """Whether amounts are not in the marketplace's default currency and each row must name theirs."""
    prices: tuple[str, ...] = ()
    """Other currencies that prices are set in."""

    @classmethod
    def fitting(cls, options: int, currencies: Sequence[str], prices: tuple[str, ...] = ()) -> "Layout":
        """Return the layout for a catalogue with so many options a product, these currencies, and prices in others."""
        return cls(max(options, USUAL_OPTIONS), any(code != default_currency() for code in currencies), prices)

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        options = [name for n in range(1, self.options + 1) for name in shopify.option_columns(n)]
        named = [shopify.VARIANT_COLUMNS["currency"]] * self.currency
        prices = [name.format(code) for code in self.prices for name in (set_prices.PRICE, set_prices.COMPARE_AT)]
        return [*BEFORE_OPTIONS, *options, *AFTER_OPTIONS, *named, *prices]


def text_of(products: Iterable[FeedProduct], layout: Layout, *, header: bool) -> str:
    """Return the rows of products, ready to be put behind each other."""
    columns = layout.header
    rows = [[cells.get(name, "") for name in columns] for product in products for cells in _rows(product, layout)]
    return "".join(csv_lines([*([columns] * header), *rows]))


def _rows(product: FeedProduct, layout: Layout) -> list[dict[str, str]]:
    """Return one row for each variant or picture, whichever are more; the product itself is in the first."""
    rows: list[dict[str, str]] = []
    for n in range(max(len(product.variants), len(product.images))):
        row = {shopify.HANDLE: neutral(product.handle)}
        if n == 0:
            row.update(_product_cells(product))
        if n < len(product.variants):
            row.update(_variant_cells(product.variants[n], product.option_names, layout))
        if n < len(product.images):
            row.update(_image_cells(product.images[n]))
        rows.append(row)
    return rows


def _product_cells(product: FeedProduct) -> dict[str, str]:
    names = product.option_names or shopify.NO_OPTION[:1]
    return {
        shopify.TITLE: neutral(product.name),
        "Body (HTML)": neutral(product.description_html),
        "Vendor": neutral(product.brand or ""),
        "Type": neutral(product.category or ""),
        "Tags": neutral(", ".join(product.tags)),
        "Published": "true" if product.status == "active" else "false",
        # unpublished and unlisted is read as a draft that is not listed
        "Status": shopify.UNLISTED if product.listed is False and product.status != "archived" else product.status,
        "SEO Title": neutral(product.seo_title),
        "SEO Description": neutral(product.seo_description),
        "Gift Card": "false",
        **{shopify.option_columns(n)[0]: neutral(name) for n, name in enumerate(names, 1)},
    }


def _variant_cells(variant: FeedVariant, option_names: tuple[str, ...], layout: Layout) -> dict[str, str]:
    values = variant.options if option_names else shopify.NO_OPTION[1:]
    cells = {
        "Variant SKU": neutral(variant.sku or ""),
        "Variant Grams": "" if variant.grams is None else str(variant.grams),
        "Variant Inventory Tracker": "" if variant.tracked is False else "shopify",
        "Variant Inventory Qty": "" if variant.quantity is None else str(variant.quantity),
        "Variant Inventory Policy": "continue" if variant.allow_backorder else "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": variant.price.amount if variant.price else "",
        "Variant Compare At Price": variant.compare_at.amount if variant.compare_at else "",
        "Variant Requires Shipping": "true",
        "Variant Taxable": "true",
        "Variant Barcode": neutral(variant.barcode or ""),
        "Variant Image": variant.image_url or "",
        "Variant Weight Unit": "g",
        LOWEST_BEFORE: variant.lowest_before,
        **{shopify.option_columns(n)[1]: neutral(value) for n, value in enumerate(values, 1)},
    }
    if layout.currency and variant.price:
        cells[shopify.VARIANT_COLUMNS["currency"]] = variant.price.currency
    for price in variant.prices:
        cells[set_prices.PRICE.format(price.currency)] = _amount(price.minor, price.currency)
        cells[set_prices.COMPARE_AT.format(price.currency)] = _amount(price.compare_at, price.currency)
    return cells


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else format_minor(minor, currency)


def _image_cells(image: FeedImage) -> dict[str, str]:
    return {
        "Image Src": image.url,
        "Image Position": str(image.position),
        "Image Alt Text": neutral(image.alt),
    }
