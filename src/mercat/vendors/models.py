"""Shops and their members."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped


class Vendor(Identified, Stamped, Base):
    """A shop on the marketplace."""

    __tablename__ = "vendors"
    __table_args__ = (CheckConstraint("status IN ('active', 'suspended')", name="status"),)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tagline: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str] = mapped_column(server_default="")
    logo_url: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="active", default="active")


class VendorMember(Base):
    """Somebody who works for a shop."""

    __tablename__ = "vendor_members"
    __table_args__ = (CheckConstraint("role IN ('owner', 'manager', 'staff')", name="role"), Index(None, "user_id"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str]
