"""Shapes of prices in other currencies."""

from pydantic import ConfigDict, Field

from mercat.kit.money import Money
from mercat.kit.shapes import Shape

EXAMPLE = {"amount": "21.00", "currency": "USD"}


class PriceWrite(Shape):
    """What a variant costs in another currency than that of the books, instead of what is converted."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"price": {"amount": "21.00", "currency": "USD"}}]})
    price: Money = Field(examples=[EXAMPLE])
    compare_at_price: Money | None = None


class PriceRead(Shape):
    """What a variant costs in another currency because its vendor says so."""

    price: Money = Field(examples=[EXAMPLE])
    compare_at_price: Money | None
