"""What is trending: orders and views of a product, decayed by age, in each of its categories."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.kit.database import Reads

ANY_CATEGORY = UUID(int=0)
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
CATEGORY = "SELECT id, slug, name FROM categories WHERE deleted_at IS NULL AND {} = %s"


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


async def top(reads: Reads, category_id: UUID, size: int, offset: int) -> list[UUID]:
    """Return products by their score, the highest first."""
    return [row[0] for row in await reads.rows(TOP, (category_id, size, offset))]
