"""Shapes of vendor orders."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, HttpUrl, StringConstraints, model_validator

from mercat.addresses import AddressRead
from mercat.kit.money import Money
from mercat.kit.pagination import BothWays
from mercat.kit.shapes import MOST_VALUES, Flag, Line, Shape
from mercat.orders.lifecycle import Status
from mercat.orders.schemas import ExchangeRead, HistoryRead, OrderItemRead, ShipmentRead
from mercat.orders.unit_schemas import LineUnits, RefundScope, by_line, require_each_once

Note = Annotated[str, StringConstraints(max_length=1000)]
Tracking = Annotated[Line, StringConstraints(max_length=200)]
Carrier = Annotated[Line, StringConstraints(max_length=100)]


class VendorOrderDetails(Shape):
    """What a vendor sees of an order: its own lines and sums, where they go, and what it earns by them."""

    id: UUID
    order_id: UUID
    number: str = Field(examples=["M-100001"])
    status: Status
    payment_status: str = Field(examples=["paid"])
    fulfillment_status: str = Field(examples=["partially_shipped"])
    items: list[OrderItemRead]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    included_tax: Money
    total: Money
    refunded: Money
    commission: Money
    """The marketplace's commission, as agreed when the order was placed, less what was refunded."""
    commission_tax: Money
    earnings: Money
    """What the vendor keeps: the total less refunds, the commission and the tax on it. It still owes its taxes."""
    exchange: ExchangeRead | None
    """How it was converted, with what `total` is worth in the books, which the vendor is paid from. Null if it is in
    their currency."""
    shipping_method: str = Field(examples=["standard"])
    shipping_method_name: str = Field(examples=["Standard delivery"])
    shipping_address: AddressRead
    shipments: list[ShipmentRead]
    history: list[HistoryRead]
    placed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None


class VendorOrderFilter(BothWays):
    """Which vendor orders, in which order, and how to page through them."""

    sort: Literal["-placed_at", "placed_at", "-total", "total"] = "-placed_at"
    """Order of the list: downward with a minus sign. Totals are compared in the currency of the books."""
    status: list[Status] = Field([], max_length=MOST_VALUES, examples=[["paid"]])
    """Only vendor orders in this status; given several times, in any of these."""
    number: Annotated[str, StringConstraints(max_length=40)] | None = Field(None, examples=["M-100001"])
    """Only that of this order."""


class VendorOrderChange(Shape):
    """The status that a vendor order is moved to. It becomes `shipped` by its shipments."""

    status: Literal[Status.processing, Status.delivered, Status.completed, Status.cancelled] = Field(
        examples=["processing"]
    )
    note: Note = Field("", examples=["Out of clay until Monday."])


class ShipmentCreate(Shape):
    """A new shipment; without `items` it has everything that remains of the vendor order."""

    items: list[LineUnits] = Field(default_factory=list, max_length=200)
    carrier: Carrier = Field("", examples=["DHL"])
    tracking: Tracking | None = Field(None, examples=["JD014600006281230700"])
    tracking_url: HttpUrl | None = Field(None, examples=["https://parcels.example/JD014600006281230700"])

    @model_validator(mode="after")
    def _once(self) -> Self:
        require_each_once(self.items)
        return self

    @property
    def units(self) -> dict[UUID, int] | None:
        """The units by line, None if all are meant."""
        return by_line(self.items) or None


class ShipmentUpdate(Shape):
    """What is known of a shipment by now."""

    carrier: Carrier | None = Field(None, examples=["DHL"])
    tracking: Tracking | None = Field(None, examples=["JD014600006281230700"])
    tracking_url: HttpUrl | None = Field(None, examples=["https://parcels.example/JD014600006281230700"])
    delivered: Flag = False
    """It is delivered to the buyer."""


class VendorOrderRefund(RefundScope):
    """What of a vendor order is refunded to its buyer: an amount, units of lines, or with neither all refundable."""

    reason: Line = Field(max_length=200, examples=["Arrived broken"])
