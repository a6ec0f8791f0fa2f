"""Returns at a shop's desk, over HTTP: of what it sold."""

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

router = APIRouter(prefix="/vendor/returns", tags=["vendor desk"])
Clerk = Annotated[vendors.Seat, Depends(vendors.AtDesk(vendors.Duty.orders))]


@router.get("", responses=refusals(*vendors.AT_DESK))
async def list_returns_to_shop(
    listing: Annotated[ReturnListing, Query()], seat: Clerk, session: PrimarySession
) -> Page[ReturnRead]:
    """List the returns of what the shop sold, the oldest first; `?status=requested` waits for its decision."""
    found, total = await queries.page(session, listing, vendor_id=seat.vendor_id)
    return envelope(found, listing, total)


@router.get("/{return_id}", responses=refusals(*vendors.AT_DESK, ReturnNotFound))
async def read_return_to_shop(return_id: UUID, seat: Clerk, session: PrimarySession) -> ReturnRead:
    """Return a return of what the shop sold."""
    await queries.require_of_shop(session, seat.vendor_id, return_id)
    return await queries.read(session, return_id)


@router.put(
    "/{return_id}/status",
    responses=refusals(
        *vendors.AT_DESK, ReturnNotFound, IllegalReturnMove, RefundUnderWay, NoPaymentToRefund, NotReturnable,
        InsufficientStock,
    ),
)  # fmt: skip
async def decide_on_return(return_id: UUID, change: ReturnChange, seat: Clerk, session: Session) -> ReturnRead:
    """Approve, reject or receive a return of what the shop sold. `received` gives their money back, once.

    What the buyer gets in exchange is promised from `approved` on; send it by `POST
    /vendor/orders/{vendor_order_id}/shipments` when the goods are here.
    """
    return await service.decide_at_desk(session, seat, return_id, change)
