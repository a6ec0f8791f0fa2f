"""The port to a search engine: what it is asked, and what it answers. Whoever asks has understood the words already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID

from mercat.search.text import Query

Sort = Literal[
    "relevance", "newest", "-created_at", "created_at", "price", "-price", "name", "-name", "-rating", "best_selling"
]
ORDERS: Mapping[Sort, tuple[str, bool]] = {
    "newest": ("created_at", True),
    "-created_at": ("created_at", True),
    "created_at": ("created_at", False),
    "price": ("price_minor", False),
    "-price": ("price_minor", True),
    "name": ("name_key", False),
    "-name": ("name_key", True),
    "-rating": ("rating_average", True),
    "best_selling": ("sold_count", True),
    "relevance": ("popularity", True),
}
"""Which column of documents an order is by, and whether downwards; products that agree in it are in order of their ids.

By relevance that is the order where no words are asked for.
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What products are narrowed by: of each facet any of its values, and every one of the others."""

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by facet, each by its slug, its id or itself."""
    currency: str | None = None
    """Of the prices; none is that of the books. Only PostgreSQL knows others."""
    min_price: int | None = None
    """In minor units, as the next."""
    max_price: int | None = None
    min_rating: float | None = None
    in_stock: bool | None = None
    on_sale: bool | None = None
    only: tuple[UUID, ...] = ()
    """Of these products alone, if any are named."""
    without: tuple[UUID, ...] = ()
    """None of these products."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question to an engine. Without words everything matches, and relevance is popularity."""

    query: Query
    locale: str
    filters: Filters
    sort: Sort = "relevance"
    offset: int = 0
    size: int = 20
    with_total: bool = True
    """Whether anybody asks how much there is; an engine may tell all the same."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A facet's value and how many products have it."""

    key: str
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, and how much there is."""

    product_ids: Sequence[UUID]
    total: int
    is_estimate: bool = False
    """Whether there is so much that an engine has not counted it: `total` is about right then."""


NOTHING = Found((), 0)


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many of the products found have which value. Each facet is counted as if nothing of it were chosen."""

    values: Mapping[str, Sequence[Counted]]
    prices: Mapping[tuple[int, bool], int]
    """See `prices.shown`."""
    ratings: Mapping[int, int]
    """By full stars."""
    in_stock: Mapping[bool, int]
    on_sale: Mapping[bool, int]
    is_estimate: bool = False
    """Whether counts are about right, because there is so much that an engine has not counted it."""
    by_themselves: Mapping[str, bool] = field(default_factory=dict)
    """The same of facets of which something is chosen: they are counted over more."""

    def estimates(self, facet: str) -> bool:
        """Whether the counts of a facet are estimates."""
        return self.by_themselves.get(facet, self.is_estimate)


NO_COUNTS = FacetCounts({}, {}, {}, {}, {})


class Engine(Protocol):
    """A search engine, as one request asks it."""

    @property
    def degraded(self) -> bool:
        """Whether another engine had to answer than the one that is set up."""

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
