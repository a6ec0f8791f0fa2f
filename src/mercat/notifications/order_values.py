"""An order as mail shows it: the one place that knows both the order's shape and what templates ask for."""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from mercat import i18n, orders
from mercat.addresses import AddressRead
from mercat.kit.money import Money


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of an order."""

    name: str
    title: str
    quantity: int
    line_total: Money


@dataclass(frozen=True, slots=True)
class VendorShipment:
    """What one vendor ships."""

    vendor: str
    lines: tuple[ShownLine, ...]
    tracking: str | None
    carrier: str = ""
    tracking_url: str | None = None


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order in a mail."""

    number: str
    buyer: str
    items: tuple[ShownLine, ...]
    shipments: tuple[VendorShipment, ...]
    address: tuple[str, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    included_tax: Money
    total: Money
    shipping_method: str

    @classmethod
    def of(cls, order: orders.OrderRead, locale: str, *, only: UUID | None = None, proven: bool) -> Self:
        """Return what is shown of an order, and its shipments, or only one of them.

        The buyer typed name and address: they only go to an address that is proven to be theirs.
        """
        lines = {item.id: ShownLine(item.name, item.title, item.quantity, item.line_total) for item in order.items}
        return cls(
            number=order.number,
            buyer=order.shipping_address.name if proven else "",
            items=tuple(lines.values()),
            shipments=tuple(
                VendorShipment(
                    vendor_order.vendor.name,
                    tuple(replace(lines[unit.item_id], quantity=unit.quantity) for unit in shipment.items),
                    shipment.tracking,
                    shipment.carrier,
                    shipment.tracking_url,
                )
                for vendor_order in order.vendor_orders
                for shipment in vendor_order.shipments
                if only in (None, shipment.id)
            ),
            address=lines_of(order.shipping_address, locale) if proven else (),
            subtotal=order.subtotal,
            discount=order.discount,
            shipping=order.shipping,
            tax=order.tax,
            included_tax=order.included_tax,
            total=order.total,
            shipping_method=order.shipping_method_name,
        )


def lines_of(address: AddressRead, locale: str) -> tuple[str, ...]:
    """Return an address as printed on a package, its country by name."""
    city = f"{address.postal_code} {address.city}".strip()
    country = i18n.cldr(locale).territories.get(address.country, address.country)
    parts = (address.name, address.line1, address.line2, city, address.region, country)
    return tuple(part for part in parts if part)


def multiline(setting: str) -> tuple[str, ...]:
    """Return the lines of a setting that are separated by a vertical bar."""
    return tuple(line.strip() for line in setting.split("|") if line.strip())
