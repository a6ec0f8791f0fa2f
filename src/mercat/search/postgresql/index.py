"""Writing documents: a batch in a few statements, and only what differs from what is there."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.search.documents import Document, Facet
from mercat.search.facets import FILTERS_ONLY
from mercat.search.postgresql import vocabulary
from mercat.search.postgresql.counted import numbers_of
from mercat.search.postgresql.terms import vector_of
from mercat.search.text import analyzer, words

# in the order of their keys, so that two writers of the same new values wait for each other and never in a circle
ADD_FACETS = """
INSERT INTO search_facet_values AS f (facet, key, value, label, words)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS n(facet, key, value, label, words)
ORDER BY 1, 2
ON CONFLICT (facet, key) DO UPDATE SET value = excluded.value, label = excluded.label, words = excluded.words
WHERE (f.value, f.label) IS DISTINCT FROM (excluded.value, excluded.label)
"""
KNOWN_FACETS = """
SELECT f.id, f.facet, f.key, f.value, f.label FROM unnest(%s::text[], %s::text[]) AS n(facet, key)
JOIN search_facet_values f USING (facet, key)
"""
COLUMNS = (
    "product_id", "locale", "price_minor", "popularity", "rating_average", "sold_count", "in_stock", "on_sale",
    "created_at", "name_key", "counted", "terms",
)  # fmt: skip
TYPES = ("uuid", "text", "bigint", "float8", "float8", "int", "bool", "bool", "timestamptz", "text", "text", "text")
WRITE = f"""
INSERT INTO search_documents AS d ({", ".join(COLUMNS)})
SELECT {", ".join(COLUMNS[:-2])}, counted::int[], terms::tsvector
FROM unnest({", ".join(f"%s::{kind}[]" for kind in TYPES)}) AS n({", ".join(COLUMNS)})
ORDER BY product_id, locale
ON CONFLICT (product_id, locale) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[2:])}, indexed_at = now()
WHERE ({", ".join(f"d.{name}" for name in COLUMNS[2:])}) IS DISTINCT FROM
      ({", ".join(f"excluded.{name}" for name in COLUMNS[2:])})
RETURNING d.product_id, d.locale, xmax = 0
"""  # noqa: S608 - our own columns
REMOVE = "DELETE FROM search_documents WHERE product_id = ANY(%s)"


async def index(session: AsyncSession, documents: Sequence[Document]) -> set[UUID]:
    """Write documents, and return the products whose documents differ from what is there already.

    The caller holds their products.
    """
    if not documents:
        return set()
    connection = await driver(session)
    facets = await _facets(connection, {facet for document in documents for facet in document.facets})
    rows = []
    for document in documents:
        numbers = {facet: facets[facet.facet, facet.key] for facet in document.facets}
        terms = vector_of(document, numbers.values(), analyzer(document.locale))
        counted = numbers_of(document, (number for facet, number in numbers.items() if facet.facet not in FILTERS_ONLY))
        rows.append((
            document.product_id, document.locale, document.price_minor, document.popularity, document.rating_average,
            document.sold_count, document.in_stock, document.on_sale, document.created_at, document.name_key,
            "{" + ",".join(map(str, counted)) + "}", terms,
        ))  # fmt: skip
    found = await connection.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])
    written = await found.fetchall()
    inserted = {(product_id, locale) for product_id, locale, is_new in written if is_new}
    for locale in sorted({document.locale for document in documents}):
        mine = [document for document in documents if document.locale == locale]
        fresh = [document for document in mine if (document.product_id, locale) in inserted]
        await vocabulary.add_lexemes(connection, locale, mine, fresh)
    return {row[0] for row in written}


async def remove(session: AsyncSession, product_ids: Sequence[UUID]) -> None:
    """Delete the documents of products in every locale."""
    await (await driver(session)).execute(REMOVE, (list(product_ids),))


async def _facets(connection: AsyncConnection[TupleRow], facets: set[Facet]) -> dict[tuple[str, str], int]:
    """Return the numbers of values by facet and key; what is new or was renamed is written first."""
    named = {(one.facet, one.key): one for one in facets}
    keys = [list(column) for column in zip(*named, strict=True)]
    known: dict[tuple[str, str], int] = {}
    same: set[tuple[str, str]] = set()
    for number, facet, key, value, label in await (await connection.execute(KNOWN_FACETS, keys)).fetchall():
        known[facet, key] = number
        if (value, label) == (named[facet, key].value, named[facet, key].label):
            same.add((facet, key))
    if missing := [one for key, one in named.items() if key not in same]:
        values = [(one.facet, one.key, one.value, one.label, _words(one.label)) for one in missing]
        await connection.execute(ADD_FACETS, [list(column) for column in zip(*values, strict=True)])
        rows = await (await connection.execute(KNOWN_FACETS, keys)).fetchall()
        known = {(facet, key): number for number, facet, key, _, _ in rows}
    return known


def _words(label: str) -> str:
    """Return a label folded, each word between spaces, to be found by a word or by how one begins."""
    return f" {' '.join(spellings[0] for spellings in words(label))} "
