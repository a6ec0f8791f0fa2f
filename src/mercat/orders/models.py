"""Orders: one per purchase, split per vendor, with everything frozen as it was when it was placed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Numeric,
    Sequence,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.models import Base, Identified, MinorUnits, Stamped
from mercat.orders.lifecycle import Status

STATUS_IN = f"status IN ({', '.join(repr(status.value) for status in Status)})"
NUMBERS = Sequence("order_numbers", start=100_001, metadata=Base.metadata)


class Order(Identified, Stamped, Base):
    """A purchase. `expires_at` is when an unpaid one releases its stock; none once paid.

    All amounts are in its buyer's `currency`; `books_total` is what the total is worth in that of the books.
    `guest_key` is what a guest's orders have in common, see `holds`. `locale` is the language of its mail and its
    documents, `text_locale` that of the marketplace's texts in which its buyer read; none if that is the source.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(STATUS_IN, name="status"),
        CheckConstraint("total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor", name="adds_up"),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint("discount_minor BETWEEN 0 AND subtotal_minor", name="discount_within_subtotal"),
        CheckConstraint("included_tax_minor BETWEEN 0 AND total_minor", name="included_tax_within_total"),
        CheckConstraint(
            "CASE WHEN prices_include_tax THEN tax_minor ELSE included_tax_minor END = 0", name="tax_added_or_included"
        ),
        CheckConstraint("refunded_minor BETWEEN 0 AND total_minor", name="refunded_within_total"),
        CheckConstraint(
            "num_nulls(exchange_rate, exchange_rate_date, exchange_rate_source) = "
            "CASE WHEN currency = books_currency THEN 3 ELSE 0 END",
            name="rate_known",
        ),
        CheckConstraint("currency <> books_currency OR books_total_minor = total_minor", name="worth_itself"),
        Index("ix_orders_user_id_placed_at", "user_id", "placed_at", "id"),
        Index("ix_orders_guest_email", text("lower(email)"), postgresql_where=text("user_id IS NULL")),
        Index("ix_orders_guest_key", "guest_key", postgresql_where=text("status = 'pending'")),
        Index("ix_orders_placed_at_id", "placed_at", "id"),
        Index("ix_orders_books_total_minor_id", "books_total_minor", "id"),
        Index("ix_orders_expires_at", "expires_at", postgresql_where=text("status = 'pending'")),
        UniqueConstraint("cart_id"),
    )
    number: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    cart_id: Mapped[UUID | None]
    email: Mapped[str]
    guest_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    locale: Mapped[str]
    text_locale: Mapped[str | None]
    status: Mapped[str]
    currency: Mapped[str]
    books_currency: Mapped[str]
    exchange_rate: Mapped[Decimal | None] = mapped_column(Numeric)
    exchange_rate_date: Mapped[date | None]
    exchange_rate_source: Mapped[str | None]
    subtotal_minor: Mapped[int] = mapped_column(MinorUnits)
    discount_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    shipping_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    included_tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    prices_include_tax: Mapped[bool] = mapped_column(server_default="true")
    coupon: Mapped[str | None]
    agreed_pages: Mapped[list[dict[str, str | int]]] = mapped_column(JSONB, server_default="[]", default=list)
    total_minor: Mapped[int] = mapped_column(MinorUnits)
    books_total_minor: Mapped[int] = mapped_column(MinorUnits)
    refunded_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    paid_at: Mapped[datetime | None]
    shipping_method: Mapped[str]
    shipping_method_name: Mapped[str]
    """The method's name when the order was placed."""
    translated_shipping_method_name: Mapped[str | None]
    """In `text_locale`, where it differs."""
    payment_method: Mapped[str]
    shipping_address: Mapped[dict[str, str]] = mapped_column(JSONB)
    billing_address: Mapped[dict[str, str]] = mapped_column(JSONB)
    placed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]

    @property
    def rate(self) -> FrozenRate | None:
        """The rate that it was placed at; none in the currency of the books."""
        if self.exchange_rate is None or self.exchange_rate_date is None or self.exchange_rate_source is None:
            return None
        day, source = self.exchange_rate_date, self.exchange_rate_source
        return FrozenRate(self.books_currency, self.currency, self.exchange_rate, day, source)


class VendorOrder(Identified, Base):
    """A vendor order, with a life cycle of its own.

    `commission` is the marketplace's share, frozen when the order was placed, without the tax on it; the rate of that
    tax is not known of older vendor orders, from before it was kept. `cleared_at` is when its revenue became due for
    payout.
    """

    __tablename__ = "vendor_orders"
    __table_args__ = (
        CheckConstraint(STATUS_IN, name="status"),
        CheckConstraint("total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor", name="adds_up"),
        CheckConstraint("discount_minor BETWEEN 0 AND subtotal_minor", name="discount_within_subtotal"),
        CheckConstraint("shipping_tax_minor BETWEEN 0 AND tax_minor + included_tax_minor", name="shipping_tax_within"),
        CheckConstraint("tax_minor >= 0 AND included_tax_minor BETWEEN 0 AND total_minor", name="taxes_within_total"),
        CheckConstraint("commission_minor >= 0 AND commission_tax_minor >= 0", name="commission_not_negative"),
        UniqueConstraint("order_id", "vendor_id"),
        Index(None, "vendor_id", "id"),
        Index("ix_vendor_orders_vendor_id_status", "vendor_id", "status", "id"),
        Index("ix_vendor_orders_shipped_at", "shipped_at", postgresql_where=text("status = 'shipped'")),
        Index("ix_vendor_orders_delivered_at", "delivered_at", postgresql_where=text("cleared_at IS NULL")),
    )
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    status: Mapped[str]
    subtotal_minor: Mapped[int] = mapped_column(MinorUnits)
    discount_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    shipping_minor: Mapped[int] = mapped_column(MinorUnits)
    shipping_tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    included_tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    total_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    books_total_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    commission_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    commission_tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    commission_tax_rate: Mapped[Decimal | None] = mapped_column(Numeric(6, 5))
    tracking: Mapped[str | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]


