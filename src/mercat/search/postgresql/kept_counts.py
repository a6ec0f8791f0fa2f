"""Counts of frequent terms, kept: which they are, and how their log stays short.

A term is frequent if many documents have it. Its base is counted in one statement, which also takes away what triggers
have logged so far: what that statement sees of the documents is exactly what it sees of the log. What commits later
stays in the log, and whoever reads a term adds it to the base.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.kit.database import Database, driver
from mercat.search.levels import ABOUT, ANY, EXACT, NAME
from mercat.search.postgresql.conditions import EVERYTHING
from mercat.search.postgresql.terms import quoted
from mercat.search.text import Analyzer, analyzer

FREQUENT = 1_000
"""Documents from which on a term's counts are kept; they are until it has half as many."""
PATIENCE = 20.0
"""Seconds to wait for transactions that may not know of a new term."""
PAUSE = 0.05

# one job at a time changes bases; documents and their log are written meanwhile
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('search_counts', 6))"
# terms that are logged and have no base were counted by nobody yet: whoever counts them does not need their log
FOLD = """
WITH folded AS (
    SELECT locale, term, bool_or(is_base) AS has_base FROM search_counts GROUP BY 1, 2
    HAVING count(*) > 1 OR NOT bool_or(is_base)
), gone AS (
    DELETE FROM search_counts s USING folded f WHERE s.locale = f.locale AND s.term = f.term
    RETURNING s.locale, s.term, s.total, s.ids, s.counts
), totals AS (
    SELECT locale, term, sum(total) AS total FROM gone GROUP BY 1, 2
), summed AS (
    SELECT locale, term, id, sum(n) AS n FROM gone, unnest(ids, counts) AS u(id, n) GROUP BY 1, 2, 3 HAVING sum(n) <> 0
), listed AS (
    SELECT locale, term, array_agg(id ORDER BY id) AS ids, array_agg(n ORDER BY id) AS counts FROM summed GROUP BY 1, 2
)
INSERT INTO search_counts (locale, term, is_base, total, ids, counts)
SELECT locale, term, true, t.total, coalesce(l.ids, '{}'), coalesce(l.counts, '{}')
FROM folded f JOIN totals t USING (locale, term) LEFT JOIN listed l USING (locale, term) WHERE f.has_base
"""
KEPT = """
SELECT k.term, s.total FROM search_kept_terms k
LEFT JOIN search_counts s ON s.locale = k.locale AND s.term = k.term AND s.is_base WHERE k.locale = %s ORDER BY 1
"""
DOCUMENTS = "SELECT count(*) FROM (SELECT FROM search_documents WHERE locale = %s LIMIT %s) AS counted"
WORDS = "SELECT lexeme, documents FROM search_lexemes WHERE locale = %s AND documents >= %s"
VALUES = """
SELECT '#' || u.id FROM search_counts s, unnest(s.ids, s.counts) AS u(id, n)
WHERE s.locale = %s AND s.term = '*' AND s.is_base AND u.id > 0 AND u.n >= %s
"""
KEEP = "INSERT INTO search_kept_terms (locale, term) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING"
FORGET = """
WITH rare AS (DELETE FROM search_kept_terms WHERE locale = %(locale)s AND term = ANY(%(terms)s))
DELETE FROM search_counts WHERE locale = %(locale)s AND term = ANY(%(terms)s)
"""
BASE = """
WITH gone AS (DELETE FROM search_counts WHERE locale = %(locale)s AND term = %(term)s),
counted AS (
    SELECT id, count(*)::int AS n FROM search_documents d, unnest({numbers}) AS id
    WHERE locale = %(locale)s AND {found} GROUP BY id
)
INSERT INTO search_counts (locale, term, is_base, total, ids, counts)
SELECT %(locale)s, %(term)s, true, coalesce(sum(n) FILTER (WHERE id = 0), 0),
       coalesce(array_agg(id ORDER BY id) FILTER (WHERE id <> 0), '{{}}'),
       coalesce(array_agg(n ORDER BY id) FILTER (WHERE id <> 0), '{{}}')
FROM counted
"""
NOW = "SELECT pg_current_xact_id()::text"
ALL_BEFORE = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8"


async def fold_counts(database: Database) -> None:
    """Join the log of each term with its base, so that its counts stay the sum of a few rows."""
    async with _alone(database) as alone:
        if alone:
            await _fold(database)


