"""Cancellation of what is not shipped: a whole order, one vendor order, or units of a line."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import inventory
from mercat.auth import Actor
from mercat.orders import shipments, transitions
from mercat.orders.exceptions import IllegalTransition, NotPaidYet
from mercat.orders.lifecycle import NOT_SENT, OVER, Status
from mercat.orders.models import Order, OrderItem, VendorOrder


async def vendor_order(
    session: AsyncSession, actor: Actor, order: Order, one: VendorOrder, *, though_begun: bool, note: str = ""
) -> None:
    """Cancel one vendor order of a locked order. Once its vendor has begun with it, only with `though_begun`.

    What was paid for it, and its shipping, is refunded, and its stock is released. Of a partially shipped vendor order
    only units can be cancelled, by refunding them.

    Raises:
        NotPaidYet: the order awaits payment, and has other vendor orders.
        IllegalTransition: too late.
    """
    if one.status == Status.pending:
        if len(await transitions.vendor_orders_of(session, order)) > 1:
            raise NotPaidYet
        return await transitions.move(session, actor, order, Status.cancelled, note=note)
    if one.status != Status.paid and not though_begun:
        raise IllegalTransition(current=one.status, wanted=Status.cancelled.value)
    if await shipments.any_sent(session, one.id):
        raise IllegalTransition(current="partially_shipped", wanted=Status.cancelled.value)
    await transitions.move_vendor_order(session, actor, order, one, Status.cancelled, note=note)
    return None


async def units(session: AsyncSession, actor: Actor, order: Order, refunded: Mapping[UUID, int]) -> None:
    """Cancel refunded units that are not shipped; their stock is released."""
    vendor_orders = {
        one.id: one for one in await transitions.vendor_orders_of(session, order) if Status(one.status) not in OVER
    }
    waiting = {vendor_order_id for vendor_order_id, one in vendor_orders.items() if Status(one.status) in NOT_SENT}
    unsent = {
        line.item_id: line
        for line in await shipments.unsent_lines(session, order.id)
        if line.vendor_order_id in waiting or (line.vendor_order_id in vendor_orders and line.replaces is not None)
    }
    stopped = [
        replace(unsent[item_id], quantity=min(quantity, unsent[item_id].quantity))
        for item_id, quantity in refunded.items()
        if item_id in unsent
    ]
    for line in stopped:
        await session.execute(
            update(OrderItem)
            .where(OrderItem.id == line.item_id)
            .values(cancelled_quantity=OrderItem.cancelled_quantity + line.quantity)
        )
    if free := await shipments.promised(session, order.id, stopped):
        await inventory.release(session, order.id, actor=actor.reference, units=free)
    rest = await shipments.unsent(session, order.id)
    for vendor_order_id in ({line.vendor_order_id for line in stopped} & waiting) - rest.keys():
        if await shipments.any_sent(session, vendor_order_id):  # what was to be sent has left now
            await transitions.move_vendor_order(session, actor, order, vendor_orders[vendor_order_id], Status.shipped)
