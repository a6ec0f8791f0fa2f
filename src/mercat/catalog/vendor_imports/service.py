"""Files that vendors import, and their outcomes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, outbox, vendors
from mercat.catalog.vendor_imports import jobs
from mercat.catalog.vendor_imports.exceptions import ImportGivenUp, ImportNotFound
from mercat.catalog.vendor_imports.models import CatalogImport
from mercat.catalog.vendor_imports.schemas import ImportFailure, ImportListing, ImportRead, ImportResult
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.sorts import Sorts, numbered_page


async def bring(session: AsyncSession, context: vendors.VendorContext, content: bytes) -> ImportRead:
    """Store a file that a vendor imports, and queue it.

    Raises:
        VendorIsSuspended: the vendor is suspended.
    """
    await vendors.require_selling(session, context.vendor_id)
    brought = CatalogImport(
        id=new_id(),
        vendor_id=context.vendor_id,
        state="waiting",
        size=len(content),
        content=content,
        created_at=clock.now(),
    )
    session.add(brought)
    await session.flush()
    await outbox.defer(session, jobs.take_in, import_id=str(brought.id), user_id=str(context.actor.user_id))
    return _shown(brought, i18n.DEFAULT_LOCALE)


SORTS = Sorts(CatalogImport.id, {"created_at": CatalogImport.created_at})


async def page(
    session: AsyncSession, vendor_id: UUID, params: ImportListing, locale: str
) -> tuple[list[ImportRead], int]:
    """Return a page of a vendor's imports, and how many there are."""
    own = select(CatalogImport).where(CatalogImport.vendor_id == vendor_id)
    found, total = await numbered_page(session, SORTS.ordered(own, params.sort), params)
    rows = list(found.scalars())
    given_up = await _given_up(session, rows)
    return [_shown(row, locale, given_up=row.id in given_up) for row in rows], total


async def read(session: AsyncSession, vendor_id: UUID, import_id: UUID, locale: str) -> ImportRead:
    """Return an import of a vendor.

    Raises:
        ImportNotFound: there is none, or it is another vendor's.
    """
    found = await session.get(CatalogImport, import_id)
    if found is None or found.vendor_id != vendor_id:
        raise ImportNotFound
    return _shown(found, locale, given_up=found.id in await _given_up(session, [found]))


async def _given_up(session: AsyncSession, rows: Sequence[CatalogImport]) -> set[UUID]:
    """Return waiting imports whose job will not run by itself: it was parked or cancelled."""
    waiting = [row for row in rows if row.state == "waiting"]
    left = [row for row in waiting if not await outbox.is_queued(session, jobs.take_in, import_id=str(row.id))]
    for row in left:  # or it has just been done, between two statements
        await session.refresh(row)
    return {row.id for row in left if row.state == "waiting"}


def _shown(row: CatalogImport, locale: str, *, given_up: bool = False) -> ImportRead:
    failure = vendors.VendorIsSuspended if row.state == "failed" else ImportGivenUp if given_up else None
    return ImportRead(
        id=row.id,
        state="failed" if failure else "done" if row.state == "done" else "waiting",
        size=row.size,
        failure=ImportFailure(code=failure.code, message=i18n.translate(locale, failure.detail)) if failure else None,
        report=ImportResult.model_validate(row.report) if row.report is not None else None,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
