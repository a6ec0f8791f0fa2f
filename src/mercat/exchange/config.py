"""Settings of currencies and rates."""

from typing import Annotated

from pydantic import Field

from mercat.exchange.fields import Code, MarginText, RateText
from mercat.kit.config import Settings, address


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
