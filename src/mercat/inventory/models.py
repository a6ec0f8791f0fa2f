"""Levels, reservations and movements. The CHECKs hold whatever the code does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified

MAIN_LOCATION = UUID("00000000-0000-7000-8000-000000000001")
"""The location that every vendor has from the start and shares in name alone; the first migration creates it."""

MOVEMENT_KINDS = ("received", "adjusted", "reserved", "released", "expired", "shipped", "returned", "transferred")


class StockLocation(Identified, Base):
    """A location of a vendor's stock; `MAIN_LOCATION` belongs to no vendor and serves all.

    A lower `priority` comes first. A deleted one holds nothing and stays for the movements that name it.
    """

    __tablename__ = "stock_locations"
    __table_args__ = (
        CheckConstraint("active OR vendor_id IS NOT NULL", name="main_is_active"),
        Index(
            "uq_stock_locations_vendor_id_code",
            "vendor_id",
            "code",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    country: Mapped[str | None]
    # no person's: privacy takes a column called address for a personal one
    address: Mapped[str] = mapped_column("place", server_default="", default="")
    priority: Mapped[int] = mapped_column(server_default="100")
    active: Mapped[bool] = mapped_column(server_default="true")
    deleted_at: Mapped[datetime | None]


class StockLevel(Base):
    """`on_hand` units are there, `reserved` of them are reserved; the rest is available.

    A level that is not `tracked` is not counted: shipping and returning leave `on_hand` as it is.
    `active` repeats the location's, so that availability reads one table: stock at a closed location is not sold.
    `product_id` and `vendor_id` repeat the variant's, which never change: they tell whom a change concerns.
    """

    __tablename__ = "stock_levels"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("allow_backorder OR reserved <= on_hand", name="reserved_within_stock"),
        {"postgresql_with": {"fillfactor": 80}},  # counters change in place: leave room for heap-only updates
    )
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("stock_locations.id"), primary_key=True)
    product_id: Mapped[UUID]
    vendor_id: Mapped[UUID]
    on_hand: Mapped[int] = mapped_column(server_default="0")
    reserved: Mapped[int] = mapped_column(server_default="0")
    allow_backorder: Mapped[bool] = mapped_column(server_default="false")
    tracked: Mapped[bool] = mapped_column(server_default="true")
    active: Mapped[bool] = mapped_column(server_default="true")


class StockThreshold(Base):
    """A variant's own low-stock threshold, in units that can be sold, where it is not its vendor's default."""

    __tablename__ = "stock_thresholds"
    __table_args__ = (CheckConstraint("low_at >= 0", name="low_at_not_negative"),)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True)
    low_at: Mapped[int]


class StockDefault(Base):
    """A vendor's low-stock threshold, in units, for variants that have none of their own."""

    __tablename__ = "stock_defaults"
    __table_args__ = (CheckConstraint("low_at >= 0", name="low_at_not_negative"),)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"), primary_key=True)
    low_at: Mapped[int]


class StockReservation(Identified, Base):
    """An order's reservation: `held` until paid, `confirmed` until shipped; then `shipped`, `released` or `expired`."""

    __tablename__ = "stock_reservations"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("state IN ('held', 'confirmed', 'shipped', 'released', 'expired')", name="state"),
        ForeignKeyConstraint(
            ["variant_id", "location_id"], ["stock_levels.variant_id", "stock_levels.location_id"], ondelete="CASCADE"
        ),
        Index(None, "order_id"),
        Index(None, "variant_id", "location_id"),
    )
    order_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    location_id: Mapped[UUID]
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="held")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StockMovement(Base):
    """One change of a level, never updated: the sums of the deltas are the level.

    `actor` is an account's id, or `guest`, `import` or `system`.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(k) for k in MOVEMENT_KINDS)})", name="kind"),
        Index(None, "variant_id", "id"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    location_id: Mapped[UUID]
    kind: Mapped[str]
    on_hand_delta: Mapped[int] = mapped_column(server_default="0")
    reserved_delta: Mapped[int] = mapped_column(server_default="0")
    order_id: Mapped[UUID | None]
    actor: Mapped[str] = mapped_column(server_default="system")
    note: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
