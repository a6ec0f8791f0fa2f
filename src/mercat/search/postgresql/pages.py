"""A page of what was found, in an order, without sorting all of it where that is much.

What many documents have is met soon in any order: an index of the order is followed until the page is full, for a
bounded number of documents. If that was not enough, or what is asked for is rare, all that is found is read and sorted.
Which terms are frequent, and how frequent, is kept (see `kept_counts`).
"""

from collections.abc import Sequence

from mercat.search.engine import ORDERS, Request
from mercat.search.postgresql.conditions import EVERYTHING, PRICE, Conditions
from mercat.search.postgresql.terms import Match, scored

FOREIGN = "foreign_minor"
"""The price in another currency than that of the books, of the rows of `PRICED`."""
INDEXED = {"created_at", "popularity", "price_minor", FOREIGN}
"""Columns that have an index, and are followed."""
SHARE = 0.01
"""Of all documents that must be expected to match, or an index is not followed."""
VISITED = 4 / SHARE
"""Documents that are visited for each that is shown, at most: four times what is expected of the least share."""

# the limit within keeps the planner from following the index to its end if what seems frequent is not
FOLLOWED = """
SELECT d.product_id, d.{column} AS position FROM ({source}) d WHERE {where} AND {share} >= {least}
ORDER BY d.{column} {direction}, d.product_id {direction} LIMIT %(size)s + %(offset)s
"""
BY_DOCUMENTS = """
SELECT * FROM search_documents d WHERE d.locale = %(locale)s
ORDER BY d.{column} {direction}, d.product_id {direction} LIMIT {visited}
"""
BY_PRICES = """
SELECT d.*, y.price_minor AS {column} FROM (
    SELECT product_id, price_minor FROM product_prices WHERE currency = %(currency)s AND listed
    ORDER BY price_minor {direction}, product_id {direction} LIMIT {visited}
) y JOIN search_documents d ON d.product_id = y.product_id AND d.locale = %(locale)s
"""
PRICED = f"(SELECT d.*, {PRICE} AS {FOREIGN} FROM search_documents d)"  # noqa: S608 - our own parts
# what is sorted by is no column, so that no index is followed
SORTED = """
SELECT d.product_id, d.{column} AS position FROM {documents} d WHERE {where}{gate}
ORDER BY (SELECT d.{column}) {direction}, d.product_id {direction} LIMIT %(size)s + %(offset)s
"""
KEPT_TOTAL = """
SELECT sum(s.total)::float8 FROM search_counts s
WHERE s.locale = %(locale)s AND s.term = ANY({terms}::text[]) HAVING bool_or(s.is_base)
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


def page_of(conditions: Conditions, request: Request) -> str:
    """Return the SQL of a page: ids and how many match, on every row. It takes `size` and `offset` besides."""
    ctes: list[str] = []
    column, downwards = ORDERS[request.sort]
    direction = "DESC" if downwards else "ASC"
    column = FOREIGN if request.filters.currency and column == "price_minor" else column
    if request.sort != "relevance" or not request.query:
        names = _found(ctes, conditions, (column, direction), Match(0, conditions.words, conditions.has))
        ctes.append(f"found AS ({' UNION '.join(EITHER.format(name=name) for name in names)})")
    else:
        scores: list[str] = []
        for match in scored(request.query):
            gate = BETTER.format(found=" UNION ALL ".join(scores), score=match.score) if scores else ""
            names = _found(ctes, conditions, (column, direction), match, gate=gate)
            scores += [SCORED.format(score=match.score, name=name) for name in names]
        ctes.append(BEST.format(every=" UNION ALL ".join(scores)))
    return PAGE.format(
        ctes=", ".join(ctes), total=total_of(conditions) if request.with_total else 0, direction=direction
    )


def total_of(conditions: Conditions) -> str:
    """Return the SQL of how many match."""
    scan = TOTAL.format(where=conditions.where())
    term = conditions.kept()
    if term is None:
        return f"({scan})"
    return f"coalesce(({KEPT_TOTAL.format(terms=conditions.param([term]))})::bigint, ({scan}))"


def _found(
    ctes: list[str], conditions: Conditions, order: tuple[str, str], match: Match, *, gate: str = ""
) -> Sequence[str]:
    """Add the best of what matches as CTEs, one that follows an index and one that sorts; returns their names."""
    column, direction = order
    where = conditions.where(words=match.found)
    shape = {"column": column, "direction": direction, "where": f"{where} AND {gate}" if gate else where}
    terms = [*match.terms, *conditions.values]
    names = []
    if column in INDEXED and (terms or not (conditions.words or conditions.terms)):
        everything = f"({KEPT_TOTAL.format(terms=conditions.param([EVERYTHING]))})"
        shares = [f"({KEPT_TOTAL.format(terms=conditions.param(list(some)))}) / {everything}" for some in terms]
        share = " * ".join(shares) or f"sign({everything})"
        names.append(f"followed{len(ctes)}")
        visited = f"{VISITED:.0f} * (%(size)s + %(offset)s)"
        source = BY_PRICES if column == FOREIGN else BY_DOCUMENTS
        source = source.format(column=column, direction=direction, visited=visited)
        followed = FOLLOWED.format(**shape, share=share, least=SHARE, source=source)
        ctes.append(f"{names[-1]} AS MATERIALIZED ({followed})")
        gate = NOT_FULL.format(name=names[-1])
    else:
        gate = ""
    documents = PRICED if column == FOREIGN else "search_documents"
    names.append(f"sorted{len(ctes)}")
    ctes.append(f"{names[-1]} AS MATERIALIZED ({SORTED.format(**shape, gate=gate, documents=documents)})")
    return names
