"""Reactions to events of vendors: their products leave the lists, or return."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.catalog import jobs
from mercat.vendors.events import VendorReinstated, VendorSuspended


@outbox.handler("catalog.follow_vendor")
async def follow_vendor(session: AsyncSession, _event_id: UUID, event: VendorSuspended | VendorReinstated) -> None:
    """Queue a job that writes the vendor's projections anew, in batches: it may have a hundred thousand."""
    await outbox.defer(session, jobs.refresh_vendor, vendor_id=str(event.vendor_id))
