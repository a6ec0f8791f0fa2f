"""Shapes of what variants have cost."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Shape


class PriceHistoryListing(PageParams):
    """Which page of what variants have cost, and in which order."""

    sort: Literal["-applied_at", "applied_at"] = "-applied_at"
    """Order of the list: downward with a minus sign."""


class AppliedPriceRead(Shape):
    """What a variant cost from a moment on, until its next price."""

    variant_id: UUID
    price: Money
    """With sales taken off."""
    compare_at_price: Money | None
    """The higher price that was shown beside it, if it was announced as a reduction."""
    applied_at: datetime
