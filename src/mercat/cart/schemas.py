"""Shapes of carts."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat import i18n
from mercat.exchange import CurrencyCode
from mercat.files import Picture
from mercat.kit.countries import Country
from mercat.kit.money import Money
from mercat.kit.shapes import MOST_UNITS, Quantity, Shape

MAX_LINES = 200


class CartProduct(Shape):
    """The product behind a line."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])
    """In the language of the reader, as `title` of the line."""
    image: Picture | None


class CartVendor(Shape):
    """The vendor of a line."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])


class CartLine(Shape):
    """A line. `problem` says why it could not be ordered as it is now."""

    id: UUID
    variant_id: UUID
    product: CartProduct
    vendor: CartVendor
    sku: str | None
    title: str = Field(examples=["Grey / M"])
    quantity: int
    unit_price: Money
    line_total: Money
    """Price times quantity, before discounts."""
    discount: Money
    """The discount of this line, by sales and the coupon."""
    available: int
    problem: str | None = Field(examples=["inventory.insufficient_stock"])
    """`cart.not_for_sale`, `inventory.insufficient_stock`, `cart.price_changed`, or null.

    The price has changed, too, if the buyer was shown it in another currency than that of the cart."""


class CartMergeLoss(Shape):
    """Of what a guest had put in, signing in took less along than was wanted."""

    code: str = Field(examples=["inventory.insufficient_stock"])
    """`inventory.insufficient_stock`, or `cart.full`: the cart has as many lines as it holds."""
    variant_id: UUID
    requested: int = Field(examples=[5])
    """How many units both carts held together."""
    quantity: int = Field(examples=[3])
    """How many are in the cart now."""


class CartRead(Shape):
    """A cart with the prices and the stock of this moment."""

    id: UUID | None
    """Null as long as nothing was ever put in."""
    token: str | None = None
    """A guest's key to this cart, given once by the first `POST /cart/add`."""
    currency: str = Field(examples=["USD"])
    """Of all amounts, and of what is paid."""
    currency_problem: str | None = Field(None, examples=["exchange.conversion_stopped"])
    """Why the cart is shown in the currency of the books and not in its own: `exchange.conversion_stopped`,
    `exchange.unknown_currency`. A checkout is refused with this code until the buyer chooses a currency. Or null."""
    items: list[CartLine]
    merge_losses: list[CartMergeLoss] = Field(default_factory=list)
    """What a merge has left out; each is told once."""
    coupon: str | None = Field(examples=["WELCOME10"])
    coupon_problem: str | None = Field(examples=["pricing.coupon_used_up"])
    """Why the coupon reduces nothing now; a checkout with it would be refused with this code. Or null."""
    subtotal: Money
    discount: Money
    shipping: Money
    """To the marketplace's own country, by the usual method; for an address see `GET /cart/shipping-methods`."""
    tax: Money
    included_tax: Money
    prices_include_tax: bool
    total: Money
    item_count: int
    """Units, over all lines."""


class CartAdd(Shape):
    """What to put in: a variant, or a product that has just one."""

    # an example made of all fields would name both, and be refused
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"variant_id": "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56", "quantity": 2}]}
    )
    variant_id: UUID | None = None
    product_id: UUID | None = None
    quantity: Quantity = Field(1, examples=[2])
    currency: CurrencyCode | None = Field(None, examples=["USD"])
    """Of a new cart; one that is there keeps its own. Left out: what the buyer prefers, else that of the books."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.variant_id is None) == (self.product_id is None):
            raise PydanticCustomError("variant_or_product", "name either a variant_id or a product_id")
        return self


class CartSet(Shape):
    """How many units a line shall have; 0 takes it out."""

    quantity: Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS, examples=[3])]


class CurrencySet(Shape):
    """Which currency the cart shall be in."""

    currency: CurrencyCode = Field(examples=["USD"])


class CouponSet(Shape):
    """Which coupon to use."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(examples=["WELCOME10"])


class Whereto(Shape):
    """Where something shall be sent."""

    country: Country = Field(examples=["AT"])
    """Two capital letters of ISO 3166-1."""
    region: Annotated[str, StringConstraints(max_length=100)] = ""
    """A region, as it is written in addresses."""
    postal_code: Annotated[str, StringConstraints(max_length=20)] = ""
    """A postal code."""
    locale: Annotated[i18n.KnownLocale, StringConstraints(max_length=i18n.LONGEST_TAG)] | None = Field(
        None, examples=["de"]
    )
    """Language of the names; without it, that which `Accept-Language` wants most."""


class OfferedMethod(Shape):
    """A way in which a cart can be sent to an address."""

    code: str = Field(examples=["express"])
    """What a checkout names in `shipping_method`."""
    name: str = Field(examples=["Express"])
    price: Money
    tax: Money
    """Of the whole cart, sent this way: what is added to prices."""
    included_tax: Money
    """Of the whole cart, sent this way: what is contained."""
    total: Money
    """What the whole cart costs, sent this way."""


class CartRecordLine(Shape):
    """Units of a variant in a cart."""

    variant_id: UUID
    quantity: int
    price_seen: Money
    created_at: datetime


class CartRecord(Shape):
    """A cart as it is written down."""

    id: UUID
    status: str = Field(examples=["ordered"])
    coupon: str | None
    currency: str = Field(examples=["EUR"])
    items: list[CartRecordLine]
    created_at: datetime
    updated_at: datetime
