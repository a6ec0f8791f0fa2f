"""Invoices and credit notes: numbered without gaps, frozen, and never changed.

Triggers of the database protect them: rows are only added. Once `keep_until` is over, only
`forget_buyers_of_invoices()` removes the buyer from `document`.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified


class InvoiceSeries(Base):
    """The counter of a vendor's series. Taking the next number locks its row until the transaction ends."""

    __tablename__ = "invoice_series"
    __table_args__ = (CheckConstraint("last_position >= 0", name="position"), UniqueConstraint("prefix"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    prefix: Mapped[str]
    last_position: Mapped[int] = mapped_column(BigInteger, server_default="0")


class Invoice(Identified, Base):
    """One document. `document` is its whole content, amounts in minor units."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("kind IN ('invoice', 'credit_note')", name="kind"),
        CheckConstraint("(kind = 'credit_note') = (refund_id IS NOT NULL)", name="refund"),
        CheckConstraint("position > 0", name="position"),
        UniqueConstraint("number"),
        UniqueConstraint("vendor_id", "series", "position"),
        Index("uq_invoices_one_per_part", "vendor_order_id", unique=True, postgresql_where=text("kind = 'invoice'")),
        Index(
            "uq_invoices_one_per_refund",
            "refund_id",
            "vendor_order_id",
            unique=True,
            postgresql_where=text("kind = 'credit_note'"),
        ),
        Index(None, "order_id"),
        Index(None, "vendor_order_id"),
        Index(None, "issued_at", "id"),
        Index(None, "keep_until"),
    )
    kind: Mapped[str]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    series: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[str]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("vendor_orders.id"))
    refund_id: Mapped[UUID | None]
    locale: Mapped[str]
    currency: Mapped[str]
    document: Mapped[dict[str, object]] = mapped_column(JSONB)
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    keep_until: Mapped[date]


class InvoiceFile(Base):
    """The PDF of a document, as it was sent."""

    __tablename__ = "invoice_files"
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    drawn_at: Mapped[datetime] = mapped_column(server_default=func.now())
