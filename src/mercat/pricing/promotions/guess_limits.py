"""Guessing codes: how many wrong ones are answered before the guesser must wait."""

from typing import Annotated

from fastapi import Depends, Request

from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.guess_limits import Guesses
from mercat.kit.limits import Limiter, Policy
from mercat.kit.problems import FieldError
from mercat.pricing.exceptions import UnknownCoupon
from mercat.pricing.promotions.codes import key_of

BY_ONE_PLACE = Policy("coupons.place", "20/15minutes")
# an unusable coupon is answered like an unknown one: a guesser learns nothing about future or expired ones
USABLE = """
SELECT FROM promotions WHERE code_key = %(key)s AND deleted_at IS NULL AND is_active
AND (starts_at IS NULL OR starts_at <= %(now)s) AND (ends_at IS NULL OR ends_at > %(now)s)
AND (usage_limit IS NULL OR used_count < usage_limit)
"""


class CodeGuesses:
    """Looks codes up before a transaction is opened, and counts wrong ones by where the request is from."""

    def __init__(self, limiter: Limiter, database: Database) -> None:
        self._guesses = Guesses(limiter, BY_ONE_PLACE)
        self._database = database

    async def check(self, code: str | None) -> None:
        """Reject an unusable code, whatever the reason; no code passes.

        Raises:
            UnknownCoupon: there is no such coupon, or it is not active or used up.
            TooMany: there were too many wrong ones.
        """
        if code and not await self._guesses.right(lambda: self._usable(code)):
            raise UnknownCoupon(errors=(FieldError("coupon", "no coupon that can be used", "unknown"),))

    async def _usable(self, code: str) -> bool:
        key = key_of(code)
        return (
            key is not None and await self._database.primary.row(USABLE, {"key": key, "now": clock.now()}) is not None
        )


def guesses_of(request: Request) -> CodeGuesses:
    """Return the counter of this application."""
    return CodeGuesses(request.app.state.limiter, request.app.state.database)


CouponGuesses = Annotated[CodeGuesses, Depends(guesses_of)]
