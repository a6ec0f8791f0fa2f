"""Payment providers behind one interface.

Methods are what buyers choose (`card`), providers are who does it (`stripe`). What is done by hand has nobody to ask.
"""

from mercat.payments.providers.challenges import ANSWERS, Challenge, open_challenge
from mercat.payments.providers.interface import (
    UNKNOWN,
    Charge,
    ChargeState,
    Dispute,
    Notice,
    NoticeRefused,
    Provider,
    ProviderAway,
    ProviderRefused,
    Returned,
    ReturnState,
    SavedMethod,
    Wish,
)
from mercat.payments.providers.outcomes import asking
from mercat.payments.providers.paying_out import Outgoing, Payer, Transfer
from mercat.payments.providers.registry import (
    BY_HAND,
    capture_later,
    online,
    opens_late,
    payer,
    provider,
    provider_of,
)
from mercat.payments.providers.testing import record_past_charge

__all__ = [
    "ANSWERS",
    "BY_HAND",
    "UNKNOWN",
    "Challenge",
    "Charge",
    "ChargeState",
    "Dispute",
    "Notice",
    "NoticeRefused",
    "Outgoing",
    "Payer",
    "Provider",
    "ProviderAway",
    "ProviderRefused",
    "ReturnState",
    "Returned",
    "SavedMethod",
    "Transfer",
    "Wish",
    "asking",
    "capture_later",
    "online",
    "open_challenge",
    "opens_late",
    "payer",
    "provider",
    "provider_of",
    "record_past_charge",
]
