"""Verbs on locations."""

from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.inventory import changes
from mercat.inventory.exceptions import LocationInUse, TooManyLocations
from mercat.inventory.locations import queries
from mercat.inventory.locations.schemas import LocationCreate, LocationRead, LocationUpdate
from mercat.inventory.models import StockLevel, StockLocation
from mercat.kit import clock
from mercat.kit.conditional import etag_of, require_match
from mercat.kit.ids import new_id
from mercat.vendors import VendorContext

MOST_LOCATIONS = 100


async def create(session: AsyncSession, actor: Actor, vendor_id: UUID, new: LocationCreate) -> LocationRead:
    """Open a location. Another one with the same code is a conflict.

    Raises:
        TooManyLocations: the vendor has as many as are allowed.
    """
    theirs = StockLocation.vendor_id == vendor_id, StockLocation.deleted_at.is_(None)
    if (await session.scalar(select(func.count(StockLocation.id)).where(*theirs)) or 0) >= MOST_LOCATIONS:
        raise TooManyLocations(limit=MOST_LOCATIONS)
    location = StockLocation(id=new_id(), vendor_id=vendor_id, **new.model_dump())
    session.add(location)
    await session.flush()
    said = audit.difference({}, new.model_dump())
    await audit.record(session, actor, "stock_location.created", location.id, changes=said)
    return queries.shown(location)


async def change(
    session: AsyncSession,
    context: VendorContext,
    location_id: UUID,
    wanted: LocationUpdate,
    *,
    if_match: str | None = None,
) -> LocationRead:
    """Change a location. Opening and closing it changes what can be sold of all stock there.

    Raises:
        LocationNotFound: it is not the vendor's own.
        PreconditionFailed: it was changed since.
    """
    location = await queries.find_own(session, context.vendor_id, location_id)
    before = queries.shown(location)
    require_match(if_match, etag_of(before))
    for name in wanted.model_fields_set:
        value = getattr(wanted, name)
        if value is not None or name == "country":
            setattr(location, name, value)
    await session.flush()
    if location.active != before.active:
        await _open_or_close(session, location)
    after = queries.shown(location)
    said = audit.difference(before.model_dump(), after.model_dump())
    if said:
        await audit.record(session, context.actor, "stock_location.updated", location_id, changes=said)
    return after


async def delete(session: AsyncSession, actor: Actor, vendor_id: UUID, location_id: UUID) -> None:
    """Delete an empty location; movements keep naming it, and its code is free.

    Raises:
        LocationNotFound: it is not the vendor's own.
        LocationInUse: it has units on hand or reserved.
    """
    location = await queries.find_own(session, vendor_id, location_id)
    used = or_(StockLevel.on_hand > 0, StockLevel.reserved > 0)
    if await session.scalar(select(exists().where(StockLevel.location_id == location_id, used))):
        raise LocationInUse
    location.deleted_at = clock.now()
    location.active = False
    await session.flush()
    await _open_or_close(session, location)
    await audit.record(session, actor, "stock_location.deleted", location_id)


async def _open_or_close(session: AsyncSession, location: StockLocation) -> None:
    """Copy a location's state to its levels. The location is locked, so it cannot change meanwhile."""
    lying = await session.scalars(select(StockLevel.variant_id).where(StockLevel.location_id == location.id))
    before = await changes.lock(session, list(lying))
    await session.execute(
        update(StockLevel).where(StockLevel.location_id == location.id).values(active=location.active)
    )
    await changes.announce_since(session, before)
