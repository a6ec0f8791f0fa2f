"""Transitions of an order, or of a vendor order, with all of their effects.

An order moves with all of its vendor orders that are not finished. When a vendor order moves alone, the order follows:
it has the status of the one furthest behind. One lock order: the order's row first, then its payments, the gift card
that paid, its coupon, then the stock levels in key order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from mercat import audit, inventory, outbox, payments, pricing
from mercat.auth import Actor, Permission
from mercat.kit import clock
from mercat.kit.database import driver
from mercat.orders import books, shipments
from mercat.orders.events import EVENT_OF, OrderCancelled, VendorOrderCancelled
from mercat.orders.exceptions import IllegalTransition, OrderNotFound
from mercat.orders.lifecycle import LEFT, OVER, Status, allowed, stands
from mercat.orders.models import Order, VendorOrder
from mercat.orders.refunds import refund_requests

REASONS = {Status.cancelled: refund_requests.CALLED_OFF, Status.expired: refund_requests.TOO_LATE}
NO_LABEL = shipments.Label()
WRITE_DOWN = """
INSERT INTO order_history (order_id, vendor_order_id, followed, at, from_status, to_status, actor, by_staff, note)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class _Moved:
    """The former status of an order or a vendor order, and why it moved."""

    origin: Status
    vendor_order: VendorOrder | None = None
    followed: bool = False
    note: str = ""


async def for_update(session: AsyncSession, order_id: UUID) -> Order:
    """Return an order, locked and current; its vendor orders are locked with it.

    Raises:
        OrderNotFound: there is none.
    """
    locked = select(Order).where(Order.id == order_id).with_for_update()
    order = await session.scalar(locked.execution_options(populate_existing=True))
    if order is None:
        raise OrderNotFound
    return order


async def vendor_orders_of(session: AsyncSession, order: Order) -> Sequence[VendorOrder]:
    """Return the vendor orders of a locked order as they are now."""
    found = select(VendorOrder).where(VendorOrder.order_id == order.id).order_by(VendorOrder.id)
    return (await session.scalars(found.execution_options(populate_existing=True))).all()


async def hold_stock(session: AsyncSession, order: Order, *, also: Collection[UUID] = ()) -> None:
    """Lock the levels of what is reserved for a locked order, and of these variants, before several of them change."""
    await inventory.hold(session, {*await inventory.promised(session, order.id), *also})


def require(order: Order, target: Status) -> None:
    """Reject a transition that an order's life cycle does not have.

    Raises:
        IllegalTransition: there is no such transition.
    """
    if not allowed(Status(order.status), target):
        raise IllegalTransition(current=order.status, wanted=target.value)


async def move(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    target: Status,
    *,
    note: str = "",
    label: shipments.Label = NO_LABEL,
) -> None:
    """Move a locked order, with those of its vendor orders that are not finished. `label` is for its shipments.

    Raises:
        IllegalTransition: its life cycle has no such transition, or some of what is to be cancelled is shipped.
    """
    require(order, target)
    vendor_orders = await vendor_orders_of(session, order)
    left = [vendor_order.status for vendor_order in vendor_orders if vendor_order.status in LEFT]
    if target in REASONS and left:
        raise IllegalTransition(current=left[0], wanted=target.value)
    going = [vendor_order for vendor_order in vendor_orders if allowed(Status(vendor_order.status), target)]
    origin, now = Status(order.status), clock.now()
    moved = [_Moved(Status(vendor_order.status), vendor_order, note=note) for vendor_order in going]
    order.status, order.updated_at = target, now
    if target is Status.paid:
        order.paid_at, order.expires_at = now, None
    await _enter(session, going, target, now)
    await _write_down(session, actor, order, _Moved(origin, note=note), *moved)
    await _take_effect(session, actor, order, target)
    if target is Status.shipped:
        await _leave(session, actor, order, going, label)
    await session.flush()
    await audit.record(session, actor, f"order.{target}", order.id, changes={"status": audit.Change(origin, target)})
    if target in EVENT_OF:
        await outbox.publish(session, EVENT_OF[target](order_id=order.id))


async def move_vendor_order(
    session: AsyncSession, actor: Actor, order: Order, vendor_order: VendorOrder, target: Status, *, note: str = ""
) -> None:
    """Move a vendor order of a locked order; the order follows. `dispatch` decides what is shipped, before this.

    Raises:
        IllegalTransition: its life cycle has no such transition.
    """
    origin, now = Status(vendor_order.status), clock.now()
    if not allowed(origin, target):
        raise IllegalTransition(current=origin.value, wanted=target.value)
    await _enter(session, [vendor_order], target, now)
    order.updated_at = now
    await _write_down(session, actor, order, _Moved(origin, vendor_order, note=note))
    if target in OVER:
        await _give_up(session, actor, order, vendor_order, target)
    await session.flush()
    changes = {"status": audit.Change(origin, target)}
    await audit.record(session, actor, f"vendor_order.{target}", vendor_order.id, changes=changes)
    await _follow(session, actor, order)
    if target is Status.cancelled and order.status != Status.cancelled:
        await outbox.publish(session, VendorOrderCancelled(order_id=order.id, vendor_order_id=vendor_order.id))


