"""What prices of the books cost in another currency: pure arithmetic over a rate, a margin and a rule of rounding."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import Self

from mercat.exchange.rounding_rules import Rounding
from mercat.kit.currencies import step_of
from mercat.kit.exchange_rates import EXACT, LARGEST, FrozenRate
from mercat.kit.money import CurrencyMismatchError, Money

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Conversion:
    """A currency as it is in force: so many units of `currency` for one of `base`, as of a day."""

    base: str
    currency: str
    rate: Decimal
    """As it was published, without the margin."""
    dated: date
    source: str
    margin: Decimal
    """Per cent that are added to the rate."""
    rounding: Rounding
    is_stale: bool = False
    """Older than rates should be, and still used."""

    @classmethod
    def identity(cls, base: str, today: date) -> Self:
        """Return the conversion of a currency into itself, which changes nothing."""
        return cls(base, base, Decimal(1), today, "books", Decimal(0), Rounding())

    @cached_property
    def effective(self) -> Decimal:
        """The rate with its margin: what is multiplied by."""
        return EXACT.multiply(self.rate, EXACT.divide(EXACT.add(HUNDRED, self.margin), HUNDRED))

    @cached_property
    def frozen(self) -> FrozenRate | None:
        """What to keep beside amounts that were made with it; nothing in the currency of the books."""
        return None if self.currency == self.base else self._rate

    @cached_property
    def _rate(self) -> FrozenRate:
        return FrozenRate(self.base, self.currency, self.effective, self.dated, self.source)

    def convert(self, price: Money) -> Money:
        """Convert a price of the books, rounded by the currency's rule.

        A lower price is never converted to a higher one, and what costs something never to nothing. At most `LARGEST`.

        Raises:
            CurrencyMismatchError: the price is not in the currency of the books.
            ValueError: it is below zero.
        """
        if price.minor < 0:
            raise ValueError("a price is not below zero")
        if self.currency == self.base:
            if price.currency != self.base:
                raise CurrencyMismatchError(f"{price.currency} is not {self.base}")
            return price
        return Money(self.rounding.nearest(self._rate.exactly(price)), self.currency)

    def exact(self, amount: Money) -> Money:
        """Convert an amount of the books to the minor unit, half to even: fees, thresholds, what is left on a card."""
        return self._rate.from_books(amount)

    def fee(self, amount: Money) -> Money:
        """Convert a fee: exactly, but to what can be paid by card; see `step_of`."""
        step = step_of(self.currency)
        whole = EXACT.divide(self._rate.exactly(amount), Decimal(step)).to_integral_value(ROUND_HALF_EVEN, EXACT)
        return Money(min(int(whole) * step, LARGEST), self.currency)

    def back(self, amount: Money) -> Money:
        """Convert an amount of this currency into that of the books, to the minor unit, half to even."""
        return self._rate.to_books(amount)
