"""A vendor's stock over HTTP."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat import inventory, vendors
from mercat.catalog.exceptions import VariantNotFound
from mercat.catalog.stock import queries, service
from mercat.catalog.stock.exceptions import LinesRefused
from mercat.catalog.stock.schemas import (
    StockAdjust,
    StockAfter,
    StockListing,
    StockSetMany,
    ThresholdRead,
    ThresholdSet,
    TransferCreate,
    VariantStockSet,
    VendorStockRead,
)
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.conditional import IfMatch, tagged, versioned
from mercat.kit.database import PrimarySession, Session
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_key
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import PreconditionFailed

router = APIRouter(prefix="/vendor/stock", tags=["stock"])
VendorContext = Annotated[vendors.VendorContext, Depends(vendors.RequiresVendorRole(vendors.VendorPermission.stock))]
SETTING = (*vendors.IN_PORTAL, LinesRefused, inventory.BelowReserved)


@dataclass(frozen=True, slots=True)
class Variant:
    """Which variant a path means, and on what a change of its stock is based."""

    variant_id: UUID
    if_match: str | None


async def meant(
    variant_id: UUID,
    if_match: IfMatch = None,
) -> Variant:
    """Return the variant that the path names, and the `If-Match` of the request."""
    return Variant(variant_id, if_match)


Meant = Annotated[Variant, Depends(meant)]


@router.get("", responses=refusals(*vendors.IN_PORTAL))
async def list_stock(
    listing: Annotated[StockListing, Query()], context: VendorContext, session: PrimarySession
) -> Page[VendorStockRead]:
    """List what a vendor has of each of its variants, and where; `?low=true` is what runs low."""
    found, total = await queries.page(session, context.vendor_id, listing)
    return envelope(found, listing, total)


@router.put("", openapi_extra=LARGE_BODY, responses=refusals(*SETTING))
async def set_many(wanted: StockSetMany, context: VendorContext, session: Session) -> StockAfter:
    """Set the stock of many variants at once: all lines, or none. The same again changes nothing.

    A line about a variant or a location that is not the vendor's refuses all of them; `errors` says which line it is.
    """
    return await service.set_many(session, context, wanted.lines, wanted.note)


@router.post(
    "/transfers",
    status_code=201,
    response_model=StockAfter,
    responses=refusals(
        *vendors.IN_PORTAL,
        LinesRefused,
        inventory.UnknownLocation,
        inventory.NotThere,
        KeyMissing,
        InProgress,
        KeyReused,
    ),
)
async def transfer_stock(
    wanted: TransferCreate,
    key: Annotated[Key, Depends(read_key)],
    context: VendorContext,
    session: Session,
) -> Response:
    """Transfer units from one location of the vendor to another: all lines, or none. Reserved units are not moved.

    The same key and body move once.
    """
    whose = f"{context.actor.user_id} {context.vendor_id}"
    return await once(session, key, whose, lambda: service.transfer(session, context, wanted))


@router.get("/threshold", responses=refusals(*vendors.IN_PORTAL))
async def read_stock_threshold(context: VendorContext, session: PrimarySession, response: Response) -> ThresholdRead:
    """Return the vendor's low-stock threshold, for variants that have none of their own.

    With an ETag to base a change on.
    """
    return tagged(response, await service.threshold(session, context.vendor_id))


@router.put("/threshold", responses=refusals(*vendors.IN_PORTAL, PreconditionFailed))
async def set_stock_threshold(
    wanted: ThresholdSet, context: VendorContext, session: Session, response: Response, if_match: IfMatch = None
) -> ThresholdRead:
    """Set the vendor's low-stock threshold. A variant's own threshold stays.

    Variants that are low by then are told of when they have risen above that number and fall again.
    """
    return tagged(response, await service.set_threshold(session, context, wanted, if_match=if_match))


@router.get("/{variant_id}", responses=refusals(*vendors.IN_PORTAL, VariantNotFound))
async def read_stock_of_variant(
    variant_id: UUID, context: VendorContext, session: PrimarySession, response: Response
) -> VendorStockRead:
    """Return what a vendor has of a variant, and where, with an ETag to base a change on."""
    return versioned(response, await service.read(session, context.vendor_id, variant_id))


@router.post(
    "/{variant_id}/adjust",
    response_model=VendorStockRead,
    responses=refusals(*SETTING, VariantNotFound, inventory.NotThere, KeyMissing, InProgress, KeyReused),
)
async def adjust_stock_of_variant(
    variant_id: UUID,
    wanted: StockAdjust,
    key: Annotated[Key, Depends(read_key)],
    context: VendorContext,
    session: Session,
) -> Response:
    """Add units to what lies at a location, or take some away, whatever it is at that moment. Once per key and body."""

    async def adjust() -> VendorStockRead:
        await service.adjust(session, context.actor, context.vendor_id, variant_id, wanted)
        return await service.read(session, context.vendor_id, variant_id)

    return await once(session, key, f"{context.actor.user_id} {context.vendor_id}", adjust, status=200)


@router.put(
    "/{variant_id}",  # noqa: FAST003 - `Meant` reads it
    responses=refusals(*SETTING, VariantNotFound, PreconditionFailed),
)
async def set_stock_of_variant(
    meant: Meant,
    wanted: VariantStockSet,
    context: VendorContext,
    session: Session,
    response: Response,
) -> VendorStockRead:
    """Set how much of a variant lies at a location, or can be sold from there, and when it counts as low.

    Fewer units than are reserved for orders are refused, unless back-orders are allowed there. The same again changes
    nothing.
    """
    return versioned(
        response, await service.set_one(session, context, meant.variant_id, wanted, if_match=meant.if_match)
    )
