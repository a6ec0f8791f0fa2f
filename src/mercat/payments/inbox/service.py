"""Webhooks as they came: each kept once, however often and in whatever order a provider sends it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.payments.models import ProviderNotice
from mercat.payments.providers import Notice


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A webhook that waits to be dealt with."""

    id: UUID
    provider: str
    kind: str
    charge_ref: str | None
    outcome: str
    received_at: datetime


async def keep(session: AsyncSession, provider: str, notice: Notice) -> UUID | None:
    """Keep a webhook; returns it, or None if it was kept before."""
    made = (
        insert(ProviderNotice)
        .values(
            id=new_id(),
            provider=provider,
            event_id=notice.event_id,
            kind=notice.kind,
            charge_ref=notice.charge_ref,
            received_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(ProviderNotice.id)
    )
    return await session.scalar(made)


async def kept(session: AsyncSession, notice_id: UUID) -> KeptNotice | None:
    """Return a webhook that was kept."""
    row = await session.get(ProviderNotice, notice_id)
    return None if row is None else _kept(row)


async def about(session: AsyncSession, provider: str, charge_ref: str) -> list[KeptNotice]:
    """Return the webhooks about a charge, in the order in which they came."""
    mine = select(ProviderNotice).where(ProviderNotice.provider == provider, ProviderNotice.charge_ref == charge_ref)
    return [_kept(row) for row in await session.scalars(mine.order_by(ProviderNotice.received_at, ProviderNotice.id))]


async def dealt_with(session: AsyncSession, notice_id: UUID, outcome: str) -> None:
    """Write down what came of a webhook."""
    change = update(ProviderNotice).where(ProviderNotice.id == notice_id)
    await session.execute(change.values(outcome=outcome, handled_at=clock.now()))


def _kept(row: ProviderNotice) -> KeptNotice:
    return KeptNotice(row.id, row.provider, row.kind, row.charge_ref, row.outcome, row.received_at)
