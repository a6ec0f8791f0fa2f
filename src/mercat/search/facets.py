"""Facets as readers get them: labels, values, counts, and which values were chosen."""

from collections.abc import Iterable, Mapping, Sequence

from mercat.kit.money import default_currency, format_minor
from mercat.search import prices
from mercat.search.engine import Counted, FacetCounts, Filters
from mercat.search.schemas import Facet, FacetValue, PriceRange

LABELS = {
    "category": "Category",
    "brand": "Brand",
    "vendor": "Vendor",
    "price": "Price",
    "rating": "Rating",
    "in_stock": "In stock",
    "on_sale": "On sale",
}
"""Facets that every answer has, in this order."""
MOST_VALUES = 50
"""Values of a facet that are shown, those with the most products."""
FILTERS_ONLY = {"tag"}
"""What filters and is not counted for readers."""


def shown(counts: FacetCounts, filters: Filters) -> dict[str, Facet]:
    """Return facets by name; those of attributes and options come last, where there are any."""
    own = {
        "price": _prices(counts, filters),
        "rating": _ratings(counts, filters),
        "in_stock": _flags(counts.in_stock, filters.in_stock),
        "on_sale": _flags(counts.on_sale, filters.on_sale),
    }
    named = {
        facet: own[facet] if facet in own else _values(counts.values.get(facet, ()), filters.facets.get(facet, ()))
        for facet in (*LABELS, *sorted(set(counts.values) - set(LABELS) - FILTERS_ONLY))
    }
    return {facet: Facet(label=_label(facet), values=list(values)) for facet, values in named.items()}


def _label(facet: str) -> str:
    name = facet.partition(".")[2]
    return LABELS.get(facet) or name[:1].upper() + name[1:]


def _values(counted: Sequence[Counted], chosen: Sequence[str]) -> Iterable[FacetValue]:
    ordered = sorted(counted, key=lambda one: (-one.count, one.label))
    for place, one in enumerate(ordered):
        selected = one.value in chosen or one.key in chosen
        if place < MOST_VALUES or selected:
            yield FacetValue(value=one.value, label=one.label, count=one.count, selected=selected)


def _prices(counts: FacetCounts, filters: Filters) -> Iterable[PriceRange]:
    currency = filters.currency or default_currency()
    for bucket in prices.shown(counts.prices):
        low, high = format_minor(bucket.low, currency), format_minor(bucket.high, currency)
        yield PriceRange(
            value=f"{low}-{high}",
            label=f"{low} - {high} {currency}",
            count=bucket.count,
            selected=(filters.min_price, filters.max_price) == (bucket.low, bucket.high),
            min=low,
            max=high,
        )


def _ratings(counts: FacetCounts, filters: Filters) -> Iterable[FacetValue]:
    """Yield how many have at least so many stars, as the filter takes them."""
    for stars in range(5, 0, -1):
        if count := sum(number for full, number in counts.ratings.items() if full >= stars):
            selected = filters.min_rating == stars
            yield FacetValue(value=str(stars), label=str(stars), count=count, selected=selected)


def _flags(counts: Mapping[bool, int], chosen: bool | None) -> Iterable[FacetValue]:  # noqa: FBT001 - a filter's value
    for flag in (True, False):
        if count := counts.get(flag, 0):
            name = str(flag).lower()
            yield FacetValue(value=name, label=name, count=count, selected=chosen is flag)
