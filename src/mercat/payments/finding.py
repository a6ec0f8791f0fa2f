"""Finding payments for what providers say, and those of which nothing was heard."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.payments.charging import Facts
from mercat.payments.config import settings
from mercat.payments.models import Payment
from mercat.payments.providers import BY_HAND, Charge


async def by_charge(session: AsyncSession, provider: str, charge_ref: str) -> UUID | None:
    """Return the payment that a provider's charge belongs to."""
    return await session.scalar(
        select(Payment.id).where(Payment.provider == provider, Payment.provider_ref == charge_ref)
    )


async def named(session: AsyncSession, payment_id: UUID) -> Facts | None:
    """Return a payment that a charge says it belongs to, or None: that may be anybody's word."""
    row = await session.get(Payment, payment_id, populate_existing=True)
    return Facts.of(row) if row is not None else None


async def record_stray(session: AsyncSession, wanted: Facts, charge: Charge) -> UUID:
    """Keep a charge that names a payment which did not ask for it: whatever came of it is surplus, and goes back."""
    made = insert(Payment).values(
        id=new_id(),
        order_id=wanted.order_id,
        provider=wanted.provider,
        provider_ref=charge.ref,
        status="processing",
        currency=charge.amount.currency,
        amount_minor=charge.amount.minor,
        surplus=True,
    )
    await session.execute(made.on_conflict_do_nothing())
    found = await by_charge(session, wanted.provider, charge.ref)
    if found is None:
        raise LookupError(charge.ref)
    return found


async def unheard_of(session: AsyncSession, limit: int) -> list[UUID]:
    """Return payments under way about which nothing was heard for `MERCAT_PAYMENT_CHECK_SECONDS`, and claim them."""
    before = clock.now() - timedelta(seconds=settings().payment_check_seconds)
    due = (
        select(Payment.id)
        .where(
            Payment.status.in_(("requires_action", "processing")),
            Payment.provider.not_in(BY_HAND),
            Payment.provider_ref.is_not(None) | (Payment.provider != "test"),
            or_(Payment.checked_at.is_(None) & (Payment.created_at < before), Payment.checked_at < before),
        )
        .order_by(Payment.checked_at.nulls_first())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = update(Payment).where(Payment.id.in_(due)).values(checked_at=clock.now()).returning(Payment.id)
    return list(await session.scalars(claimed))


async def opened_since(
    session: AsyncSession, provider: str, since: datetime, *, after: UUID | None, limit: int
) -> list[Facts]:
    """Return payments of a provider that were opened since then, in the order of their ids, after one of them."""
    found = select(Payment).where(Payment.provider == provider, Payment.created_at >= since)
    if after is not None:
        found = found.where(Payment.id > after)
    return [Facts.of(row) for row in await session.scalars(found.order_by(Payment.id).limit(limit))]
