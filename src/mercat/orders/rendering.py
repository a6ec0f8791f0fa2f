"""Views of an order for each audience: its buyer, the marketplace's staff, or one of the vendors that sold it."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Self
from uuid import UUID

from mercat import files, payments, pricing
from mercat.addresses import AddressRead
from mercat.content.pages import AgreedPage
from mercat.i18n import translate
from mercat.kit.ids import parse_id
from mercat.kit.money import Money
from mercat.orders import lifecycle
from mercat.orders.rows import HistoryRow, ItemRow, Loaded, OrderRow, ShipmentRow, VendorOrderRow, of_vendor_order
from mercat.orders.schemas import (
    ExchangeRead,
    HistoryRead,
    OrderItemRead,
    OrderRead,
    OrderVendor,
    ShipmentRead,
    ShippedUnits,
    VendorOrderRead,
)


class Audience(Enum):
    """The audience. A vendor sees its lines and where they go, not who pays; only staff see who moved the order.

    A buyer sees the names that were read when the order was placed, vendor and staff those of the source.
    """

    buyer = auto()
    vendor = auto()
    staff = auto()

    @classmethod
    def of(cls, *, staff: bool) -> Self:
        """Return the audience of a whole order."""
        return cls(cls.staff if staff else cls.buyer)


def shown(loaded: Loaded, audience: Audience, names: Mapping[str, str]) -> OrderRead:
    """Return an order as this audience may see it; `names` are those behind its transitions that it may see."""
    order, vendor_orders = loaded.order, loaded.vendor_orders
    for_vendor = audience is Audience.vendor
    currency = order.currency
    sold_by = {
        one.id: OrderVendor(id=one.vendor_id, slug=one.vendor_slug, name=one.vendor_name) for one in vendor_orders
    }
    if for_vendor:  # a vendor's own share: the whole is between the buyer and the marketplace
        shares = [one.by_name() for one in vendor_orders]
        sums = {name: sum(share[name] for share in shares) for name in order.by_name()}
        sums |= {"refunded": sum(_refunded(loaded, one.id) for one in vendor_orders), "paid_by_gift_card": 0, "due": 0}
    else:
        sums = order.by_name() | {"refunded": order.refunded_minor} | _paid(loaded)
    statuses = [lifecycle.Status(one.status) for one in vendor_orders]
    status = lifecycle.stands(statuses) if for_vendor and statuses else lifecycle.Status(order.status)
    story = [row for row in loaded.history if row.vendor_order_id is None and not (for_vendor and row.followed)]
    return OrderRead(
        id=order.id,
        number=order.number,
        status=status,
        payment_status=lifecycle.payment_status(
            status,
            paid=order.paid_at is not None,
            refunded_minor=sums["refunded"],
            total_minor=sums["total"],
        ),
        fulfillment_status=lifecycle.fulfilment(
            statuses or [status],
            some_sent=any(of_vendor_order(loaded.shipments, one.id) for one in vendor_orders),
        ),
        currency=currency,
        email="" if for_vendor else order.email,
        items=[
            _item(item, sold_by[item.vendor_order_id], order, item.called(by_buyer=audience is Audience.buyer))
            for item in loaded.items
            if item.vendor_order_id in sold_by
        ],
        vendor_orders=[_vendor_order(loaded, one, sold_by[one.id], names) for one in vendor_orders],
        **{name: Money(minor, currency) for name, minor in sums.items()},
        exchange=_exchange(order, sum(one.books_total_minor for one in vendor_orders) if for_vendor else None),
        prices_include_tax=order.prices_include_tax,
        coupon=None if for_vendor else order.coupon,
        shipping_method=order.shipping_method,
        shipping_method_name=order.sent_by(by_buyer=audience is Audience.buyer),
        payment_method=order.payment_method,
        payment_method_name=translate(order.locale, payments.name_of(order.payment_method)),
        shipping_address=AddressRead.of(order.shipping_address),
        billing_address=AddressRead.of(order.shipping_address if for_vendor else order.billing_address),
        history=[_move(row, names) for row in story],
        placed_at=order.placed_at,
        updated_at=order.updated_at,
        expires_at=order.expires_at,
        agreed_pages=[] if for_vendor else [AgreedPage.model_validate(page) for page in order.agreed_pages],
    )


def _paid(loaded: Loaded) -> dict[str, int]:
    waits = loaded.order.status == lifecycle.Status.pending
    rest = loaded.order.total_minor - sum(payment.here for payment in loaded.payments)
    return {
        "paid_by_gift_card": sum(payment.captured for payment in loaded.payments if payment.by_gift_card),
        "due": max(rest, 0) if waits else 0,
    }


def _picture(item: ItemRow, name: str) -> files.Picture | None:
    if item.image_url is None:
        return None
    return files.picture(item.image_url, name, item.width, item.height, item.renditions)


def _exchange(order: OrderRow, share: int | None) -> ExchangeRead | None:
    if order.exchange_rate is None or order.exchange_rate_date is None or order.exchange_rate_source is None:
        return None
    return ExchangeRead(
        rate=pricing.written(order.exchange_rate),
        dated=order.exchange_rate_date,
        source=order.exchange_rate_source,
        total=Money(order.books_total_minor if share is None else share, order.books_currency),
    )


def _item(item: ItemRow, vendor: OrderVendor, order: OrderRow, called: tuple[str, str]) -> OrderItemRead:
    currency, (name, title) = order.currency, called
    return OrderItemRead(
        id=item.id,
        product_id=item.product_id,
        variant_id=item.variant_id,
        sku=item.sku,
        name=name,
        title=title,
        image=_picture(item, name),
        quantity=item.quantity,
        backordered=item.backordered,
        unit_price=Money(item.unit_price_minor, currency),
        line_total=Money(item.line_total_minor, currency),
        discount=Money(item.discount_minor, currency),
        tax=Money(item.tax_minor, currency),
        tax_rate=pricing.written(item.tax_rate),
        books_total=Money(item.books_total_minor, order.books_currency),
        vendor=vendor,
        replaces=item.replaces_id,
    )


def _vendor_order(
    loaded: Loaded, vendor_order: VendorOrderRow, vendor: OrderVendor, names: Mapping[str, str]
) -> VendorOrderRead:
    currency, vendor_order_id = loaded.order.currency, vendor_order.id
    shipments = of_vendor_order(loaded.shipments, vendor_order_id)
    status = lifecycle.Status(vendor_order.status)
    return VendorOrderRead(
        id=vendor_order_id,
        vendor=vendor,
        status=status,
        fulfillment_status=lifecycle.fulfilment([status], some_sent=bool(shipments)),
        refunded=Money(_refunded(loaded, vendor_order_id), currency),
        **{name: Money(minor, currency) for name, minor in vendor_order.by_name().items()},
        shipping_tax=Money(vendor_order.shipping_tax_minor, currency),
        items=[item.id for item in of_vendor_order(loaded.items, vendor_order_id)],
        tracking=vendor_order.tracking,
        shipments=[_shipment(row) for row in shipments],
        history=[_move(row, names) for row in of_vendor_order(loaded.history, vendor_order_id)],
    )


def _refunded(loaded: Loaded, vendor_order_id: UUID) -> int:
    return sum(row.amount for row in of_vendor_order(loaded.refunded, vendor_order_id))


def _shipment(row: ShipmentRow) -> ShipmentRead:
    units = zip(row.items, row.quantities, strict=True)
    return ShipmentRead(
        id=row.id,
        carrier=row.carrier,
        tracking=row.tracking,
        tracking_url=row.tracking_url,
        items=[ShippedUnits(item_id=item_id, quantity=quantity) for item_id, quantity in units],
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
    )


def _move(row: HistoryRow, names: Mapping[str, str]) -> HistoryRead:
    actor = mover(row.actor, by_staff=row.by_staff, names=names)
    moved = {"at": row.at, "from": row.from_status, "to": row.to_status}
    return HistoryRead.model_validate({**moved, "actor": actor, "note": row.note})


def mover(reference: str, *, by_staff: bool, names: Mapping[str, str]) -> str:
    """Return who made a transition, as far as `names` tell this audience."""
    role = reference if parse_id(reference) is None else "buyer"
    return names.get(reference) or ("shop" if by_staff else role)
