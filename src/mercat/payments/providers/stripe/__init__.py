"""Cards and more by Stripe: PaymentIntents over its own SDK.

The SDK takes a tenth of a second to import: only a caller of `connect` pays for it.
"""

from mercat.payments.providers.interface import Provider
from mercat.payments.providers.payout_provider import PayoutProvider
from mercat.payments.providers.stripe.amounts import is_representable
from mercat.payments.providers.stripe.config import StripeSettings


def connect(settings: StripeSettings) -> Provider:
    """Return the provider; nothing is sent before it is called."""
    from mercat.payments.providers.stripe.provider import Stripe  # noqa: PLC0415 - the SDK, for whoever takes cards

    return Stripe(settings)


def connect_payouts(settings: StripeSettings) -> PayoutProvider:
    """Return Stripe as a payout provider; nothing is sent before it is called."""
    from mercat.payments.providers.stripe.transfers import StripePayouts  # noqa: PLC0415 - the SDK, for whoever pays by it

    return StripePayouts(settings)


__all__ = ["StripeSettings", "connect", "connect_payouts", "is_representable"]
