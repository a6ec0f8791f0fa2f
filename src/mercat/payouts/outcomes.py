"""Outcomes of payouts: each transition is guarded by its former status, so that none is booked twice."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.payouts import books
from mercat.payouts.events import PayoutFailed, PayoutPaid
from mercat.payouts.exceptions import IllegalPayoutMove, PaidByProvider, PayoutNotFound
from mercat.payouts.lifecycle import BY_HAND, Status, origins
from mercat.payouts.models import Payout


async def move(
    session: AsyncSession, actor: Actor, payout_id: UUID, target: Status, *, ref: str | None = None, reason: str = ""
) -> bool:
    """Move a payout, book the transition and publish it; returns whether it was moved just now."""
    now = clock.now()
    change: dict[str, object] = {"status": target}
    if target is Status.sent:
        change["sent_at"] = now
    else:
        change |= {"settled_at": now, "failure": reason}
    if ref:
        change["provider_ref"] = ref
    moved = await session.scalar(
        update(Payout)
        .where(Payout.id == payout_id, Payout.status.in_(origins(target)))
        .values(**change)
        .returning(Payout)
        .execution_options(populate_existing=True)
    )
    if moved is None:
        return False
    if target is Status.paid:
        await books.paid(session, moved)
        await outbox.publish(session, PayoutPaid(payout_id=payout_id))
    elif target is Status.failed:
        await books.failed(session, moved)
        await outbox.publish(session, PayoutFailed(payout_id=payout_id))
    told = audit.difference({}, {"status": target, "vendor_id": moved.vendor_id, "reference": ref, "reason": reason})
    await audit.record(session, actor, f"payout.{target}", payout_id, changes=told)
    return True


async def move_by_hand(
    session: AsyncSession, actor: Actor, payout_id: UUID, target: Status, *, ref: str | None = None, reason: str = ""
) -> None:
    """Record an operator's outcome of their transfer. Idempotent.

    Raises:
        PayoutNotFound: there is none.
        PaidByProvider: a provider reports it.
        IllegalPayoutMove: its life cycle has no such transition.
    """
    payout = await session.get(Payout, payout_id)
    if payout is None:
        raise PayoutNotFound
    if payout.method not in BY_HAND:
        raise PaidByProvider(method=payout.method)
    if await move(session, actor, payout_id, target, ref=ref, reason=reason):
        return
    await session.refresh(payout)
    if payout.status != target:
        raise IllegalPayoutMove(current=payout.status, wanted=target.value)
