"""Terms of commission; a trigger refuses every change, new terms follow the old ones."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, func
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified


class CommissionTerms(Identified, Base):
    """A rate from a moment on, until later terms of the same vendor and category. None: of all vendors, all categories.

    Terms without a rate end those before them: from then on the next wider terms count. A category that is purged takes
    its terms with it; what was charged by them is on the orders.
    """

    __tablename__ = "commission_terms"
    __table_args__ = (
        CheckConstraint("rate >= 0 AND rate <= 1", name="rate"),
        Index(
            "uq_commission_terms_vendor_category_from",
            "vendor_id",
            "category_id",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "category_id"),
    )
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"))
    rate: Mapped[Decimal | None] = mapped_column(Numeric(6, 5))
    valid_from: Mapped[datetime]
    note: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
