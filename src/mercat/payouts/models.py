"""Payouts: payout accounts, the runs that pay, and adjustments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits, Stamped
from mercat.payouts.lifecycle import OPEN, Method, Status


def _one_of(column: str, values: type[Status] | type[Method]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


HAS_NUMBER = "method <> 'manual' OR sealed_iban IS NOT NULL"


class PayoutAccount(Stamped, Base):
    """A vendor's payout account. Payouts of the vendor lock its row.

    `provider_ref` is the vendor's account at Stripe, kept when the vendor is paid by another method meanwhile. `ready`:
    money can be sent there; until `held_until` none is. Only `numbers` reads and writes the bank account's number.
    """

    __tablename__ = "payout_accounts"
    __table_args__ = (
        CheckConstraint(_one_of("method", Method), name="method"),
        CheckConstraint(HAS_NUMBER, name="manual_has_iban"),
        CheckConstraint("method <> 'stripe' OR provider_ref IS NOT NULL", name="stripe_has_account"),
        UniqueConstraint("provider_ref"),
    )
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"), primary_key=True)
    method: Mapped[str]
    holder: Mapped[str] = mapped_column(server_default="")
    sealed_iban: Mapped[str | None]
    iban_ends: Mapped[str] = mapped_column(server_default="")
    bic: Mapped[str | None]
    provider_ref: Mapped[str | None]
    ready: Mapped[bool] = mapped_column(server_default="false")
    held_until: Mapped[datetime | None]


class PayoutRun(Identified, Base):
    """A run of payouts. A scheduled one is for a `period`, which has one run; `vendor_id` limits it to a vendor."""

    __tablename__ = "payout_runs"
    __table_args__ = (UniqueConstraint("period"),)
    period: Mapped[str | None]
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class Payout(Identified, Base):
    """A payout to a vendor: taken from its balance in the transaction that creates this row, before it is sent.

    Its account is frozen. One of a vendor and currency is open at a time.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint(_one_of("method", Method), name="method"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(HAS_NUMBER, name="manual_has_iban"),
        CheckConstraint("(status IN ('paid', 'failed')) = (settled_at IS NOT NULL)", name="settled"),
        UniqueConstraint("run_id", "vendor_id", "currency"),
        Index(
            "uq_payouts_open",
            "vendor_id",
            "currency",
            unique=True,
            postgresql_where=text(f"status IN ({', '.join(repr(status.value) for status in OPEN)})"),
        ),
        Index(None, "vendor_id", "id"),
        Index(None, "status", "id"),
    )
    run_id: Mapped[UUID] = mapped_column(ForeignKey("payout_runs.id"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    status: Mapped[str]
    method: Mapped[str]
    holder: Mapped[str] = mapped_column(server_default="")
    sealed_iban: Mapped[str | None]
    iban_ends: Mapped[str] = mapped_column(server_default="", default="")
    bic: Mapped[str | None]
    account_ref: Mapped[str | None]
    provider_ref: Mapped[str | None]
    failure: Mapped[str] = mapped_column(server_default="")
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class Adjustment(Identified, Base):
    """An operator's credit or debit of a vendor's balance, with its reason. Immutable."""

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="not_nothing"),
        CheckConstraint("length(reason) BETWEEN 1 AND 255", name="reason"),
        Index(None, "vendor_id", "id"),
    )
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    reason: Mapped[str]
    actor: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
