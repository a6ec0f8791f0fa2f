"""Shapes of the catalogue that clients send."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.catalog.currency_prices.schemas import PriceWrite
from mercat.catalog.schemas import Seo, Status
from mercat.files import LONGEST_ALT
from mercat.kit.money import Money
from mercat.kit.openapi import EXAMPLE_ID
from mercat.kit.shapes import Count, Flag, Line, Moment, Prose, Shape

Slug = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Sku = Annotated[Line, StringConstraints(max_length=100)]
Tag = Annotated[Line, StringConstraints(max_length=60)]
ImageUrl = Annotated[str, StringConstraints(max_length=2000, pattern=r"^(https?://|/)[^\s\x00-\x1f<>\"']+$")]
Alt = Annotated[str, StringConstraints(max_length=LONGEST_ALT)]
TaxClass = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
MAX_VARIANTS = 500


class VariantWrite(Shape):
    """A variant as it shall be. `options` names a value for each of the product's options."""

    id: UUID | None = None
    """An existing variant; left out, the one with the same options is meant, or a new one."""
    sku: Sku | None = None
    options: dict[Line, Line] = Field(default_factory=dict, examples=[{"Size": "M"}])
    price: Money | None = None
    """Left out: the product's `price`."""
    compare_at_price: Money | None = None
    prices: list[PriceWrite] | None = Field(None, max_length=200)
    """Prices in other currencies, instead of what is converted; left out, they stay, and an empty list removes them."""
    weight_grams: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] | None = None
    barcode: Annotated[Line, StringConstraints(max_length=64)] | None = None
    image_url: ImageUrl | None = None
    stock_quantity: Count | None = None
    """Units that are to be available; left out, the stock stays as it is."""
    allow_backorder: Flag | None = None


class OptionWrite(Shape):
    """An option and, for reading only, its values: those that variants use are the ones that exist."""

    name: Annotated[Line, StringConstraints(max_length=60)] = Field(examples=["Size"])
    values: list[Line] = Field(default_factory=list, examples=[["S", "M"]])


class ImageWrite(Shape):
    """A picture that lies somewhere already."""

    url: ImageUrl = Field(examples=["/media/demo/stoneware-mug.svg"])
    alt: Annotated[str, StringConstraints(max_length=500)] = ""


class ImageUpdate(Shape):
    """Changes of a picture; what is left out stays."""

    alt: Alt | None = Field(None, examples=["A grey stoneware mug"])
    variant_ids: list[UUID] | None = Field(None, max_length=500)
    """Variants that shall show this picture instead of the product's first; others that did, do not any more."""


class ImageOrder(Shape):
    """The pictures of a product in the order in which they shall be shown, the first one in lists."""

    image_ids: list[UUID] = Field(max_length=50, examples=[[EXAMPLE_ID]])


class ProductFields(Shape):
    """What creating and replacing have in common."""

    slug: Slug | None = None
    """Left out: made of the name."""
    description: Prose = ""
    """Plain text or HTML; HTML is sanitised."""
    category_id: UUID | None = None
    brand: Annotated[Line, StringConstraints(max_length=120)] | None = None
    tags: list[Tag] = Field(default_factory=list, max_length=100)
    attributes: dict[Line, Annotated[str, StringConstraints(max_length=1000)]] = Field(
        default_factory=dict, max_length=100
    )
    compare_at_price: Money | None = None
    sku: Sku | None = None
    stock_quantity: Count | None = None
    weight_grams: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] | None = None
    barcode: Annotated[Line, StringConstraints(max_length=64)] | None = None
    options: list[OptionWrite] = Field(default_factory=list, max_length=5)
    variants: list[VariantWrite] = Field(default_factory=list, max_length=MAX_VARIANTS)
    images: list[ImageWrite] = Field(default_factory=list, max_length=50)
    tax_class: TaxClass = Field("standard", examples=["standard"])
    """Which tax rates apply to it."""
    status: Status = "active"
    listed: Flag = True
    """False: sold on its page alone; lists, search, suggestions and counts leave it out."""
    publish_at: Moment | None = None
    """A draft with this moment is published then."""
    seo: Seo = Seo()


class ProductCreate(ProductFields):
    """A new product. Without `variants` it gets one default variant with the `price`, `sku` and `stock_quantity`."""

    name: Line = Field(examples=["Stoneware mug"])
    price: Money | None = Field(None, examples=[{"amount": "19.99", "currency": "EUR"}])
    """Price of every variant that does not name its own."""
    vendor_id: UUID | None = None
    """The selling vendor; left out, the actor's own vendor, or the marketplace's own for operators."""


class ProductReplace(ProductFields):
    """A product as it is from now on; what is left out goes back to its default.

    Slug, stock, variants and pictures stay as they are where `slug`, `stock_quantity`, `variants`, `options`, `sku`,
    `barcode`, `weight_grams` or `images` are left out; `price` goes to every variant. An empty list of `images` removes
    them; an empty list of `variants` leaves one that has no options.
    """

    name: Line = Field(examples=["Stoneware mug"])
    price: Money | None = None


class ProductUpdate(Shape):
    """Changes; what is left out stays. `variants`, `tags`, `images` and `options` replace the whole list."""

    name: Line | None = Field(None, examples=["Stoneware cup"])
    slug: Slug | None = None
    description: Prose | None = None
    category_id: UUID | None = None
    brand: Annotated[Line, StringConstraints(max_length=120)] | None = None
    tags: list[Tag] | None = Field(None, max_length=100)
    attributes: dict[Line, Annotated[str, StringConstraints(max_length=1000)]] | None = Field(None, max_length=100)
    price: Money | None = None
    compare_at_price: Money | None = None
    sku: Sku | None = None
    stock_quantity: Count | None = None
    weight_grams: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] | None = None
    barcode: Annotated[Line, StringConstraints(max_length=64)] | None = None
    options: list[OptionWrite] | None = Field(None, max_length=5)
    variants: list[VariantWrite] | None = Field(None, max_length=MAX_VARIANTS)
    images: list[ImageWrite] | None = Field(None, max_length=50)
    tax_class: TaxClass | None = None
    status: Status | None = None
    listed: Flag | None = None
    publish_at: Moment | None = None
    seo: Seo | None = None


FilterNames = Annotated[
    list[Annotated[Line, StringConstraints(max_length=60)]], Field(max_length=30, examples=[["Material", "Size"]])
]
"""Names of attributes and options by which what is in a category and below it can be filtered."""


class CategoryCreate(Shape):
    """A new category."""

    name: Line = Field(examples=["Kitchen"])
    slug: Slug | None = None
    parent_id: UUID | None = None
    position: Count = 0
    filters: FilterNames = Field(default_factory=list)
    """Names of attributes and options that search counts and filters by, in this category and below it."""


class CategoryUpdate(Shape):
    """Changes of a category; what is left out stays."""

    name: Line | None = Field(None, examples=["Kitchen & Table"])
    slug: Slug | None = None
    parent_id: UUID | None = None
    position: Count | None = None
    filters: FilterNames | None = None
    """Names of attributes and options that search counts and filters by, in this category and below it."""


class StockSet(Shape):
    """How many units are to be available."""

    available: Count = Field(examples=[25])
    note: Annotated[str, StringConstraints(max_length=500)] = Field("", examples=["stock take"])
    allow_backorder: Flag | None = None
