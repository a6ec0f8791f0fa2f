"""Payment providers behind one interface.

Methods are what buyers choose (`card`), providers carry them out (`stripe`). Payment by hand has no provider.
"""

from mercat.payments.providers.interface import (
    UNKNOWN,
    Charge,
    ChargeRequest,
    ChargeState,
    Dispute,
    Provider,
    ProviderAway,
    ProviderRefused,
    Returned,
    ReturnState,
    SavedMethod,
    WebhookEvent,
    WebhookRejected,
)
from mercat.payments.providers.outcomes import asking
from mercat.payments.providers.payout_provider import Outgoing, PayoutProvider, Transfer
from mercat.payments.providers.registry import (
    BY_HAND,
    capture_later,
    online,
    opens_late,
    payout_service,
    provider,
    provider_of,
    takes,
)
from mercat.payments.providers.sandbox.challenges import ANSWERS, Challenge, open_challenge
from mercat.payments.providers.sandbox.provider import record_past_charge

__all__ = [
    "ANSWERS",
    "BY_HAND",
    "UNKNOWN",
    "Challenge",
    "Charge",
    "ChargeRequest",
    "ChargeState",
    "Dispute",
    "Outgoing",
    "PayoutProvider",
    "Provider",
    "ProviderAway",
    "ProviderRefused",
    "ReturnState",
    "Returned",
    "SavedMethod",
    "Transfer",
    "WebhookEvent",
    "WebhookRejected",
    "asking",
    "capture_later",
    "online",
    "open_challenge",
    "opens_late",
    "payout_service",
    "provider",
    "provider_of",
    "record_past_charge",
    "takes",
]
