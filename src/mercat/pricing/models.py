"""Promotions and who used them, shipping zones and their methods, tax rates."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits, Stamped

ALIVE = text("deleted_at IS NULL")


class Versioned(Identified, Stamped):
    """What operators edit: `version` counts the edits and guards them, and what is deleted stays for the books."""

    version: Mapped[int] = mapped_column(server_default="1", default=1)
    deleted_at: Mapped[datetime | None]


class Promotion(Versioned, Base):
    """A promotion: a sale, or with a code a coupon. `code_key` is the code as it is looked up.

    `used_count` counts the coupon's uses that were not returned.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("kind IN ('percent', 'fixed', 'free_shipping')", name="kind"),
        CheckConstraint("applies_to IN ('lines', 'order')", name="applies_to"),
        CheckConstraint("(kind = 'percent') = (percent IS NOT NULL)", name="has_percent"),
        CheckConstraint("(kind = 'fixed') = (amount_minor IS NOT NULL)", name="has_amount"),
        CheckConstraint("percent > 0 AND percent <= 100", name="percent"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("minimum_minor >= 0", name="minimum_not_negative"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("(code IS NULL) = (code_key IS NULL)", name="code_has_key"),
        CheckConstraint("code IS NOT NULL OR (usage_limit IS NULL AND NOT once_per_customer)", name="limits_need_code"),
        CheckConstraint("used_count >= 0 AND used_count <= usage_limit", name="within_limit"),
        Index("uq_promotions_code_key", "code_key", unique=True, postgresql_where=ALIVE),
        Index("ix_promotions_sales", "id", postgresql_where=text("code IS NULL AND is_active AND deleted_at IS NULL")),
    )
    name: Mapped[str]
    code: Mapped[str | None]
    code_key: Mapped[str | None]
    kind: Mapped[str]
    applies_to: Mapped[str]
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    amount_minor: Mapped[int | None] = mapped_column(MinorUnits)
    minimum_minor: Mapped[int | None] = mapped_column(MinorUnits)
    currency: Mapped[str]
    vendor_ids: Mapped[list[UUID]] = mapped_column(server_default="{}", default=list)
    category_ids: Mapped[list[UUID]] = mapped_column(server_default="{}", default=list)
    product_ids: Mapped[list[UUID]] = mapped_column(server_default="{}", default=list)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    usage_limit: Mapped[int | None]
    used_count: Mapped[int] = mapped_column(server_default="0", default=0)
    once_per_customer: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    in_projections: Mapped[bool] = mapped_column(server_default="false", default=False)
    """Whether product projections were rendered while it ran; see `promotions.jobs`."""


class CouponUse(Identified, Base):
    """A coupon was used for an order, once; `returned_at` is when the order returned it.

    A customer is known by their account or their e-mail address, of which only a keyed hash is kept.
    """

    __tablename__ = "coupon_uses"
    __table_args__ = (
        UniqueConstraint("order_id"),
        Index(None, "promotion_id"),
        Index("ix_coupon_uses_user_id", "user_id", postgresql_where=text("user_id IS NOT NULL")),
        Index(
            "uq_coupon_uses_once_user",
            "promotion_id",
            "user_id",
            unique=True,
            postgresql_where=text("once AND returned_at IS NULL AND user_id IS NOT NULL"),
        ),
        Index(
            "uq_coupon_uses_once_email",
            "promotion_id",
            "email_hash",
            unique=True,
            postgresql_where=text("once AND returned_at IS NULL AND email_hash IS NOT NULL"),
        ),
    )
    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotions.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    email_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    once: Mapped[bool]
    used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    returned_at: Mapped[datetime | None]


class ShippingZone(Versioned, Base):
    """Where the same shipping methods are offered."""

    __tablename__ = "shipping_zones"
    name: Mapped[str]


class ShippingArea(Identified, Base):
    """An area of a zone: everywhere (no country), a country, or of it a region or a prefix of postal codes.

    The most precise area that an address lies in decides; no two say the same.
    """

    __tablename__ = "shipping_areas"
    __table_args__ = (
        CheckConstraint("country IS NOT NULL OR (region IS NULL AND postal_prefix IS NULL)", name="parts_of_a_country"),
        UniqueConstraint("country", "region", "postal_prefix", postgresql_nulls_not_distinct=True),
        Index(None, "zone_id"),
    )
    zone_id: Mapped[UUID] = mapped_column(ForeignKey("shipping_zones.id", ondelete="CASCADE"))
    country: Mapped[str | None]
    region: Mapped[str | None]
    postal_prefix: Mapped[str | None]


class ShippingMethod(Versioned, Base):
    """A way of shipping in a zone; with a vendor, that vendor's own tariff for its goods.

    `bands` are `[up_to, price_minor]` in ascending order, `up_to` in grams or minor units, null without a bound.
    """

    __tablename__ = "shipping_methods"
    __table_args__ = (
        CheckConstraint("basis IN ('flat', 'weight', 'value')", name="basis"),
        CheckConstraint("free_from_minor >= 0", name="free_from_not_negative"),
        Index(
            "uq_shipping_methods_code",
            "zone_id",
            "code",
            "vendor_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=ALIVE,
        ),
        Index(None, "vendor_id"),
        Index(None, "code"),
    )
    zone_id: Mapped[UUID] = mapped_column(ForeignKey("shipping_zones.id"))
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id"))
    code: Mapped[str]
    name: Mapped[str]
    basis: Mapped[str]
    bands: Mapped[list[list[int | None]]] = mapped_column(JSONB)
    free_from_minor: Mapped[int | None] = mapped_column(MinorUnits)
    currency: Mapped[str]
    tax_class: Mapped[str | None]
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)


class TaxRate(Versioned, Base):
    """The tax rate of a class of goods sent to a country, or to a region of it, in a time."""

    __tablename__ = "tax_rates"
    __table_args__ = (
        CheckConstraint("rate >= 0 AND rate < 10", name="rate"),
        CheckConstraint("valid_from < valid_to", name="valid_from_before_to"),
        Index(
            "uq_tax_rates_place_class_from",
            "country",
            "region",
            "tax_class",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=ALIVE,
        ),
    )
    name: Mapped[str]
    country: Mapped[str]
    region: Mapped[str | None]
    tax_class: Mapped[str] = mapped_column(server_default="standard", default="standard")
    rate: Mapped[Decimal] = mapped_column(Numeric(7, 5))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
