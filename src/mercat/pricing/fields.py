"""Fields that the shapes of promotions, shipping and taxes have in common."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mercat.kit.field_messages import refused
from mercat.kit.money import Money, default_currency
from mercat.kit.shapes import Line


def _ours(amount: Money) -> Money:
    if amount.minor < 0 or amount.currency != default_currency():
        raise refused("amount", "zero or more {currency}", currency=default_currency())
    return amount


def _percent(text: str) -> str:
    if not 0 < Decimal(text) <= 100:
        raise PydanticCustomError("percent", "more than 0, and 100 at most")
    return text


Amount = Annotated[Money, AfterValidator(_ours)]
"""Zero or more, in the marketplace's currency."""
Percent = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$"), AfterValidator(_percent)]
"""A decimal string like `12.5`."""
Rate = Annotated[str, StringConstraints(pattern=r"^[0-9](\.[0-9]{1,5})?$")]
"""A fraction as a decimal string: `0.19` is 19 %."""
Region = Annotated[Line, StringConstraints(max_length=100)]


def written(number: Decimal) -> str:
    """Write a decimal without the zeros that say nothing: `0.19`, `12.5`, `0`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
