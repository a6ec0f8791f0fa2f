"""Exact money: an integer count of minor units and a currency.

On the wire it is `{"amount": "19.99", "currency": "EUR"}`; a bare decimal string or number is accepted on input and
means the marketplace's default currency. There is no arithmetic with floats and none across currencies.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Self

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mercat.kit.config import Settings
from mercat.kit.currencies import EXPONENTS
from mercat.kit.field_messages import refused
from mercat.kit.settings_memory import by_settings

MAX_MINOR = 10**14
"""Largest amount accepted from outside: far above any order, far below what a 64-bit column overflows at."""

MAX_LITERAL = 40
LITERAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EXACT = Context(prec=MAX_LITERAL + 10)  # the default 28 digits would round a long literal before it is checked


class MoneySettings(Settings):
    """The currency of a bare amount."""

    currency: str = Field("EUR", description="The marketplace's default currency, ISO 4217.")

    @field_validator("currency")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in EXPONENTS:
            raise ValueError(f"{code!r} is no ISO 4217 currency")
        return code


@by_settings
def default_currency() -> str:
    """Return the ISO 4217 code that a bare amount means."""
    return MoneySettings.read().currency


class NotAnAmount(ValueError):
    """Text or a number that is no amount of a currency. `template` says why, `values` fill it."""

    def __init__(self, template: str, **values: str | int) -> None:
        super().__init__(template.format_map(values))
        self.template, self.values = template, values

    def refused(self) -> PydanticCustomError:
        """Return it as a validator raises it."""
        return refused("money_amount", self.template, **self.values)


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies were about to be added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units (cents, yen, fils) of `currency` (ISO 4217)."""

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return no money, in a currency."""
        return cls(0, currency)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Read a decimal amount in major units.

        Raises:
            NotAnAmount: not a finite decimal, more decimals than the currency has, or beyond `MAX_MINOR`.
        """
        exponent = EXPONENTS.get(currency)
        if exponent is None:
            raise NotAnAmount("unknown currency")
        if isinstance(amount, str) and (len(amount) > MAX_LITERAL or LITERAL.fullmatch(amount) is None):
            raise NotAnAmount("not a decimal amount")
        value = Decimal(amount)
        if not value.is_finite() or value.adjusted() > len(str(MAX_MINOR)):
            raise NotAnAmount("not a decimal amount of a sensible size")
        scaled = value.scaleb(exponent, context=EXACT)
        if scaled != scaled.to_integral_value():
            raise NotAnAmount("{currency} has {exponent} decimals", currency=currency, exponent=exponent)
        if abs(scaled) > MAX_MINOR:
            raise NotAnAmount("amount too large")
        return cls(int(scaled), currency)

    @property
    def amount(self) -> str:
        """The amount in major units with exactly the currency's decimals: `19.90`, `1500`, `1.500`."""
        return format_minor(self.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def wire(self) -> dict[str, str]:
        """Return the shape that clients see."""
        return {"amount": self.amount, "currency": self.currency}

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor <= other.minor

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Split in proportion to `weights` so that the parts add up to the whole, to the minor unit.

        Largest remainder (Hamilton) method; ties go to the earlier part. All weights zero: an even split.
        """
        if not weights or min(weights) < 0:
            raise ValueError("weights must be non-negative and at least one")
        shares = list(weights) if any(weights) else [1] * len(weights)
        total = sum(shares)
        sign = -1 if self.minor < 0 else 1
        whole = abs(self.minor)
        parts = [whole * share // total for share in shares]
        by_remainder = sorted(range(len(shares)), key=lambda i: (-(whole * shares[i] % total), i))
        for i in by_remainder[: whole - sum(parts)]:
            parts[i] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} do not mix")

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's hook
        return core_schema.no_info_plain_validator_function(
            _from_wire, serialization=core_schema.plain_serializer_function_ser_schema(Money.wire)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        shape: JsonSchemaValue = {
            "type": "object",
            "title": "Money",
            "description": "Exact money: a decimal string with the currency's own number of decimals, and ISO 4217.",
            "properties": {
                "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["19.99"]},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]},
            },
            "required": ["amount", "currency"],
            "additionalProperties": False,
            "examples": [{"amount": "19.99", "currency": "EUR"}],
        }
        if handler.mode == "serialization":
            return shape
        return {"anyOf": [shape, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}, {"type": "number"}]}


def format_minor(minor: int, currency: str) -> str:
    """Write minor units as a decimal string with exactly the currency's decimals."""
    exponent = EXPONENTS[currency]
    if exponent == 0:
        return str(minor)
    digits = f"{abs(minor):0{exponent + 1}d}"
    return f"{'-' if minor < 0 else ''}{digits[:-exponent]}.{digits[-exponent:]}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add up amounts of one currency; nothing adds up to zero."""
    return sum(amounts, start=Money.zero(currency))


def _from_wire(value: object) -> Money:
    if isinstance(value, Money):
        return value
    amount, currency = value, default_currency()
    if isinstance(value, dict):
        if set(value) != {"amount", "currency"} or not isinstance(value["currency"], str):
            raise PydanticCustomError("money_shape", 'money is {"amount": "19.99", "currency": "EUR"}')
        amount, currency = value["amount"], value["currency"]
    if isinstance(amount, bool) or not isinstance(amount, str | int | float | Decimal):
        raise PydanticCustomError("money_shape", 'money is {"amount": "19.99", "currency": "EUR"}')
    try:
        # a JSON number reaches us as the shortest float that reads back the same: its repr is what was sent
        return Money.of(Decimal(repr(amount)) if isinstance(amount, float) else amount, currency)
    except NotAnAmount as error:
        raise error.refused() from None
