"""Questions to the documents in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mercat.kit.database import Reads
from mercat.search.engine import NO_COUNTS, NOTHING, FacetCounts, Filters, Found, Request
from mercat.search.facets import FILTERS_ONLY
from mercat.search.postgresql.conditions import Conditions, conditions_of
from mercat.search.postgresql.counted import OWN, PRICE, facet_counts
from mercat.search.postgresql.pages import matches_of, page_of, total_of
from mercat.search.postgresql.sizes import LOTS, Size, Sizes
from mercat.search.prices import EDGES
from mercat.search.text import Query

IS_KEPT = "(SELECT count(*) > 0 FROM search_counts s WHERE s.locale = %(locale)s AND s.term = {term} AND s.is_base)"
KEPT = """
SELECT u.id, sum(u.n)::int AS n FROM search_counts s, unnest(s.ids, s.counts) AS u(id, n)
WHERE s.locale = %(locale)s AND s.term = {term} AND {is_kept} GROUP BY u.id HAVING sum(u.n) <> 0
"""
SCAN = "SELECT id, count(*)::int{times} AS n FROM search_documents d, unnest(d.counted) AS id WHERE {where} GROUP BY id"
# as documents are counted, by prices in another currency than that of the books
PRICED_SCAN = f"""
SELECT {PRICE} - 2 * (w.place - 1) - (({{edges}}::bigint[])[w.place] <> w.price_minor)::int AS id,
       count(*)::int{{times}} AS n
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


@dataclass(frozen=True, slots=True)
class Understood:
    """What documents of a request must be, and what is known of how many are."""

    filters: Filters
    query: Query
    conditions: Conditions | None
    sizes: Sizes | None


class PostgresEngine:
    """Search over `search_documents`."""

    degraded = False

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._understood: Understood | None = None

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""
        conditions, known = await self._conditions(request)
        if conditions is None or known is None:
            return NOTHING
        matches = matches_of(conditions, request)
        sizes = await known.of_matches(matches, with_total=request.with_total)
        statement = page_of(conditions, request, matches, sizes, known.everything)
        rows = await self._reads.rows(statement, {**conditions.params, "size": request.size, "offset": request.offset})
        if rows:
            return Found([row[0] for row in rows], rows[0][1], sizes[-1].is_estimate)
        if not request.offset:
            return NOTHING
        beyond = await self._reads.row(f"SELECT {total_of(conditions, sizes[-1])}", conditions.params)
        return Found([], beyond[0] if beyond else 0, sizes[-1].is_estimate)

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
        conditions, known = await self._conditions(request)
        if conditions is None or known is None:
            return NO_COUNTS
        chosen = [facet for facet in conditions.chosen if facet not in FILTERS_ONLY]
        foreign = request.filters.currency is not None
        if foreign and "price" not in chosen:  # documents are counted by prices in the currency of the books
            chosen.append("price")
        size, *others = await known.without(["", *chosen])
        parts = [COUNTED.format(counts=_counts(conditions, size), of=_other_than(chosen, conditions))]
        parts += [
            COUNTED.format(
                counts=_prices(conditions, other)
                if foreign and facet == "price"
                else _counts(conditions, other, without=facet),
                of=_only(facet, conditions),
            )
            for facet, other in zip(chosen, others, strict=True)
        ]
        counts = facet_counts(await self._reads.rows(" UNION ALL ".join(parts), conditions.params))
        by_themselves = {facet: other.is_estimate for facet, other in zip(chosen, others, strict=True)}
        return replace(counts, is_estimate=size.is_estimate, by_themselves=by_themselves)

    async def _conditions(self, request: Request) -> tuple[Conditions | None, Sizes | None]:
        """Return what documents must be; values that are asked for are looked up once for a page and its facets."""
        known = self._understood
        if known is None or known.filters is not request.filters or known.query is not request.query:
            conditions = await conditions_of(self._reads, request)
            sizes = await Sizes.of(self._reads, conditions, request) if conditions else None
            known = self._understood = Understood(request.filters, request.query, conditions, sizes)
        return known.conditions.copy() if known.conditions else None, known.sizes


def _counts(conditions: Conditions, size: Size, *, without: str = "") -> str:
    """Return the SQL of how many have what: from kept counts if there are any, which the same statement looks up.

    What is too much to be counted is counted in a sample.
    """
    where = conditions.where(without=without)
    if size.is_estimate:
        return SCAN.format(times=f" * {LOTS // size.lot}", where=f"{where} AND d.lot < {size.lot}")
    term = conditions.kept(without=without)
    if term is None:
        return SCAN.format(times="", where=where)
    placeholder = conditions.param(term)
    is_kept = IS_KEPT.format(term=placeholder)
    scan = SCAN.format(times="", where=f"{where} AND NOT {is_kept}")
    return f"{KEPT.format(term=placeholder, is_kept=is_kept)} UNION ALL {scan}"


def _prices(conditions: Conditions, size: Size) -> str:
    """Return the SQL of how many cost how much in another currency; too many are counted in a sample."""
    where, times = conditions.where(without="price"), ""
    if size.is_estimate:
        where, times = f"{where} AND d.lot < {size.lot}", f" * {LOTS // size.lot}"
    return PRICED_SCAN.format(edges=conditions.param(list(EDGES)), where=where, times=times)


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
