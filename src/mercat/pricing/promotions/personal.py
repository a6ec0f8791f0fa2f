"""What uses of coupons say about a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.shapes import Shape
from mercat.pricing.models import CouponUse, Promotion


class CouponRecord(Shape):
    """A coupon that a person used."""

    code: str | None = Field(examples=["WELCOME10"])
    order_id: UUID
    used_at: datetime
    returned_at: datetime | None
    """When the order returned it."""


async def record_of(session: AsyncSession, user_id: UUID, order_ids: Sequence[UUID]) -> list[CouponRecord]:
    """Return the coupons that a person used, for these orders too."""
    rows = await session.execute(
        select(Promotion.code, CouponUse.order_id, CouponUse.used_at, CouponUse.returned_at)
        .join(Promotion, Promotion.id == CouponUse.promotion_id)
        .where(or_(CouponUse.user_id == user_id, CouponUse.order_id.in_(order_ids)))
        .order_by(CouponUse.id)
    )
    return [CouponRecord.model_validate(row._asdict()) for row in rows]


async def forget(session: AsyncSession, user_id: UUID, order_ids: Sequence[UUID]) -> None:
    """Erase whose these uses were; that a coupon was used for an order belongs to the marketplace's books."""
    await session.execute(
        update(CouponUse)
        .where(or_(CouponUse.user_id == user_id, CouponUse.order_id.in_(order_ids)))
        .values(user_id=None, email_hash=None)
    )
