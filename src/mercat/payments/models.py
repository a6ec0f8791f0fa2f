"""Payments: intents to pay an order, their outcomes, and refunds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, MinorUnits, Stamped

STATUSES = (
    "requires_action", "processing", "authorized", "captured", "failed", "cancelled", "refunded", "partially_refunded",
)  # fmt: skip
REFUND_STATUSES = ("pending", "succeeded", "failed")


class Payment(Identified, Stamped, Base):
    """One attempt to pay one order through one provider.

    At most one per order is under way or done, apart from gift cards, which pay some of it. `surplus` is captured
    money that cannot be for the order: it is refunded. `refunding` is being refunded. `books` is what the amount is
    worth in the books, of a gift card what left it; unknown of an amount that nobody asked for in another currency.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(s) for s in STATUSES)})", name="status"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("captured_minor BETWEEN 0 AND amount_minor", name="captured_within_amount"),
        CheckConstraint("refunded_minor BETWEEN 0 AND captured_minor", name="refunded_within_captured"),
        CheckConstraint(
            "refunding_minor >= 0 AND refunded_minor + refunding_minor <= captured_minor",
            name="refunding_within_captured",
        ),
        UniqueConstraint("provider", "provider_ref"),
        Index(
            "uq_payments_one_per_order",
            "order_id",
            unique=True,
            postgresql_where=text("status NOT IN ('failed', 'cancelled') AND NOT surplus AND provider <> 'gift_card'"),
        ),
        Index(None, "order_id"),
        Index(None, "user_id"),
        Index("ix_payments_created_at_id", "created_at", "id"),
        CheckConstraint("(provider = 'gift_card') = (gift_card_id IS NOT NULL)", name="gift_card_named"),
        Index("ix_payments_gift_card_id", "gift_card_id", postgresql_where=text("gift_card_id IS NOT NULL")),
        Index(
            "ix_payments_under_way",
            "checked_at",
            postgresql_where=text("status IN ('requires_action', 'processing', 'failed', 'authorized')"),
        ),
    )
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    user_id: Mapped[UUID | None]
    provider: Mapped[str]
    status: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    books_currency: Mapped[str | None]
    books_minor: Mapped[int | None] = mapped_column(MinorUnits)
    captured_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0", default=0)
    refunded_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0", default=0)
    refunding_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0", default=0)
    provider_ref: Mapped[str | None]
    client_secret: Mapped[str | None]
    next_action: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    method_ref: Mapped[str | None]
    gift_card_id: Mapped[UUID | None] = mapped_column(ForeignKey("gift_cards.id"))
    failure_code: Mapped[str] = mapped_column(server_default="", default="")
    failure_message: Mapped[str] = mapped_column(server_default="", default="")
    surplus: Mapped[bool] = mapped_column(server_default="false", default=False)
    checked_at: Mapped[datetime | None]


class Refund(Identified, Stamped, Base):
    """A refund of a payment. Its id is the key that the provider sees, the same on every attempt.

    `books` is what it was worth in the books, of a gift card what came back on it; known once it has succeeded.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(s) for s in REFUND_STATUSES)})", name="status"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        Index(None, "payment_id"),
        Index("uq_refunds_provider_ref", "payment_id", "provider_ref", unique=True),
        Index("ix_refunds_pending", "created_at", postgresql_where=text("status = 'pending'")),
    )
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    status: Mapped[str] = mapped_column(server_default="pending", default="pending")
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    books_currency: Mapped[str | None]
    books_minor: Mapped[int | None] = mapped_column(MinorUnits)
    reason: Mapped[str] = mapped_column(server_default="", default="")
    requested_by: Mapped[str]
    provider_ref: Mapped[str | None]
    failure: Mapped[str] = mapped_column(server_default="", default="")
    settled_at: Mapped[datetime | None]


class PaymentDispute(Identified, Stamped, Base):
    """A dispute: a buyer's bank reclaims money, or has done so."""

    __tablename__ = "payment_disputes"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'won', 'lost')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        UniqueConstraint("payment_id", "provider_ref"),
    )
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    provider_ref: Mapped[str]
    state: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    reason: Mapped[str] = mapped_column(server_default="", default="")


class ProviderWebhook(Identified, Base):
    """A provider's webhook, stored once however often it is sent. `outcome` is empty until it was processed."""

    __tablename__ = "provider_webhooks"
    __table_args__ = (
        UniqueConstraint("provider", "event_id"),
        Index(None, "provider", "charge_ref"),
        Index(None, "received_at"),
    )
    provider: Mapped[str]
    event_id: Mapped[str]
    kind: Mapped[str]
    charge_ref: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(server_default="", default="")
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class PaymentCustomer(Base):
    """A person's account at a provider, where their saved methods are."""

    __tablename__ = "payment_customers"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str]


class PaymentMethod(Identified, Base):
    """A card that the provider keeps for a person; we know its last four digits."""

    __tablename__ = "payment_methods"
    __table_args__ = (UniqueConstraint("provider", "ref"), Index(None, "user_id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    provider: Mapped[str]
    ref: Mapped[str]
    kind: Mapped[str]
    brand: Mapped[str]
    last4: Mapped[str]
    expires: Mapped[str]
    created_at: Mapped[datetime]


class GiftCard(Identified, Stamped, Base):
    """A balance that a code can pay with. Of the code only a hash and its end are stored.

    What its payments took, less their refunds, is missing from the balance: both change in one transaction.
    """

    __tablename__ = "gift_cards"
    __table_args__ = (
        CheckConstraint("balance_minor BETWEEN 0 AND initial_minor", name="balance_within_initial"),
        CheckConstraint("initial_minor > 0", name="initial_positive"),
    )
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    ending: Mapped[str]
    currency: Mapped[str]
    initial_minor: Mapped[int] = mapped_column(MinorUnits)
    balance_minor: Mapped[int] = mapped_column(MinorUnits)
    note: Mapped[str] = mapped_column(server_default="", default="")
    expires_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]


class TestCharge(Base):
    """The sandbox provider's own book of charges: what a card processor would keep on its side."""

    __tablename__ = "test_charges"
    __table_args__ = (UniqueConstraint("payment_id"), Index(None, "created_at"))
    ref: Mapped[str] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID]
    state: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    captured_minor: Mapped[int] = mapped_column(MinorUnits, server_default="0", default=0)
    challenge: Mapped[bool] = mapped_column(server_default="false", default=False)
    capture_later: Mapped[bool] = mapped_column(server_default="false", default=False)
    failure_code: Mapped[str] = mapped_column(server_default="", default="")
    dispute: Mapped[str] = mapped_column(server_default="", default="")
    return_url: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[datetime]


class TestReturn(Base):
    """The sandbox provider's own book of refunds."""

    __tablename__ = "test_returns"
    __table_args__ = (UniqueConstraint("refund_id"), Index(None, "charge_ref"))
    ref: Mapped[str] = mapped_column(primary_key=True)
    charge_ref: Mapped[str] = mapped_column(ForeignKey("test_charges.ref"))
    refund_id: Mapped[UUID]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)


class TestTransfer(Base):
    """The sandbox provider's own book of transfers to vendors, one for each payout."""

    __tablename__ = "test_transfers"
    __table_args__ = (Index(None, "created_at"),)
    payout_id: Mapped[UUID] = mapped_column(primary_key=True)
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    created_at: Mapped[datetime]
