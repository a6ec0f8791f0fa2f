"""A vendor's logo and banner: uploaded here, or addresses elsewhere."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, files
from mercat.vendors.models import Vendor
from mercat.vendors.portal import VendorContext
from mercat.vendors.profile import queries
from mercat.vendors.profile.schemas import ProfileRead

PURPOSE = files.Purpose("shop_picture")


class ProfilePicture(StrEnum):
    """Which picture of a vendor."""

    logo = "logo"
    banner = "banner"


async def put(
    session: AsyncSession, context: VendorContext, part: ProfilePicture, file_id: UUID, *, if_match: str | None = None
) -> ProfileRead:
    """Show an upload; a former one is deleted once this is committed.

    Raises:
        UploadExpired: see `files.keep`.
        PreconditionFailed: the profile was changed since.
    """
    vendor = await queries.for_update(session, context, if_match=if_match)
    before = _address(vendor, part)
    kept = await files.keep(session, file_id, vendor.id)
    await hang(session, vendor, part, kept.url, file_id)
    await _record(session, context, vendor, part, "changed", before)
    return await queries.shown(session, vendor)


async def take(session: AsyncSession, context: VendorContext, part: ProfilePicture) -> None:
    """Remove a picture; without one nothing changes."""
    vendor = await queries.for_update(session, context)
    before = _address(vendor, part)
    if before is None:
        return
    await hang(session, vendor, part, None)
    await _record(session, context, vendor, part, "removed", before)


async def hang(
    session: AsyncSession, vendor: Vendor, part: ProfilePicture, address: str | None, file_id: UUID | None = None
) -> None:
    """Let a locked vendor show what is at an address, or nothing, and drop a former upload.

    The address that it shows already is no change: behind it stays what was uploaded.
    """
    written = files.written_url(address) if address else None
    if written == _address(vendor, part):
        return
    former: UUID | None = getattr(vendor, f"{part}_file_id")
    setattr(vendor, f"{part}_url", written)
    setattr(vendor, f"{part}_file_id", file_id)
    await session.flush()
    if former is not None:
        await files.release(session, [former])


async def _record(
    session: AsyncSession, context: VendorContext, vendor: Vendor, part: ProfilePicture, what: str, before: str | None
) -> None:
    changes = audit.difference({f"{part}_url": before}, {f"{part}_url": _address(vendor, part)})
    await audit.record(session, context.actor, f"vendor.{part}_{what}", vendor.id, changes=changes)


def _address(vendor: Vendor, part: ProfilePicture) -> str | None:
    found: str | None = getattr(vendor, f"{part}_url")
    return found