class OrderItem(Identified, Base):
    """A line, as it was sold. The variant may be deleted since. `cancelled_quantity` units are not shipped.

    One that `replaces` another costs nothing: its units are sent for as many returned units of the other. `name` and
    `title` are what its vendor calls it; those that its buyer read, where they differ, are kept beside them.
    """

    __tablename__ = "order_items"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("line_total_minor = unit_price_minor * quantity", name="adds_up"),
        CheckConstraint("discount_minor BETWEEN 0 AND line_total_minor", name="discount_within_total"),
        CheckConstraint("tax_minor >= 0 AND tax_rate >= 0", name="tax_not_negative"),
        CheckConstraint("commission_minor >= 0 AND commission_rate BETWEEN 0 AND 1", name="commission"),
        CheckConstraint("cancelled_quantity BETWEEN 0 AND quantity", name="cancelled_within_quantity"),
        CheckConstraint("replaces_id IS NULL OR unit_price_minor = 0", name="replacement_costs_nothing"),
        Index(None, "order_id"),
        Index(None, "vendor_order_id"),
        Index(None, "variant_id"),
    )
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("vendor_orders.id", ondelete="CASCADE"))
    position: Mapped[int]
    product_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    sku: Mapped[str | None]
    name: Mapped[str]
    title: Mapped[str]
    translated_name: Mapped[str | None]
    translated_title: Mapped[str | None]
    image_url: Mapped[str | None]
    quantity: Mapped[int]
    unit_price_minor: Mapped[int] = mapped_column(MinorUnits)
    line_total_minor: Mapped[int] = mapped_column(MinorUnits)
    discount_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(7, 5), server_default="0")
    books_total_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    """What the buyer pays for it, with discount and tax, is worth in the books."""
    commission_rate: Mapped[Decimal] = mapped_column(Numeric(7, 5), server_default="0")
    commission_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    cancelled_quantity: Mapped[int] = mapped_column(server_default="0")
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id", ondelete="CASCADE"))


class RefundLine(Base):
    """What a refund is for: units of a line, an amount of it without units, or shipping of a vendor order. Immutable.

    `amount` is what the buyer gets, `tax` how much of it is tax; `commission` is what the marketplace refunds to the
    vendor of its commission, and of the tax on it. Lines of a refund that failed do not count.
    """

    __tablename__ = "refund_lines"
    __table_args__ = (
        CheckConstraint("bucket IN ('goods', 'shipping')", name="bucket"),
        CheckConstraint("quantity >= 0 AND amount_minor >= 0 AND tax_minor BETWEEN 0 AND amount_minor", name="sane"),
        CheckConstraint("(bucket = 'goods') = (order_item_id IS NOT NULL)", name="goods_name_their_line"),
        CheckConstraint("commission_minor >= 0 AND commission_tax_minor >= 0", name="commission_not_negative"),
        Index(None, "refund_id"),
        Index(None, "vendor_order_id"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(ForeignKey("refunds.id"))
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("vendor_orders.id"))
    order_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id"))
    bucket: Mapped[str]
    quantity: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    tax_minor: Mapped[int] = mapped_column(MinorUnits)
    commission_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    commission_tax_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")


class Shipment(Identified, Base):
    """A shipment: units of a vendor order in one package."""

    __tablename__ = "shipments"
    __table_args__ = (Index(None, "vendor_order_id", "id"),)
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("vendor_orders.id", ondelete="CASCADE"))
    carrier: Mapped[str] = mapped_column(server_default="")
    tracking: Mapped[str | None]
    tracking_url: Mapped[str | None]
    shipped_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]


class ShipmentItem(Base):
    """Units of a line in a shipment."""

    __tablename__ = "shipment_items"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"), Index(None, "order_item_id"))
    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"), primary_key=True)
    order_item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id", ondelete="CASCADE"), primary_key=True)
    quantity: Mapped[int]


class OrderHistory(Base):
    """One transition of an order, or of a vendor order, never changed.

    `actor` is an account's id, or `guest` or `system`. `followed`: the order followed its vendor orders.
    """

    __tablename__ = "order_history"
    __table_args__ = (Index(None, "order_id", "id"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    vendor_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendor_orders.id", ondelete="CASCADE"))
    followed: Mapped[bool] = mapped_column(server_default="false")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    actor: Mapped[str]
    by_staff: Mapped[bool] = mapped_column(server_default="false")
    note: Mapped[str] = mapped_column(server_default="")
