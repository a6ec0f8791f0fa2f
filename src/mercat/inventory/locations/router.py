"""A vendor's locations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from mercat import vendors
from mercat.inventory.exceptions import LocationInUse, LocationNotFound, LocationTaken, TooManyLocations
from mercat.inventory.locations import queries, service
from mercat.inventory.locations.schemas import LocationCreate, LocationRead, LocationUpdate
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import PreconditionFailed

router = APIRouter(prefix="/vendor/locations", tags=["stock"])
VendorContext = Annotated[vendors.VendorContext, Depends(vendors.RequiresVendorRole(vendors.VendorPermission.stock))]


@router.get("", responses=refusals(*vendors.IN_PORTAL))
async def list_locations(context: VendorContext, session: PrimarySession) -> Page[LocationRead]:
    """List the locations of a vendor's stock, in the order in which orders are taken from them."""
    return complete(await queries.of_vendor(session, context.vendor_id))


@router.post("", status_code=201, responses=refusals(*vendors.IN_PORTAL, LocationTaken, TooManyLocations))
async def create_location(new: LocationCreate, context: VendorContext, session: Session) -> LocationRead:
    """Open a location of the vendor."""
    return await service.create(session, context.actor, context.vendor_id, new)


@router.get("/{location_id}", responses=refusals(*vendors.IN_PORTAL, LocationNotFound))
async def read_location(
    location_id: UUID, context: VendorContext, session: PrimarySession, response: Response
) -> LocationRead:
    """Return a location, with an ETag to base a change on."""
    return tagged(response, await queries.read(session, context.vendor_id, location_id))


@router.patch(
    "/{location_id}", responses=refusals(*vendors.IN_PORTAL, LocationNotFound, LocationTaken, PreconditionFailed)
)
async def change_location(
    location_id: UUID,
    wanted: LocationUpdate,
    context: VendorContext,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> LocationRead:
    """Change a location of the vendor. Stock at a closed location is not sold until it opens again."""
    return tagged(response, await service.change(session, context, location_id, wanted, if_match=if_match))


@router.delete(
    "/{location_id}", status_code=204, responses=refusals(*vendors.IN_PORTAL, LocationNotFound, LocationInUse)
)
async def delete_location(location_id: UUID, context: VendorContext, session: Session) -> None:
    """Delete a location that has nothing on hand and nothing reserved."""
    await service.delete(session, context.actor, context.vendor_id, location_id)
