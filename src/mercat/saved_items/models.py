"""Wishlists, alerts and recent views."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits, Stamped

OPEN = text("told_at IS NULL")


class Wishlist(Identified, Stamped, Base):
    """A wishlist. It is visible to holders of the token that `share_hash` is made from."""

    __tablename__ = "wishlists"
    __table_args__ = (
        CheckConstraint("(share_hash IS NULL) = (shared_at IS NULL)", name="shared"),
        Index(None, "user_id", "id"),
        Index("uq_wishlists_default", "user_id", unique=True, postgresql_where=text("is_default")),
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    is_default: Mapped[bool] = mapped_column(server_default="false", default=False)
    share_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    shared_at: Mapped[datetime | None]


class WishlistItem(Identified, Base):
    """A product on a list, or one variant of it. The note is its owner's alone."""

    __tablename__ = "wishlist_items"
    __table_args__ = (
        UniqueConstraint("list_id", "product_id", "variant_id", postgresql_nulls_not_distinct=True),
        Index(None, "product_id"),
        Index(None, "variant_id"),
    )
    list_id: Mapped[UUID] = mapped_column(ForeignKey("wishlists.id", ondelete="CASCADE"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    note: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProductAlert(Identified, Base):
    """A person wants to be told once. Without a variant any of the product's will do.

    A price has dropped when it is below `price_seen`, or as low as `below` if that was said.
    """

    __tablename__ = "product_alerts"
    __table_args__ = (
        CheckConstraint("kind IN ('back_in_stock', 'price_drop')", name="kind"),
        UniqueConstraint("user_id", "product_id", "variant_id", "kind", postgresql_nulls_not_distinct=True),
        Index("ix_product_alerts_open", "id", postgresql_where=OPEN),
        Index("ix_product_alerts_open_product", "product_id", postgresql_where=OPEN),
        Index(None, "variant_id"),
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    kind: Mapped[str]
    price_seen_minor: Mapped[int] = mapped_column(MinorUnits)
    below_minor: Mapped[int | None] = mapped_column(MinorUnits)
    told_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RecentView(Identified, Base):
    """When a product was last viewed: by a person, or by a guest with a cart."""

    __tablename__ = "recent_views"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (cart_id IS NULL)", name="one_viewer"),
        UniqueConstraint("user_id", "product_id"),
        UniqueConstraint("cart_id", "product_id"),
        Index(None, "product_id"),
        Index(None, "viewed_at"),
    )
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    cart_id: Mapped[UUID | None] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    viewed_at: Mapped[datetime]


class UncountedView(Base):
    """A view that what is trending was not told yet: of whom is not known, and it is deleted when it is counted."""

    __tablename__ = "uncounted_views"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    product_id: Mapped[UUID]
