"""Reads of parts: which there are for a shop, and how they look to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, cursor_at
from mercat.orders import queries
from mercat.orders.exceptions import PartNotFound
from mercat.orders.models import Order, VendorOrder
from mercat.orders.parts.schemas import PartListing, PartRead
from mercat.orders.schemas import OrderRead

# what of the cut was given back with refunds that have gone
EARNED = """
SELECT p.id, p.order_id, p.shipped_at, p.delivered_at, p.total_minor - coalesce(b.amount, 0) AS kept,
    p.commission_minor - coalesce(b.cut, 0) AS cut, p.commission_tax_minor - coalesce(b.cut_tax, 0) AS cut_tax
FROM vendor_orders p LEFT JOIN LATERAL (
    SELECT sum(l.amount_minor)::bigint AS amount, sum(l.commission_minor)::bigint AS cut,
        sum(l.commission_tax_minor)::bigint AS cut_tax
    FROM refund_lines l JOIN refunds r ON r.id = l.refund_id AND r.status = 'succeeded'
    WHERE l.vendor_order_id = p.id) b ON true
WHERE p.id = ANY(%s)
"""


SORTS = Sorts(VendorOrder.id, {"placed_at": VendorOrder.id, "total": VendorOrder.total_minor})
"""Parts are made with their orders: ids are in the order of placing."""


@dataclass(frozen=True, slots=True)
class Named:
    """A part by its ids."""

    id: UUID
    order_id: UUID


async def page(session: AsyncSession, vendor_id: UUID, listing: PartListing) -> tuple[list[PartRead], int]:
    """Return a numbered page of a shop's parts, and how many there are."""
    wanted = _wanted(vendor_id, listing)
    total = await session.scalar(select(func.count()).select_from(wanted.subquery()))
    rows = await session.execute(
        SORTS.ordered(wanted, listing.sort).limit(listing.size).offset(listing.numbered.offset)
    )
    return await _shown(session, vendor_id, [Named(*row) for row in rows]), total or 0


async def by_cursor(session: AsyncSession, vendor_id: UUID, listing: PartListing) -> tuple[list[PartRead], str | None]:
    """Return a page of a shop's parts by cursor, and the cursor of the next one."""
    rest = SORTS.after(SORTS.ordered(_wanted(vendor_id, listing), listing.sort), listing.sort, listing.cursor or "")
    rows = [Named(*row) for row in await session.execute(rest.limit(listing.limit + 1))]
    found = await _shown(session, vendor_id, rows[: listing.limit])
    return found, cursor_at(listing.sort, found[-1].id) if len(rows) > listing.limit else None


async def read(session: AsyncSession, vendor_id: UUID, part_id: UUID) -> PartRead:
    """Return a part of a shop.

    Raises:
        PartNotFound: none, or another shop's.
    """
    wanted = select(VendorOrder.order_id).where(VendorOrder.id == part_id, VendorOrder.vendor_id == vendor_id)
    order_id = await session.scalar(wanted)
    if order_id is None:
        raise PartNotFound
    return (await _shown(session, vendor_id, [Named(part_id, order_id)]))[0]


def _wanted(vendor_id: UUID, listing: PartListing) -> Select[UUID, UUID]:
    statement = select(VendorOrder.id, VendorOrder.order_id).where(VendorOrder.vendor_id == vendor_id)
    if listing.status:
        statement = statement.where(VendorOrder.status.in_(listing.status))
    if listing.number is not None:
        numbered = select(Order.id).where(Order.number == listing.number)
        statement = statement.where(VendorOrder.order_id.in_(numbered))
    return statement


async def _shown(session: AsyncSession, vendor_id: UUID, parts: Sequence[Named]) -> list[PartRead]:
    orders = {order.id: order for order in await queries.read_parts(session, [p.order_id for p in parts], vendor_id)}
    cursor = (await driver(session)).cursor(row_factory=dict_row)
    await cursor.execute(EARNED, ([part.id for part in parts],), prepare=True)
    earned = {row["id"]: row for row in await cursor.fetchall()}
    return [_part(orders[part.order_id], earned[part.id]) for part in parts]


def _part(order: OrderRead, row: dict[str, Any]) -> PartRead:
    (part,) = order.vendor_orders
    kept, cut, cut_tax = (Money(row[name], order.currency) for name in ("kept", "cut", "cut_tax"))
    return PartRead(
        id=part.id,
        order_id=order.id,
        number=order.number,
        status=part.status,
        payment_status=order.payment_status,
        fulfillment_status=part.fulfillment_status,
        items=order.items,
        subtotal=part.subtotal,
        discount=part.discount,
        shipping=part.shipping,
        tax=part.tax,
        included_tax=part.included_tax,
        total=part.total,
        refunded=part.refunded,
        commission=cut,
        commission_tax=cut_tax,
        earnings=kept - cut - cut_tax,
        shipping_method=order.shipping_method,
        shipping_method_name=order.shipping_method_name,
        shipping_address=order.shipping_address,
        shipments=part.shipments,
        history=[*(move for move in order.history if move.from_ is None), *part.history],
        placed_at=order.placed_at,
        shipped_at=row["shipped_at"],
        delivered_at=row["delivered_at"],
    )
