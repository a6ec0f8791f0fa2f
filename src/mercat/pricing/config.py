"""Settings of prices."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from mercat.kit.config import Settings
from mercat.kit.countries import Country
from mercat.kit.money import Money, default_currency


def _fee(given: str) -> str:
    if not given:
        return given
    try:
        negative = Money.of(given, default_currency()).minor < 0
    except ValueError as error:
        raise PydanticCustomError("fee", "{reason}", {"reason": str(error)}) from None
    if negative:
        raise PydanticCustomError("fee", "a fee cannot be negative")
    return given


class PricingSettings(Settings):
    """Prices: the flat way of shipping, and how taxes are shown."""

    # the default too: not every currency has cents
    shipping_fee: Annotated[str, AfterValidator(_fee)] = Field(
        "4.90",
        validate_default=True,
        description="Flat fee of the standard shipping method wherever no shipping zone is; empty: sent to zones only.",
    )
    prices_include_tax: bool = Field(
        default=True, description="Whether prices contain the tax, or it is added at the end."
    )
    home_country: Country = Field("DE", description="Where a cart is taxed and sent to until its address is known.")


def settings() -> PricingSettings:
    """Return what the environment says."""
    return PricingSettings.read()
