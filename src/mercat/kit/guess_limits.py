"""Guessing what is secret and worth something: only wrong guesses count, from where they come."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ClassVar
from weakref import WeakValueDictionary

from mercat.kit.caller import client_ip_var, site_of
from mercat.kit.limits import Limiter, Policy
from mercat.kit.problems import TooMany

AT_A_TIME = 2


class Guesses:
    """Counts wrong guesses by the place that the request came from.

    A few at a time: a burst of guesses cannot all be looked at before the first of them counts. Right ones do not
    count, and do not make up for wrong ones.
    """

    _semaphores: ClassVar[WeakValueDictionary[str, asyncio.Semaphore]] = WeakValueDictionary()

    def __init__(self, limiter: Limiter, policy: Policy) -> None:
        self._limiter = limiter
        self._policy = policy

    async def right(self, look: Callable[[], Awaitable[bool]]) -> bool:
        """Return what `look` finds out, and count it if that is a no.

        Raises:
            TooMany: there were too many wrong ones; nothing was looked at.
        """
        place = site_of(client_ip_var.get())
        turn = self._semaphores.setdefault(f"{self._policy.name} {place}", asyncio.Semaphore(AT_A_TIME))
        async with turn:
            await self._limiter.test(self._policy, place)
            if await look():
                return True
            with suppress(TooMany):  # full already: the next one is refused as it is
                await self._limiter.hit(self._policy, place)
        return False
