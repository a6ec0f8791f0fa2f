"""Shipping of orders, in as many packages as it takes."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, inventory, outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.orders import shipments, transitions
from mercat.orders.events import VendorOrderShipped
from mercat.orders.exceptions import IllegalTransition, NothingToSend, OrderItemNotFound, TooManyUnits
from mercat.orders.lifecycle import LEFT, Status, allowed
from mercat.orders.models import Order, Shipment, VendorOrder


async def send(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    vendor_order: VendorOrder,
    label: shipments.Label,
    units: Mapping[UUID, int] | None = None,
) -> UUID:
    """Ship a package of a vendor order: these units of its lines, or all that remain. The order is locked. Takes stock.

    The vendor order is in processing until its last unit is shipped. Afterwards the replacements of returned units can
    be shipped, without a transition of the vendor order. Returns the shipment.

    Raises:
        IllegalTransition: it is not paid, or finished.
        NothingToSend: everything is shipped.
        OrderItemNotFound, TooManyUnits: no such line in this vendor order, or fewer units of it remain.
    """
    rest = {line.item_id: line for line in (await shipments.unsent(session, order.id)).get(vendor_order.id, [])}
    has_left = Status(vendor_order.status) in LEFT
    if has_left:
        rest = {item_id: line for item_id, line in rest.items() if line.replaces is not None}
    if not allowed(Status(vendor_order.status), Status.shipped) and not (has_left and rest):
        raise IllegalTransition(current=vendor_order.status, wanted=Status.shipped.value)
    if not rest:
        raise NothingToSend
    wanted = units or {item_id: line.quantity for item_id, line in rest.items()}
    await _require(session, vendor_order, wanted, rest)
    now = clock.now()
    shipment_id = await shipments.pack(session, vendor_order, wanted, label, now)
    vendor_order.tracking = label.tracking or vendor_order.tracking
    leaving = [replace(rest[item_id], quantity=count) for item_id, count in wanted.items()]
    if held := await shipments.promised(session, order.id, leaving):
        await inventory.ship(session, order.id, actor=actor.reference, units=held)
    sent = audit.difference(
        {}, {"vendor_order_id": vendor_order.id, "units": sum(wanted.values()), "carrier": label.carrier}
    )
    personal = audit.difference({}, {"tracking": label.tracking} if label.tracking else {})
    await audit.record(session, actor, "shipment.sent", shipment_id, changes=sent, personal=personal)
    everything = sum(wanted.values()) == sum(line.quantity for line in rest.values())
    target = Status.shipped if everything else Status.processing
    if not has_left and vendor_order.status != target:
        await transitions.move_vendor_order(session, actor, order, vendor_order, target)
    await outbox.publish(
        session, VendorOrderShipped(order_id=order.id, vendor_order_id=vendor_order.id, shipment_id=shipment_id)
    )
    return shipment_id


async def arrive(
    session: AsyncSession, actor: Actor, order: Order, vendor_order: VendorOrder, shipment: Shipment
) -> None:
    """Mark a shipment as delivered; a fully shipped vendor order is delivered with its last shipment."""
    if shipment.delivered_at is not None:
        return
    shipment.delivered_at = clock.now()
    await session.flush()
    await audit.record(
        session,
        actor,
        "shipment.delivered",
        shipment.id,
        changes=audit.difference({}, {"vendor_order_id": vendor_order.id}),
    )
    under_way = select(func.count()).where(Shipment.vendor_order_id == vendor_order.id, Shipment.delivered_at.is_(None))
    if vendor_order.status == Status.shipped and not await session.scalar(under_way):
        await transitions.move_vendor_order(session, actor, order, vendor_order, Status.delivered)


async def _require(
    session: AsyncSession, vendor_order: VendorOrder, wanted: Mapping[UUID, int], rest: Mapping[UUID, shipments.Unsent]
) -> None:
    missing = [item_id for item_id in wanted if item_id not in rest]
    if missing:
        known = await shipments.lines_of(session, vendor_order.id)
        if unknown := [str(item_id) for item_id in missing if item_id not in known]:
            raise OrderItemNotFound(items=unknown)
        raise TooManyUnits
    if any(count > rest[item_id].quantity for item_id, count in wanted.items()):
        raise TooManyUnits
