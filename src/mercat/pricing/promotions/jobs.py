"""Product projections follow sales: when one begins, ends or is changed, its products are rendered anew.

The worker knows these jobs by the rooms that call pricing.
"""

from uuid import UUID

from mercat import catalog, outbox
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.pricing.promotions.sales import IN_PROJECTIONS, RUNNING

TURNED = f"""
SELECT id, vendor_ids, category_ids, product_ids FROM promotions
WHERE {IN_PROJECTIONS} AND in_projections <> ({RUNNING}) AND id <> ALL(%(leaving)s) ORDER BY id LIMIT 1
"""  # noqa: S608 - made of constants
SCOPE = "SELECT vendor_ids, category_ids, product_ids FROM promotions WHERE id = %(id)s"
SHOWN = f"UPDATE promotions SET in_projections = ({RUNNING}) WHERE id = %(id)s"  # noqa: S608 - made of constants
FIELDS = ("vendor_ids", "category_ids", "product_ids")


@outbox.job("pricing.show_sale", lane=outbox.Lane.bulk)
async def show_sale(context: outbox.JobContext, /, **scope: str) -> None:
    """Render the products of a scope anew, a batch a transaction; each field holds ids with blanks between them."""
    await _render(context.database, catalog.Among(*(tuple(map(UUID, scope[name].split())) for name in FIELDS)))


@outbox.every(outbox.minutes(1), "pricing.follow_sales")
async def follow_sales(context: outbox.JobContext) -> None:
    """Render the products anew whose sale has begun or ended since they were rendered.

    A sale whose products cannot be rendered gets a job of its own, and the others go on.
    """
    failed = await outbox.apart(context.database, follow_sale, "promotion_id")
    while True:
        now = {"now": clock.now()}
        found = await context.database.primary.row(TURNED, {**now, "leaving": list(failed.ids)})
        if found is None:
            return
        async with failed.one(found[0]):
            await _render(context.database, catalog.Among(*map(tuple, found[1:])))
            await context.database.primary.note(SHOWN, {**now, "id": found[0]})


@outbox.job("pricing.follow_sale", lane=outbox.Lane.bulk)
async def follow_sale(context: outbox.JobContext, promotion_id: str) -> None:
    """Render the products of a sale anew that failed to be with the others."""
    sale = {"now": clock.now(), "id": UUID(promotion_id)}
    found = await context.database.primary.row(SCOPE, sale)
    if found is not None:
        await _render(context.database, catalog.Among(*map(tuple, found)))
        await context.database.primary.note(SHOWN, sale)


async def _render(database: Database, among: catalog.Among) -> None:
    after: UUID | None = UUID(int=0)
    while after is not None:
        async with database.transaction() as session:
            after = await catalog.render_next(session, among, after)
