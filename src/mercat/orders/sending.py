"""Sending what was bought, in as many parcels as it takes."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, inventory, outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.orders import moving, parcels
from mercat.orders.events import PartShipped
from mercat.orders.exceptions import IllegalTransition, NothingToSend, OrderItemNotFound, TooManyPieces
from mercat.orders.lifecycle import LEFT, Status, allowed
from mercat.orders.models import Order, Shipment, VendorOrder


async def send(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    part: VendorOrder,
    label: parcels.Label,
    pieces: Mapping[UUID, int] | None = None,
) -> UUID:
    """Send a parcel of a part of a locked order: these pieces of its lines, or all that is left. Takes the stock.

    The part is in processing until its last piece has left. Afterwards what replaces pieces that came back can be sent;
    the part does not move for that. Returns the parcel.

    Raises:
        IllegalTransition: it is not paid, or over.
        NothingToSend: everything has left.
        OrderItemNotFound, TooManyPieces: no such line in this part, or fewer pieces left of it.
    """
    rest = {line.item_id: line for line in (await parcels.unsent(session, order.id)).get(part.id, [])}
    has_left = Status(part.status) in LEFT
    if has_left:
        rest = {item_id: line for item_id, line in rest.items() if line.replaces is not None}
    if not allowed(Status(part.status), Status.shipped) and not (has_left and rest):
        raise IllegalTransition(current=part.status, wanted=Status.shipped.value)
    if not rest:
        raise NothingToSend
    wanted = pieces or {item_id: line.quantity for item_id, line in rest.items()}
    await _require(session, part, wanted, rest)
    now = clock.now()
    parcel_id = await parcels.pack(session, part, wanted, label, now)
    part.tracking = label.tracking or part.tracking
    leaving = [replace(rest[item_id], quantity=count) for item_id, count in wanted.items()]
    if held := await parcels.promised(session, order.id, leaving):
        await inventory.ship(session, order.id, actor=actor.reference, pieces=held)
    sent = audit.difference({}, {"part_id": part.id, "pieces": sum(wanted.values()), "carrier": label.carrier})
    personal = audit.difference({}, {"tracking": label.tracking} if label.tracking else {})
    await audit.record(session, actor, "shipment.sent", parcel_id, changes=sent, personal=personal)
    everything = sum(wanted.values()) == sum(line.quantity for line in rest.values())
    target = Status.shipped if everything else Status.processing
    if not has_left and part.status != target:
        await moving.move_part(session, actor, order, part, target)
    await outbox.publish(session, PartShipped(order_id=order.id, part_id=part.id, shipment_id=parcel_id))
    return parcel_id


async def arrive(session: AsyncSession, actor: Actor, order: Order, part: VendorOrder, parcel: Shipment) -> None:
    """A parcel has reached the buyer; when it is the last one of a part that has left, the part is delivered."""
    if parcel.delivered_at is not None:
        return
    parcel.delivered_at = clock.now()
    await session.flush()
    await audit.record(session, actor, "shipment.delivered", parcel.id, changes=audit.difference({}, {"part": part.id}))
    under_way = select(func.count()).where(Shipment.vendor_order_id == part.id, Shipment.delivered_at.is_(None))
    if part.status == Status.shipped and not await session.scalar(under_way):
        await moving.move_part(session, actor, order, part, Status.delivered)


async def _require(
    session: AsyncSession, part: VendorOrder, wanted: Mapping[UUID, int], rest: Mapping[UUID, parcels.Unsent]
) -> None:
    missing = [item_id for item_id in wanted if item_id not in rest]
    if missing:
        known = await parcels.lines_of(session, part.id)
        if unknown := [str(item_id) for item_id in missing if item_id not in known]:
            raise OrderItemNotFound(items=unknown)
        raise TooManyPieces
    if any(count > rest[item_id].quantity for item_id, count in wanted.items()):
        raise TooManyPieces
