"""Amounts of money as a reader writes them."""

from copy import copy
from decimal import Decimal

from mercat.i18n.cldr import cldr
from mercat.kit.currencies import EXPONENTS
from mercat.kit.money import Money


def in_words(amount: Money, locale: str) -> str:
    """Write an amount with its currency, as CLDR has it but with exactly the decimals that the currency has.

    CLDR shows some currencies without the decimals in which they are paid, the Iraqi dinar for one, and would round.
    """
    pattern = copy(cldr(locale).currency_formats["standard"])
    pattern.frac_prec = (EXPONENTS[amount.currency],) * 2
    return str(pattern.apply(Decimal(amount.amount), cldr(locale), currency=amount.currency, currency_digits=False))
