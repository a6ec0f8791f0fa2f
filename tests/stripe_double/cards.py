"""Stripe's test cards, by the names that stand for them in its API."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What happens to a charge."""

    succeeds = "succeeds"
    declined = "declined"
    asks = "asks"
    """The bank wants to see the buyer (3-D Secure)."""
    disputed = "disputed"
    processing = "processing"
    """It takes days."""


@dataclass(frozen=True)
class Card:
    """A card, and what becomes of it."""

    last4: str
    fate: Fate = Fate.succeeds
    brand: str = "visa"
    kind: str = "card"
    code: str = "card_declined"
    decline_code: str | None = None
    attaches: bool = True
    """Whether the bank lets it be kept for a customer."""


CARDS = {
    "pm_card_visa": Card("4242"),
    "pm_card_mastercard": Card("4444", brand="mastercard"),
    "pm_card_chargeDeclined": Card("0002", Fate.declined, decline_code="generic_decline", attaches=False),
    "pm_card_chargeDeclinedInsufficientFunds": Card(
        "9995", Fate.declined, decline_code="insufficient_funds", attaches=False
    ),
    "pm_card_chargeDeclinedExpiredCard": Card("0069", Fate.declined, code="expired_card", attaches=False),
    "pm_card_chargeCustomerFail": Card("0341", Fate.declined, decline_code="generic_decline"),
    "pm_card_threeDSecure2Required": Card("3220", Fate.asks),
    "pm_card_authenticationRequired": Card("3184", Fate.asks),
    "pm_card_createDispute": Card("0259", Fate.disputed),
    "pm_usBankAccount_success": Card("6789", Fate.processing, brand="", kind="us_bank_account"),
}
