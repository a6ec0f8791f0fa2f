"""A page of what was found, in an order, without sorting all of it where that is much.

What many documents have is met soon in any order: an index of the order is followed until the page is full, for a
bounded number of documents. If that was not enough, or little is asked for, all that is found is read and sorted.
"""

from collections.abc import Sequence

from mercat.search.engine import ORDERS, Request
from mercat.search.postgresql.conditions import PRICE, Conditions
from mercat.search.postgresql.sizes import Size
from mercat.search.postgresql.terms import Match, scored

FOREIGN = "foreign_minor"
"""The price in another currency than that of the books, of the rows of `PRICED`."""
FILTERS = {"price_minor": "price", FOREIGN: "price", "rating_average": "rating"}
"""Columns that products are ordered and filtered by: an index is followed from the filter's bound on."""
OFTEN = 4
"""How many times as many documents are visited as should be enough."""
FEWEST = 200
"""Documents that are visited in any case."""
DEARER = 4
"""What visiting a document of an index costs, with its words, against sorting one that an index has found."""

# the limit within keeps the planner from following the index to its end if what seems frequent is not
FOLLOWED = """
SELECT d.product_id, d.{column} AS position FROM ({source}) d WHERE {where}
ORDER BY d.{column} {direction}, d.product_id {direction} LIMIT %(size)s + %(offset)s
"""
BY_DOCUMENTS = """
SELECT * FROM search_documents d WHERE d.locale = %(locale)s{begin}
ORDER BY d.{column} {direction}, d.product_id {direction} LIMIT {visited}
"""
BY_PRICES = """
SELECT d.*, y.price_minor AS {column} FROM (
    SELECT y.product_id, y.price_minor FROM product_prices y WHERE y.currency = %(currency)s AND y.listed{begin}
    ORDER BY y.price_minor {direction}, y.product_id {direction} LIMIT {visited}
) y JOIN search_documents d ON d.product_id = y.product_id AND d.locale = %(locale)s
"""
PRICED = f"(SELECT d.*, {PRICE} AS {FOREIGN} FROM search_documents d)"  # noqa: S608 - our own parts
# what is sorted by is no column, so that no index is followed
SORTED = """
SELECT d.product_id, d.{column} AS position FROM {documents} d WHERE {where}{gate}
ORDER BY (SELECT d.{column}) {direction}, d.product_id {direction} LIMIT %(size)s + %(offset)s
"""
KEPT_TOTAL = """
SELECT sum(s.total) FROM search_counts s WHERE s.locale = %(locale)s AND s.term = {term} HAVING bool_or(s.is_base)
"""
TOTAL = "SELECT count(*) FROM search_documents d WHERE {where}"
# nothing of a level can be before what is found already, however popular it is
BETTER = """
(SELECT count(DISTINCT product_id) FROM ({found}) f WHERE f.score > {score}::float8 + (
    SELECT max(popularity) FROM search_documents WHERE locale = %(locale)s)) < %(size)s + %(offset)s
"""
NOT_FULL = " AND (SELECT count(*) FROM {name}) < %(size)s + %(offset)s"
EITHER = "SELECT product_id, position FROM {name}"
SCORED = "SELECT product_id, position + {score}::float8 AS score FROM {name}"
# one that is found on several levels has its best score
BEST = "found AS (SELECT product_id, max(score) AS position FROM ({every}) f GROUP BY product_id)"
PAGE = """
WITH {ctes} SELECT product_id, {total} FROM found
ORDER BY position {direction}, product_id {direction} LIMIT %(size)s OFFSET %(offset)s
"""


def matches_of(conditions: Conditions, request: Request) -> Sequence[Match]:
    """Return the ways to match that a page is made of, the best first; whatever is found matches in the last one."""
    if request.sort != "relevance" or not request.query:
        return [Match(0, conditions.words, conditions.has)]
    return [*scored(request.query)]


