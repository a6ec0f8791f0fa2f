"""Returns over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat import cart
from mercat.auth import REFUSED, Actor, OptionalOr, Permission, Requires
from mercat.inventory import InsufficientStock
from mercat.kit.database import PrimarySession, Session
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_key
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete, envelope
from mercat.kit.problems import Forbidden, Invalid
from mercat.orders.exceptions import OrderItemNotFound, OrderNotFound, TooManyUnits
from mercat.orders.returns import queries, service
from mercat.orders.returns.exceptions import (
    IllegalReturnMove,
    NoPaymentToRefund,
    NotReturnable,
    RefundUnderWay,
    ReturnNotFound,
    ReturnTooLate,
    SeveralVendors,
    UnevenExchange,
)
from mercat.orders.returns.personal import principal
from mercat.orders.returns.schemas import ReturnChange, ReturnCreate, ReturnListing, ReturnRead

router = APIRouter(tags=["returns"])
IdempotencyKey = Annotated[Key, Depends(read_key)]
Reader = Annotated[Actor, Depends(OptionalOr(Permission.orders_read))]
Asker = Annotated[Actor, Depends(OptionalOr(Permission.orders_manage))]
Reviewer = Annotated[Actor, Depends(Requires(Permission.orders_read))]
Staff = Annotated[Actor, Depends(Requires(Permission.orders_manage))]


@router.post(
    "/orders/{order_id}/returns",
    status_code=201,
    response_model=ReturnRead,
    responses=refusals(
        KeyMissing, *REFUSED, OrderNotFound, NotReturnable, ReturnTooLate, TooManyUnits, InProgress, KeyReused,
        OrderItemNotFound, SeveralVendors, UnevenExchange, Invalid,
    ),
)  # fmt: skip
async def request_return(
    order_id: UUID, new: ReturnCreate, key: IdempotencyKey, actor: Asker, token: cart.GuestToken, session: Session
) -> Response:
    """Request a return of units of one's own order. Guests show the `X-Cart-Token` of the cart that they ordered.

    A `withdrawal` is approved at once: send the goods. Any other return waits for the vendor. Units of several vendors
    are returned to each of them. Withdrawing every unit that a vendor sold in the order refunds its shipping too. With
    `exchanges` the buyer gets other variants of the same product and price for units, instead of a refund. The same
    key and body request once.
    """
    cart_id = await cart.ordered(session, token)
    whose = principal(order_id, actor.user_id or cart_id)
    return await once(session, key, whose, lambda: service.ask(session, actor, order_id, new, cart_id=cart_id))


@router.get("/orders/{order_id}/returns", responses=refusals(*REFUSED, OrderNotFound, Invalid))
async def list_returns_of_order(
    order_id: UUID, actor: Reader, token: cart.GuestToken, session: PrimarySession
) -> Page[ReturnRead]:
    """List the returns of an order, the oldest first, for its buyer and operators."""
    return complete(await queries.of_order(session, actor, order_id, cart_id=await cart.ordered(session, token)))


@router.get("/returns", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_returns(
    listing: Annotated[ReturnListing, Query()], _actor: Reviewer, session: PrimarySession
) -> Page[ReturnRead]:
    """List all returns for operators, the oldest first; `?status=requested` waits for a decision."""
    found, total = await queries.page(session, listing)
    return envelope(found, listing, total)


@router.get("/returns/{return_id}", responses=refusals(*REFUSED, ReturnNotFound, Invalid))
async def read_return(return_id: UUID, actor: Reader, token: cart.GuestToken, session: PrimarySession) -> ReturnRead:
    """Return a return to its buyer (a guest shows the `X-Cart-Token`) and operators."""
    return await queries.read_for(session, actor, return_id, cart_id=await cart.ordered(session, token))


@router.put(
    "/returns/{return_id}/status",
    responses=refusals(
        *REFUSED, Forbidden, ReturnNotFound, IllegalReturnMove, RefundUnderWay, NoPaymentToRefund, NotReturnable,
        InsufficientStock, Invalid,
    ),
)  # fmt: skip
async def change_return_status(return_id: UUID, change: ReturnChange, actor: Staff, session: Session) -> ReturnRead:
    """Approve, reject, receive or cancel a return.

    `received` refunds these units, once, and takes `orders:refund`; with `restock` they can be sold again. What is
    wanted in exchange is reserved from `approved` on, and can be shipped from `received` on; if all of it is exchanged,
    the return is `exchanged` at once. Otherwise it becomes `refunded` when the refund has succeeded. If the provider
    refuses, it stays `received` and says why under `refund`; `refunded` requests it again then.
    """
    return await service.decide(session, actor, return_id, change)


@router.delete("/returns/{return_id}", responses=refusals(*REFUSED, ReturnNotFound, IllegalReturnMove, Invalid))
async def cancel_return(return_id: UUID, actor: Asker, token: cart.GuestToken, session: Session) -> ReturnRead:
    """Cancel a return whose goods are not received yet: its buyer, or an operator."""
    return await service.cancel(session, actor, return_id, cart_id=await cart.ordered(session, token))
