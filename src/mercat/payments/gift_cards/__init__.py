"""Gift cards: balances with a code, which pays."""

from mercat.payments.exceptions import GiftCardEmpty, GiftCardNotValid, UnknownGiftCard
from mercat.payments.gift_cards.guess_limits import GiftCardGuesses
from mercat.payments.gift_cards.router import router
from mercat.payments.gift_cards.schemas import Code, GiftCardCreate
from mercat.payments.gift_cards.service import issue
from mercat.payments.gift_cards.tender import PROVIDER, Taken, Tender, give_back, pay

REFUSALS = (GiftCardNotValid, GiftCardEmpty, UnknownGiftCard)
"""Errors of routes that take a gift card's code, for `responses=`."""

__all__ = [
    "PROVIDER",
    "REFUSALS",
    "Code",
    "GiftCardCreate",
    "GiftCardGuesses",
    "Taken",
    "Tender",
    "give_back",
    "issue",
    "pay",
    "router",
]
