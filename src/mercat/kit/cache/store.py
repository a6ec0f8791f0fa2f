"""Values in Redis. Whatever goes wrong there is as if nothing had been kept."""

import random
import time
from secrets import token_hex

from redis.exceptions import ResponseError

from mercat.kit.cache.answers import Answer, dump, load
from mercat.kit.redis import Reach

PREFIX = "mercat:cache:"
JITTER = 0.1
"""The part of a lifetime by which it differs from value to value, so that not all of them end at once."""
LOCK_SECONDS = 5.0
"""How long somebody who has begun a load is believed to be at it."""
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Store:
    """Keeps answers under names; a name is used for one state of things only."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.failures = 0
        """How often Redis did not do what it was asked, or what it gave could not be read."""

    async def get(self, name: str) -> tuple[Answer, bool] | None:
        """Return what is kept, and whether it is fresh."""
        value = await self.reach.ask(lambda: self._get(name))
        if not value:  # nothing is kept, or nobody answers
            return None
        found = load(value)
        if found is None:
            self.failures += 1
            return None
        answer, fresh_until = found
        return answer, time.time() < fresh_until

    async def put(self, name: str, answer: Answer, fresh: float, stale: float) -> None:
        """Keep an answer for `fresh` seconds, and for `stale` more in which it may be served while it is renewed."""
        fresh *= 1 + random.uniform(-JITTER, JITTER)  # noqa: S311 - no secret
        value = dump(answer, time.time() + fresh)
        await self.reach.ask(lambda: self._set(name, value, fresh + stale))

    async def lock(self, name: str) -> str | None:
        """Claim a load: the claim; empty if somebody else is at it; None if Redis cannot tell."""
        claim = token_hex(8)
        return await self.reach.ask(lambda: self._claim(name, claim))

    async def release(self, name: str, claim: str) -> None:
        """Give up a claim, unless it is somebody else's by now."""
        await self.reach.ask(lambda: self._release(name, claim))

    async def _get(self, name: str) -> bytes:
        try:
            value = await self.reach.redis.get(PREFIX + name)
            return value if isinstance(value, bytes) else b""
        except ResponseError:
            self.failures += 1
            return b""

    async def _set(self, name: str, value: bytes, seconds: float) -> bool:
        try:
            return bool(await self.reach.redis.set(PREFIX + name, value, px=max(1, int(seconds * 1000))))
        except ResponseError:  # full: it still answers what it has
            self.failures += 1
            return False

    async def _claim(self, name: str, claim: str) -> str:
        try:
            mine = await self.reach.redis.set(f"{PREFIX}{name}:load", claim, px=int(LOCK_SECONDS * 1000), nx=True)
        except ResponseError:
            self.failures += 1
            return claim  # nobody can claim anything: everybody loads
        return claim if mine else ""

    async def _release(self, name: str, claim: str) -> bool:
        try:
            return bool(await self.reach.redis.eval(RELEASE, 1, f"{PREFIX}{name}:load", claim))
        except ResponseError:
            self.failures += 1
            return False
