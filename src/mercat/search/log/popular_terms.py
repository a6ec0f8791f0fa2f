"""What many have searched for: made of the log by a schedule, read by suggestions."""

from collections.abc import Sequence
from datetime import date

from mercat.kit.database import Database, Reads, driver
from mercat.search.log.terms import beginning_of

MOST = 10_000
"""Popular searches of all locales."""
# whoever excludes or quotes words searches for themselves; what nobody finds is nothing to suggest
FIND = """
WITH wanted AS MATERIALIZED (
    SELECT locale, term, sum(searches) AS searches FROM search_terms WHERE day >= %(since)s
    GROUP BY locale, term
    HAVING sum(searches) >= %(searches)s AND count(*) >= %(days)s AND sum(corrected) * 2 < sum(searches)
       AND (array_agg(results ORDER BY day DESC))[1] > 0 AND term !~ '["-]'
    ORDER BY searches DESC, locale, term LIMIT %(most)s
), gone AS (
    DELETE FROM search_popular_terms p WHERE NOT EXISTS (
        SELECT FROM wanted w WHERE (w.locale, w.term) = (p.locale, p.term)
    )
)
INSERT INTO search_popular_terms AS p (locale, term, searches) SELECT locale, term, searches FROM wanted
ORDER BY locale, term
ON CONFLICT (locale, term) DO UPDATE SET searches = excluded.searches WHERE p.searches <> excluded.searches
"""
BEGINNING = """
SELECT term FROM search_popular_terms WHERE locale = %s AND term >= %s AND term < %s
ORDER BY searches DESC, term LIMIT %s
"""


async def find(database: Database, since: date, searches: int, days: int) -> None:
    """Choose what was searched for so often, on so many days since one, and found something the last time."""
    async with database.transaction() as session:
        connection = await driver(session)
        await connection.execute(FIND, {"since": since, "searches": searches, "days": days, "most": MOST})


async def popular(reads: Reads, locale: str, typed: str, most: int) -> Sequence[str]:
    """Return popular searches that begin with what was typed so far, the most popular first."""
    beginning = beginning_of(typed)
    rows = await reads.rows(BEGINNING, (locale, beginning, beginning + "\U0010ffff", most))
    return [row[0] for row in rows]
