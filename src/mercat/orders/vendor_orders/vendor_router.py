"""Vendor orders in the vendor portal, over HTTP."""

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
    ShipmentNotFound,
    TooManyUnits,
    VendorOrderNotFound,
)
from mercat.orders.vendor_orders import queries, service
from mercat.orders.vendor_orders.schemas import (
    ShipmentCreate,
    ShipmentUpdate,
    VendorOrderChange,
    VendorOrderDetails,
    VendorOrderFilter,
    VendorOrderRefund,
)
from mercat.payments import RefundExceedsCaptured
from mercat.payments.refunds import RefundNotChargeable

router = APIRouter(prefix="/vendor/orders", tags=["vendor portal"])
Clerk = Annotated[vendors.VendorContext, Depends(vendors.RequiresVendorRole(vendors.VendorPermission.orders))]
Cashier = Annotated[vendors.VendorContext, Depends(vendors.RequiresVendorRole(vendors.VendorPermission.finances))]
IdempotencyKey = Annotated[Key, Depends(read_key)]
SENT: Fields = {"shipments"}
KEYED = (KeyMissing, InProgress, KeyReused)


@router.get("", responses=refusals(*vendors.IN_PORTAL, BadCursor))
async def list_vendor_orders(
    listing: Annotated[VendorOrderFilter, Query()], context: Clerk, session: PrimarySession
) -> Page[VendorOrderDetails] | CursorPage[VendorOrderDetails]:
    """List the vendor's orders, newest first: of orders from several vendors only its own vendor order."""
    if listing.cursor is not None:
        found, following = await queries.by_cursor(session, context.vendor_id, listing)
        return CursorPage(items=found, next_cursor=following)
    found, total = await queries.page(session, context.vendor_id, listing)
    return envelope(found, listing.numbered, total)


@router.get("/{vendor_order_id}", responses=refusals(*vendors.IN_PORTAL, VendorOrderNotFound))
async def read_vendor_order(
    vendor_order_id: UUID, context: Clerk, session: PrimarySession, response: Response
) -> VendorOrderDetails:
    """Return a vendor order, with what it earns by it. A change of a shipment is based on its ETag."""
    return tagged(response, await queries.read(session, context.vendor_id, vendor_order_id), SENT)


@router.put(
    "/{vendor_order_id}/status",
    responses=refusals(*vendors.IN_PORTAL, VendorOrderNotFound, IllegalTransition, NotPaidYet),
)
async def change_vendor_order_status(
    vendor_order_id: UUID, change: VendorOrderChange, context: Clerk, session: Session
) -> VendorOrderDetails:
    """Begin with a vendor order, mark it as delivered, or cancel it, which refunds the buyer."""
    order, vendor_order = await service.for_update(session, vendor_order_id, vendor_id=context.vendor_id)
    await service.change_status(session, context.actor, order, vendor_order, change)
    return await queries.read(session, context.vendor_id, vendor_order_id)


@router.post(
    "/{vendor_order_id}/shipments",
    status_code=201,
    response_model=VendorOrderDetails,
    responses=refusals(
        *vendors.IN_PORTAL,
        *KEYED,
        VendorOrderNotFound,
        IllegalTransition,
        NothingToSend,
        OrderItemNotFound,
        TooManyUnits,
    ),
)
async def create_shipment(
    vendor_order_id: UUID, new: ShipmentCreate, key: IdempotencyKey, context: Clerk, session: Session
) -> Response:
    """Ship a package: some units, or all that remain. The last one makes the vendor order `shipped`. Buyers are told.

    Afterwards the lines that replace returned units can be shipped, without a transition of the vendor order.
    """

    async def sent() -> VendorOrderDetails:
        order, vendor_order = await service.for_update(session, vendor_order_id, vendor_id=context.vendor_id)
        await service.send(session, context.actor, order, vendor_order, new)
        return await queries.read(session, context.vendor_id, vendor_order_id)

    return await once(session, key, service.principal(vendor_order_id, context.actor), sent)


@router.patch(
    "/{vendor_order_id}/shipments/{shipment_id}",
    responses=refusals(*vendors.IN_PORTAL, VendorOrderNotFound, ShipmentNotFound, PreconditionFailed),
)
async def update_shipment(  # noqa: PLR0913, PLR0917 - FastAPI's injection
    vendor_order_id: UUID,
    shipment_id: UUID,
    change: ShipmentUpdate,
    context: Clerk,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> VendorOrderDetails:
    """Correct the tracking of a shipment, or mark it as delivered; the last one makes the vendor order `delivered`."""
    order, vendor_order = await service.for_update(session, vendor_order_id, vendor_id=context.vendor_id)
    if if_match is not None:
        require_match(if_match, etag_of(await queries.read(session, context.vendor_id, vendor_order_id), SENT))
    await service.update_shipment(session, context.actor, order, vendor_order, shipment_id, change)
    return tagged(response, await queries.read(session, context.vendor_id, vendor_order_id), SENT)


@router.post(
    "/{vendor_order_id}/refunds",
    status_code=201,
    response_model=VendorOrderDetails,
    responses=refusals(
        *vendors.IN_PORTAL, *KEYED, VendorOrderNotFound, IllegalTransition, RefundExceedsCaptured, OrderItemNotFound,
        TooManyUnits, RefundNotChargeable,
    ),
)  # fmt: skip
async def refund_vendor_order(
    vendor_order_id: UUID, new: VendorOrderRefund, key: IdempotencyKey, context: Cashier, session: Session
) -> Response:
    """Refund this vendor order to the buyer: an amount, units, or all that is refundable.

    Refunded units that are not shipped are cancelled. The marketplace refunds its commission on it to the vendor. A
    provider is asked in the background; `refunded` counts what has succeeded.
    """

    async def refunded() -> VendorOrderDetails:
        order, vendor_order = await service.for_update(session, vendor_order_id, vendor_id=context.vendor_id)
        await service.refund(session, context.actor, order, vendor_order, new)
        return await queries.read(session, context.vendor_id, vendor_order_id)

    return await once(session, key, service.principal(vendor_order_id, context.actor), refunded)
