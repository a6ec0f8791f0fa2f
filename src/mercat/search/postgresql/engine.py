"""Questions to the documents in PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mercat.kit.database import Reads
from mercat.search.engine import Counted, FacetCounts, Filters, Found, Request
from mercat.search.postgresql.facet_values import ids_of
from mercat.search.postgresql.terms import facets_of, found_by, scored
from mercat.search.prices import EDGES

ORDERS = {
    "newest": ("created_at", "DESC"),
    "-created_at": ("created_at", "DESC"),
    "created_at": ("created_at", "ASC"),
    "price": ("price_minor", "ASC"),
    "-price": ("price_minor", "DESC"),
    "name": ("name_key", "ASC"),
    "-name": ("name_key", "DESC"),
    "-rating": ("rating_average", "DESC"),
    "best_selling": ("sold_count", "DESC"),
    "relevance": ("popularity", "DESC"),
}
SORTED = """
SELECT d.product_id, (SELECT count(*) FROM search_documents d WHERE {where}) FROM search_documents d WHERE {where}
ORDER BY d.{column} {direction}, d.product_id {direction} LIMIT %(size)s OFFSET %(offset)s
"""
# each level gives its best, so that a page needs none of the others; one that is found on several has its best score
RANKED = """
WITH levels AS ({levels})
SELECT product_id, (SELECT count(*) FROM search_documents d WHERE {where}) FROM levels
GROUP BY product_id ORDER BY max(score) DESC, product_id DESC LIMIT %(size)s OFFSET %(offset)s
"""
LEVEL = """
(SELECT d.product_id, d.popularity + {score} AS score FROM search_documents d WHERE {where}
 ORDER BY d.popularity DESC, d.product_id DESC LIMIT %(size)s + %(offset)s)
