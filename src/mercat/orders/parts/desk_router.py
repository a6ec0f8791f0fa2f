"""A shop's own orders, over HTTP: the parts that it sold."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat import vendors
from mercat.kit.conditional import Fields, IfMatch, etag_of, require_match, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_key
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page, envelope
from mercat.kit.problems import PreconditionFailed
from mercat.orders.exceptions import (
    IllegalTransition,
    NothingToSend,
    NotPaidYet,
    OrderItemNotFound,
    PartNotFound,
    ShipmentNotFound,
    TooManyPieces,
)
from mercat.orders.parts import queries, service
from mercat.orders.parts.schemas import ParcelChange, ParcelCreate, PartChange, PartListing, PartRead, PartRefund
from mercat.payments import RefundExceedsCaptured

router = APIRouter(prefix="/vendor/orders", tags=["vendor desk"])
Clerk = Annotated[vendors.Seat, Depends(vendors.AtDesk(vendors.Duty.orders))]
Cashier = Annotated[vendors.Seat, Depends(vendors.AtDesk(vendors.Duty.finances))]
IdempotencyKey = Annotated[Key, Depends(read_key)]
SENT: Fields = {"shipments"}
KEYED = (KeyMissing, InProgress, KeyReused)


@router.get("", responses=refusals(*vendors.AT_DESK, BadCursor))
async def list_vendor_orders(
    listing: Annotated[PartListing, Query()], seat: Clerk, session: PrimarySession
) -> Page[PartRead] | CursorPage[PartRead]:
    """List the shop's orders, newest first: of orders from several shops only its own part."""
    if listing.cursor is not None:
        found, following = await queries.by_cursor(session, seat.vendor_id, listing)
        return CursorPage(items=found, next_cursor=following)
    found, total = await queries.page(session, seat.vendor_id, listing)
    return envelope(found, listing.numbered, total)


@router.get("/{vendor_order_id}", responses=refusals(*vendors.AT_DESK, PartNotFound))
async def read_vendor_order(
    vendor_order_id: UUID, seat: Clerk, session: PrimarySession, response: Response
) -> PartRead:
    """Return the shop's part of an order, with what it earns by it. A change of a shipment is based on its ETag."""
    return tagged(response, await queries.read(session, seat.vendor_id, vendor_order_id), SENT)


@router.put(
    "/{vendor_order_id}/status", responses=refusals(*vendors.AT_DESK, PartNotFound, IllegalTransition, NotPaidYet)
)
async def change_vendor_order_status(
    vendor_order_id: UUID, change: PartChange, seat: Clerk, session: Session
) -> PartRead:
    """Begin with a part, say that it was delivered, or call it off, which gives the buyer's money back."""
    order, part = await service.for_update(session, vendor_order_id, vendor_id=seat.vendor_id)
    await service.change_status(session, seat.actor, order, part, change)
    return await queries.read(session, seat.vendor_id, vendor_order_id)


@router.post(
    "/{vendor_order_id}/shipments",
    status_code=201,
    response_model=PartRead,
    responses=refusals(
        *vendors.AT_DESK, *KEYED, PartNotFound, IllegalTransition, NothingToSend, OrderItemNotFound, TooManyPieces
    ),
)
async def create_shipment(
    vendor_order_id: UUID, new: ParcelCreate, key: IdempotencyKey, seat: Clerk, session: Session
) -> Response:
    """Send a parcel: some pieces, or all that is left. The last one makes the part `shipped`. Buyers are told.

    Afterwards the lines that replace returned pieces can be sent; the part stays where it is.
    """

    async def sent() -> PartRead:
        order, part = await service.for_update(session, vendor_order_id, vendor_id=seat.vendor_id)
        await service.send(session, seat.actor, order, part, new)
        return await queries.read(session, seat.vendor_id, vendor_order_id)

    return await once(session, key, service.principal(vendor_order_id, seat.actor), sent)


@router.patch(
    "/{vendor_order_id}/shipments/{shipment_id}",
    responses=refusals(*vendors.AT_DESK, PartNotFound, ShipmentNotFound, PreconditionFailed),
)
async def change_parcel(  # noqa: PLR0913, PLR0917 - FastAPI's injection
    vendor_order_id: UUID,
    shipment_id: UUID,
    change: ParcelChange,
    seat: Clerk,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> PartRead:
    """Correct the tracking of a parcel, or say that it has arrived; the last one makes the part `delivered`."""
    order, part = await service.for_update(session, vendor_order_id, vendor_id=seat.vendor_id)
    if if_match is not None:
        require_match(if_match, etag_of(await queries.read(session, seat.vendor_id, vendor_order_id), SENT))
    await service.change_parcel(session, seat.actor, order, part, shipment_id, change)
    return tagged(response, await queries.read(session, seat.vendor_id, vendor_order_id), SENT)


@router.post(
    "/{vendor_order_id}/refunds",
    status_code=201,
    response_model=PartRead,
    responses=refusals(
        *vendors.AT_DESK, *KEYED, PartNotFound, IllegalTransition, RefundExceedsCaptured, OrderItemNotFound,
        TooManyPieces,
    ),
)  # fmt: skip
async def refund_vendor_order(
    vendor_order_id: UUID, new: PartRefund, key: IdempotencyKey, seat: Cashier, session: Session
) -> Response:
    """Give the buyer money of this part back: an amount, pieces, or all that is left.

    Pieces that have not left are not sent any more. The marketplace gives its cut of it back to the shop. A provider is
    asked in the background; `refunded` counts what has gone.
    """

    async def refunded() -> PartRead:
        order, part = await service.for_update(session, vendor_order_id, vendor_id=seat.vendor_id)
        await service.refund(session, seat.actor, order, part, new)
        return await queries.read(session, seat.vendor_id, vendor_order_id)

    return await once(session, key, service.principal(vendor_order_id, seat.actor), refunded)
