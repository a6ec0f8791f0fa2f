"""Vendors, their members, and invitations."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped

ROLE = "role IN ('owner', 'manager', 'staff')"

HOUSE = "marketplace"
"""Slug of the marketplace's own vendor, which sells what operators add without naming a vendor."""


class Vendor(Identified, Stamped, Base):
    """A vendor on the marketplace, from the application on; `applicant_id` is who applied.

    A picture without a file is hosted elsewhere. The legal details are empty for vendors that operators created. Rows
    that refer to a vendor, such as its sales, take a share lock of its row by their foreign key; a suspension locks it
    `FOR UPDATE`, and so sees every sale before it.
    """

    __tablename__ = "vendors"
    __table_args__ = (
        CheckConstraint("status IN ('applied', 'active', 'rejected', 'suspended')", name="status"),
        CheckConstraint("commission_tax_rate BETWEEN 0 AND 1", name="commission_tax_rate"),
        Index("uq_vendors_open_application", "applicant_id", unique=True, postgresql_where=text("status = 'applied'")),
        Index("ix_vendors_applicant_id", "applicant_id"),
    )
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tagline: Mapped[str] = mapped_column(server_default="", default="")
    description: Mapped[str] = mapped_column(server_default="", default="")
    logo_url: Mapped[str | None]
    logo_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"), unique=True)
    banner_url: Mapped[str | None]
    banner_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"), unique=True)
    status: Mapped[str] = mapped_column(server_default="active", default="active")
    status_reason: Mapped[str] = mapped_column(server_default="", default="")
    status_changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    applicant_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    legal_name: Mapped[str] = mapped_column(server_default="", default="")
    legal_address: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    tax_id: Mapped[str] = mapped_column(server_default="", default="")
    commission_tax_rate: Mapped[Decimal | None] = mapped_column(Numeric(6, 5))
    contact_email: Mapped[str] = mapped_column(server_default="", default="")
    website: Mapped[str | None]
    returns_policy: Mapped[str] = mapped_column(server_default="", default="")
    shipping_policy: Mapped[str] = mapped_column(server_default="", default="")
    privacy_policy: Mapped[str] = mapped_column(server_default="", default="")
    imprint: Mapped[str] = mapped_column(server_default="", default="")


class VendorMember(Base):
    """A member of a vendor."""

    __tablename__ = "vendor_members"
    __table_args__ = (CheckConstraint(ROLE, name="role"), Index(None, "user_id"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())


class VendorInvitation(Identified, Base):
    """An address that was invited to a vendor, by a link that works once. `email_key` is what must be proven."""

    __tablename__ = "vendor_invitations"
    __table_args__ = (
        CheckConstraint(ROLE, name="role"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="one_end"),
        Index(
            "uq_vendor_invitations_open",
            "vendor_id",
            "email_key",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
        Index(None, "email_key"),
        Index(None, "inviter_id"),
    )
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    email: Mapped[str]
    email_key: Mapped[str]
    role: Mapped[str]
    inviter_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
