"""Giving money back. A refund is a row before any provider hears of it, and holds its amount from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy import exists as sa_exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.payments.charging import of_order, record, state_of
from mercat.payments.events import RefundFailed, RefundRequested
from mercat.payments.exceptions import PaymentNotFound, RefundExceedsCaptured
from mercat.payments.gift_cards import give_back
from mercat.payments.models import Payment, Refund
from mercat.payments.providers import BY_HAND, Returned, ReturnState


@dataclass(frozen=True, slots=True)
class Back:
    """Money that has just gone back."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    provider: str
    amount: Money
    surplus: bool


@dataclass(frozen=True, slots=True)
class Refundable:
    """What is left of a payment. `by_hand`: somebody gives it back, and it counts as done at once."""

    payment_id: UUID
    order_id: UUID
    left: Money
    by_hand: bool
    surplus: bool


async def refundable(session: AsyncSession, payment_id: UUID) -> Refundable:
    """Return what is left of a payment, and lock it; the caller has locked its order.

    Raises:
        PaymentNotFound: there is no such payment.
    """
    payment = await session.get(Payment, payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise PaymentNotFound
    return _refundable(payment)


async def refundables(session: AsyncSession, order_id: UUID) -> list[Refundable]:
    """Return what is left of each payment of an order, locked, the oldest first; those of which nothing is left not."""
    found = [_refundable(payment) for payment in await of_order(session, order_id)]
    return [one for one in found if one.left.minor]


def _refundable(payment: Payment) -> Refundable:
    return Refundable(payment.id, payment.order_id, left_of(payment), payment.provider in BY_HAND, payment.surplus)


def left_of(payment: Payment) -> Money:
    """Return how much of a payment can still be given back."""
    return Money(payment.captured_minor - payment.refunded_minor - payment.refunding_minor, payment.currency)


async def request(session: AsyncSession, actor: Actor, payment_id: UUID, amount: Money, *, reason: str) -> UUID:
    """Hold an amount of a payment that shall go back; the provider is asked when this is committed.

    Raises:
        RefundExceedsCaptured: more than is left, or in another currency.
    """
    payment = await session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)
    left = left_of(payment)
    if amount.currency != left.currency or not 0 < amount.minor <= left.minor:
        raise RefundExceedsCaptured(left=left)
    refund = Refund(
        id=new_id(),
        payment_id=payment_id,
        status="pending",
        currency=amount.currency,
        amount_minor=amount.minor,
        reason=reason,
        requested_by=actor.reference,
    )
    session.add(refund)
    payment.refunding_minor += amount.minor
    await session.flush()
    asked = audit.difference({}, {"payment_id": payment_id, "amount": amount})
    why = audit.difference({}, {"reason": reason})
    await audit.record(session, actor, "refund.requested", refund.id, changes=asked, personal=why)
    if payment.provider not in BY_HAND:
        await outbox.publish(session, RefundRequested(refund_id=refund.id))
    return refund.id


async def settle(session: AsyncSession, actor: Actor, refund_id: UUID, returned: Returned) -> Back | None:
    """Let a refund follow what its provider says. One that is done stays done. A gift card gets its money at once.

    Returns:
        What has gone back, if it has just now.
    """
    refund = await session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    payment = await session.get_one(Payment, refund.payment_id, with_for_update=True, populate_existing=True)
    if refund.status != "pending":
        return None
    refund.provider_ref = refund.provider_ref or returned.ref or None
    if returned.state is ReturnState.pending:
        await session.flush()
        return None
    before = state_of(payment)
    refund.settled_at = clock.now()
    payment.refunding_minor -= refund.amount_minor
    if returned.state is ReturnState.failed:
        refund.status, refund.failure = "failed", returned.reason or "refused by the provider"
        await record(session, actor, payment, before)
        failed = audit.difference({"status": "pending"}, {"status": "failed", "failure": refund.failure})
        await audit.record(session, actor, "refund.failed", refund.id, changes=failed)
        await outbox.publish(session, RefundFailed(refund_id=refund.id))
        return None
    refund.status = "succeeded"
    payment.refunded_minor += refund.amount_minor
    payment.status = "refunded" if payment.refunded_minor == payment.captured_minor else "partially_refunded"
    await record(session, actor, payment, before)
    amount = Money(refund.amount_minor, refund.currency)
    if payment.gift_card_id is not None:
        await give_back(session, payment.gift_card_id, amount)
    return Back(refund.id, payment.id, payment.order_id, payment.provider, amount, payment.surplus)


async def unknown_returns(session: AsyncSession, payment_id: UUID, returns: tuple[Returned, ...]) -> list[Returned]:
    """Return what the provider gave back of a payment without us: somebody did it there."""
    unnamed = [one for one in returns if one.refund_id is None]
    if not unnamed:
        return []
    known = set(await session.scalars(select(Refund.provider_ref).where(Refund.payment_id == payment_id)))
    return [one for one in unnamed if one.ref not in known]


async def exists_for(session: AsyncSession, refund_id: UUID, payment_id: UUID) -> bool:
    """Whether a refund is one of ours, of this payment."""
    found = await session.scalar(select(Refund.id).where(Refund.id == refund_id, Refund.payment_id == payment_id))
    return found is not None


async def order_of(session: AsyncSession, refund_id: UUID) -> UUID:
    """Return which order a refund is for; it never changes."""
    statement = select(Payment.order_id).join(Refund, Refund.payment_id == Payment.id).where(Refund.id == refund_id)
    found = await session.scalar(statement)
    if found is None:
        raise PaymentNotFound
    return found


def counts_as_refunded(refund_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that a refund has gone back or is on its way."""
    return sa_exists().where(Refund.id == refund_id, Refund.status != "failed")


def has_gone_back(refund_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that a refund has gone back."""
    return sa_exists().where(Refund.id == refund_id, Refund.status == "succeeded")


async def pending_since(session: AsyncSession, before: datetime, limit: int) -> list[UUID]:
    """Return refunds that were asked for before then and have not come to anything, the oldest first."""
    waiting = select(Refund.id).where(Refund.status == "pending", Refund.created_at < before)
    return list(await session.scalars(waiting.order_by(Refund.created_at).limit(limit)))


async def forget(session: AsyncSession, order_ids: Sequence[UUID]) -> list[UUID]:
    """Blank what somebody wrote about refunds of these orders; returns the refunds, which stay."""
    of_orders = select(Payment.id).where(Payment.order_id.in_(order_ids))
    blanked = update(Refund).where(Refund.payment_id.in_(of_orders)).values(reason="")
    return list(await session.scalars(blanked.returning(Refund.id)))
