"""Shapes of currencies and rates."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from fastapi import Query
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from mercat.exchange.fields import MarginText, RateText, known
from mercat.exchange.queries import Currency, Standing
from mercat.exchange.rounding_rules import Rounding
from mercat.i18n import countries_of
from mercat.kit.currencies import EXPONENTS
from mercat.kit.money import Money, NotAnAmount, default_currency, format_minor
from mercat.kit.shapes import Flag, Shape

CurrencyCode = Annotated[str, StringConstraints(min_length=3, max_length=3), AfterValidator(known)]
"""ISO 4217."""
CurrencyParameter = Annotated[
    CurrencyCode | None,
    Query(
        examples=["USD"],
        description="Currency of the prices; without it, that which one prefers, else that of the books.",
    ),
]


def other_than_books(code: str | None) -> str | None:
    """Return a currency that is asked for, if it is another than that of the books."""
    return None if code == default_currency() else code


AmountText = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9]+(\.[0-9]+)?$")]
LARGEST_STEP = 10**9


class RoundingRule(Shape):
    """Prices that are a multiple of `step` and `ending` more, in units of the currency; the nearest one is shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "1.00", "ending": "0.99"}]})
    step: AmountText = Field(examples=["1.00"])
    """`0.01` of a currency with two decimals is any amount, `0.05` what coins can pay, `1.00` with no ending whole
    amounts."""
    ending: AmountText = Field("0", examples=["0.99"])
    """Less than the step: `0.99` makes 0.99, 1.99, 2.99."""

    def within(self, currency: str) -> Rounding:
        """Return the rule in minor units.

        Raises:
            NotAnAmount: more decimals than the currency has, a step of nothing, an ending as high as the step.
        """
        step, ending = (Money.of(text, currency).minor for text in (self.step, self.ending))
        if not 0 < step <= LARGEST_STEP:
            raise NotAnAmount("a step is more than nothing")
        if ending >= step:
            raise NotAnAmount("an ending is less than its step")
        return Rounding(step, ending)

    @classmethod
    def of(cls, rounding: Rounding, currency: str) -> Self:
        """Return a rule as it is shown."""
        return cls(step=format_minor(rounding.step, currency), ending=format_minor(rounding.ending, currency))


class CurrencyRead(Shape):
    """A currency that prices are shown in."""

    code: str = Field(examples=["USD"])
    decimals: int = Field(examples=[2])
    countries: list[str] = Field(examples=[["EC", "PR", "SV", "US"]])
    """Where it is paid with: what to show first to visitors from there."""
    is_default: bool
    """Whether it is that of the books, which prices are in unless another is asked for."""
    rounding: RoundingRule
    """How converted prices are rounded. Prices that a vendor has set in this currency are shown as they are."""
    rate: str | None = Field(examples=["1.0842"])
    """Units of this currency for one of the books', as prices are converted; null if there is no rate."""
    dated: date | None
    """The day of the rate."""
    status: Standing = Field(examples=["fresh"])
    """`stale`: the rate is older than it should be. `stopped`, `missing`: no prices are shown for now."""


class CurrencySettings(Shape):
    """A currency as operators see it."""

    code: str = Field(examples=["USD"])
    rounding: RoundingRule
    margin: str | None = Field(examples=["1.5"])
    """Per cent; null is MERCAT_RATES_MARGIN."""
    rate: str | None = Field(examples=["1.0705"])
    """As it was published, without the margin."""
    dated: date | None
    source: str | None = Field(examples=["ecb"])
    status: Standing = Field(examples=["fresh"])
    version: int


class CurrencyWrite(Shape):
    """How a currency shall be shown."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rounding": {"step": "1.00", "ending": "0.99"}, "margin": "1.5"}]}
    )
    rounding: RoundingRule | None = None
    """Left out: any amount that can be paid by card."""
    margin: MarginText | None = Field(None, examples=["1.5"])
    """Per cent on top of the rate; left out: MERCAT_RATES_MARGIN."""


class FixedRates(Shape):
    """Rates of currencies that no provider lists."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rates": {"KWD": "0.3345"}}]})
    rates: Annotated[dict[CurrencyCode, RateText], Field(min_length=1, max_length=200)] = Field(
        examples=[{"KWD": "0.3345"}]
    )
    """Units of each currency for one of the books'."""


class RatesRefresh(Shape):
    """How rates are fetched now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"accept_jumps": False}]})
    accept_jumps: Flag = False
    """Take rates that have doubled or halved since the last ones, which is refused otherwise."""


class RatesState(Shape):
    """How rates stand after they were fetched."""

    source: str = Field(examples=["ecb"])
    dated: date = Field(examples=["2026-11-27"])
    """The newest day there is."""
    added: int = Field(examples=[31])
    """Rates that are new: none if the file is that of before."""
    checked_at: datetime


def shown(currency: Currency) -> CurrencyRead:
    """Return what everybody sees of a currency."""
    quote = currency.quote
    return CurrencyRead(
        code=currency.code,
        decimals=EXPONENTS[currency.code],
        countries=countries_of(currency.code),
        is_default=False,
        rounding=RoundingRule.of(currency.rounding, currency.code),
        rate=plain(quote.rate * (100 + currency.margin) / 100) if quote else None,
        dated=quote.dated if quote else None,
        status=currency.standing,
    )


def of_books(code: str, today: date) -> CurrencyRead:
    """Return the currency of the books as everybody sees it."""
    rule = RoundingRule.of(Rounding(), code)
    return CurrencyRead(
        code=code,
        decimals=EXPONENTS[code],
        countries=countries_of(code),
        is_default=True,
        rounding=rule,
        rate="1",
        dated=today,
        status=Standing.fresh,
    )


def settings_of(currency: Currency) -> CurrencySettings:
    """Return what operators see of a currency."""
    quote = currency.quote
    return CurrencySettings(
        code=currency.code,
        rounding=RoundingRule.of(currency.rounding, currency.code),
        margin=None if currency.own_margin is None else plain(currency.own_margin),
        rate=plain(quote.rate) if quote else None,
        dated=quote.dated if quote else None,
        source=quote.source if quote else None,
        status=currency.standing,
        version=currency.version,
    )


def plain(number: Decimal) -> str:
    """Write a decimal without the zeros that say nothing and without an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
