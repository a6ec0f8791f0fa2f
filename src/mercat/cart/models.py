"""Carts and their lines."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.exchange import other_than_books
from mercat.kit.models import Base, Identified, MinorUnits, Stamped
from mercat.kit.money import Money, default_currency

LEFT_BEHIND = text("token_hash IS NOT NULL AND status IN ('active', 'merged')")
"""Carts of guests that expire: the index knows them by these words."""


class Cart(Identified, Stamped, Base):
    """A cart: a person's, or that of a guest who holds the token. `ordered` ones are done."""

    __tablename__ = "carts"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'ordered', 'merged')", name="status"),
        CheckConstraint("(user_id IS NULL) <> (token_hash IS NULL)", name="one_holder"),
        Index("uq_carts_active_user", "user_id", unique=True, postgresql_where=text("status = 'active'")),
        Index("ix_carts_left_behind", "updated_at", postgresql_where=LEFT_BEHIND),
    )
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    status: Mapped[str] = mapped_column(server_default="active", default="active")
    coupon: Mapped[str | None]
    currency: Mapped[str | None]
    """The one that its buyer chose; null is that of the books."""
    merge_losses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    """What a merge has left out and its buyer was not told yet, see `CartMergeLoss`."""


class CartItem(Identified, Stamped, Base):
    """Units of one variant, with the price that the buyer has been shown.

    `price_seen_currency` is the currency in which they were shown it, null that of the books. It is the cart's, unless
    the line came from another cart or the cart's own currency was not in force.
    """

    __tablename__ = "cart_items"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity"),
        Index(None, "variant_id"),
    )
    cart_id: Mapped[UUID] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    price_seen_minor: Mapped[int] = mapped_column(MinorUnits)
    price_seen_currency: Mapped[str | None]

    @property
    def price_seen(self) -> Money:
        """The price that the buyer has been shown."""
        return Money(self.price_seen_minor, self.price_seen_currency or default_currency())

    @price_seen.setter
    def price_seen(self, price: Money) -> None:
        self.price_seen_minor, self.price_seen_currency = price.minor, other_than_books(price.currency)
