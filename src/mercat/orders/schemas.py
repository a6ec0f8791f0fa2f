"""Shapes of orders."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.addresses import AddressRead
from mercat.content.pages import AgreedPage
from mercat.files import Picture
from mercat.kit.money import Money
from mercat.kit.pagination import BothWays
from mercat.kit.shapes import MOST_VALUES, Line, Shape
from mercat.orders.lifecycle import Status


class OrderVendor(Shape):
    """The vendor of a line or a vendor order."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])


class OrderItemRead(Shape):
    """A line, as it was sold."""

    id: UUID
    product_id: UUID
    variant_id: UUID
    sku: str | None
    name: str = Field(examples=["Stoneware mug"])
    """For its buyer in the language in which they ordered, for vendors and operators as it was written. Like `title` it
    does not change afterwards."""
    title: str = Field(examples=["Grey / M"])
    image: Picture | None
    quantity: int
    backordered: int = 0
    """Units of it that have to arrive in stock before they can be shipped."""
    unit_price: Money
    line_total: Money
    """Price times quantity, before discounts."""
    discount: Money
    tax: Money
    """Added to the price or contained in it, as `prices_include_tax` of the order says."""
    tax_rate: str = Field(examples=["0.19"])
    books_total: Money
    """What the buyer pays for it, with discount and tax, is worth in the currency of the books."""
    vendor: OrderVendor
    replaces: UUID | None = None
    """The line whose units were returned for these, in an exchange; such a line costs nothing."""


class HistoryRead(Shape):
    """One transition of an order, or of a vendor order."""

    at: datetime
    from_: Status | None = Field(alias="from")
    to: Status
    actor: str
    note: str


class ShippedUnits(Shape):
    """Units of a line."""

    item_id: UUID
    quantity: int = Field(examples=[2])


class ShipmentRead(Shape):
    """A shipment."""

    id: UUID
    carrier: str = Field(examples=["DHL"])
    tracking: str | None = Field(examples=["JD014600006281230700"])
    tracking_url: str | None = Field(examples=["https://parcels.example/JD014600006281230700"])
    items: list[ShippedUnits]
    shipped_at: datetime
    delivered_at: datetime | None


class VendorOrderRead(Shape):
    """A vendor order, with a life cycle of its own."""

    id: UUID
    vendor: OrderVendor
    status: Status
    fulfillment_status: str = Field(examples=["partially_shipped"])
    refunded: Money
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    """How much of `tax` or `included_tax` is about shipping."""
    tax: Money
    included_tax: Money
    total: Money
    """The vendor orders' totals add up to the order's."""
    items: list[UUID]
    """The ids of its lines."""
    tracking: str | None
    """That of its last shipment."""
    shipments: list[ShipmentRead]
    history: list[HistoryRead]
    """Transitions of this vendor order, alone or with the whole order."""


class ExchangeRead(Shape):
    """How an order in another currency than that of the books was converted when it was placed."""

    rate: str = Field(examples=["1.0842"])
    """Units of the order's currency for one of the books', with everything that was added to it."""
    dated: date
    """The day of the rate."""
    source: str = Field(examples=["ecb"])
    total: Money
    """What the order's total is worth in the books."""


class OrderRead(Shape):
    """An order. A vendor sees its own lines and its own share of the sums."""

    id: UUID
    number: str = Field(examples=["M-100001"])
    status: Status
    payment_status: str = Field(examples=["pending"])
    fulfillment_status: str = Field(examples=["unfulfilled"])
    currency: str = Field(examples=["EUR"])
    email: str = Field(examples=["ada@example.com"])
    items: list[OrderItemRead]
    vendor_orders: list[VendorOrderRead]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    """What is added to prices; zero where they include it."""
    included_tax: Money
    """What is contained in prices; zero where they do not include it."""
    prices_include_tax: bool
    coupon: str | None = Field(examples=["WELCOME10"])
    """The code that was used; hidden from vendors."""
    total: Money
    refunded: Money
    paid_by_gift_card: Money
    """What a gift card paid when the order was placed; hidden from vendors."""
    due: Money
    """What is still to be paid, as long as the order awaits payment."""
    exchange: ExchangeRead | None
    """Null if it is in the currency of the books."""
    shipping_method: str = Field(examples=["standard"])
    shipping_method_name: str = Field(examples=["Standard delivery"])
    """Its name when the order was placed."""
    payment_method: str = Field(examples=["manual"])
    payment_method_name: str = Field(examples=["Bank transfer"])
    """In the language in which the order was placed."""
    shipping_address: AddressRead
    billing_address: AddressRead
    history: list[HistoryRead]
    placed_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    """When an unpaid order releases its stock."""
    agreed_pages: list[AgreedPage]
    """Versions of terms, privacy and withdrawal that were current when it was placed; hidden from vendors."""


class StatusChange(Shape):
    """The status that an order is moved to."""

    status: Status = Field(examples=["shipped"])
    note: Annotated[str, StringConstraints(max_length=1000)] = ""
    tracking: Annotated[Line, StringConstraints(max_length=200)] | None = Field(None, examples=["JD014600006281230700"])


class OrderListing(BothWays):
    """Which orders, in which order, and how to page through them."""

    sort: Literal["-placed_at", "placed_at", "-total", "total"] = "-placed_at"
    """Order of the list: downward with a minus sign. Totals are compared in the currency of the books."""
    status: list[Status] = Field([], max_length=MOST_VALUES, examples=[["paid"]])
    """Only orders in this status; given several times, in any of these."""
