"""Shapes of a checkout."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from mercat.addresses import Address
from mercat.auth import Email
from mercat.cart import CartRead
from mercat.exchange import CurrencyCode
from mercat.kit.money import Money
from mercat.kit.shapes import Flag, Quantity, Shape
from mercat.orders import OrderRead
from mercat.payment_processing import CardRef, PageUrl
from mercat.payments import PaymentRead, gift_cards

MethodName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]


LONDON: JsonValue = {
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
}
BUYING: dict[str, JsonValue] = {
    "email": "ada@example.com",
    "shipping_address": LONDON,
    "shipping_method": "standard",
}
ONE_LINE: JsonValue = {"variant_id": "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55", "quantity": 2}


class CheckoutRequest(Shape):
    """How a purchase shall be sent and paid."""

    model_config = ConfigDict(json_schema_extra={"examples": [BUYING]})
    email: Email | None = Field(None, examples=["ada@example.com"])
    """Where the confirmation goes; needed from guests, else the account's address."""
    shipping_address_id: UUID | None = None
    """Instead of `shipping_address`: an entry of one's own address book."""
    shipping_address: Annotated[Address | None, Field(validate_default=True)] = None
    billing_address_id: UUID | None = None
    """Instead of `billing_address`: an entry of one's own address book."""
    billing_address: Address | None = None
    """Left out, and no `billing_address_id` either: the shipping address."""
    shipping_method: MethodName = Field("standard", examples=["standard"])
    payment_method: MethodName = Field("manual", examples=["manual"])
    payment_method_id: CardRef | None = Field(None, examples=["pm_card_visa"])
    """With a payment by card: a saved card's id, or the reference from the provider's form. It is charged at once."""
    save_payment_method: Flag = False
    """Save that card for later; for signed-in buyers."""
    return_url: PageUrl | None = Field(None, examples=["https://shop.example/orders/done"])
    """The page that the buyer returns to after 3-D Secure."""
    coupon: Annotated[str, StringConstraints(max_length=100)] | None = None
    gift_card: gift_cards.Code | None = Field(None, examples=["7K2M-Q9XD-40RT-V8WZ-C3PN"])
    """The code of a gift card: it pays up to its balance, the rest is paid by `payment_method`."""
    expected_total: Money | None = Field(None, examples=[{"amount": "44.88", "currency": "EUR"}])
    """What the buyer was shown; anything else now, also in another currency, is a 409."""
    expected_due: Money | None = Field(None, examples=[{"amount": "19.88", "currency": "EUR"}])
    """The amount due that the buyer was shown after the gift card; anything else now is a 409."""

    @field_validator("shipping_address", "billing_address")
    @classmethod
    def _written_or_named(cls, written: Address | None, info: ValidationInfo) -> Address | None:
        named = info.data.get(f"{info.field_name}_id")
        if written is not None and named is not None:
            raise PydanticCustomError("two_addresses", "write an address or name one of the address book, not both")
        if written is None and named is None and info.field_name == "shipping_address":
            raise PydanticCustomError("missing", "is required")
        return written


class WantedLine(Shape):
    """Units of a variant."""

    variant_id: UUID
    quantity: Quantity = Field(examples=[2])


class OrderCreate(CheckoutRequest):
    """An order without a cart."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**BUYING, "items": [ONE_LINE]}]})
    items: list[WantedLine] = Field(min_length=1, max_length=200)
    currency: CurrencyCode | None = Field(None, examples=["USD"])
    """Of the order, and of what is paid; left out: that of the books."""


class LeftOut(Shape):
    """What of a former order did not go into the cart."""

    variant_id: UUID
    name: str = Field(examples=["Stoneware mug"])
    quantity: int = Field(examples=[1])
    code: str = Field(examples=["inventory.insufficient_stock"])
    """`cart.not_for_sale` if it is not sold any more, `inventory.insufficient_stock` if too few are available."""


class Reordered(Shape):
    """The cart with what was ordered before, as far as it can still be bought."""

    cart: CartRead
    left_out: list[LeftOut]


class PlacedOrder(OrderRead):
    """The order, how to pay it, and a guest's key to see it again: the answer of a checkout and of an order alike."""

    order: OrderRead
    """The same order once more, by itself."""
    payment: PaymentRead | None
    """How what is due is paid; null if nothing is: the order is paid then."""
    guest_token: str | None
    """Send it as `X-Cart-Token` to read or cancel the order as a guest. Null for accounts, and after the checkout of a
    cart: its own token does the same."""

    @classmethod
    def of(cls, order: OrderRead, payment: PaymentRead | None, *, guest_token: str | None = None) -> Self:
        """Return the answer about an order."""
        return cls(**dict(order), order=order, payment=payment, guest_token=guest_token)
