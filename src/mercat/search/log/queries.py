"""Reads of the search log, for operators."""

from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any

from mercat.kit import clock
from mercat.kit.database import Database, Reads
from mercat.kit.spreadsheets import csv_lines, neutral
from mercat.search.log.schemas import Sort, TermExport, TermFilter, TermListing, TermRead
from mercat.search.text import fold

MEDIA = "text/csv"
COLUMNS = tuple(TermRead.model_fields)
DAYS = 30
SORTS = ("searches", "found_nothing", "corrected", "results", "last_searched_on", "term")
"""By what can be sorted: columns of `COUNTED`."""
COUNTED = """
SELECT term, locale, sum(searches) AS searches, sum(found_nothing) AS found_nothing, sum(corrected) AS corrected,
       (array_agg(results ORDER BY day DESC))[1] AS results, max(day) AS last_searched_on
FROM search_terms WHERE day BETWEEN %(since)s AND %(until)s {where} GROUP BY term, locale {having}
"""
PAGE = (
    "WITH counted AS MATERIALIZED ({counted}) SELECT * FROM counted ORDER BY {order} LIMIT %(size)s OFFSET %(offset)s"
)
TOTAL = "SELECT count(*) FROM ({counted}) AS counted"
ALL = "{counted} ORDER BY {order}"
LINES = 1_000


async def page(reads: Reads, asked: TermListing) -> tuple[list[TermRead], int]:
    """Return a page of what was searched for, and how many different searches there were."""
    counted, params = _counted(asked)
    paged = {**params, "size": asked.size, "offset": asked.offset}
    rows = await reads.rows(PAGE.format(counted=counted, order=_order(asked.sort)), paged)
    total = await reads.row(TOTAL.format(counted=counted), params)
    return [TermRead(**dict(zip(COLUMNS, row, strict=True))) for row in rows], total[0] if total else 0


async def chunks(database: Database, asked: TermExport) -> AsyncGenerator[bytes, None]:
    """Yield all of it as CSV."""
    counted, params = _counted(asked)
    async with database.streaming() as connection, connection.cursor(name="searches") as cursor:
        yield "".join(csv_lines([COLUMNS])).encode()
        await cursor.execute(ALL.format(counted=counted, order=_order(asked.sort)).encode(), params)
        while rows := await cursor.fetchmany(LINES):
            yield "".join(csv_lines((neutral(row[0]), *map(str, row[1:])) for row in rows)).encode()


def _counted(asked: TermFilter) -> tuple[str, Mapping[str, Any]]:
    until = asked.until or clock.now().date()
    where, having = "", ""
    if asked.locale is not None:
        where += " AND locale = %(locale)s"
    if asked.q:
        where += " AND strpos(term, %(q)s) > 0"
    if asked.found is not None:
        having = f"HAVING (array_agg(results ORDER BY day DESC))[1] {'>' if asked.found else '='} 0"
    params = {
        "since": asked.since or until - timedelta(days=DAYS),
        "until": until,
        "locale": asked.locale,
        "q": fold(asked.q or ""),
    }
    return COUNTED.format(where=where, having=having), params


def _order(sort: Sort) -> str:
    name = sort.removeprefix("-")
    direction = "DESC" if sort.startswith("-") else "ASC"
    by = [name, *(other for other in ("term", "locale") if other != name)]
    return ", ".join(f"{column} {direction}" for column in by if column in {*SORTS, "locale"})
