"""Vendor orders over HTTP, for the buyer and for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from mercat import cart
from mercat.auth import REFUSED, Actor, OptionalActor, Permission, Requires
from mercat.kit.database import Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden, Invalid
from mercat.orders import queries
from mercat.orders.exceptions import IllegalTransition, NotPaidYet, OrderNotFound, VendorOrderNotFound
from mercat.orders.schemas import OrderRead
from mercat.orders.vendor_orders import service
from mercat.orders.vendor_orders.schemas import VendorOrderChange

router = APIRouter(prefix="/orders/{order_id}/vendor-orders/{vendor_order_id}", tags=["orders"])
REFUSALS = (OrderNotFound, VendorOrderNotFound, IllegalTransition, NotPaidYet, Invalid)


@router.delete("", responses=refusals(*REFUSED, *REFUSALS))
async def cancel_vendor_order(
    order_id: UUID, vendor_order_id: UUID, actor: OptionalActor, token: cart.GuestToken, session: Session
) -> OrderRead:
    """Cancel a vendor order of one's own paid order, until its vendor begins with it; it is refunded.

    Guests show the `X-Cart-Token` of the cart that they ordered. The other vendor orders go on.
    """
    cart_id = await cart.ordered(session, token)
    await service.cancel(session, actor, order_id, vendor_order_id, cart_id=cart_id)
    return await queries.read(session, order_id)


@router.put("/status", responses=refusals(*REFUSED, Forbidden, *REFUSALS))
async def change_vendor_order_of_order(
    order_id: UUID,
    vendor_order_id: UUID,
    change: VendorOrderChange,
    actor: Annotated[Actor, Depends(Requires(Permission.orders_manage))],
    session: Session,
) -> OrderRead:
    """Move one vendor order on its vendor's behalf; the order has the status of the vendor order furthest behind."""
    order, vendor_order = await service.for_update(session, vendor_order_id, order_id=order_id)
    await service.change_status(session, actor, order, vendor_order, change)
    return await queries.read(session, order_id, for_staff=True)
