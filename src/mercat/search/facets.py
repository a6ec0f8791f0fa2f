"""Facets as readers get them: labels, values, counts, and which values were chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mercat import i18n, translations
from mercat.kit.database import Reads
from mercat.kit.money import default_currency, format_minor
from mercat.search import prices
from mercat.search.engine import Counted, FacetCounts, Filters
from mercat.search.schemas import Facet, FacetValue, PriceRange
from mercat.translations import Key

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
LABELLED = 4 * MOST_VALUES
"""Values of a facet, those with the most products, that are looked up in another language."""
TRANSLATED = {"category", "brand"}
"""Facets whose values have texts of their own; those of attributes have them with their attribute."""
FILTERS_ONLY = {"tag"}
"""What filters and is not counted for readers."""


async def in_locale(reads: Reads, counts: FacetCounts, locale: str) -> tuple[FacetCounts, Mapping[str, str]]:
    """Return what was counted with the labels of another language, and what facets of attributes are called there.

    Values stay those of the source. One statement, for what may be shown.
    """
    ordered = {facet: sorted(some, key=_place) for facet, some in counts.values.items()}
    labelled = {facet: some[:LABELLED] for facet, some in ordered.items() if facet in TRANSLATED or "." in facet}
    things = {Key(facet, one.key) for facet, some in labelled.items() if facet in TRANSLATED for one in some}
    named = {facet: Key("attribute", facet.partition(".")[2]) for facet in labelled if facet not in TRANSLATED}
    texts = await translations.load_for_readers(reads, [*things, *set(named.values())], locale)
    values: dict[str, Sequence[Counted]] = dict(ordered)
    for facet, some in labelled.items():
        attribute = texts.of(named[facet], locale) if facet in named else None
        values[facet] = [
            replace(one, label=attribute.get(f"values.{one.label}", one.label))
            if attribute is not None
            else replace(one, label=texts.of(Key(facet, one.key), locale).get("name", one.label))
            for one in some
        ] + ordered[facet][LABELLED:]
    labels = {facet: texts.of(thing, locale).get("name", "") for facet, thing in named.items()}
    own = {facet: i18n.translate(locale, told) for facet, told in LABELS.items()}
    return replace(counts, values=values), labels | own


def _place(one: Counted) -> tuple[int, str]:
    return -one.count, one.label


def shown(counts: FacetCounts, filters: Filters, labels: Mapping[str, str] | None = None) -> dict[str, Facet]:
    """Return facets by name; those of attributes and options come last, where there are any.

    `labels` are what facets are called in another language.
    """
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
    return {
        facet: Facet(
            label=(labels or {}).get(facet) or _label(facet),
            is_estimate=counts.estimates(facet),
            values=list(values),
        )
        for facet, values in named.items()
    }


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