"""
TOTAL = "SELECT count(*) FROM search_documents d WHERE {where}"
BASE = """{name} AS MATERIALIZED (
    SELECT facets, price_minor, rating_average, in_stock, on_sale FROM search_documents d WHERE {where}
)"""
VALUES = """
SELECT v.facet, v.value, v.label, c.n, v.key
FROM (SELECT f, count(*) AS n FROM {name}, unnest(facets) AS f GROUP BY f) c
JOIN search_facet_values v ON v.id = c.f WHERE {of}
"""
PRICES = """
SELECT 'price', edge::text, (price_minor = edge)::text, count(*), '' FROM {name}
CROSS JOIN LATERAL (SELECT (%(edges)s::bigint[])[width_bucket(price_minor, %(edges)s::bigint[])] AS edge) e
GROUP BY 2, 3
"""
SIMPLE = "SELECT '{facet}', ({of})::text, '', count(*), '' FROM {name} GROUP BY 2"
OWN = ("price", "rating", "in_stock", "on_sale")
"""Facets that are no values of documents, but columns."""


@dataclass(slots=True)
class _Conditions:
    """What documents must be, as SQL on `search_documents d`; by facet, so that each can be left out."""

    words: str
    terms: dict[str, tuple[int, ...]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)

    def where(self, *, without: str = "", words: str | None = None) -> str:
        """Return the condition, with other words if any are given."""
        query = [words if words is not None else self.words]
        query.append(facets_of(ids for facet, ids in self.terms.items() if facet != without))
        found = " & ".join(f"({part})" for part in query if part)
        parts = ["d.locale = %(locale)s"]
        if found:
            name = f"q{len(self.params)}"
            self.params[name] = found
            parts.append(f"d.terms @@ %({name})s::tsquery")
        parts += [condition for facet, condition in self.columns.items() if facet != without]
        return " AND ".join(parts)


class PostgresEngine:
    """Search over `search_documents`."""

    degraded = False

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""
        conditions = await self._conditions(request)
        if conditions is None:
            return Found([], 0)
        ranked = request.sort == "relevance" and bool(request.query)
        column, direction = ORDERS[request.sort]
        where = conditions.where()
        if ranked:
            levels = " UNION ALL ".join(
                LEVEL.format(score=f"{score}::float8", where=conditions.where(words=words))
                for score, words in scored(request.query)
            )
            statement = RANKED.format(levels=levels, where=where)
        else:
            statement = SORTED.format(where=where, column=column, direction=direction)
        params = {**conditions.params, "size": request.size, "offset": request.offset}
        rows = await self._reads.rows(statement, params)
        if rows:
            return Found([row[0] for row in rows], rows[0][1])
        beyond = await self._reads.row(TOTAL.format(where=where), conditions.params) if request.offset else None
        return Found([], beyond[0] if beyond else 0)

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
        conditions = await self._conditions(request)
        values: dict[str, list[Counted]] = defaultdict(list)
        own: dict[str, dict[Any, int]] = {facet: {} for facet in OWN}
        if conditions is not None:
            for facet, value, label, count, key in await self._counted(conditions):
                if facet == "price":
                    own[facet][int(value), label == "true"] = count
                elif facet == "rating":
                    own[facet][int(value)] = count
                elif facet in OWN:
                    own[facet][value == "true"] = count
                else:
                    values[facet].append(Counted(key, value, label, count))
        return FacetCounts(values, own["price"], own["rating"], own["in_stock"], own["on_sale"])

    async def _counted(self, conditions: _Conditions) -> Sequence[tuple[str, str, str, int, str]]:
        chosen = [*conditions.terms, *conditions.columns]
        bases = {"found": ""} | {f"found_{n}": facet for n, facet in enumerate(chosen)}
        ctes = [BASE.format(name=name, where=conditions.where(without=facet)) for name, facet in bases.items()]
        counts = []
        for name, without in bases.items():
            facets = [without] if without else [facet for facet in OWN if facet not in chosen]
            for facet in facets:
                if facet == "price":
                    counts.append(PRICES.format(name=name))
                elif facet in OWN:
                    of = "floor(rating_average)::int" if facet == "rating" else facet
                    counts.append(SIMPLE.format(facet=facet, of=of, name=name))
                else:
                    key = f"of{len(conditions.params)}"
                    conditions.params[key] = facet
                    counts.append(VALUES.format(name=name, of=f"v.facet = %({key})s"))
        counts.append(VALUES.format(name="found", of="v.facet <> ALL(%(chosen)s::text[])"))
        statement = f"WITH {', '.join(ctes)} " + " UNION ALL ".join(f"({count})" for count in counts)
        params = {**conditions.params, "chosen": list(conditions.terms), "edges": list(EDGES)}
        return await self._reads.rows(statement, params)

    async def _conditions(self, request: Request) -> _Conditions | None:
        """Return what documents must be, or None if none can: a value that is asked for does not exist."""
        filters = request.filters
        conditions = _Conditions(found_by(request.query) if request.query else "")
        conditions.params["locale"] = request.locale
        if filters.facets:
            ids = await ids_of(self._reads, filters.facets)
            for facet in filters.facets:
                if not ids[facet]:
                    return None
                conditions.terms[facet] = tuple(ids[facet])
        conditions.columns, more = _columns(filters)
        conditions.params |= more
        return conditions


def _columns(filters: Filters) -> tuple[dict[str, str], dict[str, Any]]:
    columns: dict[str, str] = {}
    low, high = filters.min_price, filters.max_price
    if low is not None or high is not None:
        parts = ["d.price_minor >= %(min_price)s"] * (low is not None) + ["d.price_minor <= %(max_price)s"] * (
            high is not None
        )
        columns["price"] = " AND ".join(parts)
    if filters.min_rating is not None:
        columns["rating"] = "d.rating_average >= %(min_rating)s"
    if filters.in_stock is not None:
        columns["in_stock"] = "d.in_stock = %(in_stock)s"
    if filters.on_sale is not None:
        columns["on_sale"] = "d.on_sale = %(on_sale)s"
    if filters.only:
        columns["only"] = "d.product_id = ANY(%(only)s)"
    if filters.without:
        columns["without"] = "d.product_id <> ALL(%(without)s)"
    params = {"min_price": low, "max_price": high, "min_rating": filters.min_rating, "in_stock": filters.in_stock}
    return columns, {
        **params, "on_sale": filters.on_sale, "only": list(filters.only), "without": list(filters.without),
    }  # fmt: skip
