"""How an order looks to whom: its buyer, the marketplace's staff, or one of the shops that sold it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self

from mercat import files, pricing
from mercat.addresses import AddressRead
from mercat.kit.ids import parse_id
from mercat.kit.money import Money
from mercat.orders import lifecycle
from mercat.orders.schemas import HistoryRead, OrderItemRead, OrderRead, Seller, VendorOrderRead

Row = dict[str, Any]
SUMS = ("subtotal", "discount", "shipping", "tax", "included_tax", "total")


class Audience(Enum):
    """Who looks. A shop sees its lines and where they go, not who pays; only staff see who moved the order."""

    buyer = auto()
    shop = auto()
    staff = auto()

    @classmethod
    def of(cls, *, staff: bool, shop: bool) -> Self:
        """Return the audience; a shop's view is the narrower one."""
        return cls(cls.shop if shop else cls.staff if staff else cls.buyer)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows of an order."""

    order: Row
    parts: list[Row]
    items: list[Row]
    history: list[Row]
    paid: list[Row]


def shown(loaded: Loaded, audience: Audience, names: Mapping[str, str]) -> OrderRead:
    """Return an order as this audience may see it; `names` are those behind its moves, as far as it may see them."""
    order, parts, items = loaded.order, loaded.parts, loaded.items
    part = audience is Audience.shop
    currency = order["currency"]
    sellers = {p["id"]: Seller(id=p["vendor_id"], slug=p["vendor_slug"], name=p["vendor_name"]) for p in parts}
    sums = {name: order[f"{name}_minor"] for name in (*SUMS, "refunded")} | _paid(loaded)
    if part:  # a shop's own share: the whole is between the buyer and the marketplace
        sums = {name: sum(p[f"{name}_minor"] for p in parts) for name in SUMS}
        sums |= dict.fromkeys(("refunded", "paid_by_gift_card", "due"), 0)
    status = lifecycle.Status(order["status"])
    return OrderRead(
        id=order["id"],
        number=order["number"],
        status=status,
        payment_status=lifecycle.payment_status(
            status,
            paid=order["paid_at"] is not None,
            refunded_minor=order["refunded_minor"],
            total_minor=order["total_minor"],
        ),
        fulfillment_status=lifecycle.FULFILMENT.get(status, "unfulfilled"),
        currency=currency,
        email="" if part else order["email"],
        items=[
            _item(item, sellers[item["vendor_order_id"]], currency)
            for item in items
            if item["vendor_order_id"] in sellers
        ],
        vendor_orders=[_part(p, sellers[p["id"]], items, currency) for p in parts],
        **{name: Money(minor, currency) for name, minor in sums.items()},
        prices_include_tax=order["prices_include_tax"],
        coupon=None if part else order["coupon"],
        shipping_method=order["shipping_method"],
        payment_method=order["payment_method"],
        shipping_address=AddressRead.of(order["shipping_address"]),
        billing_address=AddressRead.of(order["shipping_address" if part else "billing_address"]),
        history=[_move(row, names) for row in loaded.history],
        placed_at=order["placed_at"],
        updated_at=order["updated_at"],
        expires_at=order["expires_at"],
    )


def _paid(loaded: Loaded) -> dict[str, int]:
    waits = loaded.order["status"] == lifecycle.Status.pending
    rest = loaded.order["total_minor"] - sum(payment["here"] for payment in loaded.paid)
    return {
        "paid_by_gift_card": sum(payment["came"] for payment in loaded.paid if payment["by_gift_card"]),
        "due": max(rest, 0) if waits else 0,
    }


def _item(item: Row, seller: Seller, currency: str) -> OrderItemRead:
    return OrderItemRead(
        id=item["id"],
        product_id=item["product_id"],
        variant_id=item["variant_id"],
        sku=item["sku"],
        name=item["name"],
        title=item["title"],
        image=files.public_url(item["image_url"]) if item["image_url"] else None,
        quantity=item["quantity"],
        unit_price=Money(item["unit_price_minor"], currency),
        line_total=Money(item["line_total_minor"], currency),
        discount=Money(item["discount_minor"], currency),
        tax=Money(item["tax_minor"], currency),
        tax_rate=pricing.written(item["tax_rate"]),
        vendor=seller,
    )


def _part(part: Row, seller: Seller, items: Sequence[Row], currency: str) -> VendorOrderRead:
    return VendorOrderRead(
        id=part["id"],
        vendor=seller,
        status=part["status"],
        **{name: Money(part[f"{name}_minor"], currency) for name in (*SUMS, "shipping_tax")},
        items=[item["id"] for item in items if item["vendor_order_id"] == part["id"]],
        tracking=part["tracking"],
    )


def _move(row: Row, names: Mapping[str, str]) -> HistoryRead:
    actor = mover(row["actor"], by_staff=row["by_staff"], names=names)
    moved = {"at": row["at"], "from": row["from_status"], "to": row["to_status"]}
    return HistoryRead.model_validate({**moved, "actor": actor, "note": row["note"]})


def mover(reference: str, *, by_staff: bool, names: Mapping[str, str]) -> str:
    """Return who made a move, as far as `names` say it to this audience."""
    role = reference if parse_id(reference) is None else "buyer"
    return names.get(reference) or ("shop" if by_staff else role)
