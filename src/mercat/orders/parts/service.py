"""Verbs of parts: a shop begins, sends, delivers, calls off and gives money back; buyers call off in time."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, payments
from mercat.auth import Actor
from mercat.kit.money import Money
from mercat.orders import calling_off, moving, parcels, personal, queries, refunding, sending, service, settling
from mercat.orders.exceptions import IllegalTransition, OrderNotFound, PartNotFound, ShipmentNotFound
from mercat.orders.lifecycle import Status
from mercat.orders.models import Order, Shipment, VendorOrder
from mercat.orders.parts.schemas import ParcelChange, ParcelCreate, PartChange, PartRefund
from mercat.orders.refunding import Wanted
from mercat.payments import refunds


def principal(part_id: UUID, actor: Actor) -> str:
    """Return whose stored answers are, see `kit.idempotency`."""
    return f"{personal.answers_about(part_id)} {actor.reference}"


async def for_update(
    session: AsyncSession, part_id: UUID, *, vendor_id: UUID | None = None, order_id: UUID | None = None
) -> tuple[Order, VendorOrder]:
    """Return a part of this shop, or of this order, and its order, locked and as they are now.

    Raises:
        PartNotFound: there is none.
    """
    found = await session.scalar(select(VendorOrder).where(VendorOrder.id == part_id))
    if found is None or vendor_id not in (None, found.vendor_id) or order_id not in (None, found.order_id):
        raise PartNotFound
    order = await moving.for_update(session, found.order_id)
    await session.refresh(found)
    return order, found


async def change_status(
    session: AsyncSession, actor: Actor, order: Order, part: VendorOrder, change: PartChange
) -> None:
    """Move a part whose order is locked; calling it off gives its money and its stock back.

    Raises:
        IllegalTransition: its life does not go that way.
        NotPaidYet: see `calling_off.part`.
    """
    if change.status is Status.cancelled:
        await calling_off.part(session, actor, order, part, though_begun=True, note=change.note)
        return
    await moving.move_part(session, actor, order, part, change.status, note=change.note)


async def send(session: AsyncSession, actor: Actor, order: Order, part: VendorOrder, new: ParcelCreate) -> UUID:
    """Send a parcel, see `sending.send`."""
    url = str(new.tracking_url) if new.tracking_url else None
    label = parcels.Label(new.carrier, new.tracking, url)
    return await sending.send(session, actor, order, part, label, new.pieces)


async def change_parcel(
    session: AsyncSession, actor: Actor, order: Order, part: VendorOrder, parcel_id: UUID, change: ParcelChange
) -> None:
    """Correct what is written on a parcel, and say that it has arrived.

    Raises:
        ShipmentNotFound: no parcel of this part.
    """
    parcel = await session.get(Shipment, parcel_id)
    if parcel is None or parcel.vendor_order_id != part.id:
        raise ShipmentNotFound
    wanted = change.model_dump(mode="json", exclude_unset=True, exclude={"delivered"})
    before = {name: getattr(parcel, name) for name in wanted}
    for name, value in wanted.items():
        setattr(parcel, name, value or "" if name == "carrier" else value)
    if changed := audit.difference(before, wanted):
        part.tracking = parcel.tracking or part.tracking
        await audit.record(session, actor, "shipment.updated", parcel.id, personal=changed)
    if change.delivered:
        await sending.arrive(session, actor, order, part, parcel)


async def cancel(session: AsyncSession, actor: Actor, order_id: UUID, part_id: UUID, *, cart_id: UUID | None) -> None:
    """Call one shop's part of one's own order off, as long as the shop has not begun with it.

    `cart_id` is the cart that a guest's token proves.

    Raises:
        OrderNotFound: not the actor's order.
        PartNotFound: no such part of it.
        NotPaidYet, IllegalTransition: not yet, or too late.
    """
    order = await moving.for_update(session, order_id)
    if not queries.owns(actor, order, cart_id):
        raise OrderNotFound
    _, part = await for_update(session, part_id, order_id=order_id)
    await calling_off.part(session, actor, order, part, though_begun=False)


async def refund(
    session: AsyncSession, actor: Actor, order: Order, part: VendorOrder, new: PartRefund
) -> Sequence[UUID]:
    """Give money of a part back to its buyer, out of the payments that paid the order; returns the refunds.

    Pieces come out of one payment, an amount out of as many as it takes.

    Raises:
        IllegalTransition: the order is not paid.
        RefundExceedsCaptured, OrderItemNotFound, TooManyPieces: more than is left.
        RefundInOtherCurrency: the order was paid in another one.
    """
    if order.paid_at is None:
        raise IllegalTransition(current=part.status, wanted=Status.refunded.value)
    found = [one for one in await refunds.refundables(session, order.id) if not one.surplus]
    if new.pieces:
        wanted = Wanted(new.reason, pieces=new.pieces, part=part.id)
        amount = await refunding.worth(session, order, wanted)
        source = next((one for one in found if one.left.minor >= amount.minor), None)
        if source is None:
            raise payments.RefundExceedsCaptured(left=max((one.left for one in found), default=amount * 0))
        return [await service.refund(session, actor, order.id, source.payment_id, wanted)]
    left = await refunding.left_of_part(session, order, part.id)
    rest = new.amount or left
    if rest.currency != left.currency:
        raise refunds.RefundInOtherCurrency(currency=left.currency)
    if not 0 < rest.minor <= min(left.minor, sum(one.left.minor for one in found)):
        raise payments.RefundExceedsCaptured(left=left)
    made = []
    for one in found:
        amount = min(rest, one.left)
        if amount.minor:
            wanted = Wanted(new.reason, amount=amount, part=part.id)
            made.append(await refunding.request(session, actor, order, one.payment_id, wanted))
            rest -= Money(amount.minor, amount.currency)
    await settling.finish_if_refunded(session, actor, order)  # takes stock: when all payments and cards are locked
    return made
