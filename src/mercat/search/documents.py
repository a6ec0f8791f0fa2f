"""The search document of a product in a locale: its words by where they stand, its facets, and its popularity."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mercat.catalog.listing import ListedProduct
from mercat.kit.slugs import name_slug
from mercat.search.config import settings
from mercat.search.text import Analyzer, Spellings, code_runs

PRIOR_RATINGS = 5
PRIOR_AVERAGE = 3.5
"""A product is rated as if so many more people had given it so much: one enthusiast does not make it the best."""
HALF_SOLD = 20
"""Units sold that earn half of what sales can add."""
LONGEST_TEXT = 20_000
"""Characters of a description that are searched."""
MOST_CODES = 400
"""SKUs and barcodes of a product that are searched."""
LONGEST_VALUE = 100
"""Characters of an attribute's or option's value that can be filtered by."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A value by which a product can be filtered, of a facet such as `category` or `attr.material`."""

    facet: str
    key: str
    """What it is known by for good: an id, or the value itself."""
    value: str
    """What filters name it by."""
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """What an engine holds of a product in a locale.

    The words come in three parts of falling weight: the name; what is said about the product (brand, categories,
    vendor, tags, attributes, options, codes); and its description.
    """

    product_id: UUID
    locale: str
    name: tuple[Spellings, ...]
    about: tuple[Spellings, ...]
    codes: frozenset[str]
    text: tuple[Spellings, ...]
    facets: tuple[Facet, ...]
    price_minor: int
    rating_average: float
    in_stock: bool
    on_sale: bool
    sold_count: int
    popularity: float
    created_at: datetime
    name_key: str


def document_of(product: ListedProduct, analyzer: Analyzer, source: ListedProduct | None = None) -> Document:
    """Return the search document of a product.

    `source` is the product as it was written: what it is filtered by is the same in every language.
    """
    about: list[str] = [product.vendor.name, *(category.name for category in product.categories), *product.tags]
    if product.brand:
        about.append(product.brand.name)
    about += product.attributes.values()
    about += (value for values in product.options.values() for value in values)
    return Document(
        product_id=product.id,
        locale=analyzer.locale,
        name=tuple(analyzer.words(product.name)),
        about=tuple(word for part in about for word in analyzer.words(part)),
        codes=frozenset(part for code in product.codes[:MOST_CODES] for part in code_runs(code)),
        text=tuple(analyzer.words(product.description[:LONGEST_TEXT])),
        facets=tuple(_facets(source or product)),
        price_minor=product.price_minor,
        rating_average=product.rating_average,
        in_stock=product.in_stock,
        on_sale=product.on_sale,
        sold_count=product.sold_count,
        popularity=popularity(product),
        created_at=product.created_at,
        name_key=product.name_key,
    )


def popularity(product: ListedProduct) -> float:
    """Return what sales, ratings and stock add to a product's score.

    Sales earn `sold / (sold + 20)` of their weight. Ratings earn a fifth of their average, to which five ratings of 3.5
    are added (a Bayesian average). Stock earns its weight or nothing.
    """
    weights = settings()
    sold = product.sold_count / (product.sold_count + HALF_SOLD)
    stars = product.rating_average * product.rating_count + PRIOR_AVERAGE * PRIOR_RATINGS
    rating = stars / (product.rating_count + PRIOR_RATINGS) / 5
    score = (
        weights.search_weight_sold * sold
        + weights.search_weight_rating * rating
        + weights.search_weight_stock * product.in_stock
    )
    return math.floor(score * 1e6) / 1e6


def _facets(product: ListedProduct) -> Iterable[Facet]:
    vendor, brand = product.vendor, product.brand
    yield Facet("vendor", vendor.id, vendor.slug, vendor.name)
    if brand:
        yield Facet("brand", brand.id, brand.slug, brand.name)
    for category in product.categories:
        yield Facet("category", category.id, category.slug, category.name)
    for tag in product.tags:
        yield Facet("tag", name_slug(tag), name_slug(tag), tag)
    for name, value in product.attributes.items():
        if name.casefold() in product.filters:
            yield from _value(f"attr.{name.casefold()}", value)
    for name, values in product.options.items():
        if name.casefold() in product.filters:
            for value in values:
                yield from _value(f"option.{name.casefold()}", value)


def _value(facet: str, label: str) -> Iterable[Facet]:
    label = " ".join(label.split())
    if 0 < len(label) <= LONGEST_VALUE:
        yield Facet(facet, label.casefold(), label.casefold(), label)
