"""Verbs of people and schedules that move an order through its life cycle."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor, Permission
from mercat.kit import clock
from mercat.orders import cancellation, payment_outcomes, queries, shipments, transitions
from mercat.orders.exceptions import IllegalTransition, OrderNotFound
from mercat.orders.lifecycle import BY_MONEY, Status
from mercat.orders.models import Order, Shipment, VendorOrder
from mercat.orders.refunds.refund_requests import Wanted, request
from mercat.orders.schemas import OrderRead, StatusChange
from mercat.payments import refunds

SYSTEM = Actor.system()


async def change_status(session: AsyncSession, actor: Actor, order_id: UUID, change: StatusChange) -> OrderRead:
    """Move an order on behalf of an operator, with all effects of the transition.

    Raises:
        IllegalTransition: its life cycle has no such transition, or only by a refund.
        NotByHand: a payment provider reports whether it is paid.
    """
    order = await transitions.for_update(session, order_id)
    if change.status in BY_MONEY:
        raise IllegalTransition(current=order.status, wanted=change.status.value)
    if change.status is Status.paid:
        await payment_outcomes.take_by_hand(session, actor, order, note=change.note)
    else:
        label = shipments.Label(tracking=change.tracking)
        await transitions.move(session, actor, order, change.status, note=change.note, label=label)
    if change.tracking is not None:
        await _track(session, actor, order_id, change.tracking)
    return await queries.read(session, order_id, for_staff=True)


async def cancel(session: AsyncSession, actor: Actor, order_id: UUID, *, cart_id: UUID | None = None) -> OrderRead:
    """Cancel an order. Buyers may as long as it is not paid, operators as long as it is not shipped.

    `cart_id` is the cart that a guest's token proves. What was paid is refunded.

    Raises:
        OrderNotFound: Not the actor's order.
        IllegalTransition: too late.
    """
    order = await transitions.for_update(session, order_id)
    operator = actor.can(Permission.orders_manage)
    if not operator and not queries.owns(actor, order, cart_id):
        raise OrderNotFound
    if not operator and order.status != Status.pending:
        raise IllegalTransition(current=order.status, wanted=Status.cancelled.value)
    await transitions.move(session, actor, order, Status.cancelled)
    return await queries.read(session, order_id, for_staff=operator)


async def refund(session: AsyncSession, actor: Actor, order_id: UUID, payment_id: UUID, wanted: Wanted) -> UUID:
    """Refund a payment on behalf of an operator; returns the refund. Refunded units that are not shipped are cancelled.

    Raises:
        RefundExceedsCaptured, OrderItemNotFound, TooManyUnits: see `refund_requests.request`.
        IllegalTransition: only one vendor order is paid and the rest is awaited; cancelling refunds it.
    """
    order = await transitions.for_update(session, order_id)
    if order.status == Status.pending and not (await refunds.refundable(session, payment_id)).surplus:
        raise IllegalTransition(current=order.status, wanted=Status.refunded.value)
    refund_id = await request(session, actor, order, payment_id, wanted)
    stops = bool(wanted.units) and wanted.returned is None
    if stops or wanted.stock:
        await transitions.hold_stock(session, order, also=wanted.stock)
    if stops:
        await cancellation.units(session, actor, order, wanted.units)
    await payment_outcomes.finish_if_refunded(session, actor, order)
    return refund_id


async def next_to_expire(session: AsyncSession, *, leaving: Collection[UUID] = ()) -> UUID | None:
    """Return and lock the next order whose time to be paid is over, None if there is none; `leaving` is excluded.

    An order that is being paid or cancelled at this moment is locked, and skipped.
    """
    found: UUID | None = await session.scalar(
        select(Order.id)
        .where(Order.status == Status.pending, Order.expires_at <= clock.now(), Order.id.not_in(leaving))
        .order_by(Order.expires_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found


async def expire(session: AsyncSession, order_id: UUID) -> None:
    """Expire an order, unless it was paid or cancelled meanwhile. Locks it."""
    order = await transitions.for_update(session, order_id)
    if order.status == Status.pending and order.expires_at and order.expires_at <= clock.now():
        await transitions.move(session, SYSTEM, order, Status.expired, note="not paid in time")


async def _track(session: AsyncSession, actor: Actor, order_id: UUID, tracking: str) -> None:
    """Write a tracking number on the shipments of vendor orders that have none; if all have one, on all."""
    vendor_orders = (await session.scalars(select(VendorOrder).where(VendorOrder.order_id == order_id))).all()
    meant = [vendor_order for vendor_order in vendor_orders if vendor_order.tracking is None] or vendor_orders
    before = meant[0].tracking
    for vendor_order in meant:
        vendor_order.tracking = tracking
    of_vendor_orders = Shipment.vendor_order_id.in_([vendor_order.id for vendor_order in meant])
    await session.execute(update(Shipment).where(of_vendor_orders).values(tracking=tracking))
    tracked = {"tracking": audit.Change(before, tracking)}
    await audit.record(session, actor, "order.tracked", order_id, personal=tracked)
