"""Returns in the vendor portal, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from mercat import vendors
from mercat.inventory import InsufficientStock
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.orders.returns import queries, service
from mercat.orders.returns.exceptions import (
    IllegalReturnMove,
    NoPaymentToRefund,
    NotReturnable,
    RefundUnderWay,
    ReturnNotFound,
)
from mercat.orders.returns.schemas import ReturnChange, ReturnListing, ReturnRead

router = APIRouter(prefix="/vendor/returns", tags=["vendor portal"])
Clerk = Annotated[vendors.VendorContext, Depends(vendors.RequiresVendorRole(vendors.VendorPermission.orders))]


@router.get("", responses=refusals(*vendors.IN_PORTAL))
async def list_vendor_returns(
    listing: Annotated[ReturnListing, Query()], context: Clerk, session: PrimarySession
) -> Page[ReturnRead]:
    """List the returns of what the vendor sold, the oldest first; `?status=requested` waits for its decision."""
    found, total = await queries.page(session, listing, vendor_id=context.vendor_id)
    return envelope(found, listing, total)


@router.get("/{return_id}", responses=refusals(*vendors.IN_PORTAL, ReturnNotFound))
async def read_vendor_return(return_id: UUID, context: Clerk, session: PrimarySession) -> ReturnRead:
    """Return a return of what the vendor sold."""
    await queries.require_of_vendor(session, context.vendor_id, return_id)
    return await queries.read(session, return_id)


@router.put(
    "/{return_id}/status",
    responses=refusals(
        *vendors.IN_PORTAL, ReturnNotFound, IllegalReturnMove, RefundUnderWay, NoPaymentToRefund, NotReturnable,
        InsufficientStock,
    ),
)  # fmt: skip
async def decide_on_return(return_id: UUID, change: ReturnChange, context: Clerk, session: Session) -> ReturnRead:
    """Approve, reject or receive a return of what the vendor sold. `received` refunds it, once.

    What the buyer gets in exchange is reserved from `approved` on; ship it by `POST
    /vendor/orders/{vendor_order_id}/shipments` when the goods are received.
    """
    return await service.decide_as_vendor(session, context, return_id, change)
