"""The configured providers."""

from mercat.kit.database import Database
from mercat.kit.money import Money
from mercat.kit.settings_memory import by_settings
from mercat.payments.config import settings
from mercat.payments.providers.interface import Provider
from mercat.payments.providers.payout_provider import PayoutProvider
from mercat.payments.providers.sandbox.provider import SandboxProvider
from mercat.payments.providers.sandbox.transfers import SandboxPayouts
from mercat.payments.providers.stripe import StripeSettings, connect, connect_payouts, is_representable

BY_HAND = frozenset({"manual", "gift_card"})
"""There is no provider to call: an operator or our own books say whether the money has arrived."""


def capture_later() -> bool:
    """Whether cards are only authorized until an operator captures them."""
    return settings().payment_capture == "manual"


def opens_late(name: str) -> bool:
    """Whether a charge may be created as late as its buyer confirms it: their browser needs nothing of it."""
    return name == "test"


def online() -> tuple[str, ...]:
    """Return the names of the providers that can be called, the one for cards first."""
    cards = ("stripe",) if StripeSettings.read().stripe_secret_key.get_secret_value() else ()
    return (*cards, "test") if settings().test_payments else cards


@by_settings
def _stripe() -> Provider:
    return connect(StripeSettings.read())


@by_settings
def _stripe_payouts() -> PayoutProvider:
    return connect_payouts(StripeSettings.read())


def provider_of(method: str) -> str | None:
    """Return the provider of a payment method, or None if there is none. `card` is the card provider here."""
    if method == "manual" or method in online():
        return method
    return next(iter(online()), None) if method == "card" else None


def takes(name: str, amount: Money) -> bool:
    """Whether a provider can charge and refund an amount, as far as its currency and its units are concerned."""
    return name != "stripe" or is_representable(amount)


def provider(name: str, database: Database) -> Provider:
    """Return a provider by its name.

    Raises:
        LookupError: none of that name is configured.
    """
    if name not in online():
        raise LookupError(name)
    return SandboxProvider(database) if name == "test" else _stripe()


def payout_service(name: str, database: Database) -> PayoutProvider:
    """Return the payout provider of a name.

    Raises:
        LookupError: none of that name is configured.
    """
    if name not in online():
        raise LookupError(name)
    return SandboxPayouts(database) if name == "test" else _stripe_payouts()
