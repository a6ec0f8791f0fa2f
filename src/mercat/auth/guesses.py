"""Guessing passwords and codes: how many wrong ones are answered before the guesser must wait.

Only wrong guesses count. They are counted for an account from one place, for an account from everywhere, and for a
place over all accounts. Whoever guesses at an account from many places shuts out the other places, not those where
its owner is signed in; and every limit passes by itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated, ClassVar
from uuid import UUID
from weakref import WeakValueDictionary

from fastapi import Depends, Request

from mercat.auth.schemas import key_of
from mercat.kit.caller import client_ip_var, site_of
from mercat.kit.database import Database
from mercat.kit.limits import Limiter, Policy
from mercat.kit.problems import TooMany

FROM_ONE_PLACE = Policy("guesses.pair", "10/5minutes")
AT_ONE_ACCOUNT = Policy("guesses.account", "60/hour")
BY_ONE_PLACE = Policy("guesses.place", "150/15minutes")
AT_A_TIME = 2

KNOWN_PLACE = """
SELECT FROM sessions s WHERE s.user_id = %s AND s.ip = %s AND s.revoked_at IS NULL AND s.expires_at > now()
"""


class Guesses:
    """Counts wrong guesses from where the request came."""

    _semaphores: ClassVar[WeakValueDictionary[str, asyncio.Semaphore]] = WeakValueDictionary()

    def __init__(self, limiter: Limiter, database: Database) -> None:
        self._limiter = limiter
        self._database = database

    @asynccontextmanager
    async def of(self, who: str, user_id: UUID | None) -> AsyncIterator[None]:
        """Let a guess be made, `who` being a login or an id, if there were not too many wrong ones.

        A few at a time: a burst of guesses cannot all be looked at before the first of them counts.

        Raises:
            TooMany: there were.
        """
        turn = self._semaphores.setdefault(key_of(who), asyncio.Semaphore(AT_A_TIME))
        async with turn:
            address = client_ip_var.get()
            place = site_of(address)
            await self._limiter.test(BY_ONE_PLACE, place)
            await self._limiter.test(FROM_ONE_PLACE, key_of(who), place)
            try:
                await self._limiter.test(AT_ONE_ACCOUNT, key_of(who))
            except TooMany:
                if user_id is None or await self._database.primary.row(KNOWN_PLACE, (user_id, address)) is None:
                    raise
            yield

    async def wrong(self, who: str) -> None:
        """Count a wrong guess."""
        place = site_of(client_ip_var.get())
        for policy, whose in (
            (BY_ONE_PLACE, (place,)),
            (FROM_ONE_PLACE, (key_of(who), place)),
            (AT_ONE_ACCOUNT, (key_of(who),)),
        ):
            with suppress(TooMany):  # full already: the next one is refused as it is
                await self._limiter.hit(policy, *whose)


def guesses_of(request: Request) -> Guesses:
    """Return the counter of this application."""
    return Guesses(request.app.state.limiter, request.app.state.database)


CountedGuesses = Annotated[Guesses, Depends(guesses_of)]
