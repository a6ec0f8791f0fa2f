"""Reading what variants have cost."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor
from mercat.catalog import queries
from mercat.catalog.exceptions import ProductNotFound
from mercat.catalog.models import Product, Variant
from mercat.catalog.price_history.models import AppliedPrice
from mercat.catalog.price_history.schemas import AppliedPriceRead, PriceHistoryListing
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, numbered_page

SORTS = Sorts(AppliedPrice.variant_id, {"applied_at": AppliedPrice.applied_at})


async def page(
    session: AsyncSession, actor: Actor, product_id: UUID, params: PriceHistoryListing
) -> tuple[list[AppliedPriceRead], int]:
    """Return a page of what a product's variants have cost, and how many changes there were.

    Raises:
        ProductNotFound: there is none, or it is another vendor's.
    """
    vendor_id = await session.scalar(
        select(Product.vendor_id).where(Product.id == product_id, Product.deleted_at.is_(None))
    )
    if vendor_id is None or not await queries.may_edit(session, actor, vendor_id):
        raise ProductNotFound
    of_product = (
        select(AppliedPrice)
        .join(Variant, Variant.id == AppliedPrice.variant_id)
        .where(Variant.product_id == product_id)
    )
    rows, total = await numbered_page(session, SORTS.ordered(of_product, params.sort), params)
    return [_shown(row) for row in rows.scalars()], total


def _shown(row: AppliedPrice) -> AppliedPriceRead:
    before = row.compare_at_minor
    return AppliedPriceRead(
        variant_id=row.variant_id,
        price=Money(row.price_minor, row.currency),
        compare_at_price=None if before is None else Money(before, row.currency),
        applied_at=row.applied_at,
    )
