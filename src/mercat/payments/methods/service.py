"""Saved cards. Providers are called outside of transactions, in between."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.ids import new_id, parse_id
from mercat.payments.events import CustomerForgotten
from mercat.payments.exceptions import MethodNotFound
from mercat.payments.models import PaymentCustomer, PaymentMethod
from mercat.payments.providers import SavedMethod
from mercat.payments.schemas import MethodRead


async def customer(session: AsyncSession, user_id: UUID, provider: str) -> str | None:
    """Return a person's account at a provider, if they have one."""
    found = await session.get(PaymentCustomer, (user_id, provider))
    return found.ref if found else None


async def keep_customer(session: AsyncSession, user_id: UUID, provider: str, ref: str) -> None:
    """Store a person's account at a provider."""
    made = insert(PaymentCustomer).values(user_id=user_id, provider=provider, ref=ref).on_conflict_do_nothing()
    await session.execute(made)


async def keep(session: AsyncSession, actor: Actor, user_id: UUID, provider: str, method: SavedMethod) -> MethodRead:
    """Store a card that the provider keeps; a known one stays as it is."""
    made = insert(PaymentMethod).values(
        id=new_id(),
        user_id=user_id,
        provider=provider,
        ref=method.ref,
        kind=method.kind,
        brand=method.brand,
        last4=method.last4,
        expires=method.expires,
        created_at=clock.now(),
    )
    new = await session.scalar(made.on_conflict_do_nothing().returning(PaymentMethod.id))
    if new is not None:
        about = audit.difference({}, {"provider": provider, "brand": method.brand})
        await audit.record(session, actor, "payment_method.added", new, changes=about)
    row = await session.scalar(
        select(PaymentMethod).where(
            PaymentMethod.provider == provider, PaymentMethod.ref == method.ref, PaymentMethod.user_id == user_id
        )
    )
    if row is None:
        raise MethodNotFound
    return MethodRead.model_validate(row, from_attributes=True)


async def of_person(session: AsyncSession, user_id: UUID) -> list[MethodRead]:
    """Return a person's saved cards, the newest first."""
    rows = await session.scalars(
        select(PaymentMethod).where(PaymentMethod.user_id == user_id).order_by(PaymentMethod.id.desc())
    )
    return [MethodRead.model_validate(row, from_attributes=True) for row in rows]


async def ref_of(session: AsyncSession, user_id: UUID | None, method_id: UUID) -> str:
    """Return the provider's reference of one of a person's own cards.

    Raises:
        MethodNotFound: there is none, or it is another person's.
    """
    row = await session.get(PaymentMethod, method_id)
    if row is None or user_id is None or row.user_id != user_id:
        raise MethodNotFound
    return row.ref


def id_of(ref: str) -> UUID | None:
    """Return the id of a saved card, if that is what a buyer named; else it is a reference of the provider's."""
    return parse_id(ref)


async def remove(session: AsyncSession, actor: Actor, method_id: UUID) -> tuple[str, str]:
    """Delete one of the actor's own cards; returns the provider and its reference of the card.

    Raises:
        MethodNotFound: there is none, or it is another person's.
    """
    row = await session.get(PaymentMethod, method_id, with_for_update=True)
    if row is None or row.user_id != actor.user_id:
        raise MethodNotFound
    await session.delete(row)
    await session.flush()
    about = audit.difference({"provider": row.provider, "brand": row.brand}, {})
    await audit.record(session, actor, "payment_method.removed", method_id, changes=about)
    return row.provider, row.ref


async def forget(session: AsyncSession, user_id: UUID) -> None:
    """Delete every card and account of a person; their providers are told to delete the cards as well."""
    await session.execute(delete(PaymentMethod).where(PaymentMethod.user_id == user_id))
    gone = delete(PaymentCustomer).where(PaymentCustomer.user_id == user_id)
    for provider, ref in await session.execute(gone.returning(PaymentCustomer.provider, PaymentCustomer.ref)):
        await outbox.publish(session, CustomerForgotten(provider=provider, ref=ref))
