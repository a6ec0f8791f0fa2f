"""Shipments: what of an order is shipped, in which packages, and what remains."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import inventory
from mercat.kit.ids import new_id
from mercat.orders.models import OrderItem, Shipment, ShipmentItem, VendorOrder


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a package."""

    carrier: str = ""
    tracking: str | None = None
    tracking_url: str | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """Units of a line that are neither shipped nor cancelled.

    Of a shipped vendor order only replacement units wait: the shipments of orders that were imported from elsewhere
    are not known.
    """

    vendor_order_id: UUID
    item_id: UUID
    variant_id: UUID
    quantity: int
    replaces: UUID | None = None


async def unsent(session: AsyncSession, order_id: UUID) -> dict[UUID, list[Unsent]]:
    """Return what remains to be shipped by vendor order, without those that have nothing left. The order is locked."""
    found: dict[UUID, list[Unsent]] = defaultdict(list)
    for line in await unsent_lines(session, order_id):
        found[line.vendor_order_id].append(line)
    return dict(found)


async def any_sent(session: AsyncSession, vendor_order_id: UUID) -> bool:
    """Whether a package of this vendor order was shipped."""
    return (
        await session.scalar(select(Shipment.id).where(Shipment.vendor_order_id == vendor_order_id).limit(1))
        is not None
    )


async def unsent_lines(session: AsyncSession, order_id: UUID) -> list[Unsent]:
    """Return what remains to be shipped of an order, which is locked."""
    sent = (
        select(func.coalesce(func.sum(ShipmentItem.quantity), 0))
        .where(ShipmentItem.order_item_id == OrderItem.id)
        .scalar_subquery()
    )
    left = OrderItem.quantity - OrderItem.cancelled_quantity - sent
    rows = await session.execute(
        select(OrderItem.vendor_order_id, OrderItem.id, OrderItem.variant_id, left, OrderItem.replaces_id)
        .where(OrderItem.order_id == order_id, left > 0)
        .order_by(OrderItem.position)
    )
    return [Unsent(*row) for row in rows]


async def promised(session: AsyncSession, order_id: UUID, lines: Sequence[Unsent]) -> dict[UUID, int]:
    """Return units of lines as units of variants, as far as they are reserved: a backfilled order reserved none."""
    wanted: Counter[UUID] = Counter()
    for line in lines:
        wanted[line.variant_id] += line.quantity
    held = await inventory.promised(session, order_id)
    units = {variant_id: min(count, held.get(variant_id, 0)) for variant_id, count in wanted.items()}
    return {variant_id: count for variant_id, count in units.items() if count}


async def pack(
    session: AsyncSession, vendor_order: VendorOrder, units: Mapping[UUID, int], label: Label, at: datetime
) -> UUID:
    """Write down that these units of a vendor order were shipped together; returns the shipment."""
    shipment = Shipment(
        id=new_id(),
        vendor_order_id=vendor_order.id,
        carrier=label.carrier,
        tracking=label.tracking,
        tracking_url=label.tracking_url,
        shipped_at=at,
    )
    session.add(shipment)
    vendor_order.shipped_at = vendor_order.shipped_at or at
    await session.flush()
    rows = [{"shipment_id": shipment.id, "order_item_id": item, "quantity": count} for item, count in units.items()]
    await session.execute(insert(ShipmentItem), rows)
    return shipment.id


async def lines_of(session: AsyncSession, vendor_order_id: UUID) -> frozenset[UUID]:
    """Return the lines of a vendor order."""
    return frozenset(await session.scalars(select(OrderItem.id).where(OrderItem.vendor_order_id == vendor_order_id)))
