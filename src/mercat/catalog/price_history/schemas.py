"""Shapes of what variants have cost."""

from datetime import datetime
from uuid import UUID

from mercat.kit.money import Money
from mercat.kit.shapes import Shape


class AppliedPriceRead(Shape):
    """What a variant cost from a moment on, until its next price."""

    variant_id: UUID
    price: Money
    """With sales taken off."""
    compare_at_price: Money | None
    """The higher price that was shown beside it, if it was announced as a reduction."""
    applied_at: datetime
