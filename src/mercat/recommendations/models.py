"""What recommendations keep: counts of orders and views without the people, and the terms of products."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base


class DecayClock(Base):
    """How counts of a kind decay: what happens at `landmark` weighs 1, a half-life later 2. See `decay`."""

    __tablename__ = "decay_clocks"
    __table_args__ = (CheckConstraint("half_life_days > 0", name="half_life_positive"),)
    name: Mapped[str] = mapped_column(primary_key=True)
    half_life_days: Mapped[float] = mapped_column(Float(53))
    landmark: Mapped[datetime]


class CountedOrder(Base):
    """What an order was counted with, so that it is counted once and can be taken back."""

    __tablename__ = "counted_orders"
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    product_ids: Mapped[list[UUID]] = mapped_column(server_default="{}")
    paid_at: Mapped[datetime | None]


class OrderedProduct(Base):
    """How many orders have a product, and their decayed weight; under the id of zeros all orders."""

    __tablename__ = "ordered_products"
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    orders: Mapped[int]
    weight: Mapped[float] = mapped_column(Float(53))


class ProductPair(Base):
    """How many orders have both products, and their decayed weight; each pair is there both ways."""

    __tablename__ = "product_pairs"
    __table_args__ = (Index("ix_product_pairs_weight", "product_id", text("weight DESC")),)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    orders: Mapped[int]
    weight: Mapped[float] = mapped_column(Float(53))


class TrendingProduct(Base):
    """The decayed sales and views of a product, for each of its categories; under the id of zeros for all of them."""

    __tablename__ = "trending_products"
    __table_args__ = (
        Index("ix_trending_products_score", "category_id", text("score DESC"), text("product_id DESC")),
        Index(None, "product_id"),
    )
    category_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float] = mapped_column(Float(53))


class ProductTerm(Base):
    """A listed product by something that makes it similar to others, as a hash; see `similarity`."""

    __tablename__ = "product_terms"
    __table_args__ = (Index(None, "product_id"),)
    term: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
