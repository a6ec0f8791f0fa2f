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
WHERE {IN_PROJECTIONS} AND in_projections <> ({RUNNING}) ORDER BY id LIMIT 1
"""  # noqa: S608 - made of constants
SHOWN = f"UPDATE promotions SET in_projections = ({RUNNING}) WHERE id = %(id)s"  # noqa: S608 - made of constants
FIELDS = ("vendor_ids", "category_ids", "product_ids")


@outbox.job("pricing.show_sale", lane=outbox.Lane.bulk)
async def show_sale(context: outbox.JobContext, /, **scope: str) -> None:
    """Render the products of a scope anew, a batch a transaction; each field holds ids with blanks between them."""
    await _render(context.database, catalog.Among(*(tuple(map(UUID, scope[name].split())) for name in FIELDS)))


@outbox.every(outbox.minutes(1), "pricing.follow_sales")
async def follow_sales(context: outbox.JobContext) -> None:
    """Render the products anew whose sale has begun or ended since they were rendered."""
    while True:
        now = {"now": clock.now()}
        found = await context.database.primary.row(TURNED, now)
        if found is None:
            return
        await _render(context.database, catalog.Among(*map(tuple, found[1:])))
        await context.database.primary.note(SHOWN, {**now, "id": found[0]})


async def _render(database: Database, among: catalog.Among) -> None:
    after: UUID | None = UUID(int=0)
    while after is not None:
        async with database.transaction() as session:
            after = await catalog.render_next(session, among, after)
