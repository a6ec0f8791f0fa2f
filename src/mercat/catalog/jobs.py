"""What the catalogue does by itself: follow a renamed category, publish what is due, fold the kept counts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from mercat import outbox
from mercat.catalog import localised_projections, picture_rows, publication
from mercat.catalog.announcement import announce
from mercat.catalog.currency_prices import upkeep
from mercat.catalog.projections import refresh_projections
from mercat.kit.ids import parse_id

BATCH = 1_000
NEXT_IN_BRANCH = """
SELECT p.id FROM products p JOIN categories c ON c.id = p.category_id
WHERE c.path @> ARRAY[CAST(:of AS uuid)] AND p.deleted_at IS NULL AND p.id > :after ORDER BY p.id LIMIT :size
"""
NEXT_OF_VENDOR = """
SELECT id FROM products WHERE vendor_id = :of AND deleted_at IS NULL AND id > :after ORDER BY id LIMIT :size
"""
# kind of what has texts -> the next products that show them; what stands above a category is found by, and not shown
NEXT_WITH_TEXTS = {
    "product": """
SELECT id FROM products WHERE id = ANY(CAST(:of AS uuid[])) AND deleted_at IS NULL AND id > :after
ORDER BY id LIMIT :size
""",
    "category": """
SELECT p.id FROM products p JOIN categories c ON c.id = p.category_id
WHERE c.path && CAST(:of AS uuid[]) AND p.deleted_at IS NULL AND p.id > :after ORDER BY p.id LIMIT :size
""",
    "brand": """
SELECT id FROM products WHERE brand_id = ANY(CAST(:of AS uuid[])) AND deleted_at IS NULL AND id > :after
ORDER BY id LIMIT :size
""",
    # as Python folds letters that only look alike
    "attribute": """
SELECT p.id FROM products p WHERE p.deleted_at IS NULL AND p.id > :after AND EXISTS (
    SELECT FROM (SELECT unnest(p.option_names) AS name UNION ALL SELECT jsonb_object_keys(p.attributes)) named
    WHERE translate(replace(lower(named.name), 'ß', 'ss'), E'\\u03c2', E'\\u03c3') = ANY(CAST(:of AS text[]))
) ORDER BY p.id LIMIT :size
""",
}
NEXT_OF_ALL = "SELECT product_id FROM product_projections WHERE product_id > :after ORDER BY product_id LIMIT :size"
# rows written while this runs are not in its snapshot and stay for the next time
FOLD = """
WITH gone AS (DELETE FROM product_counts RETURNING dimension, key, delta)
INSERT INTO product_counts (dimension, key, delta)
SELECT dimension, key, sum(delta) FROM gone GROUP BY dimension, key HAVING sum(delta) <> 0
"""


@outbox.job("catalog.refresh_branch", lane=outbox.Lane.bulk)
async def refresh_branch(context: outbox.JobContext, category_id: str) -> None:
    """Write the projections of every product in and below a category anew, a batch a transaction.

    All of them have changed, for a projection does not say what is above its category, nor by what it is filtered.
    """
    await _refresh(context, NEXT_IN_BRANCH, parse_id(category_id), changed=True)


@outbox.job("catalog.refresh_translated", lane=outbox.Lane.bulk)
async def refresh_translated(context: outbox.JobContext, kind: str, keys: list[str]) -> None:
    """Write the projections of products anew that show texts of these things in other languages."""
    await _refresh(context, NEXT_WITH_TEXTS[kind], keys, changed=kind == "category")


@outbox.every(outbox.minutes(5), "catalog.follow_locales", lane=outbox.Lane.bulk)
async def follow_locales(context: outbox.JobContext) -> None:
    """Write every projection anew in the languages of the marketplace when these have changed.

    Until then a language that was added shows products as they were written, and orders them so.
    """
    async with context.database.primary_session() as session:
        if not await localised_projections.need_another_run(session):
            return
    await _refresh(context, NEXT_OF_ALL, None)
    async with context.database.transaction() as session:
        await localised_projections.keep_only_known(session)


@outbox.job("catalog.rewrite_prices", lane=outbox.Lane.bulk)
async def rewrite_prices(context: outbox.JobContext) -> None:
    """Follow rates and currencies that have changed."""
    await _follow_conversions(context)


@outbox.every(outbox.minutes(1), "catalog.follow_currencies", lane=outbox.Lane.bulk)
async def follow_currencies(context: outbox.JobContext) -> None:
    """Follow what no event tells: settings that have changed, and rates that have become too old."""
    await _follow_conversions(context)


async def _follow_conversions(context: outbox.JobContext) -> None:
    """Write all prices in other currencies anew if conversions have changed, a batch of products a transaction.

    Until a product's turn comes it is shown with the prices of before, all of them.
    """
    async with context.database.transaction() as session:
        marks = await upkeep.begin(session)
    if marks:
        await _refresh(context, NEXT_OF_ALL, None)
        async with context.database.transaction() as session:
            await upkeep.look_at_prices(session)
            await upkeep.finish(session, marks)
    forgetting = True
    while forgetting:
        async with context.database.transaction() as session:
            forgetting = await upkeep.forget_some(session)


@outbox.job("catalog.refresh_vendor")
async def refresh_vendor(context: outbox.JobContext, vendor_id: str) -> None:
    """Write the projections of a vendor's products anew: gone if it is suspended, back if it is reinstated."""
    await _refresh(context, NEXT_OF_VENDOR, parse_id(vendor_id))


async def _refresh(
    context: outbox.JobContext, statement: str, of: UUID | list[str] | None, *, changed: bool = False
) -> None:
    async def refresh(products: Sequence[UUID]) -> None:
        async with context.database.transaction() as session:
            await refresh_projections(session, products)
            if changed:
                await announce(session, products)

    after: UUID = UUID(int=0)
    failed: dict[UUID, Exception] = {}
    while True:
        async with context.database.transaction() as session:
            rows = await session.scalars(text(statement), {"of": of, "after": after, "size": BATCH})
            batch = list(rows)
        failed |= await outbox.in_parts(batch, refresh)
        if len(batch) < BATCH:
            break
        after = batch[-1]
    if failed:  # the others are done, and done again are the same
        raise ExceptionGroup(f"projections of {', '.join(map(str, failed))}"[:200], list(failed.values()))


@outbox.every(outbox.minutes(5), "catalog.fold_counts")
async def fold_counts(context: outbox.JobContext) -> None:
    """Keep the log of counts short, so that a total stays the sum of a few rows."""
    async with context.database.transaction() as session:
        await session.execute(text(FOLD))


@outbox.job("catalog.publish_product")
async def publish_product(context: outbox.JobContext, product_id: str) -> None:
    """Put a draft on sale that failed to be with the others."""
    async with context.database.transaction() as session:
        await publication.publish(session, [UUID(product_id)])


@outbox.every(outbox.minutes(1), "catalog.publish_due")
async def publish_due(context: outbox.JobContext) -> None:
    """Publish drafts that are due."""
    await outbox.work_off(context.database, publish_product, "product_id", publication.due, publication.publish)


@outbox.every(outbox.daily(3, 17), "catalog.release_pictures", lane=outbox.Lane.bulk)
async def release_pictures(context: outbox.JobContext) -> None:
    """Let uploads go that no product shows any more: after a purge, an import, another picture for a variant."""
    while True:
        async with context.database.transaction() as session:
            if not await picture_rows.release_unused(session):
                return
