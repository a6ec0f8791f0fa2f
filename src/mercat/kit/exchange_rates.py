"""A frozen exchange rate: what an amount of one currency is worth in that of the books."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from mercat.kit.currencies import EXPONENTS
from mercat.kit.money import CurrencyMismatchError, Money

EXACT = Context(prec=80)
"""More digits than an amount, a rate and a margin have together: nothing is rounded before it shall be."""
LARGEST = 10**17
"""Minor units that a converted amount has at most, far beyond any order and within a 64-bit column."""


@dataclass(frozen=True, slots=True)
class FrozenRate:
    """So many units of `currency` for one of `books`, with everything that was added; as of a day, from a source."""

    books: str
    currency: str
    rate: Decimal
    dated: date
    source: str

    def to_books(self, amount: Money) -> Money:
        """Return what an amount of the currency is worth in the books, to the minor unit, half to even.

        Raises:
            CurrencyMismatchError: it is in another currency.
        """
        _expect(amount, self.currency)
        shift = EXPONENTS[self.books] - EXPONENTS[self.currency]
        return Money(_whole(EXACT.divide(Decimal(amount.minor).scaleb(shift, EXACT), self.rate)), self.books)

    def from_books(self, amount: Money) -> Money:
        """Return what an amount of the books is worth in the currency, to the minor unit, half to even.

        Raises:
            CurrencyMismatchError: it is in another currency.
        """
        return Money(_whole(self.exactly(amount)), self.currency)

    def exactly(self, amount: Money) -> Decimal:
        """Return the same in minor units of the currency before it is rounded."""
        _expect(amount, self.books)
        shift = EXPONENTS[self.currency] - EXPONENTS[self.books]
        return EXACT.multiply(Decimal(amount.minor).scaleb(shift, EXACT), self.rate)


def in_books(amount: Money, rate: FrozenRate | None) -> Money:
    """Return what an amount is worth in the books; without a rate it is in their currency already."""
    return amount if rate is None else rate.to_books(amount)


def proportion(whole: int, numerator: int, denominator: int) -> int:
    """Return that share of a whole, half to even: all of it where both are the same, whatever the whole is."""
    return whole if numerator == denominator else _whole(EXACT.divide(Decimal(whole * numerator), Decimal(denominator)))


def _expect(amount: Money, currency: str) -> None:
    if amount.currency != currency:
        raise CurrencyMismatchError(f"{amount.currency} is not {currency}")


def _whole(minor: Decimal) -> int:
    return max(-LARGEST, min(LARGEST, int(minor.to_integral_value(ROUND_HALF_EVEN, EXACT))))
