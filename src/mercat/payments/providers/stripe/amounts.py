"""Amounts as Stripe counts them.

Both count minor units, but disagree on a few currencies: Stripe has no iraimbilanja, keeps the decimals that the
Icelandic króna and the Ugandan shilling have lost, and takes only every tenth fils, baisa and millime.
"""

from mercat.kit.currencies import EXPONENTS, step_of
from mercat.kit.money import Money
from mercat.payments.providers.interface import ProviderRefused

UNKNOWN = frozenset({"CLF", "IQD", "LYD"})
"""Not among Stripe's currencies, and with decimals about which nothing can be assumed."""
OWN_EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}


def to_stripe(amount: Money) -> int:
    """Return an amount in Stripe's units.

    Raises:
        ProviderRefused: Stripe has no such currency, or its units cannot say this amount.
    """
    if amount.currency in UNKNOWN or amount.currency not in EXPONENTS:
        raise ProviderRefused("currency_not_supported", f"Stripe does not take {amount.currency}.")
    up, down = _ratio(amount.currency)
    units, rest = divmod(amount.minor * up, down)
    if rest or units % step_of(amount.currency):
        raise ProviderRefused("amount_not_representable", f"Stripe cannot take {amount}: its units are too coarse.")
    return units


def is_representable(amount: Money) -> bool:
    """Whether Stripe has the currency, and its units can say this amount."""
    try:
        to_stripe(amount)
    except ProviderRefused:
        return False
    return True


def from_stripe(units: int, currency: str) -> Money:
    """Return an amount of Stripe's, whose codes are in lower case.

    What was charged by us is exact. A fee in a currency with fewer decimals here than there is rounded half up.
    """
    code = currency.upper()
    up, down = _ratio(code)
    return Money((2 * units * down + up) // (2 * up), code)


def _ratio(currency: str) -> tuple[int, int]:
    """Return by what our units are multiplied and divided."""
    difference = OWN_EXPONENTS.get(currency, EXPONENTS.get(currency, 2)) - EXPONENTS.get(currency, 2)
    return (10**difference, 1) if difference >= 0 else (1, 10**-difference)
