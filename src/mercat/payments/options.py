"""The payment methods that the marketplace accepts now."""

from mercat.payments.providers import BY_HAND, online, provider_of
from mercat.payments.providers.stripe import StripeSettings
from mercat.payments.queries import TRIAL, instructions
from mercat.payments.schemas import PaymentOption

NAMES = {"card": "Card", "manual": "Bank transfer", "test": "Test payment"}
METHODS = ("card", "manual", "test")


def offered() -> list[PaymentOption]:
    """Return the accepted values of `payment_method`; gift cards pay beside each of them."""
    found = ((method, provider_of(method)) for method in METHODS)
    return [_option(method, provider) for method, provider in found if provider in {*BY_HAND, *online()}]


def name_of(method: str) -> str:
    """Return the English name of a payment method; its code if it has no name."""
    return NAMES.get(method, method)


def _option(method: str, provider: str) -> PaymentOption:
    stripe = StripeSettings.read() if provider == "stripe" else None
    return PaymentOption(
        method=method,
        provider=provider,
        instructions=TRIAL if provider == "test" else instructions(method),
        publishable_key=stripe.stripe_publishable_key or None if stripe else None,
        is_test=provider == "test" or (stripe is not None and _is_trial(stripe)),
    )


def _is_trial(stripe: StripeSettings) -> bool:
    """Whether the key is one with which no money moves: `sk_test_...`, `rk_test_...`."""
    return stripe.stripe_secret_key.get_secret_value()[2:].startswith("_test_")
