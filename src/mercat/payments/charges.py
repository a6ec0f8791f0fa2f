"""Transitions of a payment as its money is captured, or not. Every verb here requires the order to be locked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.exchange_rates import proportion
from mercat.kit.money import Money
from mercat.payments.events import ChargeAbandoned, PaymentFailed
from mercat.payments.exceptions import NotByHand, PaymentNotFound
from mercat.payments.models import Payment
from mercat.payments.providers import BY_HAND, Charge, ChargeState

MISMATCH = "amount_mismatch"
DONE = ("captured", "refunded", "partially_refunded")


@dataclass(frozen=True, slots=True)
class CapturedPayment:
    """Money that was captured just now. `surplus`: it cannot be for the order.

    `books` is what left a gift card; what else is worth in the books follows from the order's rate.
    """

    payment_id: UUID
    order_id: UUID
    provider: str
    amount: Money
    surplus: bool
    books: Money | None = None


@dataclass(frozen=True, slots=True)
class PaymentSnapshot:
    """The immutable values of a payment, and its status a moment ago: nothing is locked.

    `books` is what it is worth in the books, as far as that is known.
    """

    payment_id: UUID
    order_id: UUID
    provider: str
    provider_ref: str | None
    amount: Money
    status: str
    opened_at: datetime
    books: Money | None = None

    @classmethod
    def of(cls, row: Payment) -> Self:
        """Read them off a row."""
        amount = Money(row.amount_minor, row.currency)
        books = known(row.books_minor, row.books_currency)
        return cls(row.id, row.order_id, row.provider, row.provider_ref, amount, row.status, row.created_at, books)

    @property
    def by_hand(self) -> bool:
        """Whether there is no provider to call."""
        return self.provider in BY_HAND


async def snapshot(session: AsyncSession, payment_id: UUID) -> PaymentSnapshot:
    """Return what is known about a payment.

    Raises:
        PaymentNotFound: there is no such payment.
    """
    row = await session.get(Payment, payment_id, populate_existing=True)
    if row is None:
        raise PaymentNotFound
    return PaymentSnapshot.of(row)


async def take_by_hand(session: AsyncSession, actor: Actor, order_id: UUID) -> CapturedPayment | None:
    """Record by hand that an order's money has arrived. Idempotent.

    Raises:
        NotByHand: a provider reports it.
    """
    rows = [row for row in await of_order(session, order_id) if not row.surplus and row.provider != "gift_card"]
    payment = next((row for row in rows if row.status not in ("failed", "cancelled")), None)
    if payment is None:
        declined = next((row for row in rows if row.status == "failed"), None)
        if declined is not None:
            raise NotByHand(provider=declined.provider)
        return None
    if payment.status in DONE:
        return None
    if payment.provider not in BY_HAND:
        raise NotByHand(provider=payment.provider)
    before = state_of(payment)
    payment.status, payment.captured_minor = "captured", payment.amount_minor
    await record(session, actor, payment, before)
    return _captured(payment)


async def apply(
    session: AsyncSession, actor: Actor, about: PaymentSnapshot, charge: Charge, *, wanted: Money | None
) -> CapturedPayment | None:
    """Update a payment from its charge. Captured money stays; an older answer does not overwrite a newer one.

    `wanted` is what the order costs, if it still awaits payment. Captures beyond it, or in another
    amount or currency than was asked for, are surplus.

    Returns:
        The money, if it was captured just now.
    """
    rows = await of_order(session, about.order_id)
    payment = next(row for row in rows if row.id == about.payment_id)
    before = state_of(payment)
    payment.provider_ref = payment.provider_ref or charge.ref
    payment.client_secret = charge.client_secret or payment.client_secret
    payment.checked_at = clock.now()
    if payment.status in DONE:
        return None
    if charge.captured.minor:
        if wanted is not None and not payment.surplus and _here(rows) < wanted.minor:
            others = [row for row in rows if row is not payment]
            return await _capture(session, actor, payment, charge, instead_of=others)
        return await _capture(session, actor, payment, charge)
    if payment.status == "cancelled":
        return None
    failed = charge.state is ChargeState.failed and payment.status == "processing"
    payment.status = charge.state.value
    payment.next_action = dict(charge.next_action) if charge.next_action else None
    payment.failure_code, payment.failure_message = charge.failure_code, charge.failure_message
    await record(session, actor, payment, before)
    if failed:  # the cardholder sees a card that is declined at once; this is news
        await outbox.publish(session, PaymentFailed(payment_id=payment.id, order_id=payment.order_id))
    return None


async def _capture(
    session: AsyncSession,
    actor: Actor,
    payment: Payment,
    charge: Charge,
    *,
    instead_of: Sequence[Payment] | None = None,
) -> CapturedPayment:
    """Capture the money, and void these other payments for it; where it is surplus, there are none."""
    asked = Money(payment.amount_minor, payment.currency)
    matches = charge.captured == charge.amount == asked
    before = state_of(payment)
    payment.surplus = instead_of is None or not matches
    if instead_of and matches:  # before this one is captured: an order has one payment at a time
        await _abandon_open(session, actor, instead_of)
    if not matches:  # the captured amount is in the row from now on, and all of it is refunded
        payment.failure_code, payment.failure_message = MISMATCH, f"{charge.captured} came where {asked} was asked for"
        books = worth(payment, charge.captured)
        payment.books_minor = books.minor if books else None
        payment.currency, payment.amount_minor = charge.captured.currency, charge.captured.minor
    else:
        payment.failure_code = payment.failure_message = ""
    payment.captured_minor = charge.captured.minor
    payment.status, payment.next_action = "captured", None
    await record(session, actor, payment, before)
    return _captured(payment)


async def abandon(session: AsyncSession, actor: Actor, order_id: UUID) -> None:
    """Void every payment of an order that is not captured; providers are told when this is committed."""
    await _abandon_open(session, actor, await of_order(session, order_id))


async def _abandon_open(session: AsyncSession, actor: Actor, payments: Sequence[Payment]) -> None:
    for payment in payments:
        if payment.status in ("requires_action", "processing", "authorized", "failed"):
            await _abandon(session, actor, payment)


async def _abandon(session: AsyncSession, actor: Actor, payment: Payment) -> None:
    before = state_of(payment)
    payment.status, payment.next_action = "cancelled", None
    await record(session, actor, payment, before)
    if payment.provider not in BY_HAND:
        await outbox.publish(session, ChargeAbandoned(payment_id=payment.id))


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[Payment]:
    """Return the rows of an order's payments, locked, the oldest first; for this domain alone."""
    rows = await session.scalars(
        select(Payment)
        .where(Payment.order_id == order_id)
        .order_by(Payment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def paid_so_far(session: AsyncSession, order_id: UUID) -> int:
    """Return how much is captured for an order and not refunded, in minor units; surplus does not count."""
    return _here(await of_order(session, order_id))


def _here(payments: Sequence[Payment]) -> int:
    return sum(row.captured_minor - row.refunded_minor - row.refunding_minor for row in payments if not row.surplus)


def known(minor: int | None, currency: str | None) -> Money | None:
    """Return an amount in the books, if there is one."""
    return None if minor is None or currency is None else Money(minor, currency)


def worth(payment: Payment, amount: Money) -> Money | None:
    """Return what some of a payment is worth in the books, in proportion; None if nobody knows."""
    if payment.books_currency == amount.currency:
        return amount
    if payment.books_minor is None or payment.books_currency is None or amount.currency != payment.currency:
        return None
    return Money(proportion(payment.books_minor, amount.minor, payment.amount_minor), payment.books_currency)


def _captured(payment: Payment) -> CapturedPayment:
    amount = Money(payment.captured_minor, payment.currency)
    return CapturedPayment(payment.id, payment.order_id, payment.provider, amount, payment.surplus)


def state_of(payment: Payment) -> dict[str, object]:
    """Return what the audit log compares."""
    return {
        "status": payment.status,
        "captured": Money(payment.captured_minor, payment.currency),
        "refunded": Money(payment.refunded_minor, payment.currency),
        "surplus": bool(payment.surplus),
        "failure": payment.failure_code,
    }


async def record(session: AsyncSession, actor: Actor, payment: Payment, before: dict[str, object]) -> None:
    """Write a payment's new status into the audit log."""
    await session.flush()
    changes = audit.difference(before, state_of(payment))
    if changes:
        await audit.record(session, actor, f"payment.{payment.status}", payment.id, changes=changes)


async def note_checked(session: AsyncSession, payment_id: UUID) -> None:
    """Write down that a provider did not know a payment when asked."""
    await session.execute(update(Payment).where(Payment.id == payment_id).values(checked_at=clock.now()))
