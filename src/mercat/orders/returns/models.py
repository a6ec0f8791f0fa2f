"""Returns: what of an order is returned, and their status."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits, Stamped
from mercat.orders.returns.lifecycle import Reason, Status


def _one_of(column: str, values: type[Status] | type[Reason]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class Return(Identified, Stamped, Base):
    """Units of a vendor order that are returned. `amount` is what the buyer gets; `refund_id` refunds it, once."""

    __tablename__ = "returns"
    __table_args__ = (
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint(_one_of("reason", Reason), name="reason"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("refund_id IS NULL OR status IN ('received', 'refunded')", name="refund_after_receipt"),
        CheckConstraint(
            "status <> 'refunded' OR refund_id IS NOT NULL OR amount_minor = 0", name="refunded_by_a_refund"
        ),
        UniqueConstraint("refund_id"),
        Index(None, "order_id"),
        Index(None, "vendor_order_id"),
        Index(None, "status", "id"),
    )
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("vendor_orders.id", ondelete="CASCADE"))
    status: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey("refunds.id"))
    restocked: Mapped[bool | None]


class ReturnItem(Base):
    """Units of a line of the order.

    With `exchange_variant_id` the buyer wants as many units of that variant for them; `replacement_id` is the line of
    the order with these, once the goods are received.
    """

    __tablename__ = "return_items"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("quantity > 0 OR asked_quantity IS NOT NULL", name="quantity_positive"),
        CheckConstraint("asked_quantity > quantity", name="asked_for_more"),
        CheckConstraint("replacement_id IS NULL OR exchange_variant_id IS NOT NULL", name="replaced_in_exchange"),
        UniqueConstraint("replacement_id"),
        Index(None, "order_item_id"),
    )
    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"), primary_key=True)
    order_item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id", ondelete="CASCADE"), primary_key=True)
    quantity: Mapped[int]
    asked_quantity: Mapped[int | None]
    """What was announced, where fewer units were received."""
    exchange_variant_id: Mapped[UUID | None]
    replacement_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id", ondelete="CASCADE"))


class ReturnHistory(Base):
    """One transition of a return, never changed. `actor` as in the history of orders."""

    __tablename__ = "return_history"
    __table_args__ = (Index(None, "return_id", "id"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    actor: Mapped[str]
    by_staff: Mapped[bool] = mapped_column(server_default="false")
    note: Mapped[str] = mapped_column(server_default="")
