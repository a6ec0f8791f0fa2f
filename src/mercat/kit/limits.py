"""How often somebody may do something, counted in sliding windows.

What all processes must count together is counted in Redis; while Redis is away, each process counts for itself, and
nobody is refused for the outage. Refused attempts are not counted: whoever waits gets in again, however hard
somebody else tries in the meantime.
"""

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Self

from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from mercat.kit import metrics
from mercat.kit.config import Settings
from mercat.kit.problems import TooMany
from mercat.kit.redis import Reach
from mercat.kit.windows import Window, Windows

KEY_PREFIX = "mercat:limits"
RULE = re.compile(r"[1-9][0-9]{0,8}/([1-9][0-9]{0,4})?(second|minute|hour|day)s?")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def _readable(rule: str) -> str:
    if rule and not RULE.fullmatch(rule):
        raise PydanticCustomError("rate", "write a rate like 600/minute or 10/15minutes; empty is no limit")
    return rule


Rule = Annotated[str, AfterValidator(_readable)]
"""How often in how long, as a setting: `600/minute`, `10/15minutes`; empty is no limit."""


class LimitSettings(Settings):
    """How many requests are taken, like 600/minute or 10/15minutes; empty is no limit."""

    rate_limit_read: Rule = Field(
        "1200/minute", description="GETs from one address (IPv6: one /64), counted by each process for itself."
    )
    rate_limit_write: Rule = Field(
        "300/minute", description="POST, PUT, PATCH and DELETE from one address, counted by all processes together."
    )
    rate_limit_health: Rule = Field(
        "600/minute", description="Questions about health from one address, counted by each process for itself."
    )
    rate_limit_webhooks: Rule = Field(
        "3000/minute", description="Webhooks from one address, counted by each process for itself."
    )
    rate_limit_mail: Rule = Field(
        "60/hour",
        description="Requests from one address that send mail to an address which they name: registrations, links, "
        "invitations, orders. Counted by all processes together.",
    )
    rate_limit_account: Rule = Field(
        "600/minute", description="GETs, and as many others, by one account or API key from wherever."
    )


REFUSED = metrics.counter("mercat_rate_limit_refusals", "Requests that were too many, by the limit.", "policy")


@dataclass(frozen=True)
class Policy:
    """A limit under a stable name; each name is counted apart.

    A policy that is not `shared` is counted by each process for itself, in memory, which is a hundred times cheaper.
    `refusal` is what a client is told.
    """

    name: str
    rule: str
    shared: bool = True
    refusal: type[TooMany] = TooMany

    def __post_init__(self) -> None:
        _readable(self.rule)

    @cached_property
    def item(self) -> RateLimitItem | None:
        """The rule as the library has it; None is no limit."""
        if not self.rule:
            return None
        item = parse(self.rule)
        item.namespace = self.name
        return item


@dataclass(frozen=True)
class Usage:
    """What somebody may do in all: look at things, and change them."""

    reads: Policy
    writes: Policy

    @classmethod
    def of(cls, whose: str, reads: str, writes: str) -> Self:
        """Reads are too many and too cheap to ask Redis about each."""
        return cls(Policy(f"{whose}.read", reads, shared=False), Policy(f"{whose}.write", writes))

    def by(self, method: str) -> Policy:
        """Return the policy for a method of HTTP."""
        return self.reads if method in SAFE_METHODS else self.writes


class Limiter:
    """Counts, and refuses what is too often; one instance per application, at `app.state.limiter`.

    To bound guesses, `hit` before looking at what was guessed and `clear` once it was right: then a hundred guesses
    at the same moment are no more than a hundred one by one. Name the guesser's address beside the account, or
    somebody else can use up an account's attempts.
    """

    def __init__(self, reach: Reach, settings: LimitSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.addresses = Usage.of("address", settings.rate_limit_read, settings.rate_limit_write)
        self.health = Policy("address.health", settings.rate_limit_health, shared=False)
        self.webhooks = Policy("address.webhooks", settings.rate_limit_webhooks, shared=False)
        self.mail = Policy("address.mail", settings.rate_limit_mail)
        self.accounts = Usage.of("account", settings.rate_limit_account, settings.rate_limit_account)
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=KEY_PREFIX,
            connection_pool=reach.redis.connection_pool,  # type: ignore[arg-type]  # documented; its type thinks of URLs only
        )
        self._shared = SlidingWindowCounterRateLimiter(storage)
        self._reach = reach
        self._clock = clock
        self._local: dict[Policy, Windows] = {}

    async def hit(self, policy: Policy, *who: str) -> Window | None:
        """Count one more for `who`, and return where they stand; None when the policy is no limit.

        Raises:
            TooMany: there is no room for one more. It was not counted.
        """
        item = policy.item
        if item is None:
            return None
        key = _key(who)

        async def count() -> tuple[bool, Window]:
            return await self._shared.hit(item, key), await self._window(item, key)

        counted = await self._reach.ask(count) if policy.shared else None
        admitted, window = counted or self._windows(policy, item).hit(key)
        if not admitted:
            REFUSED.labels(policy.name).inc()
            raise policy.refusal(limit=window.limit, retry_after=window.reset)
        return window

    async def test(self, policy: Policy, *who: str) -> Window | None:
        """Look without counting.

        Raises:
            TooMany: a `hit` would be refused.
        """
        item = policy.item
        if item is None:
            return None
        key = _key(who)
        found = await self._reach.ask(lambda: self._window(item, key)) if policy.shared else None
        window = found or self._windows(policy, item).look(key)
        if not window.remaining:
            raise policy.refusal(limit=window.limit, retry_after=window.reset)
        return window

    async def clear(self, policy: Policy, *who: str) -> None:
        """Forget what was counted for `who`."""
        item = policy.item
        if item is None:
            return
        key = _key(who)
        if policy.shared:
            await self._reach.ask(lambda: self._shared.clear(item, key))
        self._windows(policy, item).clear(key)

    async def _window(self, item: RateLimitItem, key: str) -> Window:
        reset_at, remaining = await self._shared.get_window_stats(item, key)
        return Window(item.amount, remaining, max(math.floor(reset_at - time.time()), 0) + 1)

    def _windows(self, policy: Policy, item: RateLimitItem) -> Windows:
        found = self._local.get(policy)
        if found is None:
            found = self._local[policy] = Windows(item.amount, item.get_expiry(), self._clock)
        return found


def _key(who: tuple[str, ...]) -> str:
    """Return one short word for those who are counted: no two of them share it, and nobody can be read from it."""
    named = "".join(f"{len(part)}:{part}" for part in who)
    return blake2b(named.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
