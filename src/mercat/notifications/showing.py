"""An order as mail shows it: the one place that knows both the order's shape and what templates ask for."""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

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
    def of(cls, order: orders.OrderRead, *, only: UUID | None = None) -> Self:
        """Return what is shown of an order, and the parcels that have left, or only one of them."""
        lines = {item.id: ShownLine(item.name, item.title, item.quantity, item.line_total) for item in order.items}
        return cls(
            number=order.number,
            buyer=order.shipping_address.name,
            items=tuple(lines.values()),
            parcels=tuple(
                Parcel(
                    part.vendor.name,
                    tuple(replace(lines[piece.item_id], quantity=piece.quantity) for piece in parcel.items),
                    parcel.tracking,
                )
                for part in order.vendor_orders
                for parcel in part.shipments
                if only in (None, parcel.id)
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
