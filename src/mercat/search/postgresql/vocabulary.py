"""The words of the catalogue: which complete what is typed so far, and which were meant by one that is nowhere.

A word that is new is there at once, and counted. What an edit takes away goes when all are counted, at night.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import Reads, driver
from mercat.search.documents import Document
from mercat.search.text import Analyzer, allowed_distance, closest, deletions

UNKNOWN = """
SELECT n.lexeme, n.is_word FROM unnest(%s::text[], %s::bool[]) AS n(lexeme, is_word)
WHERE NOT EXISTS (
    SELECT FROM search_lexemes l WHERE l.locale = %s AND l.lexeme = n.lexeme AND l.is_word >= n.is_word
) ORDER BY 1
"""
# what is there already is not locked here, and raised below in the order of keys: two writers never wait in a circle
ADD = """
INSERT INTO search_lexemes (locale, lexeme, documents, is_word, keys)
SELECT %s, lexeme, 0, is_word, keys::text[]
FROM unnest(%s::text[], %s::bool[], %s::text[]) AS n(lexeme, is_word, keys) ORDER BY lexeme
ON CONFLICT (locale, lexeme) DO NOTHING
"""
RAISE = """
WITH held AS MATERIALIZED (
    SELECT lexeme FROM search_lexemes WHERE locale = %(locale)s AND lexeme = ANY(%(lexemes)s) ORDER BY lexeme FOR UPDATE
)
UPDATE search_lexemes l
SET documents = l.documents + n.documents, is_word = l.is_word OR n.keys IS NOT NULL,
    keys = CASE WHEN l.is_word OR n.keys IS NULL THEN l.keys ELSE n.keys::text[] END
