"""Reads of vendor orders: which a vendor has, and what they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, numbered_page
from mercat.orders import queries
from mercat.orders.exceptions import VendorOrderNotFound
from mercat.orders.models import Order, VendorOrder
from mercat.orders.schemas import OrderRead
from mercat.orders.vendor_orders.schemas import VendorOrderDetails, VendorOrderFilter

# the commission refunded with refunds that have succeeded
EARNED = """
SELECT p.id, p.shipped_at, p.delivered_at, p.total_minor - coalesce(b.amount, 0) AS kept,
    p.commission_minor - coalesce(b.split, 0) AS split, p.commission_tax_minor - coalesce(b.split_tax, 0) AS split_tax
FROM vendor_orders p LEFT JOIN LATERAL (
    SELECT sum(l.amount_minor)::bigint AS amount, sum(l.commission_minor)::bigint AS split,
        sum(l.commission_tax_minor)::bigint AS split_tax
    FROM refund_lines l JOIN refunds r ON r.id = l.refund_id AND r.status = 'succeeded'
    WHERE l.vendor_order_id = p.id) b ON true
WHERE p.id = ANY(%s)
"""


SORTS = Sorts(VendorOrder.id, {"placed_at": VendorOrder.id, "total": VendorOrder.books_total_minor})
"""Vendor orders are created with their orders: ids are in the order of placing."""


@dataclass(frozen=True, slots=True)
class Named:
    """A vendor order by its ids."""

    id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class Earned:
    """What is left of a vendor order after refunds, and the commission and its tax in it; in minor units."""

    id: UUID
    shipped_at: datetime | None
    delivered_at: datetime | None
    kept: int
    split: int
    split_tax: int


async def page(
    session: AsyncSession, vendor_id: UUID, listing: VendorOrderFilter
) -> tuple[list[VendorOrderDetails], int]:
    """Return a numbered page of the orders of a vendor, and how many there are."""
    ordered = SORTS.ordered(_wanted(vendor_id, listing), listing.sort)
    rows, total = await numbered_page(session, ordered, listing.numbered)
    return await _shown(session, vendor_id, [Named(*row) for row in rows]), total


async def by_cursor(
    session: AsyncSession, vendor_id: UUID, listing: VendorOrderFilter
) -> tuple[list[VendorOrderDetails], str | None]:
    """Return a page of the orders of a vendor by cursor, and the cursor of the next one."""
    rows, following = await SORTS.page_after(session, _wanted(vendor_id, listing), listing.sort, listing)
    return await _shown(session, vendor_id, [Named(*row) for row in rows]), following


async def read(session: AsyncSession, vendor_id: UUID, vendor_order_id: UUID) -> VendorOrderDetails:
    """Return a vendor order of a vendor.

    Raises:
        VendorOrderNotFound: none, or another vendor's.
    """
    wanted = select(VendorOrder.order_id).where(VendorOrder.id == vendor_order_id, VendorOrder.vendor_id == vendor_id)
    order_id = await session.scalar(wanted)
    if order_id is None:
        raise VendorOrderNotFound
    return (await _shown(session, vendor_id, [Named(vendor_order_id, order_id)]))[0]


def _wanted(vendor_id: UUID, listing: VendorOrderFilter) -> Select[UUID, UUID]:
    statement = select(VendorOrder.id, VendorOrder.order_id).where(VendorOrder.vendor_id == vendor_id)
    if listing.status:
        statement = statement.where(VendorOrder.status.in_(listing.status))
    if listing.number is not None:
        numbered = select(Order.id).where(Order.number == listing.number)
        statement = statement.where(VendorOrder.order_id.in_(numbered))
    return statement


async def _shown(session: AsyncSession, vendor_id: UUID, vendor_orders: Sequence[Named]) -> list[VendorOrderDetails]:
    orders = {
        order.id: order
        for order in await queries.read_vendor_orders(session, [p.order_id for p in vendor_orders], vendor_id)
    }
    cursor = (await driver(session)).cursor(row_factory=class_row(Earned))
    await cursor.execute(EARNED, ([vendor_order.id for vendor_order in vendor_orders],), prepare=True)
    earned = {row.id: row for row in await cursor.fetchall()}
    return [_details(orders[vendor_order.order_id], earned[vendor_order.id]) for vendor_order in vendor_orders]


def _details(order: OrderRead, earned: Earned) -> VendorOrderDetails:
    (vendor_order,) = order.vendor_orders
    kept, split, split_tax = (Money(minor, order.currency) for minor in (earned.kept, earned.split, earned.split_tax))
    return VendorOrderDetails(
        id=vendor_order.id,
        order_id=order.id,
        number=order.number,
        status=vendor_order.status,
        payment_status=order.payment_status,
        fulfillment_status=vendor_order.fulfillment_status,
        items=order.items,
        subtotal=vendor_order.subtotal,
        discount=vendor_order.discount,
        shipping=vendor_order.shipping,
        tax=vendor_order.tax,
        included_tax=vendor_order.included_tax,
        total=vendor_order.total,
        refunded=vendor_order.refunded,
        commission=split,
        commission_tax=split_tax,
        earnings=kept - split - split_tax,
        exchange=order.exchange,
        shipping_method=order.shipping_method,
        shipping_method_name=order.shipping_method_name,
        shipping_address=order.shipping_address,
        shipments=vendor_order.shipments,
        history=[*(move for move in order.history if move.from_ is None), *vendor_order.history],
        placed_at=order.placed_at,
        shipped_at=earned.shipped_at,
        delivered_at=earned.delivered_at,
    )
