"""Documents as other engines hold them, read back from here: so that every engine finds and ranks by the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import orjson
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.search.levels import ABOUT, ANY, EXACT, FACET, NAME
from mercat.search.remote import Copy, readings

COPIES = """
SELECT product_id, locale, price_minor, popularity, rating_average, sold_count, in_stock, on_sale, created_at,
       name_key, (SELECT json_agg(json_build_array(lexeme, positions)) FROM unnest(terms))::text
FROM search_documents
"""
OF = f"{COPIES} WHERE product_id = ANY(%s) ORDER BY product_id, locale"
# whole products, so that the last one read is where to go on
NEXT = f"""{COPIES} WHERE product_id IN (
    SELECT DISTINCT product_id FROM search_documents WHERE product_id > %s ORDER BY product_id LIMIT %s
) ORDER BY product_id, locale"""  # noqa: S608 - our own parts
SIGNS = (EXACT, NAME, ABOUT, ANY, FACET)


async def copies_of(session: AsyncSession, product_ids: Sequence[UUID]) -> list[Copy]:
    """Return the documents of products, in every locale."""
    rows = await (await driver(session)).execute(OF, (list(product_ids),))
    return [_copy(row) async for row in rows]


async def next_copies(session: AsyncSession, after: UUID, size: int) -> list[Copy]:
    """Return the documents of the next so many products, in the order of their ids."""
    rows = await (await driver(session)).execute(NEXT, (after, size))
    return [_copy(row) async for row in rows]


def _copy(row: TupleRow) -> Copy:
    *columns, words = row
    product_id, locale, price, popularity, rating, sold, in_stock, on_sale, created_at, name_key = columns
    terms: list[str] = []
    placed: dict[int, list[str]] = defaultdict(list)
    for lexeme, positions in orjson.loads(words or "[]"):
        if lexeme.startswith(SIGNS):
            terms.append(lexeme)
        for position in positions or ():
            placed[position].append(lexeme)
    return Copy(
        product_id=product_id,
        locale=locale,
        terms=tuple(terms),
        runs=tuple(_runs(placed)),
        facets=tuple(int(term.removeprefix(FACET)) for term in terms if term.startswith(FACET)),
        price_minor=price,
        popularity=popularity,
        rating_average=rating,
        sold_count=sold,
        in_stock=in_stock,
        on_sale=on_sale,
        created_at=created_at,
        name_key=name_key,
    )


def _runs(placed: dict[int, list[str]]) -> Iterable[str]:
    """Yield words that follow each other; what is more than a place apart is in no phrase."""
    run: list[list[str]] = []
    before = 0
    for position in sorted(placed):
        if run and position > before + 1:
            yield from readings(run)
            run = []
        run.append(placed[position])
        before = position
    yield from readings(run)
