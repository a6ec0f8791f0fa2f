"""Saying what happened, after the commit, to listeners of all processes.

Every process says it to its own listeners itself, and to the others through Redis. Without Redis the others hear
nothing, and nothing else is missing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from uuid import UUID
from weakref import WeakKeyDictionary

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from mercat.kit.database import Database, Reads, after_commit
from mercat.kit.logs import logger
from mercat.kit.redis import OUTAGES, PAUSE_SECONDS
from mercat.realtime.hub import Hub
from mercat.realtime.messages import Message, from_wire

CHANNEL = "mercat:realtime"
BATCH_SECONDS = 0.1
"""What changes again within this time is described once."""
FAREWELL_SECONDS = 2.0
"""How long what is left to be said may keep a process from its end."""

Describe = Callable[[Reads, Sequence[UUID]], Awaitable[list[Message]]]
"""Reads what is to be said about these things, after the commit that changed them."""

_speakers: WeakKeyDictionary[AsyncEngine, "Speaker"] = WeakKeyDictionary()


class Speaker:
    """What this process has to say, and the tasks that say it."""

    def __init__(self, database: Database, redis: Redis, hub: Hub | None) -> None:
        self._database = database
        self._redis = redis
        self._hub = hub
        self._name = token_hex(8)
        self._messages: list[Message] = []
        self._changed: dict[Describe, set[UUID]] = {}
        self._something = asyncio.Event()
        self._over = asyncio.Event()
        self._away = False

    def say(self, messages: Iterable[Message]) -> None:
        """Say these as soon as possible."""
        self._messages += messages
        self._something.set()

    def describe(self, describe: Describe, ids: Iterable[UUID]) -> None:
        """Say how these are now, as soon as possible."""
        self._changed.setdefault(describe, set()).update(ids)
        self._something.set()

    async def speak(self) -> None:
        """Say what there is to say, and at the end what is left of it."""
        while not self._over.is_set():
            await self._something.wait()
            await self._say_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(BATCH_SECONDS):
                    await self._over.wait()
        await self._say_all()

    def end(self) -> None:
        """Let `speak` end when everything is said."""
        self._over.set()
        self._something.set()

    async def _say_all(self) -> None:
        self._something.clear()
        messages, self._messages = self._messages, []
        changed, self._changed = self._changed, {}
        for describe, ids in changed.items():
            messages += await self._described(describe, sorted(ids))
        for message in messages:
            await self._send(message)

    async def listen(self) -> None:
        """Hand on what other processes say, until cancelled."""
        while self._hub is not None:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(CHANNEL)
                    while True:
                        heard = await subscription.get_message(timeout=PAUSE_SECONDS)
                        if heard is not None:
                            self._hear(self._hub, heard["data"])
            except OUTAGES:
                await asyncio.sleep(PAUSE_SECONDS)

    def _hear(self, hub: Hub, data: bytes) -> None:
        speaker, message = from_wire(data)
        if speaker != self._name:
            hub.deliver(message)

    async def _described(self, describe: Describe, ids: Sequence[UUID]) -> list[Message]:
        try:
            return await describe(self._database.primary, ids)
        except Exception as error:  # noqa: BLE001 - what is not said now is read by the next page; the marketplace goes on
            logger.warning("live_not_described", error=type(error).__name__)
            return []

    async def _send(self, message: Message) -> None:
        if self._hub is not None:
            self._hub.deliver(message)
        try:
            await self._redis.publish(CHANNEL, message.to_wire(self._name))
        except OUTAGES as error:
            if not self._away:
                logger.warning("redis_away", what="realtime", error=type(error).__name__)
            self._away = True
        else:
            self._away = False


@asynccontextmanager
async def publishing(database: Database, redis: Redis, hub: Hub | None = None) -> AsyncIterator[Speaker]:
    """Say what transactions of this database change as long as this is open; with a hub, also hear what others say."""
    speaker = Speaker(database, redis, hub)
    tasks = [asyncio.create_task(speaker.speak()), asyncio.create_task(speaker.listen())]
    _speakers[database.engine] = speaker
    try:
        yield speaker
    finally:
        _speakers.pop(database.engine, None)
        speaker.end()
        await asyncio.wait(tasks[:1], timeout=FAREWELL_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def tell(session: AsyncSession, message: Message) -> None:
    """Say this once the session's transaction is committed, and not at all if it is rolled back."""
    speaker = _speaker(session)
    if speaker is not None:
        after_commit(session, lambda: speaker.say([message]))


def changed(session: AsyncSession, describe: Describe, ids: Sequence[UUID]) -> None:
    """Let `describe` say how these are, once the session's transaction is committed; costs the transaction nothing."""
    speaker = _speaker(session)
    if speaker is not None and ids:
        after_commit(session, lambda: speaker.describe(describe, ids))


def _speaker(session: AsyncSession) -> Speaker | None:
    return _speakers.get(session.bind) if isinstance(session.bind, AsyncEngine) else None
