"""Verbs of returns: buyers request and cancel, operators decide and receive."""

from collections import Counter
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, inventory, outbox, vendors
from mercat.auth import Actor, Permission
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.orders import transitions as order_moves
from mercat.orders.exceptions import OrderNotFound
from mercat.orders.models import Order
from mercat.orders.queries import owns
from mercat.orders.returns import exchanges, queries, refunds, terms, transitions, units
from mercat.orders.returns.events import ReturnRequested
from mercat.orders.returns.exceptions import IllegalReturnMove, ReturnNotFound
from mercat.orders.returns.lifecycle import BY_RECEIPT, CLOSED_WITHOUT_RETURN, Status, begins_as
from mercat.orders.returns.models import Return, ReturnItem
from mercat.orders.returns.schemas import ReturnChange, ReturnCreate, ReturnRead

MOVES_MONEY = frozenset({Status.received, Status.refunded})


async def ask(
    session: AsyncSession, actor: Actor, order_id: UUID, new: ReturnCreate, *, cart_id: UUID | None = None
) -> ReturnRead:
    """Request a return of units of an order: its buyer, or an operator for them. A withdrawal is approved at once.

    `cart_id` is the cart that a guest's token proves. Locks the order: of two requests for the last unit one succeeds.

    Raises:
        OrderNotFound: Not the actor's order.
        NotReturnable, ReturnTooLate: not yet, or not any more.
        OrderItemNotFound, TooManyUnits: no such line, or fewer units of it are returnable.
        SeveralVendors: lines of more than one.
        UnevenExchange: another product, or another price, is wanted for units.
    """
    if actor.user_id is not None and await auth.hold(session, actor.user_id) is None:
        raise OrderNotFound
    order = await order_moves.for_update(session, order_id)
    if not _may(actor, order, cart_id):
        raise OrderNotFound
    await units.require_known(session, order, new.units)
    vendor_order = await units.vendor_order_of(session, new.units)
    terms.require_in_time(order, vendor_order, new.reason)
    await units.require_left(session, order, new.units)
    await exchanges.require_even(session, order, new.exchange_variants)
    amount = await refunds.worth(session, order, new.reason, new.paid_back)
    now = clock.now()
    sent_back = Return(
        id=new_id(),
        order_id=order.id,
        vendor_order_id=vendor_order.id,
        status=begins_as(new.reason),
        reason=new.reason,
        note=new.note,
        currency=order.currency,
        amount_minor=amount.minor,
        created_at=now,
        updated_at=now,
    )
    session.add(sent_back)
    await session.flush()
    rows = [
        {
            "return_id": sent_back.id,
            "order_item_id": i,
            "quantity": n,
            "exchange_variant_id": new.exchange_variants.get(i),
        }
        for i, n in new.units.items()
    ]
    await session.execute(insert(ReturnItem), rows)
    asked = audit.difference({}, {"order_id": order.id, "reason": new.reason, "amount": amount})
    note = audit.difference({}, {"note": new.note} if new.note else {})
    await audit.record(session, actor, "return.requested", sent_back.id, changes=asked, personal=note)
    await outbox.publish(session, ReturnRequested(order_id=order.id, return_id=sent_back.id))
    await transitions.enter(session, actor, sent_back, None)
    return await queries.read(session, sent_back.id, for_staff=actor.can(Permission.orders_read))


async def cancel(session: AsyncSession, actor: Actor, return_id: UUID, *, cart_id: UUID | None = None) -> ReturnRead:
    """Cancel a return whose goods are not received yet: its buyer, or an operator.

    Raises:
        ReturnNotFound: Not the actor's.
        IllegalReturnMove: too late.
    """
    order, sent_back = await transitions.for_update(session, return_id)
    if not _may(actor, order, cart_id):
        raise ReturnNotFound
    await _go(session, actor, order, sent_back, Status.cancelled)
    return await queries.read(session, return_id, for_staff=actor.can(Permission.orders_read))


async def decide(session: AsyncSession, actor: Actor, return_id: UUID, change: ReturnChange) -> ReturnRead:
    """Move a return on behalf of an operator, see `move`.

    Raises:
        NotAllowed: what refunds money takes `orders:refund`.
    """
    if change.status in MOVES_MONEY:
        actor.require(Permission.orders_refund)
    await move(session, actor, return_id, change)
    return await queries.read(session, return_id, for_staff=True)


async def decide_as_vendor(
    session: AsyncSession, context: vendors.VendorContext, return_id: UUID, change: ReturnChange
) -> ReturnRead:
    """Move a return on behalf of the vendor that sold its units, see `move`.

    Raises:
        ReturnNotFound: another vendor's.
    """
    await queries.require_of_vendor(session, context.vendor_id, return_id)
    await move(session, context.actor, return_id, change)
    return await queries.read(session, return_id)


async def move(session: AsyncSession, actor: Actor, return_id: UUID, change: ReturnChange) -> None:
    """Move a return. Received goods are exchanged or refunded and, if they can be, sold again.

    Locks the order, its return, its payment, its stock levels.

    Raises:
        IllegalReturnMove: its life cycle has no such transition.
        RefundUnderWay, NoPaymentToRefund: its refund cannot be requested again.
        OrderItemNotFound, TooManyUnits: more units were received than it announced.
        NotReturnable, InsufficientStock: it cannot be approved, see `exchanges`.
    """
    order, sent_back = await transitions.for_update(session, return_id)
    if change.status in BY_RECEIPT:
        raise IllegalReturnMove(current=sent_back.status, wanted=change.status.value)
    if change.status is Status.refunded and sent_back.status == Status.received:
        await refunds.again(session, actor, order, sent_back)
    else:
        await _go(session, actor, order, sent_back, change.status, note=change.note)
    if change.status is Status.received:
        await _receive(session, actor, order, sent_back, change)


async def _receive(session: AsyncSession, actor: Actor, order: Order, sent_back: Return, change: ReturnChange) -> None:
    sent_back.restocked = change.restock
    fallen_away = Counter(await exchanges.wanted(session, sent_back))
    if change.received is not None:
        await units.count(session, sent_back.id, change.received)
    fallen_away.subtract(await exchanges.wanted(session, sent_back))  # reserved for what was not received
    fallen_away = +fallen_away
    fallen_away.update(await exchanges.replace(session, actor, order, sent_back))
    returned = await units.of_return(session, sent_back.id) if change.restock else {}
    returned = await units.by_variant(session, returned)
    await refunds.request(session, actor, order, sent_back, stock={*returned, *fallen_away})
    # where no refund has locked them yet: all levels in one step, before two verbs change some each
    await inventory.hold(session, {*returned, *fallen_away})
    if returned:
        await inventory.take_back(session, order.id, returned, actor=actor.reference)
    await exchanges.release(session, actor, order, fallen_away)


async def _go(
    session: AsyncSession, actor: Actor, order: Order, sent_back: Return, target: Status, *, note: str = ""
) -> None:
    """Move a locked return. What is wanted in exchange is reserved as long as it is approved."""
    origin = Status(sent_back.status)
    await transitions.move(session, actor, sent_back, target, note=note)
    if target is Status.approved:
        await exchanges.promise(session, actor, order, sent_back)
    elif target in CLOSED_WITHOUT_RETURN and origin is Status.approved:
        await exchanges.release(session, actor, order, await exchanges.wanted(session, sent_back))


def _may(actor: Actor, order: Order, cart_id: UUID | None) -> bool:
    return owns(actor, order, cart_id) or actor.can(Permission.orders_manage)
