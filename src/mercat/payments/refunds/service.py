"""Refunds. A refund is a row before its provider is called, and reserves its amount from then on."""

from collections.abc import Mapping, Sequence
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
from mercat.payments.charges import of_order, record, state_of, worth
from mercat.payments.disputes import taken_back
from mercat.payments.events import RefundFailed, RefundRequested
from mercat.payments.exceptions import (
    PaymentDisputed,
    PaymentNotFound,
    RefundExceedsCaptured,
    RefundInOtherCurrency,
    RefundNotChargeable,
)
from mercat.payments.gift_cards import give_back
from mercat.payments.models import Payment, Refund
from mercat.payments.providers import BY_HAND, Returned, ReturnState, takes


@dataclass(frozen=True, slots=True)
class Back:
    """Money that has just been refunded, or `reversed`: it was refunded, and is back again."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    provider: str
    amount: Money
    surplus: bool
    reversed: bool = False
    on_card: Money | None = None
    """What came back on a gift card, in its own currency."""


@dataclass(frozen=True, slots=True)
class Refundable:
    """What is refundable of a payment. `by_hand`: a person refunds it, and it counts as done at once."""

    payment_id: UUID
    order_id: UUID
    left: Money
    by_hand: bool
    surplus: bool
    disputed: Money

    def refusal(self) -> RefundExceedsCaptured | PaymentDisputed:
        """Return why no more can be refunded."""
        if self.disputed.minor:
            return PaymentDisputed(left=self.left, disputed=self.disputed)
        return RefundExceedsCaptured(left=self.left)


async def refundable(session: AsyncSession, payment_id: UUID) -> Refundable:
    """Return what is refundable of a payment, and lock it; the caller has locked its order.

    Raises:
        PaymentNotFound: there is no such payment.
    """
    payment = await session.get(Payment, payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise PaymentNotFound
    return _refundable(payment, await taken_back(session, [payment_id]))


async def refundables(session: AsyncSession, order_id: UUID) -> list[Refundable]:
    """Return what is refundable of each payment of an order, locked, the oldest first; without those of nothing."""
    rows = await of_order(session, order_id)
    disputed = await taken_back(session, [payment.id for payment in rows])
    found = [_refundable(payment, disputed) for payment in rows]
    return [one for one in found if one.left.minor]


def _refundable(payment: Payment, disputed: Mapping[UUID, int]) -> Refundable:
    held = Money(disputed.get(payment.id, 0), payment.currency)
    left = left_of(payment, held.minor)
    return Refundable(payment.id, payment.order_id, left, payment.provider in BY_HAND, payment.surplus, held)


def left_of(payment: Payment, disputed: int) -> Money:
    """Return how much of a payment is refundable when so much of it is disputed or lost to a dispute."""
    here = payment.captured_minor - payment.refunded_minor - payment.refunding_minor
    return Money(max(0, here - disputed), payment.currency)


async def request(session: AsyncSession, actor: Actor, payment_id: UUID, amount: Money, *, reason: str) -> UUID:
    """Reserve an amount of a payment for a refund; the provider is called when this is committed.

    A zero amount is for units that cost nothing: no provider is called.

    Raises:
        RefundExceedsCaptured: more than is refundable.
        PaymentDisputed: the rest is disputed.
        RefundInOtherCurrency: the payment was made in another one.
        RefundNotChargeable: the provider's units are too coarse for it.
    """
    payment = await session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)
    standing = _refundable(payment, await taken_back(session, [payment_id]))
    if amount.currency != payment.currency:
        raise RefundInOtherCurrency(currency=payment.currency)
    if not 0 <= amount.minor <= standing.left.minor:
        raise standing.refusal()
    if not takes(payment.provider, amount):
        raise RefundNotChargeable(amount=amount)
    refund = await _hold(session, actor, payment, amount, reason)
    if payment.provider not in BY_HAND and amount.minor:
        await outbox.publish(session, RefundRequested(refund_id=refund.id))
    return refund.id


async def record_made(
    session: AsyncSession, actor: Actor, payment_id: UUID, returned: Returned, reason: str
) -> UUID | None:
    """Write down a refund that was made at the provider itself: it is a fact, whatever we planned.

    Refunds of ours under way that do not fit beside it any more have failed: the provider will refuse them.
    None: it cannot be, by what our books say; reconciliation tells a person.
    """
    payment = await session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)
    waiting = await session.scalars(
        select(Refund)
        .where(Refund.payment_id == payment_id, Refund.status == "pending", Refund.provider_ref.is_(None))
        .order_by(Refund.id.desc())
        .with_for_update()
    )
    for refund in waiting.all():
        if returned.amount.minor <= left_of(payment, 0).minor:
            break
        before = state_of(payment)
        payment.refunding_minor -= refund.amount_minor
        await _fail(session, actor, payment, refund, "more was refunded at the provider itself", before=before)
    if returned.amount.minor > left_of(payment, 0).minor:
        return None
    return (await _hold(session, actor, payment, returned.amount, reason)).id


async def _hold(session: AsyncSession, actor: Actor, payment: Payment, amount: Money, reason: str) -> Refund:
    refund = Refund(
        id=new_id(),
        payment_id=payment.id,
        status="pending",
        currency=amount.currency,
        amount_minor=amount.minor,
        reason=reason,
        requested_by=actor.reference,
    )
    session.add(refund)
    payment.refunding_minor += amount.minor
    await session.flush()
    asked = audit.difference({}, {"payment_id": payment.id, "amount": amount})
    why = audit.difference({}, {"reason": reason})
    await audit.record(session, actor, "refund.requested", refund.id, changes=asked, personal=why)
    return refund


async def settle(session: AsyncSession, actor: Actor, refund_id: UUID, returned: Returned) -> Back | None:
    """Update a refund from its provider. A gift card is refunded at once.

    One that has succeeded stays so, unless its provider reports later that the money was returned: then it has failed.

    Returns:
        What was refunded, or reversed, just now.
    """
    refund = await session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    payment = await session.get_one(Payment, refund.payment_id, with_for_update=True, populate_existing=True)
    if refund.status == "succeeded" and returned.state is ReturnState.failed:
        return await _reverse(session, actor, payment, refund, returned)
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
        await _fail(session, actor, payment, refund, returned.reason, before=before)
        return None
    refund.status = "succeeded"
    books = _worth(payment, refund.amount_minor)
    if books is not None:
        refund.books_currency, refund.books_minor = books.currency, books.minor
    payment.refunded_minor += refund.amount_minor
    if refund.amount_minor:
        _follow_refunds(payment)
    await record(session, actor, payment, before)
    amount = Money(refund.amount_minor, refund.currency)
    on_card = None
    if payment.gift_card_id is not None and amount.minor:
        on_card = books or amount
        await give_back(session, payment.gift_card_id, on_card)
    return Back(refund.id, payment.id, payment.order_id, payment.provider, amount, payment.surplus, on_card=on_card)


async def _reverse(session: AsyncSession, actor: Actor, payment: Payment, refund: Refund, returned: Returned) -> Back:
    """Record refunded money that was returned: its bank did not take it."""
    before = state_of(payment)
    payment.refunded_minor -= refund.amount_minor
    _follow_refunds(payment)
    await _fail(session, actor, payment, refund, returned.reason, before=before)
    amount = Money(refund.amount_minor, refund.currency)
    return Back(refund.id, payment.id, payment.order_id, payment.provider, amount, payment.surplus, reversed=True)


def _worth(payment: Payment, more: int) -> Money | None:
    """Return what a refund is worth in the books: what all refunds are, less those before. All is worth all."""
    before = worth(payment, Money(payment.refunded_minor, payment.currency))
    after = worth(payment, Money(payment.refunded_minor + more, payment.currency))
    return None if before is None or after is None else after - before


def _follow_refunds(payment: Payment) -> None:
    """Set a payment's status by how much of it was refunded."""
    if payment.refunded_minor:
        payment.status = "refunded" if payment.refunded_minor == payment.captured_minor else "partially_refunded"
    else:
        payment.status = "captured"


