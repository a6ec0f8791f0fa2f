"""Shipping zones and methods over HTTP, for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.conditional import IfMatch, version_etag, versioned
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, PageParams, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.pricing.exceptions import AreaTaken, MethodNotFound, MethodTaken, UnknownScope, ZoneNotFound
from mercat.pricing.shipping import queries, service
from mercat.pricing.shipping.schemas import MethodRead, MethodWrite, ZoneRead, ZoneWrite

router = APIRouter(prefix="/shipping", tags=["pricing"])

Operator = Annotated[Actor, Depends(Requires(Permission.shipping_write))]
DENIED = (*REFUSED, Forbidden)


@router.get("/zones", responses=refusals(*DENIED, Invalid))
async def list_zones(
    params: Annotated[PageParams, Query()], _actor: Operator, session: PrimarySession
) -> Page[ZoneRead]:
    """List the shipping zones by name, each with its areas and methods."""
    found, total = await queries.page(session, params)
    return envelope(found, params, total)


@router.post("/zones", openapi_extra=LARGE_BODY, status_code=201, responses=refusals(*DENIED, AreaTaken, Invalid))
async def create_zone(new: ZoneWrite, actor: Operator, session: Session, response: Response) -> ZoneRead:
    """Make a shipping zone of countries, regions or what begins like a postal code."""
    return _tagged(await service.create_zone(session, actor, new), response)


@router.get("/zones/{zone_id}", responses=refusals(*DENIED, ZoneNotFound, Invalid))
async def read_zone(zone_id: UUID, _actor: Operator, session: PrimarySession, response: Response) -> ZoneRead:
    """Return a zone with an ETag to base a change on, and its methods, of which it is the `version` in quotes."""
    return _tagged(await queries.zone(session, zone_id), response)


@router.put(
    "/zones/{zone_id}",
    openapi_extra=LARGE_BODY,
    responses=refusals(*DENIED, ZoneNotFound, AreaTaken, PreconditionFailed, Invalid),
)
async def replace_zone(
    zone_id: UUID, new: ZoneWrite, actor: Operator, session: Session, response: Response, if_match: IfMatch = None
) -> ZoneRead:
    """Make a zone's name and areas what the body says; its methods stay."""
    return _tagged(await service.replace_zone(session, actor, zone_id, new, if_match=if_match), response)


@router.delete(
    "/zones/{zone_id}", status_code=204, responses=refusals(*DENIED, ZoneNotFound, PreconditionFailed, Invalid)
)
async def delete_zone(zone_id: UUID, actor: Operator, session: Session, if_match: IfMatch = None) -> None:
    """Take a zone away, with its methods. Orders keep how they are sent."""
    await service.delete_zone(session, actor, zone_id, if_match=if_match)


@router.post(
    "/zones/{zone_id}/methods",
    status_code=201,
    responses=refusals(*DENIED, ZoneNotFound, MethodTaken, Invalid, UnknownScope),
)
async def add_method(
    zone_id: UUID, new: MethodWrite, actor: Operator, session: Session, response: Response
) -> MethodRead:
    """Offer a shipping method in a zone; with a `vendor_id` it is that vendor's own tariff for its goods."""
    return versioned(response, await service.add_method(session, actor, zone_id, new))


@router.put(
    "/methods/{method_id}",
    responses=refusals(*DENIED, MethodNotFound, MethodTaken, PreconditionFailed, Invalid, UnknownScope),
)
async def replace_method(
    method_id: UUID, new: MethodWrite, actor: Operator, session: Session, response: Response, if_match: IfMatch = None
) -> MethodRead:
    """Make a shipping method what the body says. Orders keep what was paid."""
    return versioned(response, await service.replace_method(session, actor, method_id, new, if_match=if_match))


@router.delete(
    "/methods/{method_id}", status_code=204, responses=refusals(*DENIED, MethodNotFound, PreconditionFailed, Invalid)
)
async def delete_method(method_id: UUID, actor: Operator, session: Session, if_match: IfMatch = None) -> None:
    """Offer a shipping method no more."""
    await service.delete_method(session, actor, method_id, if_match=if_match)


def _tagged(zone: ZoneRead, response: Response) -> ZoneRead:
    """Methods are not part of the version, but of what is shown."""
    response.headers["ETag"] = version_etag(zone.version, zone)
    return zone
