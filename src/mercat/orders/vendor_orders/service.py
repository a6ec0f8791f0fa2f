"""Verbs of vendor orders: a vendor begins, ships, delivers, cancels and refunds; buyers cancel in time."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, payments
from mercat.auth import Actor
from mercat.kit.money import Money
from mercat.orders import cancellation, payment_outcomes, personal, queries, service, shipments, transitions
from mercat.orders.exceptions import IllegalTransition, OrderNotFound, ShipmentNotFound, VendorOrderNotFound
from mercat.orders.fulfillment import dispatch
from mercat.orders.lifecycle import Status
from mercat.orders.models import Order, Shipment, VendorOrder
from mercat.orders.refunds import refund_requests
from mercat.orders.refunds.refund_requests import Wanted
from mercat.orders.vendor_orders.schemas import ShipmentCreate, ShipmentUpdate, VendorOrderChange, VendorOrderRefund
from mercat.payments import refunds


def principal(vendor_order_id: UUID, actor: Actor) -> str:
    """Return whose stored answers are, see `kit.idempotency`."""
    return f"{personal.answers_about(vendor_order_id)} {actor.reference}"


async def for_update(
    session: AsyncSession, vendor_order_id: UUID, *, vendor_id: UUID | None = None, order_id: UUID | None = None
) -> tuple[Order, VendorOrder]:
    """Return a vendor order of this vendor, or of this order, and its order, locked and current.

    Raises:
        VendorOrderNotFound: there is none.
    """
    found = await session.scalar(select(VendorOrder).where(VendorOrder.id == vendor_order_id))
    if found is None or vendor_id not in (None, found.vendor_id) or order_id not in (None, found.order_id):
        raise VendorOrderNotFound
    order = await transitions.for_update(session, found.order_id)
    await session.refresh(found)
    return order, found


async def change_status(
    session: AsyncSession, actor: Actor, order: Order, vendor_order: VendorOrder, change: VendorOrderChange
) -> None:
    """Move a vendor order whose order is locked; cancelling it refunds it and releases its stock.

    Raises:
        IllegalTransition: its life cycle has no such transition.
        NotPaidYet: see `cancellation.vendor_order`.
    """
    if change.status is Status.cancelled:
        await cancellation.vendor_order(session, actor, order, vendor_order, though_begun=True, note=change.note)
        return
    await transitions.move_vendor_order(session, actor, order, vendor_order, change.status, note=change.note)


async def send(
    session: AsyncSession, actor: Actor, order: Order, vendor_order: VendorOrder, new: ShipmentCreate
) -> UUID:
    """Ship a package, see `dispatch.send`."""
    url = str(new.tracking_url) if new.tracking_url else None
    label = shipments.Label(new.carrier, new.tracking, url)
    return await dispatch.send(session, actor, order, vendor_order, label, new.units)


async def update_shipment(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    vendor_order: VendorOrder,
    shipment_id: UUID,
    change: ShipmentUpdate,
) -> None:
    """Correct the label of a shipment, and mark it as delivered.

    Raises:
        ShipmentNotFound: no shipment of this vendor order.
    """
    shipment = await session.get(Shipment, shipment_id)
    if shipment is None or shipment.vendor_order_id != vendor_order.id:
        raise ShipmentNotFound
    wanted = change.model_dump(mode="json", exclude_unset=True, exclude={"delivered"})
    before = {name: getattr(shipment, name) for name in wanted}
    for name, value in wanted.items():
        setattr(shipment, name, value or "" if name == "carrier" else value)
    if changed := audit.difference(before, wanted):
        vendor_order.tracking = shipment.tracking or vendor_order.tracking
        await audit.record(session, actor, "shipment.updated", shipment.id, personal=changed)
    if change.delivered:
        await dispatch.arrive(session, actor, order, vendor_order, shipment)


async def cancel(
    session: AsyncSession, actor: Actor, order_id: UUID, vendor_order_id: UUID, *, cart_id: UUID | None
) -> None:
    """Cancel a vendor order of one's own order, as long as its vendor has not begun with it.

    `cart_id` is the cart that a guest's token proves.

    Raises:
        OrderNotFound: Not the actor's order.
        VendorOrderNotFound: no such vendor order of it.
        NotPaidYet, IllegalTransition: not yet, or too late.
    """
    order = await transitions.for_update(session, order_id)
    if not queries.owns(actor, order, cart_id):
        raise OrderNotFound
    _, vendor_order = await for_update(session, vendor_order_id, order_id=order_id)
    await cancellation.vendor_order(session, actor, order, vendor_order, though_begun=False)


async def refund(
    session: AsyncSession, actor: Actor, order: Order, vendor_order: VendorOrder, new: VendorOrderRefund
) -> Sequence[UUID]:
    """Refund a vendor order to its buyer, out of the payments that paid the order; returns the refunds.

    Units are refunded out of one payment, an amount out of as many as it takes.

    Raises:
        IllegalTransition: the order is not paid.
        RefundExceedsCaptured, OrderItemNotFound, TooManyUnits: more than is refundable.
        RefundInOtherCurrency: the order was paid in another one.
    """
    if order.paid_at is None:
        raise IllegalTransition(current=vendor_order.status, wanted=Status.refunded.value)
    found = [one for one in await refunds.refundables(session, order.id) if not one.surplus]
    if new.units:
        wanted = Wanted(new.reason, units=new.units, vendor_order=vendor_order.id)
        amount = await refund_requests.worth(session, order, wanted)
        source = next((one for one in found if one.left.minor >= amount.minor), None)
        if source is None:
            raise payments.RefundExceedsCaptured(left=max((one.left for one in found), default=amount * 0))
        return [await service.refund(session, actor, order.id, source.payment_id, wanted)]
    left = await refund_requests.left_of_vendor_order(session, order, vendor_order.id)
    rest = new.amount or left
    if rest.currency != left.currency:
        raise refunds.RefundInOtherCurrency(currency=left.currency)
    if not 0 < rest.minor <= min(left.minor, sum(one.left.minor for one in found)):
        raise payments.RefundExceedsCaptured(left=left)
    made = []
    for one in found:
        amount = min(rest, one.left)
        if amount.minor:
            wanted = Wanted(new.reason, amount=amount, vendor_order=vendor_order.id)
            made.append(await refund_requests.request(session, actor, order, one.payment_id, wanted))
            rest -= Money(amount.minor, amount.currency)
    await payment_outcomes.finish_if_refunded(
        session, actor, order
    )  # takes stock: when all payments and cards are locked
    return made
