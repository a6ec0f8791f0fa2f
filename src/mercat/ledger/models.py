"""Entries of the ledger and their postings; triggers refuse what does not balance, and every change."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits
from mercat.ledger.accounts import Account

ACCOUNT_IN = f"account IN ({', '.join(repr(account.value) for account in Account)})"


class LedgerEntry(Identified, Base):
    """One movement of money. `cause` names what moved it, so that the same thing is never booked twice."""

    __tablename__ = "ledger_entries"
    __table_args__ = (Index(None, "order_id"), Index(None, "posted_at", "id"))
    cause: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    order_id: Mapped[UUID | None]
    payment_id: Mapped[UUID | None]
    posted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LedgerPosting(Base):
    """An amount on one account: debits are positive, credits negative. `party` is a provider, a vendor, or no one.

    `original` is what it was converted from: the amount in a buyer's currency. Few of that are worth nothing.
    """

    __tablename__ = "ledger_postings"
    __table_args__ = (
        CheckConstraint(ACCOUNT_IN, name="account"),
        CheckConstraint("amount_minor <> 0 OR coalesce(original_minor, 0) <> 0", name="not_nothing"),
        CheckConstraint("(original_minor IS NULL) = (original_currency IS NULL)", name="original_whole"),
        Index(None, "entry_id"),
        Index(None, "account", "party", "currency", "id"),
        Index(None, "party", "id"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entries.id"))
    account: Mapped[str]
    party: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    original_currency: Mapped[str | None]
    original_minor: Mapped[int | None] = mapped_column(MinorUnits)


class LedgerTotal(Base):
    """What all postings up to `LedgerMark.folded_id` add up to; see `ledger.totals`."""

    __tablename__ = "ledger_totals"
    party: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    amount_minor: Mapped[int] = mapped_column(MinorUnits)


class LedgerMark(Base):
    """The one row that says up to where totals are kept, and up to where they will be next."""

    __tablename__ = "ledger_marks"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("folded_id <= next_id", name="forward"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folded_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    next_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    next_xid: Mapped[int | None] = mapped_column(BigInteger)