FROM held JOIN unnest(%(lexemes)s::text[], %(documents)s::int[], %(keys)s::text[]) AS n(lexeme, documents, keys)
USING (lexeme)
WHERE l.locale = %(locale)s AND l.lexeme = held.lexeme
"""
COUNT = """
WITH counted AS MATERIALIZED (
    SELECT word, ndoc FROM ts_stat(format('SELECT terms FROM search_documents WHERE locale = %%L', %(locale)s::text))
    WHERE word !~ '[=~#]'
), wrong AS MATERIALIZED (
    SELECT l.lexeme, ndoc FROM search_lexemes l LEFT JOIN counted ON word = l.lexeme
    WHERE locale = %(locale)s AND documents IS DISTINCT FROM ndoc ORDER BY l.lexeme FOR UPDATE OF l
), gone AS (
    DELETE FROM search_lexemes l USING wrong WHERE locale = %(locale)s AND l.lexeme = wrong.lexeme AND ndoc IS NULL
)
UPDATE search_lexemes l SET documents = ndoc FROM wrong
WHERE locale = %(locale)s AND l.lexeme = wrong.lexeme AND ndoc IS NOT NULL
"""
SHORT = 3
"""Characters of a beginning that very many words have: it is completed by those that lead."""
LEADING = 30
"""Words that lead each short beginning; nobody asks for more."""
BEGINNING = """
SELECT lexeme, is_word FROM search_lexemes WHERE locale = %s AND lexeme >= %s AND lexeme < %s{leading}
ORDER BY is_word DESC, documents DESC, lexeme LIMIT %s
"""
# a word that is new leads until it is compared. Locked in the order of keys, as writers of documents do
LEAD = """
WITH placed AS MATERIALIZED (
    SELECT lexeme, is_leading, least({places}) <= %(leading)s AS leads FROM search_lexemes
    WHERE locale = %(locale)s{of}
), wrong AS MATERIALIZED (
    SELECT l.lexeme, p.leads FROM search_lexemes l JOIN placed p USING (lexeme)
    WHERE l.locale = %(locale)s AND l.is_leading <> p.leads ORDER BY l.lexeme FOR UPDATE OF l
)
UPDATE search_lexemes l SET is_leading = wrong.leads FROM wrong
WHERE l.locale = %(locale)s AND l.lexeme = wrong.lexeme
"""
PLACE = """
row_number() OVER (PARTITION BY left(lexeme, {length}) ORDER BY is_word DESC, documents DESC, lexeme)
"""
PLACES = ", ".join(PLACE.format(length=length) for length in range(1, SHORT + 1))
NO_HURRY = "SET LOCAL statement_timeout = 0"  # nobody waits for it
NEAR = "SELECT lexeme, documents FROM search_lexemes WHERE locale = %s AND keys && %s::text[]"

# a sample has what many products have; only of what it has not all are asked
HAS = " OR ".join(
    "EXISTS (SELECT FROM search_documents d WHERE d.terms @@ quote_literal('#' || {value}.id)::tsquery" + f"{lots})"
    for lots in (" AND d.lot < 1", " AND d.lot < 16", "")
)
VALUES_WITH = f"""
SELECT facet, value, label FROM (
    SELECT facet, value, label, row_number() OVER (PARTITION BY facet ORDER BY length(label), label) AS place
    FROM search_facet_values f WHERE facet = ANY(%s) AND words LIKE ALL(%s::text[])
    AND ({HAS.format(value="f")})
) AS every WHERE place <= %s ORDER BY facet, place
"""  # noqa: S608 - our own parts
CATEGORIES = """
SELECT label FROM search_facet_values WHERE facet = 'category' AND words LIKE ANY(%s::text[])
UNION SELECT texts->>'name' FROM translations WHERE kind = 'category' AND locale = %s AND texts->>'name' <> ''
"""
# the same by what values are called in another language, if they are; folded as nearly as PostgreSQL can
VALUES_IN = f"""
WITH named AS (
    SELECT DISTINCT ON (kind, key) kind, key, texts->>'name' AS label FROM translations
    WHERE kind = ANY(%(facets)s) AND locale = ANY(%(chain)s) AND texts->>'name' <> ''
    ORDER BY kind, key, array_position(%(chain)s::text[], locale)
), known AS (
    SELECT f.id, f.facet, f.value, coalesce(n.label, f.label) AS label,
           CASE WHEN n.label IS NULL THEN f.words ELSE ' ' || regexp_replace(regexp_replace(
               normalize(replace(lower(n.label), 'ß', 'ss'), NFKD), '[\\u0300-\\u036f]', '', 'g'),
               '[^[:alnum:]]+', ' ', 'g') || ' ' END AS words
    FROM search_facet_values f LEFT JOIN named n ON n.kind = f.facet AND n.key = f.key WHERE f.facet = ANY(%(facets)s)
)
SELECT facet, value, label FROM (
    SELECT facet, value, label, row_number() OVER (PARTITION BY facet ORDER BY length(label), label) AS place
    FROM known WHERE words LIKE ALL(%(patterns)s::text[])
    AND ({HAS.format(value="known")})
) AS every WHERE place <= %(most)s ORDER BY facet, place
"""  # noqa: S608 - our own parts


async def add_lexemes(
    connection: AsyncConnection[TupleRow], locale: str, documents: Sequence[Document], fresh: Sequence[Document]
) -> None:
    """Add the words of documents that are missing, and count those of the fresh ones, which were not there before."""
    words = {word for document in documents for word in _words(document)}
    lexemes = sorted(words.union(*(document.codes for document in documents)))
    asked = (lexemes, [lexeme in words for lexeme in lexemes], locale)
    unknown: dict[str, bool] = dict(await (await connection.execute(UNKNOWN, asked)).fetchall())
    keys = {lexeme: "{" + ",".join(sorted(_keys(lexeme))) + "}" for lexeme, is_word in unknown.items() if is_word}
    if unknown:
        new = (list(unknown), list(unknown.values()), [keys.get(lexeme, "{}") for lexeme in unknown])
        await connection.execute(ADD, (locale, *new))
    counts = Counter(lexeme for document in fresh for lexeme in _words(document) | document.codes)
    raised = sorted(counts.keys() | keys.keys())
    if raised:
        params = {"locale": locale, "lexemes": raised, "documents": [counts[lexeme] for lexeme in raised]}
        await connection.execute(RAISE, {**params, "keys": [keys.get(lexeme) for lexeme in raised]})


def _words(document: Document) -> set[str]:
    parts = (document.name, document.about, document.text)
    return {word for part in parts for spellings in part for word in spellings}


def _keys(word: str) -> set[str]:
    return {key for key in deletions(word) if key} if allowed_distance(word) else set()


async def count_lexemes(session: AsyncSession, locale: str) -> None:
    """Count in how many documents each word is, and forget those that are in none."""
    connection = await driver(session)
    await connection.execute(NO_HURRY)
    await connection.execute(COUNT, {"locale": locale})
    await choose_leading(session, locale, anew=True)


async def choose_leading(session: AsyncSession, locale: str, *, anew: bool) -> None:
    """Choose the words that lead each short beginning: of those that lead by now, or of all words anew."""
    connection = await driver(session)
    await connection.execute(NO_HURRY)
    statement = LEAD.format(places=PLACES, of="" if anew else " AND is_leading")
    await connection.execute(statement, {"locale": locale, "leading": LEADING})


async def beginning_with(reads: Reads, locale: str, beginning: str, most: int) -> dict[str, bool]:
    """Return what begins so, the most frequent first, and whether it is a word, not only a part of codes."""
    leading = " AND is_leading" if len(beginning) <= SHORT else ""
    rows = await reads.rows(
        BEGINNING.format(leading=leading), (locale, beginning, beginning + "\U0010ffff", min(most, LEADING))
    )
    return {row[0]: row[1] for row in rows}


async def meant_by(reads: Reads, locale: str, word: str) -> list[str]:
    """Return the words that are so close to one that it may be a slip, the closest first."""
    if not allowed_distance(word):
        return []
    rows = await reads.rows(NEAR, (locale, sorted(_keys(word))))
    return closest(word, [(row[0], row[1]) for row in rows])


async def category_stems(reads: Reads, stems: Collection[str], words: Analyzer) -> set[str]:
    """Return which of some stems are words of a category's name."""
    rows = await reads.rows(CATEGORIES, ([f"% {stem}%" for stem in stems], words.locale))
    return {stem for row in rows for spellings in words.words(row[0]) for stem in words.stems(spellings)} & {*stems}


async def values_with(
    reads: Reads, facets: Sequence[str], words: Sequence[str], beginning: str, most: int, chain: Sequence[str] = ()
) -> Sequence[tuple[str, str, str]]:
    """Return the values of facets that any product has and whose labels have these words and a word beginning so.

    As facet, value and label: of each facet so many, the shortest labels first. `chain` are other languages in which
    they may be called something, the best first.
    """
    patterns = [f"% {word} %" for word in words] + [f"% {beginning}%"]
    if chain:
        asked = {"facets": list(facets), "patterns": patterns, "most": most, "chain": list(chain)}
        return [(row[0], row[1], row[2]) for row in await reads.rows(VALUES_IN, asked)]
    return [(row[0], row[1], row[2]) for row in await reads.rows(VALUES_WITH, (list(facets), patterns, most))]
