"""What variants cost, and since when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, MinorUnits


class AppliedPrice(Base):
    """A price from the moment on at which buyers were shown it, until the next one of the variant.

    `price_minor` is what it cost with sales taken off; `compare_at_minor` the higher price that was shown beside it, if
    it was announced as a reduction. Rows are added only.
    """

    __tablename__ = "applied_prices"
    __table_args__ = (CheckConstraint("price_minor >= 0", name="price_not_negative"),)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    applied_at: Mapped[datetime] = mapped_column(primary_key=True)
    price_minor: Mapped[int] = mapped_column(MinorUnits)
    compare_at_minor: Mapped[int | None] = mapped_column(MinorUnits)
