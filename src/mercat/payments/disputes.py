"""Buyers' banks that take money back."""

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
    """What a dispute has come to: open, won or lost."""

    dispute_id: UUID
    payment_id: UUID
    order_id: UUID
    provider: str
    state: str
    amount: Money


async def follow_dispute(session: AsyncSession, actor: Actor, payment_id: UUID, seen: Dispute) -> list[DisputeMove]:
    """Let a dispute follow what the provider says, and return its moves: a new one that is lost has two."""
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
    """Return how much of each payment its buyer's bank holds or has taken, in minor units; what was won is here."""
    rows = await session.execute(
        select(PaymentDispute.payment_id, func.sum(PaymentDispute.amount_minor))
        .where(PaymentDispute.payment_id.in_(payment_ids), PaymentDispute.state != "won")
        .group_by(PaymentDispute.payment_id)
    )
    return {payment_id: int(minor) for payment_id, minor in rows}


async def disputed(session: AsyncSession, order_id: UUID) -> bool:
    """Whether a buyer's bank has not decided yet about money of this order."""
    undecided = (
        select(PaymentDispute.id)
        .join(Payment, Payment.id == PaymentDispute.payment_id)
        .where(Payment.order_id == order_id, PaymentDispute.state == "open")
    )
    return bool(await session.scalar(select(undecided.exists())))
