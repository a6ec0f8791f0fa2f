"""Disputes: buyers' banks that reclaim money."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.payments.events import DisputeChanged
from mercat.payments.models import Payment, PaymentDispute
from mercat.payments.providers import Dispute


@dataclass(frozen=True, slots=True)
class DisputeMove:
    """The state of a dispute: open, won or lost."""

    dispute_id: UUID
    payment_id: UUID
    order_id: UUID
    provider: str
    state: str
    amount: Money


async def follow_dispute(session: AsyncSession, actor: Actor, payment_id: UUID, seen: Dispute) -> list[DisputeMove]:
    """Update a dispute from its provider, and return its moves: a new one that is lost has two."""
    payment = await session.get_one(Payment, payment_id)
    known = await session.scalar(
        select(PaymentDispute)
        .where(PaymentDispute.payment_id == payment_id, PaymentDispute.provider_ref == seen.ref)
        .with_for_update()
    )
    moves = []
    if known is None:
        known = PaymentDispute(
            id=new_id(),
            payment_id=payment_id,
            provider_ref=seen.ref,
            state="open",
            currency=seen.amount.currency,
            amount_minor=seen.amount.minor,
            reason=seen.reason,
        )
        session.add(known)
        moves.append("open")
    if known.state == "open" and seen.state != "open":
        known.state = seen.state
        moves.append(seen.state)
    await session.flush()
    for state in moves:
        about = audit.difference({}, {"payment_id": payment_id, "state": state, "amount": seen.amount})
        await audit.record(session, actor, "dispute.moved", known.id, changes=about)
        await outbox.publish(session, DisputeChanged(payment_id=payment_id, dispute_id=known.id, state=state))
    return [
        DisputeMove(known.id, payment_id, payment.order_id, payment.provider, state, seen.amount) for state in moves
    ]


async def taken_back(session: AsyncSession, payment_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how much of each payment is disputed or lost, in minor units; what was won is available."""
    rows = await session.execute(
        select(PaymentDispute.payment_id, func.sum(PaymentDispute.amount_minor))
        .where(PaymentDispute.payment_id.in_(payment_ids), PaymentDispute.state != "won")
        .group_by(PaymentDispute.payment_id)
    )
    return {payment_id: int(minor) for payment_id, minor in rows}


async def disputed(session: AsyncSession, order_id: UUID) -> bool:
    """Whether a dispute about money of this order is open."""
    undecided = (
        select(PaymentDispute.id)
        .join(Payment, Payment.id == PaymentDispute.payment_id)
        .where(Payment.order_id == order_id, PaymentDispute.state == "open")
    )
    return bool(await session.scalar(select(undecided.exists())))
