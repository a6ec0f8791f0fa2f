"""What is counted of a document, as numbers in one array: one pass over it counts all facets.

Values of facets have the numbers of `search_facet_values`. What is a column has numbers below zero; zero stands for the
document itself, where counts are kept.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from mercat.search.documents import Document
from mercat.search.engine import Counted, FacetCounts
from mercat.search.prices import EDGES

IN_STOCK, OUT_OF_STOCK, ON_SALE, NOT_ON_SALE = -1, -2, -3, -4
STARS = -10
"""No stars; one is a number less, and so on."""
PRICE = -100
"""A price at the lowest edge; one beyond it is a number less, one at the next edge two, and so on."""
MOST_STARS = 5
OWN = {
    "price": (PRICE - 2 * len(EDGES), PRICE),
    "rating": (STARS - MOST_STARS, STARS),
    "in_stock": (OUT_OF_STOCK, IN_STOCK),
    "on_sale": (NOT_ON_SALE, ON_SALE),
}
"""Facets that are no values of documents, but columns: the lowest and the highest of their numbers."""
Row = tuple[int, int, str | None, str, str, str]
"""A number, how many documents have it, and facet, value, label and key of what it stands for."""


def numbers_of(document: Document, values: Iterable[int]) -> list[int]:
    """Return all that is counted of a document; `values` are the numbers of its facets' values."""
    place = bisect_right(EDGES, document.price_minor) - 1
    return [
        PRICE - 2 * place - (EDGES[place] != document.price_minor),
        STARS - min(MOST_STARS, math.floor(document.rating_average)),
        ON_SALE if document.on_sale else NOT_ON_SALE,
        IN_STOCK if document.in_stock else OUT_OF_STOCK,
        *sorted(set(values)),
    ]


def facet_counts(rows: Iterable[Row]) -> FacetCounts:
    """Return what was counted as the port knows it."""
    values: dict[str, list[Counted]] = defaultdict(list)
    own: dict[str, dict[Any, int]] = {facet: {} for facet in OWN}
    for number, count, facet, value, label, key in rows:
        if facet is not None:
            values[facet].append(Counted(key, value, label, count))
        elif number <= PRICE:
            place, beyond = divmod(PRICE - number, 2)
            own["price"][EDGES[place], not beyond] = count
        elif number <= STARS:
            own["rating"][STARS - number] = count
        elif number >= OUT_OF_STOCK:
            own["in_stock"][number == IN_STOCK] = count
        else:
            own["on_sale"][number == ON_SALE] = count
    return FacetCounts(values, own["price"], own["rating"], own["in_stock"], own["on_sale"])
