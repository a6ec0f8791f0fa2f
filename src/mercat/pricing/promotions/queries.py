"""Reads of promotions for those who make them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, numbered_page
from mercat.pricing.exceptions import PromotionNotFound
from mercat.pricing.fields import written
from mercat.pricing.models import Promotion
from mercat.pricing.promotions.schemas import PromotionListing, PromotionRead

PLAIN = (
    "id", "name", "code", "kind", "applies_to", "vendor_ids", "category_ids", "product_ids", "starts_at", "ends_at",
    "usage_limit", "once_per_customer", "is_active", "version", "created_at", "updated_at",
)  # fmt: skip


SORTS = Sorts(
    Promotion.id,
    {
        "created_at": Promotion.created_at,
        "name": func.lower(Promotion.name),
        "starts_at": Promotion.starts_at,
        "ends_at": Promotion.ends_at,
        "used": Promotion.used_count,
    },
    optional=frozenset({"starts_at", "ends_at"}),
)


async def page(session: AsyncSession, params: PromotionListing) -> tuple[list[PromotionRead], int]:
    """Return a page of the promotions that were not deleted, and how many there are."""
    alive = select(Promotion).where(Promotion.deleted_at.is_(None))
    rows, total = await numbered_page(session, SORTS.ordered(alive, params.sort), params)
    return [shown(row) for row in rows.scalars()], total


async def find(session: AsyncSession, promotion_id: UUID, *, for_update: bool = False) -> Promotion:
    """Return a promotion, locked on demand.

    Raises:
        PromotionNotFound: there is none, or it was deleted.
    """
    statement = select(Promotion).where(Promotion.id == promotion_id, Promotion.deleted_at.is_(None))
    found = await session.scalar(statement.with_for_update(key_share=True) if for_update else statement)
    if found is None:
        raise PromotionNotFound
    return found


def shown(row: Promotion) -> PromotionRead:
    """Return a promotion as operators see it."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    return PromotionRead(
        **{name: getattr(row, name) for name in PLAIN},
        percent=None if row.percent is None else written(row.percent),
        amount=money(row.amount_minor),
        minimum=money(row.minimum_minor),
        used=row.used_count,
    )


def etag(row: PromotionRead) -> str:
    """Return the ETag: the version, which guards edits, then the uses, which are no edits."""
    return f'"{row.version}.{row.used}"'
