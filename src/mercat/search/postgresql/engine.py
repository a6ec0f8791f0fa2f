"""Questions to the documents in PostgreSQL."""

from collections.abc import Sequence

from mercat.kit.database import Reads
from mercat.search.engine import NO_COUNTS, NOTHING, FacetCounts, Filters, Found, Request
from mercat.search.facets import FILTERS_ONLY
from mercat.search.postgresql.conditions import Conditions, conditions_of
from mercat.search.postgresql.counted import OWN, PRICE, facet_counts
from mercat.search.postgresql.pages import page_of, total_of
from mercat.search.prices import EDGES
from mercat.search.text import Query

IS_KEPT = "(SELECT count(*) > 0 FROM search_counts s WHERE s.locale = %(locale)s AND s.term = {term} AND s.is_base)"
KEPT = """
SELECT u.id, sum(u.n)::int AS n FROM search_counts s, unnest(s.ids, s.counts) AS u(id, n)
WHERE s.locale = %(locale)s AND s.term = {term} AND {is_kept} GROUP BY u.id HAVING sum(u.n) <> 0
"""
SCAN = "SELECT id, count(*)::int AS n FROM search_documents d, unnest(d.counted) AS id WHERE {where} GROUP BY id"
# as documents are counted, by prices in another currency than that of the books
PRICED_SCAN = f"""
SELECT {PRICE} - 2 * (w.place - 1) - (({{edges}}::bigint[])[w.place] <> w.price_minor)::int AS id, count(*)::int AS n
FROM (
    SELECT y.price_minor, width_bucket(y.price_minor, {{edges}}::bigint[]) AS place
    FROM search_documents d JOIN product_prices y ON y.product_id = d.product_id AND y.currency = %(currency)s
    WHERE {{where}}
) w GROUP BY 1
"""  # noqa: S608 - our own parts
COUNTED = """
SELECT c.id, c.n, v.facet, v.value, v.label, v.key FROM ({counts}) c LEFT JOIN search_facet_values v ON v.id = c.id
WHERE {of}
"""


class PostgresEngine:
    """Search over `search_documents`."""

    degraded = False

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._understood: tuple[Filters, Query, Conditions | None] | None = None

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""
        conditions = await self._conditions(request)
        if conditions is None:
            return NOTHING
        statement = page_of(conditions, request)
        rows = await self._reads.rows(statement, {**conditions.params, "size": request.size, "offset": request.offset})
        if rows:
            return Found([row[0] for row in rows], rows[0][1])
        beyond = await self._reads.row(f"SELECT {total_of(conditions)}", conditions.params) if request.offset else None
        return Found([], beyond[0] if beyond else 0)

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
        conditions = await self._conditions(request)
        if conditions is None:
            return NO_COUNTS
        chosen = [facet for facet in conditions.chosen if facet not in FILTERS_ONLY]
        parts: list[str] = []
        if request.filters.currency is not None:
            chosen = [facet for facet in chosen if facet != "price"]
            edges = conditions.param(list(EDGES))
            scan = PRICED_SCAN.format(edges=edges, where=conditions.where(without="price"))
            parts.append(COUNTED.format(counts=scan, of="true"))
        apart = [*chosen, "price"] if parts else chosen
        parts.append(COUNTED.format(counts=_counts(conditions), of=_other_than(apart, conditions)))
        parts += [
            COUNTED.format(counts=_counts(conditions, without=facet), of=_only(facet, conditions)) for facet in chosen
        ]
        return facet_counts(await self._reads.rows(" UNION ALL ".join(parts), conditions.params))

    async def _conditions(self, request: Request) -> Conditions | None:
        """Return what documents must be; values that are asked for are looked up once for a page and its facets."""
        known = self._understood
        if known is None or known[0] is not request.filters or known[1] is not request.query:
            known = (request.filters, request.query, await conditions_of(self._reads, request))
            self._understood = known
        return known[2].copy() if known[2] else None


def _counts(conditions: Conditions, *, without: str = "") -> str:
    """Return the SQL of how many have what: from kept counts if there are any, which the same statement looks up."""
    scan = SCAN.format(where=conditions.where(without=without))
    term = conditions.kept(without=without)
    if term is None:
        return scan
    placeholder = conditions.param(term)
    is_kept = IS_KEPT.format(term=placeholder)
    scan = SCAN.format(where=f"{conditions.where(without=without)} AND NOT {is_kept}")
    return f"{KEPT.format(term=placeholder, is_kept=is_kept)} UNION ALL {scan}"


def _other_than(chosen: Sequence[str], conditions: Conditions) -> str:
    """Return the condition of what is counted of all facets but for some, of the numbers `c.id` and the values `v`."""
    parts = [f"c.id NOT BETWEEN {OWN[facet][0]} AND {OWN[facet][1]}" for facet in chosen if facet in OWN]
    others = [facet for facet in chosen if facet not in OWN]
    if others:
        parts.append(f"(v.facet IS NULL OR v.facet <> ALL({conditions.param(others)}::text[]))")
    return " AND ".join(parts) or "true"


def _only(facet: str, conditions: Conditions) -> str:
    if facet in OWN:
        return f"c.id BETWEEN {OWN[facet][0]} AND {OWN[facet][1]}"
    return f"v.facet = {conditions.param(facet)}"
