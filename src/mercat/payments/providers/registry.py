"""Which providers there are, by what the settings say."""

from mercat.kit.database import Database
from mercat.kit.settings_memory import by_settings
from mercat.payments.config import settings
from mercat.payments.providers.interface import Provider
from mercat.payments.providers.payout_provider import PayoutProvider
from mercat.payments.providers.sandbox.provider import SandboxProvider
from mercat.payments.providers.sandbox.transfers import SandboxPayouts
from mercat.payments.providers.stripe import StripeSettings, connect, connect_payouts

BY_HAND = frozenset({"manual", "gift_card"})
"""Nobody needs to be asked: an operator or our own books say whether the money has come."""


def capture_later() -> bool:
    """Whether cards only promise their money until an operator takes it."""
    return settings().payment_capture == "manual"


def opens_late(name: str) -> bool:
    """Whether a charge need not be there before its buyer confirms it: their browser is told nothing of it."""
    return name == "test"


def online() -> tuple[str, ...]:
    """Return the names of the providers that can be asked, the one for cards first."""
    cards = ("stripe",) if StripeSettings.read().stripe_secret_key.get_secret_value() else ()
    return (*cards, "test") if settings().test_payments else cards


@by_settings
def _stripe() -> Provider:
    return connect(StripeSettings.read())


@by_settings
def _stripe_payouts() -> PayoutProvider:
    return connect_payouts(StripeSettings.read())


def provider_of(method: str) -> str | None:
    """Return who does what a buyer chose, or None if nobody does. `card` is whoever takes cards here."""
    if method == "manual" or method in online():
        return method
    return next(iter(online()), None) if method == "card" else None


def provider(name: str, database: Database) -> Provider:
    """Return a provider by its name.

    Raises:
        LookupError: nobody of that name is configured.
    """
    if name not in online():
        raise LookupError(name)
    return SandboxProvider(database) if name == "test" else _stripe()


def payout_service(name: str, database: Database) -> PayoutProvider:
    """Return who pays shops under a provider's name.

    Raises:
        LookupError: nobody of that name is configured.
    """
    if name not in online():
        raise LookupError(name)
    return SandboxPayouts(database) if name == "test" else _stripe_payouts()