def page_of(
    conditions: Conditions, request: Request, matches: Sequence[Match], sizes: Sequence[Size], everything: int
) -> str:
    """Return the SQL of a page: ids and how many match, on every row. It takes `size` and `offset` besides.

    Args:
        conditions: what documents must be.
        request: what is asked for.
        matches: see `matches_of`.
        sizes: how many match in each of these ways.
        everything: how many documents there are, as far as is known.
    """
    ctes: list[str] = []
    direction = _order(request)[1]
    scores: list[str] = []
    names: Sequence[str] = ()
    for match, size in zip(matches, sizes, strict=True):
        gate = BETTER.format(found=" UNION ALL ".join(scores), score=match.score) if scores else ""
        visited = _visited(size, request, everything)
        names = _found(ctes, conditions, request, match, gate=gate, visited=visited)
        scores += [SCORED.format(score=match.score, name=name) for name in names]
    if len(matches) > 1:
        ctes.append(BEST.format(every=" UNION ALL ".join(scores)))
    else:
        ctes.append(f"found AS ({' UNION '.join(EITHER.format(name=name) for name in names)})")
    total = total_of(conditions, sizes[-1]) if request.with_total else 0
    return PAGE.format(ctes=", ".join(ctes), total=total, direction=direction)


def total_of(conditions: Conditions, size: Size) -> str:
    """Return the SQL of how many match."""
    if size.is_estimate:
        return str(size.documents)
    scan = TOTAL.format(where=conditions.where())
    term = conditions.kept(but_for_left_out=True)
    if term is None:
        return f"({scan})"
    kept = f"({KEPT_TOTAL.format(term=conditions.param(term))})::bigint"
    if conditions.left_out:
        kept += f" - ({TOTAL.format(where=conditions.where(left_out=True))})"
    return f"coalesce({kept}, ({scan}))"


def _order(request: Request) -> tuple[str, str]:
    """Return the column of an order, which has an index that can be followed, and its direction."""
    column, downwards = ORDERS[request.sort]
    column = FOREIGN if request.filters.currency and column == "price_minor" else column
    return column, "DESC" if downwards else "ASC"


def _visited(size: Size, request: Request, everything: int) -> int:
    """Return how many documents are visited in their order until a page is full; 0 if it costs less to sort them."""
    if not size.documents:
        return 0
    enough = (request.size + request.offset) * everything // size.documents
    return max(FEWEST, OFTEN * enough) if enough * DEARER < size.documents else 0


def _found(
    ctes: list[str], conditions: Conditions, request: Request, match: Match, *, gate: str, visited: int
) -> Sequence[str]:
    """Add the best of what matches as CTEs, one that follows an index and one that sorts; returns their names."""
    column, direction = _order(request)
    where = conditions.where(words=match.found)
    shape = {"column": column, "direction": direction, "where": f"{where} AND {gate}" if gate else where}
    names = []
    gate = ""
    if visited:
        begin = conditions.columns.get(FILTERS.get(column, ""), "")
        if column == "popularity" and request.filters.in_stock is False:
            begin = "NOT d.in_stock"  # what is in stock is more popular: these have an index of their own
        names.append(f"followed{len(ctes)}")
        source = BY_DOCUMENTS
        if column == FOREIGN:
            source, begin = BY_PRICES, begin.replace(PRICE, "y.price_minor")
        begin = f" AND {begin}" if begin else ""
        source = source.format(column=column, direction=direction, begin=begin, visited=visited)
        followed = FOLLOWED.format(**shape, source=source)
        ctes.append(f"{names[-1]} AS MATERIALIZED ({followed})")
        gate = NOT_FULL.format(name=names[-1])
    names.append(f"sorted{len(ctes)}")
    documents = PRICED if column == FOREIGN else "search_documents"
    ctes.append(f"{names[-1]} AS MATERIALIZED ({SORTED.format(**shape, gate=gate, documents=documents)})")
    return names
