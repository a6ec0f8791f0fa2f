"""Orders over HTTP: reads and transitions. `checkout` places them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, cart, users
from mercat.auth import REFUSED, Actor, KnownOr, OptionalOr, Permission, Requires
from mercat.auth.management import UserNotFound
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page, envelope
from mercat.kit.problems import Forbidden, Invalid
from mercat.orders import queries, service
from mercat.orders.exceptions import IllegalTransition, OrderNotFound
from mercat.orders.schemas import OrderListing, OrderRead, StatusChange

router = APIRouter(prefix="/orders", tags=["orders"])
people_router = APIRouter(prefix="/users/{user_id}", tags=["orders"])

# a key for the work of operators or of a vendor sees what its work is about
Lister = Annotated[Actor, Depends(KnownOr(Permission.orders_read, Permission.products_sell))]
Staff = Annotated[Actor, Depends(KnownOr(Permission.orders_read))]
Reader = Annotated[Actor, Depends(OptionalOr(Permission.orders_read, Permission.products_sell))]
Canceller = Annotated[Actor, Depends(OptionalOr(Permission.orders_manage))]


@router.get("", responses=refusals(*REFUSED, Invalid, BadCursor))
async def list_orders(
    listing: Annotated[OrderListing, Query()], actor: Lister, session: PrimarySession
) -> Page[OrderRead] | CursorPage[OrderRead]:
    """List orders, newest first: one's own; for a vendor's members also its own vendor orders; for operators all."""
    return await _listed(session, actor, listing)


@people_router.get("/orders", responses=refusals(*REFUSED, Forbidden, UserNotFound, Invalid, BadCursor))
async def list_orders_of_person(
    user_id: UUID, listing: Annotated[OrderListing, Query()], actor: Staff, session: PrimarySession
) -> Page[OrderRead] | CursorPage[OrderRead]:
    """List what a person bought, newest first: operators of anyone, others for their own id."""
    users.require_business(actor, user_id, Permission.orders_read)
    if not await auth.user_references(session, [user_id]):
        raise UserNotFound
    return await _listed(session, actor, listing, user_id)


async def _listed(
    session: AsyncSession, actor: Actor, listing: OrderListing, buyer: UUID | None = None
) -> Page[OrderRead] | CursorPage[OrderRead]:
    if listing.cursor is not None:
        found, following = await queries.by_cursor(session, actor, listing, buyer=buyer)
        return CursorPage(items=found, next_cursor=following)
    found, total = await queries.page(session, actor, listing, buyer=buyer)
    return envelope(found, listing.numbered, total)


@router.get("/{order_id}", responses=refusals(*REFUSED, OrderNotFound, Invalid))
async def read_order(
    order_id: Annotated[str, Path(max_length=40, description="Id or number.", examples=["M-100321"])],
    actor: Reader,
    token: cart.GuestToken,
    session: PrimarySession,
) -> OrderRead:
    """Return an order by id or number to its buyer, its vendors and operators.

    A guest shows the `X-Cart-Token` of the cart that was ordered.
    """
    found = await queries.id_of(session, order_id)
    return await queries.read_for(session, actor, found, cart_id=await cart.ordered(session, token))


@router.put("/{order_id}/status", responses=refusals(*REFUSED, Forbidden, OrderNotFound, IllegalTransition, Invalid))
async def change_status(
    order_id: UUID,
    change: StatusChange,
    actor: Annotated[Actor, Depends(Requires(Permission.orders_manage))],
    session: Session,
) -> OrderRead:
    """Move an order: `paid` books the money, `shipped` takes the stock, `cancelled` refunds and releases both."""
    return await service.change_status(session, actor, order_id, change)


@router.delete("/{order_id}", responses=refusals(*REFUSED, OrderNotFound, IllegalTransition, Invalid))
async def cancel_order(order_id: UUID, actor: Canceller, token: cart.GuestToken, session: Session) -> OrderRead:
    """Cancel an order: its buyer as long as it is unpaid, operators as long as it is not shipped. Stock is released."""
    return await service.cancel(session, actor, order_id, cart_id=await cart.ordered(session, token))
