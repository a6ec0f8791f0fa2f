"""Limits for guesses of gift card codes: how many wrong ones are answered before the guesser must wait."""

from typing import Annotated

from fastapi import Depends, Request

from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.guess_limits import Guesses
from mercat.kit.limits import Limiter, Policy
from mercat.payments.gift_cards.codes import hash_of
from mercat.payments.gift_cards.queries import unknown

BY_ONE_PLACE = Policy("gift_cards.place", "20/15minutes")
# an unusable card is answered like an unknown one: a guesser learns nothing about expired ones
USABLE = """
SELECT FROM gift_cards WHERE code_hash = %s AND blocked_at IS NULL AND balance_minor > 0
AND (expires_at IS NULL OR expires_at > %s)
"""


class CodeGuesses:
    """Looks codes up before a transaction is opened, and counts wrong ones by where the request is from."""

    def __init__(self, limiter: Limiter, database: Database) -> None:
        self._guesses = Guesses(limiter, BY_ONE_PLACE)
        self._database = database

    async def check(self, code: str | None, *, field: str = "gift_card") -> None:
        """Reject an unusable code, whatever the reason; no code passes.

        Raises:
            UnknownGiftCard: there is no such card, or it is blocked, has expired or is empty.
            TooMany: there were too many wrong ones.
        """
        if code is not None and not await self._guesses.right(lambda: self._usable(code)):
            raise unknown(field)

    async def _usable(self, code: str) -> bool:
        key = hash_of(code)
        return key is not None and await self._database.primary.row(USABLE, (key, clock.now())) is not None


def guesses_of(request: Request) -> CodeGuesses:
    """Return the counter of this application."""
    return CodeGuesses(request.app.state.limiter, request.app.state.database)


GiftCardGuesses = Annotated[CodeGuesses, Depends(guesses_of)]
