"""Settings of currencies and rates."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mercat.kit.config import Settings, address
from mercat.kit.currencies import EXPONENTS

RATE = r"^[0-9]{1,9}(\.[0-9]{1,12})?$"
MARGIN = r"^[0-9]{1,2}(\.[0-9]{1,4})?$"


def known(code: str) -> str:
    """Refuse what is no currency."""
    if code not in EXPONENTS:
        raise PydanticCustomError("currency", "no ISO 4217 currency")
    return code


def above_zero(rate: str) -> str:
    """Refuse a rate that makes everything free."""
    if Decimal(rate) <= 0:
        raise PydanticCustomError("above_zero", "more than zero")
    return rate


Code = Annotated[str, AfterValidator(known)]
RateText = Annotated[str, StringConstraints(pattern=RATE), AfterValidator(above_zero)]
MarginText = Annotated[str, StringConstraints(pattern=MARGIN)]


class ExchangeSettings(Settings):
    """Currencies besides that of the books, and where their rates come from."""

    currencies: list[Code] = Field(
        [], description='Currencies that prices are shown in besides MERCAT_CURRENCY, as a JSON list, say ["USD"].'
    )
    rates_url: Annotated[str, address("http", "https")] = Field(
        "",
        description="Where daily rates are, in the XML format of the European Central Bank: its own file is "
        "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml; empty: fixed rates only.",
    )
    rates: dict[Code, RateText] = Field(
        {},
        description='Fixed rates of what that file does not list, as a JSON object: {"KWD": "0.3345"} is so much for '
        "one unit of MERCAT_CURRENCY.",
    )
    rates_margin: MarginText = Field("0", description="Per cent that are added to a rate; a currency may have its own.")
    rates_warn_days: int = Field(4, ge=1, le=365, description="Fetched rates that are older are stale, in days.")
    rates_stop_days: int = Field(
        10, ge=1, le=365, description="Fetched rates that are older are not used any more, in days."
    )
    rates_timeout: float = Field(10.0, gt=0, le=120, description="Seconds that the whole file may take to arrive.")
