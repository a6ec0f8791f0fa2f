"""Shapes of the catalogue that clients get; what they send is in `write_schemas`."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.catalog.currency_prices.schemas import PriceRead
from mercat.files import Picture
from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Shape

Status = Literal["draft", "active", "archived"]


class Rating(Shape):
    """Stars and how many gave them."""

    average: float = Field(examples=[4.5])
    count: int = Field(examples=[12])


class Reference(Shape):
    """Something by its id, slug and name."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])


class ImageRead(Picture):
    """A picture of a product."""

    id: UUID


class OptionRead(Shape):
    """What can be chosen."""

    name: str = Field(examples=["Size"])
    values: list[str] = Field(examples=[["S", "M", "L"]])


class VariantRead(Shape):
    """What is bought."""

    id: UUID
    sku: str | None = Field(examples=["MUG-GREY-M"])
    title: str = Field(examples=["Grey / M"])
    options: dict[str, str] = Field(examples=[{"Size": "M"}])
    price: Money
    compare_at_price: Money | None
    lowest_price_30d: Money | None
    """Of a reduced price: the lowest of the 30 days before the reduction, null if it was never sold before."""
    prices: list[PriceRead]
    """Those that were set in other currencies."""
    weight_grams: int | None
    barcode: str | None
    image: Picture | None
    """Of this variant alone; null where the product's pictures represent it."""
    available: int = Field(examples=[7])
    in_stock: bool


class Seo(Shape):
    """What search engines are told."""

    title: Annotated[str, StringConstraints(max_length=255)] = ""
    description: Annotated[str, StringConstraints(max_length=1000)] = ""


class ProductSummary(Shape):
    """A product in a list."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])
    price: Money
    """The lowest price among the variants."""
    compare_at_price: Money | None
    lowest_price_30d: Money | None
    """Of a reduced price: the lowest of the 30 days before the reduction, null if it was never sold before."""
    in_stock: bool
    rating: Rating
    vendor: Reference
    brand: Reference | None
    category: Reference | None
    image: Picture | None
    """Its first."""
    tags: list[str] = Field(examples=[["kitchen", "stoneware"]])
    created_at: datetime


class ProductRead(ProductSummary):
    """A product with everything a buyer chooses by."""

    description: str
    """Plain text."""
    description_html: str
    """The same as sanitised HTML."""
    attributes: dict[str, str] = Field(examples=[{"Material": "Stoneware"}])
    images: list[ImageRead]
    options: list[OptionRead]
    variants: list[VariantRead]
    stock_quantity: int = Field(examples=[21])
    """Units that can be sold now, over all variants."""
    tax_class: str = Field(examples=["standard"])
    status: Status
    is_active: bool
    listed: bool
    """Whether lists, search and suggestions show it while it is on sale; else only its page does."""
    publish_at: datetime | None
    slugs: dict[str, str] = Field(examples=[{"en": "stoneware-mug", "de": "steingutbecher"}])
    """Its slug in every language of the marketplace, for links between them; empty where there is one language."""
    seo: Seo
    version: int
    updated_at: datetime


class CategoryNode(Shape):
    """A category with what is below it."""

    id: UUID
    slug: str = Field(examples=["kitchen"])
    name: str = Field(examples=["Kitchen"])
    product_count: int = Field(examples=[42])
    """Listed products on sale in it and below it."""
    children: list["CategoryNode"]


class CategoryRead(Shape):
    """A category as operators edit it."""

    id: UUID
    slug: str = Field(examples=["kitchen"])
    name: str = Field(examples=["Kitchen"])
    parent_id: UUID | None
    """The category above it; null at the top."""
    position: int = Field(examples=[3])
    """Its position among its siblings."""
    filters: list[str] = Field(examples=[["Material", "Size"]])
    """Names of attributes and options that search counts and filters by, in this category and below it."""


class DeletedListing(PageParams):
    """Which page of what was deleted, and in which order."""

    sort: Literal["-deleted_at", "deleted_at", "name", "-name"] = "-deleted_at"
    """Order of the list: downward with a minus sign."""


class DeletedProduct(Shape):
    """A deleted product, which can be restored."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])
    vendor: Reference
    deleted_at: datetime


class DeletedCategory(Shape):
    """A deleted category, which can be restored."""

    id: UUID
    slug: str = Field(examples=["kitchen"])
    name: str = Field(examples=["Kitchen"])
    parent_id: UUID | None
    deleted_at: datetime


class LevelRead(Shape):
    """The stock of a variant at a location."""

    location_id: UUID
    on_hand: int
    reserved: int
    allow_backorder: bool


class MovementRead(Shape):
    """One change of the stock and its reason."""

    kind: str = Field(examples=["reserved"])
    on_hand_delta: int
    reserved_delta: int
    order_id: UUID | None
    actor: str
    note: str
    at: datetime


class StockRead(Shape):
    """A variant's stock and the latest reasons for it, newest first."""

    variant_id: UUID
    available: int
    version: str = Field(examples=["9f86d081884c7d65"])
    """Another one as soon as any of it changes; in quotes, an `If-Match` for setting it."""
    levels: list[LevelRead]
    movements: list[MovementRead]
