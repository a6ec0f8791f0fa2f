"""The rows that an order is shown from, and how they are read: one statement of each kind for any number of orders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import LiteralString, Protocol, TypeVar
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow, class_row

from mercat.files import Drawn
from mercat.kit.database import pipelined

ORDERS = """
SELECT id, number, email, locale, status, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor,
    included_tax_minor, total_minor, refunded_minor, prices_include_tax, coupon, paid_at, shipping_method,
    shipping_method_name, translated_shipping_method_name, payment_method, shipping_address, billing_address, placed_at,
    updated_at, expires_at, agreed_pages, books_currency, books_total_minor, exchange_rate, exchange_rate_date,
    exchange_rate_source
FROM orders WHERE id = ANY(%s)
"""
VENDOR_ORDERS = """
SELECT p.id, p.order_id, p.vendor_id, v.slug AS vendor_slug, v.name AS vendor_name, p.status, p.subtotal_minor,
    p.discount_minor, p.shipping_minor, p.shipping_tax_minor, p.tax_minor, p.included_tax_minor, p.total_minor,
    p.books_total_minor, p.tracking
FROM vendor_orders p JOIN vendors v ON v.id = p.vendor_id WHERE p.order_id = ANY(%s) ORDER BY p.order_id, p.id
"""
ITEMS = """
SELECT i.id, i.order_id, i.vendor_order_id, i.product_id, i.variant_id, i.sku, i.name, i.title, i.translated_name,
    i.translated_title, i.image_url, f.width, f.height, f.renditions, i.quantity, coalesce((
        SELECT b.units FROM stock_backorders b WHERE b.order_id = i.order_id AND b.variant_id = i.variant_id
    ), 0) AS backordered, i.unit_price_minor, i.line_total_minor, i.discount_minor, i.tax_minor, i.tax_rate,
    i.books_total_minor, i.replaces_id
FROM order_items i LEFT JOIN files f ON f.key = substr(i.image_url, 2) AND f.state = 'kept'
WHERE i.order_id = ANY(%s) ORDER BY i.order_id, i.position
"""
HISTORY = """
SELECT order_id, vendor_order_id, followed, at, from_status, to_status, actor, by_staff, note
FROM order_history WHERE order_id = ANY(%s) ORDER BY order_id, id
"""
PAYMENTS = """
SELECT order_id, captured_minor - refunded_minor - refunding_minor AS here, captured_minor AS captured,
    provider = 'gift_card' AS by_gift_card
FROM payments WHERE order_id = ANY(%s) AND captured_minor > 0 AND NOT surplus
"""
SHIPMENTS = """
SELECT s.id, p.order_id, s.vendor_order_id, s.carrier, s.tracking, s.tracking_url, s.shipped_at, s.delivered_at,
    ARRAY(SELECT i.order_item_id FROM shipment_items i WHERE i.shipment_id = s.id ORDER BY i.order_item_id) AS items,
    ARRAY(SELECT i.quantity FROM shipment_items i WHERE i.shipment_id = s.id ORDER BY i.order_item_id) AS quantities
FROM shipments s JOIN vendor_orders p ON p.id = s.vendor_order_id WHERE p.order_id = ANY(%s) ORDER BY s.id
"""
REFUNDED = """
SELECT p.order_id, l.vendor_order_id, sum(l.amount_minor)::bigint AS amount
FROM refund_lines l JOIN refunds r ON r.id = l.refund_id JOIN vendor_orders p ON p.id = l.vendor_order_id
WHERE p.order_id = ANY(%s) AND r.status = 'succeeded' GROUP BY p.order_id, l.vendor_order_id
"""


# not frozen: that would take each row three times as long, and nobody keeps them
@dataclass(slots=True)
class Sums:
    """What an order, or a vendor order, costs; in minor units."""

    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    included_tax_minor: int
    total_minor: int

    def by_name(self) -> dict[str, int]:
        """Return them by their names on the wire."""
        return {
            "subtotal": self.subtotal_minor,
            "discount": self.discount_minor,
            "shipping": self.shipping_minor,
            "tax": self.tax_minor,
            "included_tax": self.included_tax_minor,
            "total": self.total_minor,
        }


@dataclass(slots=True)
class OrderRow(Sums):
    """An order."""

    id: UUID
    number: str
    email: str
    locale: str
    status: str
    currency: str
    refunded_minor: int
    prices_include_tax: bool
    coupon: str | None
    paid_at: datetime | None
    shipping_method: str
    shipping_method_name: str
    translated_shipping_method_name: str | None
    payment_method: str
    shipping_address: Mapping[str, str | None]
    billing_address: Mapping[str, str | None]
    placed_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    agreed_pages: list[dict[str, str | int]]
    books_currency: str
    books_total_minor: int
    exchange_rate: Decimal | None
    exchange_rate_date: date | None
    exchange_rate_source: str | None

    def sent_by(self, *, by_buyer: bool) -> str:
        """Return the shipping method's name: as the buyer read it when they ordered, or as it was called then."""
        return (by_buyer and self.translated_shipping_method_name) or self.shipping_method_name


