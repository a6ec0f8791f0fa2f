"""Reads of locations."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory.exceptions import LocationNotFound
from mercat.inventory.locations.schemas import LocationRead
from mercat.inventory.models import StockLocation
from mercat.kit.rows import required


async def of_vendor(session: AsyncSession, vendor_id: UUID) -> list[LocationRead]:
    """Return a vendor's locations in the order of their priority, with the main one."""
    rows = await session.scalars(_usable(vendor_id).order_by(StockLocation.priority, StockLocation.id))
    return [shown(location) for location in rows]


async def hold(session: AsyncSession, vendor_id: UUID, wanted: Collection[UUID]) -> set[UUID]:
    """Return those of these locations that a vendor can use. None is deleted before this transaction has ended."""
    usable = _usable(vendor_id).where(StockLocation.id.in_(wanted)).order_by(StockLocation.id)
    return {location.id for location in await session.scalars(usable.with_for_update(read=True))}


async def read(session: AsyncSession, vendor_id: UUID, location_id: UUID) -> LocationRead:
    """Return a location that a vendor can use.

    Raises:
        LocationNotFound: there is none, or the vendor cannot use it.
    """
    usable = _usable(vendor_id).where(StockLocation.id == location_id)
    return shown(await required(session, usable, LocationNotFound))


async def find_own(session: AsyncSession, vendor_id: UUID, location_id: UUID) -> StockLocation:
    """Return a vendor's own location, locked.

    Raises:
        LocationNotFound: there is none, or it is not the vendor's own.
    """
    own = _usable(vendor_id).where(StockLocation.id == location_id, StockLocation.vendor_id == vendor_id)
    return await required(session, own, LocationNotFound, lock=True)


def shown(location: StockLocation) -> LocationRead:
    """Return a location as its vendor sees it."""
    return LocationRead(
        id=location.id,
        code=location.code,
        name=location.name,
        country=location.country,
        address=location.address,
        priority=location.priority,
        active=location.active,
        shared=location.vendor_id is None,
    )


def _usable(vendor_id: UUID) -> Select[StockLocation]:
    theirs = or_(StockLocation.vendor_id == vendor_id, StockLocation.vendor_id.is_(None))
    return select(StockLocation).where(theirs, StockLocation.deleted_at.is_(None))
