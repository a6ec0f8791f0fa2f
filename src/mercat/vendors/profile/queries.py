"""Reads of a shop's own profile."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.vendors import queries
from mercat.vendors.desk import Seat
from mercat.vendors.models import Vendor
from mercat.vendors.profile.schemas import ProfileRead


async def for_update(session: AsyncSession, seat: Seat) -> Vendor:
    """Return the shop, locked against other changes of it; what is sold meanwhile does not wait."""
    return await session.get_one(Vendor, seat.vendor_id, with_for_update={"key_share": True})


async def shown(session: AsyncSession, vendor: Vendor) -> ProfileRead:
    """Return the profile as the shop's people see it."""
    page = await queries.page_of(session, vendor)
    return ProfileRead(**dict(page), status=vendor.status, status_reason=vendor.status_reason)
