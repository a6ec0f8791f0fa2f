"""What of an order is refunded or about to be, and what is refundable. The order is locked."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.orders import books, replacements
from mercat.orders.arithmetic.allocation import Units
from mercat.orders.arithmetic.shares import Gone, SoldVendorOrder
from mercat.orders.models import Order, OrderItem, RefundLine, VendorOrder
from mercat.payments import refunds


async def gone(session: AsyncSession, order_id: UUID) -> Sequence[RefundLine]:
    """Return what was refunded before, or is about to be."""
    rows = await session.scalars(
        select(RefundLine)
        .join(VendorOrder, VendorOrder.id == RefundLine.vendor_order_id)
        .where(VendorOrder.order_id == order_id, refunds.counts_as_refunded(RefundLine.refund_id))
    )
    return rows.all()


async def left(session: AsyncSession, order: Order, gone: Sequence[RefundLine]) -> list[SoldVendorOrder]:
    """Return the vendor orders as they were sold, with what was refunded of each."""
    sold = replacements.as_sold(await _lines(session, order)) if gone else {}
    taken: dict[UUID, list[Gone]] = defaultdict(list)
    for line in gone:
        sold_id = None if line.order_item_id is None else sold[line.order_item_id].id
        taken[line.vendor_order_id].append(
            Gone(sold_id, line.amount_minor, line.tax_minor, line.commission_minor, line.commission_tax_minor)
        )
    return [
        replace(vendor_order, gone=tuple(taken[vendor_order.vendor_order_id]))
        for vendor_order in await books.vendor_orders(session, order)
    ]


async def units(
    session: AsyncSession, order: Order, gone: Sequence[RefundLine], *, vendor_order: UUID | None
) -> dict[UUID, Units]:
    """Return how many units of each line are refundable, of one vendor order or of all."""
    taken: Counter[UUID] = Counter()
    for line in gone:
        if line.order_item_id is not None:
            taken[line.order_item_id] += line.quantity
    rows = await _lines(session, order)
    sold, replaced = replacements.as_sold(rows), replacements.replaced(rows)
    back: Counter[UUID] = Counter()
    for item_id, count in taken.items():
        back[sold[item_id].id] += count
    return {
        row.id: Units(
            item_id=row.id,
            vendor_order_id=row.vendor_order_id,
            sold=sold[row.id].id,
            quantity=sold[row.id].quantity,
            gone=back[sold[row.id].id],
            left=row.quantity - taken[row.id] - replaced[row.id],
        )
        for row in rows
        if vendor_order in (None, row.vendor_order_id)
    }


async def _lines(session: AsyncSession, order: Order) -> Sequence[OrderItem]:
    return (await session.scalars(select(OrderItem).where(OrderItem.order_id == order.id))).all()
