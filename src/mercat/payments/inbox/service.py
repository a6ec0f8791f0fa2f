"""Webhooks as they arrived: each stored once, however often and in whatever order a provider sends it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.payments.models import ProviderWebhook
from mercat.payments.providers import WebhookEvent


@dataclass(frozen=True, slots=True)
class StoredWebhookEvent:
    """A webhook to be processed."""

    id: UUID
    provider: str
    kind: str
    charge_ref: str | None
    outcome: str
    received_at: datetime


async def keep(session: AsyncSession, provider: str, webhook: WebhookEvent) -> UUID | None:
    """Store a webhook; returns it, or None if it was stored before."""
    made = (
        insert(ProviderWebhook)
        .values(
            id=new_id(),
            provider=provider,
            event_id=webhook.event_id,
            kind=webhook.kind,
            charge_ref=webhook.charge_ref,
            received_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(ProviderWebhook.id)
    )
    return await session.scalar(made)


async def kept(session: AsyncSession, webhook_id: UUID) -> StoredWebhookEvent | None:
    """Return a stored webhook."""
    row = await session.get(ProviderWebhook, webhook_id)
    return None if row is None else _kept(row)


async def about(session: AsyncSession, provider: str, charge_ref: str) -> list[StoredWebhookEvent]:
    """Return the webhooks about a charge, in the order of their arrival."""
    mine = select(ProviderWebhook).where(ProviderWebhook.provider == provider, ProviderWebhook.charge_ref == charge_ref)
    return [_kept(row) for row in await session.scalars(mine.order_by(ProviderWebhook.received_at, ProviderWebhook.id))]


async def dealt_with(session: AsyncSession, webhook_id: UUID, outcome: str) -> None:
    """Write down the outcome of a webhook."""
    change = update(ProviderWebhook).where(ProviderWebhook.id == webhook_id)
    await session.execute(change.values(outcome=outcome, handled_at=clock.now()))


def _kept(row: ProviderWebhook) -> StoredWebhookEvent:
    return StoredWebhookEvent(row.id, row.provider, row.kind, row.charge_ref, row.outcome, row.received_at)
