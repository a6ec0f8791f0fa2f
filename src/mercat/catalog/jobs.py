"""What the catalogue does by itself: follow a renamed category, publish what is due, fold the kept counts."""

from uuid import UUID

from sqlalchemy import text

from mercat import outbox
from mercat.catalog import picture_rows, publishing
from mercat.catalog.cards import refresh_cards
from mercat.kit.ids import parse_id

BATCH = 1_000
NEXT_IN_BRANCH = """
SELECT p.id FROM products p JOIN categories c ON c.id = p.category_id
WHERE c.path @> ARRAY[CAST(:of AS uuid)] AND p.deleted_at IS NULL AND p.id > :after ORDER BY p.id LIMIT :size
"""
NEXT_IN_SHOP = """
SELECT id FROM products WHERE vendor_id = :of AND deleted_at IS NULL AND id > :after ORDER BY id LIMIT :size
"""
# rows written while this runs are not in its snapshot and stay for the next time
FOLD = """
WITH gone AS (DELETE FROM product_counts RETURNING dimension, key, delta)
INSERT INTO product_counts (dimension, key, delta)
SELECT dimension, key, sum(delta) FROM gone GROUP BY dimension, key HAVING sum(delta) <> 0
"""


@outbox.job("catalog.refresh_branch")
async def refresh_branch(context: outbox.JobContext, category_id: str) -> None:
    """Make the cards of every product in and below a category anew, a batch a transaction."""
    await _refresh(context, NEXT_IN_BRANCH, category_id)


@outbox.job("catalog.refresh_shop")
async def refresh_shop(context: outbox.JobContext, vendor_id: str) -> None:
    """Make the cards of everything that a shop sells anew: gone if it is suspended, back if it is not any more."""
    await _refresh(context, NEXT_IN_SHOP, vendor_id)


async def _refresh(context: outbox.JobContext, statement: str, of: str) -> None:
    after: UUID = UUID(int=0)
    while True:
        async with context.database.transaction() as session:
            rows = await session.scalars(text(statement), {"of": parse_id(of), "after": after, "size": BATCH})
            batch = list(rows)
            await refresh_cards(session, batch)
        if len(batch) < BATCH:
            return
        after = batch[-1]


@outbox.every("*/5 * * * *", "catalog.fold_counts")
async def fold_counts(context: outbox.JobContext) -> None:
    """Keep the log of counts short, so that a total stays the sum of a few rows."""
    async with context.database.transaction() as session:
        await session.execute(text(FOLD))


@outbox.every("* * * * *", "catalog.publish_due")
async def publish_due(context: outbox.JobContext) -> None:
    """Put drafts on sale whose moment has come."""
    while True:
        async with context.database.transaction() as session:
            if not await publishing.publish_due(session):
                return


@outbox.every("17 3 * * *", "catalog.release_pictures")
async def release_pictures(context: outbox.JobContext) -> None:
    """Let uploads go that no product shows any more: after a purge, an import, another picture for a variant."""
    while True:
        async with context.database.transaction() as session:
            if not await picture_rows.release_unused(session):
                return