async def keep_counts(database: Database, locale: str, frequent: int = FREQUENT) -> None:
    """Keep the counts of all terms that are frequent by now, and of no others.

    Which are frequent is guessed from the words of the catalogue; how many documents have one is counted. Returns early
    where another job does the same, or where a transaction that may not know of a new term takes too long: what is
    missing is counted live until the next time.
    """
    async with _alone(database) as alone:
        if not alone:
            return
        await _fold(database)
        while missing := await _choose(database, analyzer(locale), frequent):
            if not await _all_know(database):
                return
            for term in missing:
                await _count(database, locale, term)


@asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[bool]:
    """Keep other jobs from changing bases meanwhile; false if one does already."""
    async with database.transaction() as session:  # it only holds the lock: the work has transactions of its own
        got = await (await (await driver(session)).execute(LOCK)).fetchone()
        yield got is not None and got[0]


async def _fold(database: Database) -> None:
    async with database.transaction() as session:
        await (await driver(session)).execute(FOLD)


async def _choose(database: Database, words: Analyzer, frequent: int) -> list[str]:
    """Decide which terms are kept, and return those without a base."""
    async with database.transaction() as session:
        connection = await driver(session)
        kept: dict[str, int | None] = dict(await (await connection.execute(KEPT, (words.locale,))).fetchall())
        rare = [term for term in kept if _is_rare(kept.get(_governing(term, words)), frequent)]
        await connection.execute(FORGET, {"locale": words.locale, "terms": rare})
        new = await _frequent(connection, words, frequent) - kept.keys()
        await connection.execute(KEEP, (words.locale, sorted(new)))
    return sorted(new.union(term for term, total in kept.items() if total is None) - set(rare))


async def _frequent(connection: AsyncConnection[TupleRow], words: Analyzer, frequent: int) -> set[str]:
    """Return the terms that so many documents seem to have; none where there are fewer documents."""
    found = await (await connection.execute(DOCUMENTS, (words.locale, frequent))).fetchone()
    if found is None or found[0] < frequent:
        return set()
    forms: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for lexeme, documents in await (await connection.execute(WORDS, (words.locale, frequent // 20))).fetchall():
        forms[words.stem(lexeme)].append((lexeme, documents))
    terms = {EVERYTHING}
    for stem, some in forms.items():
        if sum(documents for _, documents in some) >= frequent:
            terms.update(code + stem for code in (ANY, ABOUT, NAME))
            terms.update(EXACT + lexeme for lexeme, _ in some)
    values = await connection.execute(VALUES, (words.locale, frequent))
    return terms.union([row[0] async for row in values])


def _governing(term: str, words: Analyzer) -> str:
    """Return the term that decides whether another one is kept: a stem's anywhere, for those of its places."""
    if term.startswith(EXACT):
        return ANY + words.stem(term.removeprefix(EXACT))
    return ANY + term[len(NAME) :] if term.startswith((NAME, ABOUT)) else term


def _is_rare(total: int | None, frequent: int) -> bool:
    """Whether so few documents have a term that it is forgotten; one that was not counted yet may be frequent."""
    return total is not None and 2 * total < frequent


async def _all_know(database: Database) -> bool:
    """Wait until every transaction is over that may have read the kept terms before now; false if one takes too long.

    One that begins to write later reads them when it has written, and finds the new ones.
    """
    begun = time.monotonic()
    async with database.primary_session() as session:
        connection = await driver(session)
        now = await (await connection.execute(NOW)).fetchone()
        while time.monotonic() - begun < PATIENCE:
            over = await (await connection.execute(ALL_BEFORE, now)).fetchone()
            if over and over[0]:
                return True
            await asyncio.sleep(PAUSE)
    return False


async def _count(database: Database, locale: str, term: str) -> None:
    """Write the base of a term."""
    found = "true" if term == EVERYTHING else "d.terms @@ %(query)s::tsquery"
    # of a term's places only the totals are asked for
    numbers = "'{0}'::int[]" if term.startswith((EXACT, NAME, ABOUT)) else "0 || d.counted"
    params = {"locale": locale, "term": term, "query": quoted(term)}
    async with database.transaction() as session:
        connection = await driver(session)
        await connection.execute("SET LOCAL statement_timeout = 0")  # everything is counted at once, but once
        await connection.execute(BASE.format(numbers=numbers, found=found), params)
