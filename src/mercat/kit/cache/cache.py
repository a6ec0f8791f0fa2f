"""Finding an answer: in Redis, or by the work of one for all who want it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import blake2b

from mercat import __version__
from mercat.kit.cache.answers import Answer
from mercat.kit.cache.config import CacheSettings
from mercat.kit.cache.counters import Counters, Outcome
from mercat.kit.cache.memory import Memory
from mercat.kit.cache.policy import Policy
from mercat.kit.cache.store import Store
from mercat.kit.cache.witnesses import Witness, generations
from mercat.kit.config import Settings
from mercat.kit.database import Database, Reads
from mercat.kit.redis import Reach
from mercat.kit.settings_memory import by_settings

OK = 200
PATIENCE = 2.0
"""Seconds that anybody waits for somebody else's load, then they load themselves."""
FIRST_LOOK, LONGEST_LOOK = 0.01, 0.1
"""Pauses between looks for what another process loads."""

Found = tuple[Answer, Outcome]


class Cache:
    """The cache of a process; `app.state.cache`."""

    def __init__(self, reach: Reach, settings: CacheSettings) -> None:
        self.settings = settings
        self.counters = Counters()
        self.store = Store(reach)
        self.memory = Memory(settings.cache_memory_mb << 20)
        self._generations = generations()
        self._witnesses: dict[str, Witness] = {}
        self._flights: dict[str, asyncio.Task[Found]] = {}
        self.renewals: set[asyncio.Task[None]] = set()

    async def state(self, database: Database, policy: Policy, subject: str) -> bytes:
        """Return the state of what an answer shows, as it is now: of its subject, or else the generations of its tags.

        Raises:
            psycopg.Error, TimeoutError: the primary did not say.
        """
        return await self._witness(policy).now(database.primary, subject if policy.read else policy.key)

    async def state_in(self, reads: Reads, policy: Policy, subject: str) -> bytes:
        """Return the same as some replica has it."""
        return await self._witness(policy).of(reads, subject if policy.read else policy.key)

    def _witness(self, policy: Policy) -> Witness:
        if policy.read is None:
            return self._generations
        found = self._witnesses.get(policy.name)
        if found is None:
            found = self._witnesses[policy.name] = Witness(policy.read)
        return found

    async def fetch(
        self, policy: Policy, question: bytes, state: bytes, load: Callable[[], Awaitable[Answer]]
    ) -> tuple[Answer, Outcome]:
        """Return the answer to a question in this state of things, and where it comes from.

        `state` was read after the caller was asked. One load serves all who want the same; nobody waits for another's
        longer than `PATIENCE`.
        """
        name = name_of(policy, question, state)
        flight = self._flights.get(name)
        if flight is None:
            flight = self._begin(name, self._find(policy, question, state, load))
            mine = True
        else:
            mine = False
        answer, outcome = None, Outcome.miss
        with suppress(TimeoutError):
            async with asyncio.timeout(None if mine else PATIENCE):
                answer, outcome = await asyncio.shield(flight)
        if answer is None or (not mine and answer.proof and answer.proof != state):
            # too slow, or it read another state than ours, which ours may have come after
            answer, outcome = await load(), Outcome.miss
        elif not mine:
            outcome = Outcome.shared
        self.counters.count(policy.name, outcome)
        return answer, outcome

    def _begin(self, name: str, work: Awaitable[Found]) -> asyncio.Task[Found]:
        async def run() -> Found:
            return await work

        flight = self._flights[name] = asyncio.create_task(run())

        def end(task: asyncio.Task[Found]) -> None:
            self._flights.pop(name, None)
            if not task.cancelled():
                task.exception()  # whoever still waits gets it; that nobody does is no failure

        flight.add_done_callback(end)
        return flight

    async def _find(
        self, policy: Policy, question: bytes, state: bytes, load: Callable[[], Awaitable[Answer]]
    ) -> Found:
        name = name_of(policy, question, state)
        kept = await self.store.get(name)
        if kept is not None:
            answer, fresh = kept
            if not fresh:
                self._renew(policy, question, name, load)
            return answer, Outcome.redis if fresh else Outcome.stale
        claim = await self.store.lock(name)
        if claim == "":
            another = await self._from_another(name)
            if another is not None:
                return another, Outcome.shared
        try:
            return await self._load(policy, question, name, load), Outcome.miss
        finally:
            if claim:
                await self.store.release(name, claim)

    async def _from_another(self, name: str) -> Answer | None:
        """Wait for what another process loads; None if it takes too long or failed."""
        pause = FIRST_LOOK
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    await asyncio.sleep(pause)
                    kept = await self.store.get(name)
                    if kept is not None:
                        return kept[0]
                    pause = min(2 * pause, LONGEST_LOOK)
        return None

    async def _load(self, policy: Policy, question: bytes, name: str, load: Callable[[], Awaitable[Answer]]) -> Answer:
        answer = await load()
        if answer.proof:  # what was read belongs to the state that it was read in
            name = name_of(policy, question, answer.proof)
        fresh = policy.seconds or self.settings.cache_seconds
        if answer.status != OK:
            fresh = min(fresh, policy.missing_seconds)
        if fresh:
            await self.store.put(name, answer, fresh, policy.stale_seconds if answer.status == OK else 0)
        return answer

    def _renew(self, policy: Policy, question: bytes, name: str, load: Callable[[], Awaitable[Answer]]) -> None:
        """Load anew while what is kept is still served; one process does, and who fails leaves it to the next."""

        async def renew() -> None:
            claim = await self.store.lock(name)
            if not claim:
                return
            try:
                with suppress(Exception):
                    await self._load(policy, question, name, load)
            finally:
                await self.store.release(name, claim)

        task = asyncio.create_task(renew())
        self.renewals.add(task)
        task.add_done_callback(self.renewals.discard)

    def forget(self) -> None:
        """Begin anew in this process."""
        self.memory.clear()
        for witness in (self._generations, *self._witnesses.values()):
            witness.forget()
        self._flights.clear()

    async def close(self) -> None:
        """End what is under way."""
        tasks = [*self.renewals, *self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@by_settings
def fingerprint() -> bytes:
    """Return what tells settings apart: with others, answers may be others. Secrets are not in it."""
    digest = blake2b(digest_size=8)
    for settings in sorted(Settings.registry, key=lambda one: f"{one.__module__}.{one.__name__}"):
        if settings.__module__.startswith("mercat."):
            digest.update(settings.read().model_dump_json().encode())
    return digest.digest()


def name_of(policy: Policy, question: bytes, state: bytes) -> str:
    """Return the name under which the answer to a question is kept: another one in every state of things."""
    parts = (__version__.encode(), fingerprint(), policy.name.encode(), question, state)
    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()
