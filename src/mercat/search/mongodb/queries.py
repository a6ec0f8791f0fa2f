"""Questions as MongoDB has them: filters over coded terms, levels as the largest of several conditions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from mercat.search.engine import ORDERS, Filters, Request
from mercat.search.levels import ANY, FACET, Level, forms_of, levels_of
from mercat.search.prices import EDGES
from mercat.search.remote import readings
from mercat.search.text import Phrase, Word

Clause = dict[str, Any]
HIGHEST = 1 << 62
PLACES: Mapping[int, tuple[int, bool]] = {
    **{low + 1: (low, False) for low, _ in pairwise(EDGES)},
    EDGES[-1] + 1: (EDGES[-1], False),
    **{edge: (edge, True) for edge in EDGES},
}
"""What a price is counted as, by the lowest price that is: an edge itself, or what is beyond one."""
COUNTS: Mapping[str, list[Clause]] = {
    "price": [
        {
            "$bucket": {
                "groupBy": "$price_minor",
                "boundaries": [*sorted(PLACES), 1 << 62],
                "output": {"count": {"$sum": 1}},
            }
        }
    ],
    "rating": [{"$group": {"_id": {"$floor": "$rating_average"}, "count": {"$sum": 1}}}],
    "in_stock": [{"$group": {"_id": "$in_stock", "count": {"$sum": 1}}}],
    "on_sale": [{"$group": {"_id": "$on_sale", "count": {"$sum": 1}}}],
}
VALUES: list[Clause] = [{"$unwind": "$facets"}, {"$group": {"_id": "$facets", "count": {"$sum": 1}}}]


def found_by(request: Request, facets: Mapping[str, Sequence[int]]) -> Clause:
    """Return the filter of everything that matches."""
    return {"$and": [*_base(request), *conditions_of(request.filters, facets).values()]}


def page_of(request: Request, facets: Mapping[str, Sequence[int]]) -> list[Clause]:
    """Return the pipeline that finds a page."""
    steps: list[Clause] = [{"$match": found_by(request, facets)}]
    if request.sort == "relevance" and request.query:
        scores = [{"$cond": [_matches(level), level.score, 0]} for level in levels_of(request.query)]
        steps.append({"$addFields": {"score": {"$add": [{"$max": scores}, "$popularity"]}}})
        steps.append({"$sort": {"score": -1, "product_id": -1}})
    else:
        column, downwards = ORDERS[request.sort]
        direction = -1 if downwards else 1
        steps.append({"$sort": {column: direction, "product_id": direction}})
    return [*steps, {"$skip": request.offset}, {"$limit": request.size}, {"$project": {"_id": 0, "product_id": 1}}]


def counts_of(request: Request, facets: Mapping[str, Sequence[int]]) -> list[Clause]:
    """Return the pipeline that counts values: each facet over what is found without its own condition."""
    conditions = conditions_of(request.filters, facets)
    counts: dict[str, list[Clause]] = {"found": [*_narrowed(conditions, ""), *VALUES]}
    for facet, steps in COUNTS.items():
        counts[facet] = [*_narrowed(conditions, facet), *steps]
    for number, facet in enumerate(facets):
        counts[f"of{number}"] = [*_narrowed(conditions, facet), *VALUES]
    return [{"$match": {"$and": _base(request)}}, {"$facet": counts}]


def conditions_of(filters: Filters, facets: Mapping[str, Sequence[int]]) -> dict[str, Clause]:
    """Return what products are narrowed by, facet by facet."""
    conditions: dict[str, Clause] = {
        facet: {"terms": {"$in": [f"{FACET}{one}" for one in ids]}} for facet, ids in facets.items()
    }
    bounds = {"$gte": filters.min_price, "$lte": filters.max_price}
    if given := {bound: price for bound, price in bounds.items() if price is not None}:
        conditions["price"] = {"price_minor": given}
    if filters.min_rating is not None:
        conditions["rating"] = {"rating_average": {"$gte": filters.min_rating}}
    if filters.in_stock is not None:
        conditions["in_stock"] = {"in_stock": filters.in_stock}
    if filters.on_sale is not None:
        conditions["on_sale"] = {"on_sale": filters.on_sale}
    return conditions


def _narrowed(conditions: Mapping[str, Clause], without: str) -> list[Clause]:
    others = [condition for facet, condition in conditions.items() if facet != without]
    return [{"$match": {"$and": others}}] if others else []


def _base(request: Request) -> list[Clause]:
    query = request.query
    wanted = [_group(group) for group in query.groups] + [_phrase(phrase) for phrase in query.phrases]
    excluded = [_word(word) for word in query.excluded] + [_phrase(phrase) for phrase in query.excluded_phrases]
    only, without = request.filters.only, request.filters.without
    if only:
        wanted.append({"product_id": {"$in": [str(product_id) for product_id in only]}})
    if without:
        wanted.append({"product_id": {"$nin": [str(product_id) for product_id in without]}})
    return [{"locale": request.locale}, *wanted, *({"$nor": [clause]} for clause in excluded)]


def _group(group: tuple[tuple[Word, ...], ...]) -> Clause:
    clauses = [{"$and": [_word(word) for word in words]} for words in group]
    return clauses[0] if len(clauses) == 1 else {"$or": clauses}


def _word(word: Word) -> Clause:
    return {"terms": {"$in": [*forms_of(word, ANY)]}}


def _phrase(phrase: Phrase) -> Clause:
    """Return the filter of a phrase: the index finds its words, and what is left is read for their order."""
    words: list[Clause] = [{"terms": {"$in": [*spellings]}} for spellings in phrase.words]
    texts = "|".join(re.escape(text) for text in readings(phrase.words))
    return {"$and": [*words, {"runs": {"$regex": f"(?:^| )(?:{texts})(?: |$)"}}]}


def _matches(level: Level) -> Clause:
    """Return the expression whether a document that is found matches on a level."""
    wanted: list[Clause] = [
        {"$or": [{"$and": [_has(forms_of(word, level.code)) for word in words]} for words in group]}
        for group in level.query.groups
    ]
    if level.some:
        every = (word for group in level.query.groups for words in group for word in words)
        wanted.append(_has(form for word in every for form in forms_of(word, level.some)))
    return {"$and": wanted} if wanted else {"$literal": True}


def _has(terms: Iterable[str]) -> Clause:
    return {"$or": [{"$in": [{"$literal": term}, "$terms"]} for term in terms]}