@dataclass(slots=True)
class VendorOrderRow(Sums):
    """A vendor order, and its vendor."""

    id: UUID
    order_id: UUID
    vendor_id: UUID
    vendor_slug: str
    vendor_name: str
    status: str
    shipping_tax_minor: int
    books_total_minor: int
    tracking: str | None


@dataclass(slots=True)
class ItemRow:
    """A line, the picture of its variant, and how many units of it are backordered."""

    id: UUID
    order_id: UUID
    vendor_order_id: UUID
    product_id: UUID
    variant_id: UUID
    sku: str | None
    name: str
    title: str
    translated_name: str | None
    translated_title: str | None
    image_url: str | None
    width: int | None
    height: int | None
    renditions: list[Drawn] | None
    quantity: int
    backordered: int
    unit_price_minor: int
    line_total_minor: int
    discount_minor: int
    tax_minor: int
    tax_rate: Decimal
    books_total_minor: int
    replaces_id: UUID | None

    def called(self, *, by_buyer: bool) -> tuple[str, str]:
        """Return its name and title: as its buyer read them when they ordered, or as its vendor called it then."""
        if not by_buyer:
            return self.name, self.title
        return self.translated_name or self.name, self.translated_title or self.title


@dataclass(slots=True)
class HistoryRow:
    """A transition of the order, or of a vendor order."""

    order_id: UUID
    vendor_order_id: UUID | None
    followed: bool
    at: datetime
    from_status: str | None
    to_status: str
    actor: str
    by_staff: bool
    note: str


@dataclass(slots=True)
class PaymentRow:
    """What came of a payment, and what of it is still here; in minor units."""

    order_id: UUID
    here: int
    captured: int
    by_gift_card: bool


@dataclass(slots=True)
class ShipmentRow:
    """A shipment: the ids of its lines, and how many units of each."""

    id: UUID
    order_id: UUID
    vendor_order_id: UUID
    carrier: str
    tracking: str | None
    tracking_url: str | None
    shipped_at: datetime
    delivered_at: datetime | None
    items: list[UUID]
    quantities: list[int]


@dataclass(slots=True)
class RefundedRow:
    """What was refunded of a vendor order, in minor units."""

    order_id: UUID
    vendor_order_id: UUID
    amount: int


class _OfOrder(Protocol):
    @property
    def order_id(self) -> UUID: ...


class _OfVendorOrder(Protocol):
    @property
    def vendor_order_id(self) -> UUID | None: ...


Kind = TypeVar("Kind")
OfOrder = TypeVar("OfOrder", bound=_OfOrder)
OfVendorOrder = TypeVar("OfVendorOrder", bound=_OfVendorOrder)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows of an order."""

    order: OrderRow
    vendor_orders: list[VendorOrderRow]
    items: list[ItemRow]
    history: list[HistoryRow]
    payments: list[PaymentRow]
    shipments: list[ShipmentRow]
    refunded: list[RefundedRow]


def of_vendor_order(rows: Iterable[OfVendorOrder], vendor_order_id: UUID) -> list[OfVendorOrder]:
    """Return those of the rows that are about a vendor order."""
    return [row for row in rows if row.vendor_order_id == vendor_order_id]


async def load(connection: AsyncConnection[TupleRow], order_ids: Sequence[UUID]) -> list[Loaded]:
    """Read whole orders in one round trip."""
    ids = list(order_ids)

    async def asked(kind: type[Kind], statement: LiteralString) -> AsyncCursor[Kind]:
        cursor = connection.cursor(row_factory=class_row(kind))
        return await cursor.execute(statement, (ids,), prepare=True)

    async with pipelined(connection):
        orders = await asked(OrderRow, ORDERS)
        vendor_orders = await asked(VendorOrderRow, VENDOR_ORDERS)
        items = await asked(ItemRow, ITEMS)
        history = await asked(HistoryRow, HISTORY)
        payments = await asked(PaymentRow, PAYMENTS)
        shipments = await asked(ShipmentRow, SHIPMENTS)
        refunded = await asked(RefundedRow, REFUNDED)
        found = await orders.fetchall()
        vendor_orders_of = _by_order(await vendor_orders.fetchall())
        items_of = _by_order(await items.fetchall())
        history_of = _by_order(await history.fetchall())
        payments_of = _by_order(await payments.fetchall())
        shipments_of = _by_order(await shipments.fetchall())
        refunded_of = _by_order(await refunded.fetchall())
    return [
        Loaded(
            order,
            vendor_orders_of[order.id],
            items_of[order.id],
            history_of[order.id],
            payments_of[order.id],
            shipments_of[order.id],
            refunded_of[order.id],
        )
        for order in found
    ]


def _by_order(rows: Iterable[OfOrder]) -> Mapping[UUID, list[OfOrder]]:
    grouped: dict[UUID, list[OfOrder]] = defaultdict(list)
    for row in rows:
        grouped[row.order_id].append(row)
    return grouped
