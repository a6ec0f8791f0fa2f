"""Reads of refunds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.money import Money
from mercat.payments.charges import known
from mercat.payments.models import Payment, Refund
from mercat.payments.schemas import RefundRead


def shown(refund: Refund, order_id: UUID) -> RefundRead:
    """Return a refund as clients see it."""
    return RefundRead(
        id=refund.id,
        payment_id=refund.payment_id,
        order_id=order_id,
        status=refund.status,
        amount=Money(refund.amount_minor, refund.currency),
        books_amount=known(refund.books_minor, refund.books_currency),
        reason=refund.reason,
        failure=refund.failure,
        created_at=refund.created_at,
        settled_at=refund.settled_at,
    )


async def of_payments(session: AsyncSession, payment_ids: Sequence[UUID]) -> list[RefundRead]:
    """Return every refund of these payments, the oldest first; the caller has authorised."""
    rows = await session.execute(
        select(Refund, Payment.order_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.payment_id.in_(payment_ids))
        .order_by(Refund.id)
    )
    return [shown(refund, order_id) for refund, order_id in rows]


async def by_ids(session: AsyncSession, refund_ids: Sequence[UUID]) -> dict[UUID, RefundRead]:
    """Return these refunds by their ids; the caller has authorised."""
    rows = await session.execute(
        select(Refund, Payment.order_id).join(Payment, Payment.id == Refund.payment_id).where(Refund.id.in_(refund_ids))
    )
    return {refund.id: shown(refund, order_id) for refund, order_id in rows}


async def requesters(session: AsyncSession, payment_id: UUID) -> dict[UUID, str]:
    """Return who requested each refund of a payment, as the reference of an actor."""
    rows = await session.execute(select(Refund.id, Refund.requested_by).where(Refund.payment_id == payment_id))
    return dict(rows.all())


async def read(session: AsyncSession, refund_id: UUID) -> RefundRead:
    """Return an existing refund; the caller has authorised."""
    found = await session.get_one(Refund, refund_id, populate_existing=True)
    payment = await session.get_one(Payment, found.payment_id)
    return shown(found, payment.order_id)


async def is_pending(session: AsyncSession, refund_id: UUID) -> bool:
    """Whether a refund has no outcome yet."""
    return (await session.get_one(Refund, refund_id, populate_existing=True)).status == "pending"


async def is_unsent(session: AsyncSession, refund_id: UUID) -> bool:
    """Whether a refund waits, and its provider has not confirmed to know it."""
    refund = await session.get_one(Refund, refund_id, populate_existing=True)
    return refund.status == "pending" and refund.provider_ref is None