async def _follow(session: AsyncSession, actor: Actor, order: Order) -> None:
    """Give a locked order the status of its vendor orders."""
    origin, target = (
        Status(order.status),
        stands([Status(vendor_order.status) for vendor_order in await vendor_orders_of(session, order)]),
    )
    if origin is target:
        return
    order.status, order.updated_at = target, clock.now()
    await _write_down(session, actor, order, _Moved(origin, followed=True))
    await session.flush()
    await audit.record(session, actor, f"order.{target}", order.id, changes={"status": audit.Change(origin, target)})
    if target is Status.cancelled:  # the last of its vendor orders
        await outbox.publish(session, OrderCancelled(order_id=order.id))


async def _nothing_goes_on(session: AsyncSession, order: Order) -> bool:
    """Whether a locked order is cancelled with the vendor order that has just been."""
    await session.flush()
    return (
        stands([Status(vendor_order.status) for vendor_order in await vendor_orders_of(session, order)])
        is Status.cancelled
    )


async def _enter(session: AsyncSession, vendor_orders: Sequence[VendorOrder], target: Status, now: datetime) -> None:
    """Move vendor orders, all of them in one statement."""
    if not vendor_orders:
        return
    values = {"status": target} | ({"delivered_at": now} if target is Status.delivered else {})
    moved = (
        update(VendorOrder)
        .where(VendorOrder.id.in_([vendor_order.id for vendor_order in vendor_orders]))
        .values(values)
    )
    await session.execute(moved, execution_options={"synchronize_session": False})
    for vendor_order in vendor_orders:
        for name, value in values.items():
            set_committed_value(vendor_order, name, value)


async def _take_effect(session: AsyncSession, actor: Actor, order: Order, target: Status) -> None:
    if target is Status.paid:
        await books.sold(session, order)
        await inventory.confirm(session, order.id)
    elif target in REASONS:
        await payments.abandon(session, actor, order.id)
        await refund_requests.return_all(session, actor, order, reason=REASONS[target])
        await pricing.give_back(session, order.id)
        await inventory.release(session, order.id, actor=actor.reference, expired=target is Status.expired)
    elif target is Status.refunded:  # what is not shipped is released
        await inventory.release(session, order.id, actor=actor.reference)


async def _leave(
    session: AsyncSession, actor: Actor, order: Order, going: Sequence[VendorOrder], label: shipments.Label
) -> None:
    """Ship what remains of these vendor orders. What is reserved for exchanges with other ones stays reserved."""
    unsent = await shipments.unsent(session, order.id)
    leaving: list[shipments.Unsent] = []
    for vendor_order in going:
        if rest := unsent.get(vendor_order.id):
            await shipments.pack(
                session, vendor_order, {one.item_id: one.quantity for one in rest}, label, order.updated_at
            )
            leaving += rest
    if held := await shipments.promised(session, order.id, leaving):
        await inventory.ship(session, order.id, actor=actor.reference, units=held)


async def _give_up(
    session: AsyncSession, actor: Actor, order: Order, vendor_order: VendorOrder, target: Status
) -> None:
    if target in REASONS:
        await refund_requests.refund_vendor_order(session, actor, order, vendor_order.id, reason=REASONS[target])
    if target is Status.cancelled and await _nothing_goes_on(session, order):  # after cards, before stock
        await pricing.give_back(session, order.id)
    rest = (await shipments.unsent(session, order.id)).get(vendor_order.id, [])
    if units := await shipments.promised(session, order.id, rest):
        await inventory.release(session, order.id, actor=actor.reference, units=units)


async def _write_down(session: AsyncSession, actor: Actor, order: Order, *moves: _Moved) -> None:
    """Write down transitions of an order and its vendor orders, after they were made."""
    rows = []
    for move in moves:
        vendor_order, target = move.vendor_order, move.vendor_order.status if move.vendor_order else order.status
        rows.append(
            (
                order.id, vendor_order.id if vendor_order else None, move.followed, order.updated_at,
                move.origin, target,
                actor.reference, _for_the_other_side(actor, order, Status(target)), move.note,
            )
        )  # fmt: skip
    cursor = (await driver(session)).cursor()
    await cursor.executemany(WRITE_DOWN, rows)


def _for_the_other_side(actor: Actor, order: Order, target: Status) -> bool:
    """Whether the actor moves an order for a vendor or the marketplace: its buyer can only cancel it."""
    own = actor.user_id == order.user_id and target is Status.cancelled
    return actor.signed_in and (not own or actor.can(Permission.orders_manage))
