"""Questions as Elasticsearch's query language has them: filters over coded terms, levels as constant scores."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from mercat.search.engine import ORDERS, Filters, Request
from mercat.search.levels import ANY, Level, forms_of, levels_of
from mercat.search.prices import EDGES
from mercat.search.remote import readings
from mercat.search.text import Phrase, Query, Word

Clause = dict[str, Any]
MOST_VALUES = 10_000
"""Values of facets that are counted, those with the most products."""
FULL_STARS = range(6)
PRICES = [
    *({"key": f"{edge}=", "from": edge, "to": edge + 1} for edge in EDGES),
    *({"key": f"{low}+", "from": low + 1, "to": high} for low, high in pairwise(EDGES)),
    {"key": f"{EDGES[-1]}+", "from": EDGES[-1] + 1},
]
"""Prices that are an edge, and those between two."""
COUNTS: Mapping[str, Clause] = {
    "price": {"range": {"field": "price_minor", "ranges": PRICES}},
    "rating": {
        "range": {
            "field": "rating_average",
            "ranges": [{"key": str(stars), "from": stars, "to": stars + 1} for stars in FULL_STARS],
        }
    },
    "in_stock": {"terms": {"field": "in_stock", "size": 2}},
    "on_sale": {"terms": {"field": "on_sale", "size": 2}},
}
VALUES: Clause = {"terms": {"field": "facets", "size": MOST_VALUES}}


def search_body(request: Request, facets: Mapping[str, Sequence[int]]) -> Clause:
    """Return the body that asks for a page."""
    narrowed = [*_always(request), *conditions_of(request.filters, facets).values()]
    body: Clause = {"from": request.offset, "size": request.size, "_source": False, "track_total_hits": True}
    if request.sort == "relevance" and request.query:
        ranked = {"dis_max": {"queries": [_scored(level) for level in levels_of(request.query)]}}
        popular = {"field": "popularity", "missing": 0}
        query: Clause = {"bool": {"must": [ranked], "filter": narrowed, "must_not": _excluded(request.query)}}
        body["query"] = {"function_score": {"query": query, "field_value_factor": popular, "boost_mode": "sum"}}
        body["sort"] = [{"_score": "desc"}, {"product_id": "desc"}]
    else:
        column, downwards = ORDERS[request.sort]
        direction = "desc" if downwards else "asc"
        body["query"] = _all_of([*_found_by(request.query), *narrowed], _excluded(request.query))
        body["sort"] = [{column: direction}, {"product_id": direction}]
    return body


def counts_body(request: Request, facets: Mapping[str, Sequence[int]]) -> Clause:
    """Return the body that counts values: `found` those of facets that are not chosen from, the others by themselves.

    Each of the others is counted over what is found without its own condition.
    """
    conditions = conditions_of(request.filters, facets)
    free = {facet: count for facet, count in COUNTS.items() if facet not in conditions}
    counts = {"found": _counted(conditions, "", {"values": VALUES, **free})}
    for facet in conditions:
        own = COUNTS.get(facet, VALUES)
        counts[f"of:{facet}"] = _counted(conditions, facet, {"values": own})
    query = _all_of([*_always(request), *_found_by(request.query)], _excluded(request.query))
    return {"size": 0, "track_total_hits": False, "query": query, "aggs": counts}


def conditions_of(filters: Filters, facets: Mapping[str, Sequence[int]]) -> dict[str, Clause]:
    """Return what products are narrowed by, facet by facet."""
    conditions: dict[str, Clause] = {
        facet: {"terms": {"facets": [str(one) for one in ids]}} for facet, ids in facets.items()
    }
    bounds = {"gte": filters.min_price, "lte": filters.max_price}
    if given := {bound: price for bound, price in bounds.items() if price is not None}:
        conditions["price"] = {"range": {"price_minor": given}}
    if filters.min_rating is not None:
        conditions["rating"] = {"range": {"rating_average": {"gte": filters.min_rating}}}
    if filters.in_stock is not None:
        conditions["in_stock"] = {"term": {"in_stock": filters.in_stock}}
    if filters.on_sale is not None:
        conditions["on_sale"] = {"term": {"on_sale": filters.on_sale}}
    return conditions


def _counted(conditions: Mapping[str, Clause], without: str, counts: Mapping[str, Clause]) -> Clause:
    others = [condition for facet, condition in conditions.items() if facet != without]
    return {"filter": _all_of(others, []), "aggs": dict(counts)}


def _always(request: Request) -> list[Clause]:
    """Return what holds whichever facet is left out."""
    clauses: list[Clause] = [{"term": {"locale": request.locale}}]
    if request.filters.only:
        clauses.append(_products(request.filters.only))
    if request.filters.without:
        clauses.append(_all_of([], [_products(request.filters.without)]))
    return clauses


def _products(ids: Iterable[UUID]) -> Clause:
    return {"terms": {"product_id": [str(one) for one in ids]}}


def _found_by(query: Query) -> list[Clause]:
    return _wanted(query, ANY)


def _scored(level: Level) -> Clause:
    wanted = _wanted(level.query, level.code)
    if level.some:
        wanted.append(_any(level.query, level.some))
    return {"constant_score": {"filter": _all_of(wanted, []), "boost": level.score}}


def _wanted(query: Query, code: str) -> list[Clause]:
    return [_group(group, code) for group in query.groups] + [_phrase(phrase) for phrase in query.phrases]


def _excluded(query: Query) -> list[Clause]:
    return [_word(word, ANY) for word in query.excluded] + [_phrase(phrase) for phrase in query.excluded_phrases]


def _group(group: tuple[tuple[Word, ...], ...], code: str) -> Clause:
    alone = [words[0] for words in group if len(words) == 1]
    clauses = [_all_of([_word(word, code) for word in words], []) for words in group if len(words) > 1]
    if alone:
        clauses.append(_terms(form for word in alone for form in forms_of(word, code)))
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _any(query: Query, code: str) -> Clause:
    return _terms(form for group in query.groups for words in group for word in words for form in forms_of(word, code))


def _word(word: Word, code: str) -> Clause:
    return _terms(forms_of(word, code))


def _terms(terms: Iterable[str]) -> Clause:
    return {"terms": {"terms": [*dict.fromkeys(terms)]}}


def _phrase(phrase: Phrase) -> Clause:
    read = [{"match_phrase": {"runs": text}} for text in readings(phrase.words)]
    return read[0] if len(read) == 1 else {"bool": {"should": read, "minimum_should_match": 1}}


def _all_of(wanted: Sequence[Clause], excluded: Sequence[Clause]) -> Clause:
    return {"bool": {"filter": [*wanted], "must_not": [*excluded]}}
