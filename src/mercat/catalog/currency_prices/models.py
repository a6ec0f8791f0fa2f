"""Prices in other currencies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, MinorUnits


class VariantPrice(Base):
    """What a variant costs in a currency because its vendor says so; it wins over what is converted."""

    __tablename__ = "variant_prices"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("compare_at_minor >= 0", name="compare_at"),
    )
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    price_minor: Mapped[int] = mapped_column(MinorUnits)
    compare_at_minor: Mapped[int | None] = mapped_column(MinorUnits)


class ProductPrice(Base):
    """The prices of a product on sale in a currency, set or converted, with sales taken off: what readers are shown.

    All of a product's prices in a currency are written together, in one conversion.
    """

    __tablename__ = "product_prices"
    __table_args__ = (
        Index("ix_product_prices_price", "currency", "price_minor", "product_id", postgresql_where=text("listed")),
        # what products cost that were found by something else, without reading their rows
        Index(
            "ix_product_prices_product",
            "product_id",
            "currency",
            postgresql_include=["price_minor"],
            postgresql_where=text("listed"),
        ),
    )
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("product_projections.product_id", ondelete="CASCADE"), primary_key=True
    )
    currency: Mapped[str] = mapped_column(primary_key=True)
    listed: Mapped[bool]
    """As its projection is: what costs how much is counted in the index alone."""
    price_minor: Mapped[int] = mapped_column(MinorUnits)
    """The lowest of its variants."""
    compare_at_minor: Mapped[int | None] = mapped_column(MinorUnits)
    lowest_minor: Mapped[int | None] = mapped_column(MinorUnits)
    """The lowest price of the 30 days before its reduction."""
    variant_prices: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """In the order of the projection's `variant_ids`."""
    variant_compare_at: Mapped[list[int | None]] = mapped_column(ARRAY(BigInteger))
    variant_lowest: Mapped[list[int | None]] = mapped_column(ARRAY(BigInteger))
    written_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ShownCurrency(Base):
    """A currency that products have kept prices in, and whether readers are shown them."""

    __tablename__ = "shown_currencies"
    __table_args__ = (CheckConstraint("status IN ('filling', 'shown', 'stopped')", name="status"),)
    currency: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    """`filling` until every product has its prices; `stopped` while its rate is too old."""
    conversion: Mapped[str] = mapped_column(server_default="")
    """What every price was last written by."""
