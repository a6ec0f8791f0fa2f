"""Creation of a payment for an order: a row of ours, before any provider is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.database import driver
from mercat.kit.exchange_rates import FrozenRate, in_books
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.payments import queries
from mercat.payments.charges import abandon, of_order
from mercat.payments.config import settings
from mercat.payments.exceptions import AlreadyPaying, AmountNotChargeable, UnknownMethod
from mercat.payments.models import Payment
from mercat.payments.providers import BY_HAND, provider_of, record_past_charge, takes
from mercat.payments.schemas import PaymentRead

INSERT = """
INSERT INTO payments (id, order_id, user_id, provider, status, currency, amount_minor, books_currency, books_minor,
    method_ref, created_at)
VALUES (%s, %s, %s, %s, 'requires_action', %s, %s, %s, %s, %s, %s)
"""
INSERT_PAST = """
INSERT INTO payments (id, order_id, user_id, provider, status, currency, amount_minor, books_currency, books_minor,
    captured_minor, created_at, provider_ref)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """The provider of a payment method, and how long an order awaits its payment."""

    provider: str
    window: timedelta


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment to create: who pays how much for which order, through whom; `method_ref` is a chosen card.

    `rate` is the order's.
    """

    order_id: UUID
    user_id: UUID | None
    provider: str
    amount: Money
    method_ref: str | None = None
    rate: FrozenRate | None = None

    @property
    def books(self) -> Money:
        """What the amount is worth in the books."""
        return in_books(self.amount, self.rate)


def terms_of(method: str) -> Terms:
    """Return the provider of a payment method.

    Raises:
        UnknownMethod: the marketplace does not take it.
    """
    provider = provider_of(method)
    if provider is None:
        raise UnknownMethod
    by_hand = provider in BY_HAND
    hours, minutes = settings().manual_payment_hours, settings().online_payment_minutes
    return Terms(provider, timedelta(hours=hours) if by_hand else timedelta(minutes=minutes))


def window_of(method: str) -> timedelta:
    """Return how long an order awaits payment by this method; as for a card if it is not accepted any more."""
    try:
        return terms_of(method).window
    except UnknownMethod:
        return timedelta(minutes=settings().online_payment_minutes)


async def start(session: AsyncSession, intent: Intent) -> PaymentRead:
    """Create a payment for an order, in the transaction that places it. One statement.

    Raises:
        AlreadyPaying: the order has one under way or done (from the constraint).
        AmountNotChargeable: the provider does not take this currency, or not so fine an amount of it.
    """
    if not takes(intent.provider, intent.amount):
        raise AmountNotChargeable(amount=intent.amount)
    payment_id, now = new_id(), clock.now()
    connection = await driver(session)
    who = (payment_id, intent.order_id, intent.user_id, intent.provider)
    values = (*who, *_amounts(intent), intent.method_ref, now)
    await connection.execute(INSERT, values, prepare=True)
    return queries.shown(_fresh(payment_id, intent, now))


async def record_past(session: AsyncSession, intent: Intent, *, paid: bool, at: datetime) -> UUID:
    """Backfill a payment: all of it was captured, or none. Returns its id.

    A card of the sandbox provider is in the provider's own books as well.
    """
    captured = intent.amount.minor if paid else 0
    status = "captured" if paid else "cancelled"
    payment_id, ref = new_id(), None
    if paid and intent.provider == "test":
        ref = await record_past_charge(session, payment_id, intent.amount, at)
    who = (payment_id, intent.order_id, intent.user_id, intent.provider, status)
    connection = await driver(session)
    await connection.execute(INSERT_PAST, (*who, *_amounts(intent), captured, at, ref), prepare=True)
    return payment_id


async def claim(session: AsyncSession, order_ids: Sequence[UUID], user_id: UUID) -> None:
    """Assign payments of guests' orders to the account that the orders belong to now."""
    of_guests = update(Payment).where(Payment.order_id.in_(order_ids), Payment.user_id.is_(None))
    await session.execute(of_guests.values(user_id=user_id))


def _amounts(intent: Intent) -> tuple[str, int, str, int]:
    return intent.amount.currency, intent.amount.minor, intent.books.currency, intent.books.minor


def _fresh(payment_id: UUID, intent: Intent, now: datetime) -> Payment:
    return Payment(
        id=payment_id,
        order_id=intent.order_id,
        user_id=intent.user_id,
        provider=intent.provider,
        status="requires_action",
        currency=intent.amount.currency,
        amount_minor=intent.amount.minor,
        books_currency=intent.books.currency,
        books_minor=intent.books.minor,
        captured_minor=0,
        refunded_minor=0,
        created_at=now,
    )


async def reopen(session: AsyncSession, actor: Actor, intent: Intent) -> PaymentRead:
    """Return the payment under way through this provider, or void the existing one for a new one.

    The caller has locked the order.

    Raises:
        AlreadyPaying: a payment is under way or captured.
        AmountNotChargeable: see `start`.
    """
    for payment in await of_order(session, intent.order_id):
        if payment.surplus or payment.provider == "gift_card" or payment.status == "cancelled":
            continue
        if payment.status not in ("requires_action", "failed"):
            raise AlreadyPaying
        same = (payment.currency, payment.amount_minor) == (intent.amount.currency, intent.amount.minor)
        if payment.provider == intent.provider and same:
            return queries.shown(payment)
    await abandon(session, actor, intent.order_id)
    made = await start(session, intent)
    opened = audit.difference({}, {"order_id": intent.order_id, "provider": intent.provider, "amount": intent.amount})
    await audit.record(session, actor, "payment.opened", made.id, changes=opened)
    return made
