"""Views of an order for each audience: its buyer, the marketplace's staff, or one of the vendors that sold it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self
from uuid import UUID

from mercat import files, payments, pricing
from mercat.addresses import AddressRead
from mercat.i18n import translate
from mercat.kit.ids import parse_id
from mercat.kit.money import Money
from mercat.orders import lifecycle
from mercat.orders.schemas import (
    HistoryRead,
    OrderItemRead,
    OrderRead,
    OrderVendor,
    ShipmentRead,
    ShippedUnits,
    VendorOrderRead,
)

Row = dict[str, Any]
SUMS = ("subtotal", "discount", "shipping", "tax", "included_tax", "total")


class Audience(Enum):
    """The audience. A vendor sees its lines and where they go, not who pays; only staff see who moved the order."""

    buyer = auto()
    vendor = auto()
    staff = auto()

    @classmethod
    def of(cls, *, staff: bool, vendor: bool) -> Self:
        """Return the audience; a vendor's view is the narrower one."""
        return cls(cls.vendor if vendor else cls.staff if staff else cls.buyer)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows of an order."""

    order: Row
    vendor_orders: list[Row]
    items: list[Row]
    history: list[Row]
    paid: list[Row]
    shipments: list[Row]
    given_back: list[Row]

    def of_vendor_order(self, rows: Sequence[Row], vendor_order_id: UUID) -> list[Row]:
        """Return those of the rows that are about a vendor order."""
        return [row for row in rows if row["vendor_order_id"] == vendor_order_id]

    @property
    def stands(self) -> list[lifecycle.Status]:
        """The statuses of its vendor orders."""
        return [lifecycle.Status(vendor_order["status"]) for vendor_order in self.vendor_orders]


def shown(loaded: Loaded, audience: Audience, names: Mapping[str, str]) -> OrderRead:
    """Return an order as this audience may see it; `names` are those behind its transitions that it may see."""
    order, vendor_orders, items = loaded.order, loaded.vendor_orders, loaded.items
    of_vendor = audience is Audience.vendor
    currency = order["currency"]
    sold_by = {
        p["id"]: OrderVendor(id=p["vendor_id"], slug=p["vendor_slug"], name=p["vendor_name"]) for p in vendor_orders
    }
    sums = {name: order[f"{name}_minor"] for name in (*SUMS, "refunded")} | _paid(loaded)
    if of_vendor:  # a vendor's own share: the whole is between the buyer and the marketplace
        sums = {name: sum(p[f"{name}_minor"] for p in vendor_orders) for name in SUMS}
        sums |= dict.fromkeys(("paid_by_gift_card", "due"), 0)
        sums["refunded"] = sum(_given_back(loaded, p["id"]) for p in vendor_orders)
    status = lifecycle.stands(loaded.stands) if of_vendor and vendor_orders else lifecycle.Status(order["status"])
    story = [row for row in loaded.history if row["vendor_order_id"] is None and not (of_vendor and row["followed"])]
    return OrderRead(
        id=order["id"],
        number=order["number"],
        status=status,
        payment_status=lifecycle.payment_status(
            status,
            paid=order["paid_at"] is not None,
            refunded_minor=sums["refunded"],
            total_minor=sums["total"],
        ),
        fulfillment_status=lifecycle.fulfilment(
            loaded.stands or [status],
            some_sent=any(loaded.of_vendor_order(loaded.shipments, p["id"]) for p in vendor_orders),
        ),
        currency=currency,
        email="" if of_vendor else order["email"],
        items=[
            _item(item, sold_by[item["vendor_order_id"]], currency)
            for item in items
            if item["vendor_order_id"] in sold_by
        ],
        vendor_orders=[_vendor_order(loaded, p, sold_by[p["id"]], names) for p in vendor_orders],
        **{name: Money(minor, currency) for name, minor in sums.items()},
        prices_include_tax=order["prices_include_tax"],
        coupon=None if of_vendor else order["coupon"],
        shipping_method=order["shipping_method"],
        shipping_method_name=order["shipping_method_name"],
        payment_method=order["payment_method"],
        payment_method_name=translate(order["locale"], payments.name_of(order["payment_method"])),
        shipping_address=AddressRead.of(order["shipping_address"]),
        billing_address=AddressRead.of(order["shipping_address" if of_vendor else "billing_address"]),
        history=[_move(row, names) for row in story],
        placed_at=order["placed_at"],
        updated_at=order["updated_at"],
        expires_at=order["expires_at"],
    )


def _paid(loaded: Loaded) -> dict[str, int]:
    waits = loaded.order["status"] == lifecycle.Status.pending
    rest = loaded.order["total_minor"] - sum(payment["here"] for payment in loaded.paid)
    return {
        "paid_by_gift_card": sum(payment["captured"] for payment in loaded.paid if payment["by_gift_card"]),
        "due": max(rest, 0) if waits else 0,
    }


def _picture(item: Row) -> files.Picture | None:
    if item["image_url"] is None:
        return None
    return files.picture(item["image_url"], item["name"], item["width"], item["height"], item["renditions"])


def _item(item: Row, vendor: OrderVendor, currency: str) -> OrderItemRead:
    return OrderItemRead(
        id=item["id"],
        product_id=item["product_id"],
        variant_id=item["variant_id"],
        sku=item["sku"],
        name=item["name"],
        title=item["title"],
        image=_picture(item),
        quantity=item["quantity"],
        backordered=item["backordered"],
        unit_price=Money(item["unit_price_minor"], currency),
        line_total=Money(item["line_total_minor"], currency),
        discount=Money(item["discount_minor"], currency),
        tax=Money(item["tax_minor"], currency),
        tax_rate=pricing.written(item["tax_rate"]),
        vendor=vendor,
        replaces=item["replaces_id"],
    )


def _vendor_order(loaded: Loaded, vendor_order: Row, vendor: OrderVendor, names: Mapping[str, str]) -> VendorOrderRead:
    currency, vendor_order_id = loaded.order["currency"], vendor_order["id"]
    shipments = loaded.of_vendor_order(loaded.shipments, vendor_order_id)
    status = lifecycle.Status(vendor_order["status"])
    return VendorOrderRead(
        id=vendor_order_id,
        vendor=vendor,
        status=status,
        fulfillment_status=lifecycle.fulfilment([status], some_sent=bool(shipments)),
        refunded=Money(_given_back(loaded, vendor_order_id), currency),
        **{name: Money(vendor_order[f"{name}_minor"], currency) for name in (*SUMS, "shipping_tax")},
        items=[item["id"] for item in loaded.of_vendor_order(loaded.items, vendor_order_id)],
        tracking=vendor_order["tracking"],
        shipments=[_shipment(row) for row in shipments],
        history=[_move(row, names) for row in loaded.of_vendor_order(loaded.history, vendor_order_id)],
    )


def _given_back(loaded: Loaded, vendor_order_id: UUID) -> int:
    return sum(row["amount"] for row in loaded.of_vendor_order(loaded.given_back, vendor_order_id))


def _shipment(row: Row) -> ShipmentRead:
    units = zip(row["items"], row["quantities"], strict=True)
    return ShipmentRead(
        id=row["id"],
        carrier=row["carrier"],
        tracking=row["tracking"],
        tracking_url=row["tracking_url"],
        items=[ShippedUnits(item_id=item_id, quantity=quantity) for item_id, quantity in units],
        shipped_at=row["shipped_at"],
        delivered_at=row["delivered_at"],
    )


def _move(row: Row, names: Mapping[str, str]) -> HistoryRead:
    actor = mover(row["actor"], by_staff=row["by_staff"], names=names)
    moved = {"at": row["at"], "from": row["from_status"], "to": row["to_status"]}
    return HistoryRead.model_validate({**moved, "actor": actor, "note": row["note"]})


def mover(reference: str, *, by_staff: bool, names: Mapping[str, str]) -> str:
    """Return who made a transition, as far as `names` tell this audience."""
    role = reference if parse_id(reference) is None else "buyer"
    return names.get(reference) or ("shop" if by_staff else role)
