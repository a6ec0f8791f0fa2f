"""Vendor orders that were shipped long ago and never marked as delivered: they count as delivered.

Reviews, returns and payouts wait for a delivery, and carriers tell us nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.orders import transitions
from mercat.orders.config import OrderSettings
from mercat.orders.fulfillment import dispatch
from mercat.orders.lifecycle import Status
from mercat.orders.models import Shipment, VendorOrder

BATCH = 500
SYSTEM = Actor.system()


@outbox.job("orders.deliver_order")
async def deliver_order(context: outbox.JobContext, order_id: str) -> None:
    """Mark the vendor orders of an order as delivered that failed to be with the others."""
    if (before := _before()) is not None:
        async with context.database.transaction() as session:
            await _arrive(session, UUID(order_id), before)


async def assume_delivered(database: Database) -> int:
    """Mark every vendor order delivered that was shipped long enough ago, one order a transaction; returns how many."""
    before = _before()
    if before is None:
        return 0
    failed = await outbox.apart(database, deliver_order, "order_id")
    arrived = 0
    while True:
        async with database.transaction() as session:
            due = select(VendorOrder.order_id).where(_gone(before), VendorOrder.order_id.not_in(failed.ids))
            found = (await session.scalars(due.order_by(VendorOrder.shipped_at).limit(BATCH))).all()
        if not found:
            return arrived
        for order_id in dict.fromkeys(found):
            async with failed.one(order_id), database.transaction() as session:
                arrived += await _arrive(session, order_id, before)


def _before() -> datetime | None:
    """Return the moment before which vendor orders must have been shipped; None if none is delivered automatically."""
    days = OrderSettings.read().delivered_after_days
    return clock.now() - timedelta(days=days) if days else None


async def _arrive(session: AsyncSession, order_id: UUID, before: datetime) -> int:
    """Mark the vendor orders of an order as delivered that were shipped by then and are still open. Locks the order."""
    order = await transitions.for_update(session, order_id)
    vendor_orders = (
        await session.scalars(select(VendorOrder).where(VendorOrder.order_id == order_id, _gone(before)))
    ).all()
    for vendor_order in vendor_orders:
        under_way = select(Shipment).where(Shipment.vendor_order_id == vendor_order.id, Shipment.delivered_at.is_(None))
        for shipment in (await session.scalars(under_way.order_by(Shipment.id))).all():
            await dispatch.arrive(session, SYSTEM, order, vendor_order, shipment)
        if (
            vendor_order.status == Status.shipped
        ):  # its shipments are not known, or each was delivered before the last unit was shipped
            await transitions.move_vendor_order(session, SYSTEM, order, vendor_order, Status.delivered)
    return len(vendor_orders)


def _gone(before: datetime) -> ColumnElement[bool]:
    """Whether all of a vendor order was shipped by then. `shipped_at` is when its first package was."""
    later = exists().where(Shipment.vendor_order_id == VendorOrder.id, Shipment.shipped_at > before)
    return and_(VendorOrder.status == Status.shipped, VendorOrder.shipped_at <= before, ~later)
