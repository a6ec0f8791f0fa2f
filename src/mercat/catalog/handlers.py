"""Reactions to events: products of vendors leave the lists, or return; translations and rates are followed."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.catalog import jobs
from mercat.exchange.events import ConversionsChanged
from mercat.translations.events import TranslationsChanged
from mercat.vendors.events import VendorReinstated, VendorSuspended


@outbox.handler("catalog.follow_vendor")
async def follow_vendor(session: AsyncSession, _event_id: UUID, event: VendorSuspended | VendorReinstated) -> None:
    """Queue a job that writes the vendor's projections anew, in batches: it may have a hundred thousand."""
    await outbox.defer(session, jobs.refresh_vendor, vendor_id=str(event.vendor_id))


@outbox.handler("catalog.follow_translations")
async def follow_translations(session: AsyncSession, _event_id: UUID, event: TranslationsChanged) -> None:
    """Queue a job that writes projections anew which show these texts: a category may have a hundred thousand."""
    if event.kind in jobs.NEXT_WITH_TEXTS:
        await outbox.defer(session, jobs.refresh_translated, kind=event.kind, keys=list(event.keys))


@outbox.handler("catalog.follow_conversions")
async def follow_conversions(session: AsyncSession, _event_id: UUID, _event: ConversionsChanged) -> None:
    """Queue a job that writes prices in other currencies anew, of every product."""
    await outbox.defer(session, jobs.rewrite_prices)
