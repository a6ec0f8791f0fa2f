"""Currencies that operators have set up, rates as they came, and how fetching them went."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits, Stamped

PER_CENT = Numeric(6, 4)
RATE = Numeric(30, 15)


class EnabledCurrency(Stamped, Base):
    """A currency that prices are shown in, and how they are rounded. What the settings name needs no row."""

    __tablename__ = "currencies"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z]{3}$'", name="code"),
        CheckConstraint("step_minor > 0 AND ending_minor >= 0 AND ending_minor < step_minor", name="rounding"),
        CheckConstraint("margin >= 0", name="margin"),
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    step_minor: Mapped[int] = mapped_column(MinorUnits, server_default="1")
    ending_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0")
    margin: Mapped[Decimal | None] = mapped_column(PER_CENT)
    """Per cent; null is that of the settings."""
    version: Mapped[int] = mapped_column(server_default="1")


class ExchangeRate(Identified, Base):
    """So many units of `currency` for one of `base`, on a day. Only ever added to."""

    __tablename__ = "exchange_rates"
    __table_args__ = (
        CheckConstraint("rate > 0", name="rate"),
        CheckConstraint("base <> currency", name="two_currencies"),
        Index(
            "ix_exchange_rates_latest", "source", "base", "currency", text("dated DESC"), text("fetched_at DESC"),
        ),
    )  # fmt: skip
    base: Mapped[str]
    currency: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(RATE)
    dated: Mapped[date]
    source: Mapped[str]
    """`ecb`, `settings` or `operator`."""
    fetched_at: Mapped[datetime]


class RateSource(Base):
    """How the last attempts to fetch went."""

    __tablename__ = "rate_sources"
    source: Mapped[str] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]
    succeeded_at: Mapped[datetime | None]
    """When it last had a file that could be used, be it the one of before."""
    failure: Mapped[str | None]
    """Why the last attempt changed nothing; null if it was well."""
