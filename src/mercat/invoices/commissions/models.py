"""Invoices of the marketplace to its vendors, and which entries of the books each of them is about.

Triggers of the database protect them as they protect the buyers' invoices: rows are only added.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits


class CommissionInvoice(Identified, Base):
    """One document. `document` is its whole content.

    `commission` and `tax` are what the books say: negative where more was refunded in a month than charged.
    """

    __tablename__ = "commission_invoices"
    __table_args__ = (
        CheckConstraint("kind IN ('invoice', 'credit_note')", name="kind"),
        CheckConstraint("(kind = 'credit_note') = (commission_minor + tax_minor < 0)", name="sign"),
        CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
        CheckConstraint("position > 0", name="position"),
        UniqueConstraint("number"),
        UniqueConstraint("series", "position"),
        UniqueConstraint("vendor_id", "month", "currency"),
        Index(None, "month", "id"),
        Index(None, "keep_until"),
    )
    kind: Mapped[str]
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    month: Mapped[date]
    currency: Mapped[str]
    series: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[str]
    locale: Mapped[str]
    commission_minor: Mapped[int] = mapped_column(MinorUnits)
    tax_minor: Mapped[int] = mapped_column(MinorUnits)
    document: Mapped[dict[str, object]] = mapped_column(JSONB)
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    keep_until: Mapped[date]


class CommissionInvoiceEntry(Base):
    """An entry of the books that is on a document of this vendor, and on no other one."""

    __tablename__ = "commission_invoice_entries"
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entries.id"), primary_key=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"), primary_key=True)
    commission_invoice_id: Mapped[UUID] = mapped_column(ForeignKey("commission_invoices.id"), index=True)


class CommissionInvoiceFile(Base):
    """The PDF of a document, as it was sent."""

    __tablename__ = "commission_invoice_files"
    commission_invoice_id: Mapped[UUID] = mapped_column(ForeignKey("commission_invoices.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    drawn_at: Mapped[datetime] = mapped_column(server_default=func.now())
