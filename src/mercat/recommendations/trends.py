"""What is trending: orders and views of a product, decayed by age, in each of its categories."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import saved_items
from mercat.kit import clock
from mercat.kit.database import Reads, driver
from mercat.kit.ids import parse_id
from mercat.recommendations import decay
from mercat.recommendations.candidates import SPARE, Candidate, Category, chosen
from mercat.recommendations.config import settings

ANY_CATEGORY = UUID(int=0)
MOST_VIEWS = 5_000
"""Views that are counted in one transaction."""
ADD = """
INSERT INTO trending_products AS t (category_id, product_id, score)
SELECT s.category_id, n.product_id, n.score FROM unnest(%s::uuid[], %s::float8[]) AS n(product_id, score)
JOIN product_projections p USING (product_id)
CROSS JOIN LATERAL unnest(array_prepend(%s::uuid, p.category_path)) AS s(category_id) ORDER BY 1, 2
ON CONFLICT (category_id, product_id) DO UPDATE SET score = greatest(t.score + excluded.score, 0)
"""
# a product that has moved takes its score along
HOLD = """
SELECT FROM trending_products WHERE product_id = ANY(%s) ORDER BY category_id, product_id FOR UPDATE
"""
LEAVE = """
DELETE FROM trending_products t WHERE t.product_id = ANY(%s) AND t.category_id <> %s AND NOT EXISTS (
    SELECT FROM product_projections p WHERE p.product_id = t.product_id AND p.category_path @> ARRAY[t.category_id])
"""
ENTER = """
INSERT INTO trending_products (category_id, product_id, score)
SELECT s.category_id, t.product_id, t.score FROM trending_products t JOIN product_projections p USING (product_id)
CROSS JOIN LATERAL unnest(p.category_path) AS s(category_id)
WHERE t.product_id = ANY(%s) AND t.category_id = %s ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""
TOP = """
SELECT product_id FROM trending_products WHERE category_id = %s AND score > 0
ORDER BY score DESC, product_id DESC LIMIT %s OFFSET %s
"""
CATEGORY = "SELECT id, slug, name FROM categories WHERE deleted_at IS NULL AND (id = %s OR slug = %s)"
ROUNDS = 5
"""How often further products are looked at if those before cannot be bought."""


async def add(connection: AsyncConnection[TupleRow], scores: Mapping[UUID, float]) -> None:
    """Add to the scores of products that are on sale. The caller holds the clock."""
    changed = sorted(product_id for product_id, score in scores.items() if score)
    if changed:
        await connection.execute(ADD, (changed, [scores[product_id] for product_id in changed], ANY_CATEGORY))


async def follow_categories(connection: AsyncConnection[TupleRow], product_ids: Sequence[UUID]) -> None:
    """Let products that were moved trend in the categories that they are in now."""
    await connection.execute(HOLD, (list(product_ids),))
    await connection.execute(LEAVE, (list(product_ids), ANY_CATEGORY))
    await connection.execute(ENTER, (list(product_ids), ANY_CATEGORY))


async def trending(
    reads: Reads, size: int, *, category: str | None = None, without: Collection[UUID] = ()
) -> list[dict[str, Any]]:
    """Return what is trending and can be bought now, as JSON objects; in a category, by id or slug, if one is given.

    Where nothing happens that is an empty list, and so it is in a category that does not exist.
    """
    place: Category | None = None
    if category is not None:
        row = await reads.row(CATEGORY, (parse_id(category), category))
        if row is None:
            return []
        place = row[0], row[1], row[2]
    found: list[dict[str, Any]] = []
    offset = 0
    for _ in range(ROUNDS):
        step = (size - len(found)) * SPARE
        rows = await reads.rows(TOP, (place[0] if place else ANY_CATEGORY, step, offset))
        candidates = [Candidate(row[0], "trending", trending_in=place) for row in rows]
        found += await chosen(reads, candidates, size - len(found), without=without)
        offset += step
        if len(found) == size or len(rows) < step:
            break
    return found


async def count_views(session: AsyncSession) -> int:
    """Count the views that were not counted yet, as of now; returns how many there were."""
    views = await saved_items.take_views(session, MOST_VIEWS)
    if views:
        connection = await driver(session)
        weight = (await decay.hold(connection, decay.TRENDS)).weight(clock.now())
        each = settings().recommendations_trend_view_weight * weight
        await add(connection, {product_id: count * each for product_id, count in views.items()})
    return views.total()
