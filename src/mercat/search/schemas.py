"""Shapes of search."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.catalog.listing import ProductSummary
from mercat.files import Picture
from mercat.kit.money import Money
from mercat.kit.pagination import Page
from mercat.kit.shapes import Shape


class FacetValue(Shape):
    """One value of a facet and how many of the products found have it."""

    value: str = Field(examples=["kitchen"])
    """What the filter of this name takes; for ratings `min_rating`."""
    label: str = Field(examples=["Kitchen"])
    count: int = Field(examples=[42])
    selected: bool
    """Whether it is one of those that were asked for."""


class PriceRange(FacetValue):
    """Prices between two round ones, both included."""

    value: str = Field(examples=["10.00-25.00"])
    min: str = Field(examples=["10.00"])
    """What `min_price` takes."""
    max: str = Field(examples=["25.00"])
    """What `max_price` takes."""


class Facet(Shape):
    """A property by which what was found can be narrowed; its counts leave out what is chosen of itself."""

    label: str = Field(examples=["Category"])
    is_estimate: bool
    """Whether its counts are about right, and rare values may be missing, since too much was found to be counted."""
    values: list[FacetValue | PriceRange]


class SearchRedirect(Shape):
    """Where a query leads, as operators want it, instead of to what was found."""

    kind: Literal["category", "vendor", "product", "path"] = Field(examples=["category"])
    id: UUID | None
    """Of a category, vendor or product."""
    slug: str | None = Field(examples=["kitchen"])
    path: str | None = Field(examples=["/help/shipping"])
    """Within the site, of the kind `path`."""


class ProductPage(Page[ProductSummary]):
    """A page of products."""

    total_is_estimate: bool = False
    """Whether `total` and `pages` are about right: more than about 10,000 products that have several words, or words
    and filters, are not counted one by one."""
    relaxed: bool = False
    """Whether these products have most of the words that were searched for, since none has all of them."""
    dropped_words: list[str] = Field([], examples=[["formal"]])
    """Words that were left out then."""


class SearchPage(ProductPage):
    """A page of products found, with facets: `category`, `brand`, `vendor`, `price`, `rating`, `in_stock`, `on_sale`.

    After them come `attr.<name>` and `option.<name>`, as the categories of what was found declare them.
    """

    facets: dict[str, Facet]
    did_you_mean: str | None = Field(examples=["teapot"])
    """Words that are found where those that were typed are not."""
    corrected: bool
    """Whether this is what those words find."""
    degraded: bool
    """Whether another engine answered than the one that is set up."""
    redirect: SearchRedirect | None
    """Where a client should lead the buyer instead of showing what was found."""


class SuggestedProduct(Shape):
    """A product whose name has what was typed."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])
    price: Money
    image: Picture | None


class SuggestedValue(Shape):
    """A category, brand or vendor whose name has what was typed."""

    slug: str = Field(examples=["kitchen"])
    name: str = Field(examples=["Kitchen"])


class Suggestions(Shape):
    """How what was typed can be completed."""

    products: list[SuggestedProduct]
    categories: list[SuggestedValue]
    brands: list[SuggestedValue]
    vendors: list[SuggestedValue]
    queries: list[str] = Field(examples=[["stoneware mug"]])
    """Popular searches that begin so, then words of the catalogue after those that were typed before."""
