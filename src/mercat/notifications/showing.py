"""An order as mail shows it: the one place that knows both the order's shape and what templates ask for."""

from dataclasses import dataclass
from typing import Self

from mercat import orders
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
class Parcel:
    """What one shop sends."""

    vendor: str
    lines: tuple[ShownLine, ...]
    tracking: str | None


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order in a mail."""

    number: str
    buyer: str
    items: tuple[ShownLine, ...]
    parcels: tuple[Parcel, ...]
    address: tuple[str, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money

    @classmethod
    def of(cls, order: orders.OrderRead) -> Self:
        """Return what is shown of an order."""
        lines = {item.id: ShownLine(item.name, item.title, item.quantity, item.line_total) for item in order.items}
        return cls(
            number=order.number,
            buyer=order.shipping_address.name,
            items=tuple(lines.values()),
            parcels=tuple(
                Parcel(part.vendor.name, tuple(lines[item_id] for item_id in part.items), part.tracking)
                for part in order.vendor_orders
            ),
            address=lines_of(order.shipping_address),
            subtotal=order.subtotal,
            discount=order.discount,
            shipping=order.shipping,
            tax=order.tax,
            total=order.total,
        )


def lines_of(address: AddressRead) -> tuple[str, ...]:
    """Return an address as it stands on a parcel."""
    city = f"{address.postal_code} {address.city}".strip()
    parts = (address.name, address.line1, address.line2, city, address.region, address.country)
    return tuple(part for part in parts if part)
