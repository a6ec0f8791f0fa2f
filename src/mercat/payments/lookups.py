"""Lookups of payments by providers' references, and of those without news."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.payments.charges import PaymentSnapshot, record, state_of
from mercat.payments.config import settings
from mercat.payments.models import Payment
from mercat.payments.providers import BY_HAND, Charge

AUTHORIZED_EVERY = timedelta(hours=1)
UNDER_WAY = ("requires_action", "processing", "failed", "authorized")
UNKNOWN = "unknown_to_provider"


async def by_charge(session: AsyncSession, provider: str, charge_ref: str) -> UUID | None:
    """Return the payment that a provider's charge belongs to."""
    return await session.scalar(
        select(Payment.id).where(Payment.provider == provider, Payment.provider_ref == charge_ref)
    )


async def named(session: AsyncSession, payment_id: UUID) -> PaymentSnapshot | None:
    """Return a payment that a charge claims to belong to, or None: the claim is not proven."""
    row = await session.get(Payment, payment_id, populate_existing=True)
    return PaymentSnapshot.of(row) if row is not None else None


async def record_stray(session: AsyncSession, wanted: PaymentSnapshot, charge: Charge) -> UUID:
    """Store a charge that names a payment which did not ask for it: what it captured is surplus, and is refunded."""
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
    """Return payments under way without news for `MERCAT_PAYMENT_CHECK_SECONDS`, and claim them.

    A declined card may be followed by another one in the buyer's browser, and that news may be lost too. An
    authorization changes only when it is captured or voided, or lapses at its provider: it is queried hourly.
    """
    now = clock.now()
    before = now - timedelta(seconds=settings().payment_check_seconds)
    hourly = min(before, now - AUTHORIZED_EVERY)
    due = (
        select(Payment.id)
        .where(
            Payment.status.in_(UNDER_WAY),
            Payment.provider.not_in(BY_HAND),
            Payment.failure_code != UNKNOWN,
            Payment.provider_ref.is_not(None) | (Payment.provider != "test"),
            or_(Payment.checked_at.is_(None) & (Payment.created_at < before), Payment.checked_at < before),
            (Payment.status != "authorized") | (Payment.checked_at < hourly),
        )
        .order_by(Payment.checked_at.nulls_first())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = update(Payment).where(Payment.id.in_(due)).values(checked_at=clock.now()).returning(Payment.id)
    return list(await session.scalars(claimed))


async def opened_between(
    session: AsyncSession, provider: str, between: tuple[datetime, datetime], *, after: UUID | None, limit: int
) -> list[PaymentSnapshot]:
    """Return payments of a provider that were opened in this time, in the order of their ids, after one of them."""
    found = select(Payment).where(Payment.provider == provider, Payment.created_at.between(*between))
    if after is not None:
        found = found.where(Payment.id > after)
    return [PaymentSnapshot.of(row) for row in await session.scalars(found.order_by(Payment.id).limit(limit))]


async def providers_since(session: AsyncSession, since: datetime) -> set[str]:
    """Return the providers of payments that were opened since then, those by hand aside."""
    used = select(Payment.provider).where(Payment.created_at >= since, Payment.provider.not_in(BY_HAND)).distinct()
    return set(await session.scalars(used))


async def note_unknown(session: AsyncSession, payment_id: UUID) -> bool:
    """Write down that a provider does not know a payment under way: it is not queried again until a person looks.

    Returns:
        Whether that is news.
    """
    payment = await session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)
    payment.checked_at = clock.now()
    if payment.status not in UNDER_WAY or payment.failure_code == UNKNOWN:
        return False
    before = state_of(payment)
    payment.failure_code, payment.failure_message = UNKNOWN, "The payment provider does not know this payment."
    await record(session, Actor.system(), payment, before)
    return True