async def _fail(
    session: AsyncSession, actor: Actor, payment: Payment, refund: Refund, reason: str, *, before: dict[str, object]
) -> None:
    former, refund.settled_at = refund.status, clock.now()
    refund.status, refund.failure = "failed", reason or "refused by the provider"
    await record(session, actor, payment, before)
    failed = audit.difference({"status": former}, {"status": "failed", "failure": refund.failure})
    await audit.record(session, actor, "refund.failed", refund.id, changes=failed)
    await outbox.publish(session, RefundFailed(refund_id=refund.id))


async def known_returns(
    session: AsyncSession, payment_id: UUID, returns: Sequence[Returned]
) -> list[tuple[UUID | None, Returned]]:
    """Return the provider's refunds of a payment, each with our refund; None where it was made there.

    A refund that names none of this payment is left out.
    """
    if not returns:
        return []
    rows = (await session.execute(select(Refund.id, Refund.provider_ref).where(Refund.payment_id == payment_id))).all()
    ids, by_ref = {row.id for row in rows}, {row.provider_ref: row.id for row in rows}
    return [
        (one.refund_id or by_ref.get(one.ref), one) for one in returns if one.refund_id is None or one.refund_id in ids
    ]


async def order_of(session: AsyncSession, refund_id: UUID) -> UUID:
    """Return which order a refund is for; it never changes."""
    statement = select(Payment.order_id).join(Refund, Refund.payment_id == Payment.id).where(Refund.id == refund_id)
    found = await session.scalar(statement)
    if found is None:
        raise PaymentNotFound
    return found


def counts_as_refunded(refund_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that a refund has succeeded or is under way."""
    return sa_exists().where(Refund.id == refund_id, Refund.status != "failed")


def has_gone_back(refund_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that a refund has succeeded."""
    return sa_exists().where(Refund.id == refund_id, Refund.status == "succeeded")


async def pending_since(session: AsyncSession, before: datetime, limit: int) -> list[UUID]:
    """Return refunds that were requested before then and have no outcome, the oldest first."""
    waiting = select(Refund.id).where(Refund.status == "pending", Refund.created_at < before)
    return list(await session.scalars(waiting.order_by(Refund.created_at).limit(limit)))


async def forget(session: AsyncSession, order_ids: Sequence[UUID]) -> list[UUID]:
    """Blank the free text of refunds of these orders; returns the refunds, which stay."""
    of_orders = select(Payment.id).where(Payment.order_id.in_(order_ids))
    blanked = update(Refund).where(Refund.payment_id.in_(of_orders)).values(reason="")
    return list(await session.scalars(blanked.returning(Refund.id)))
