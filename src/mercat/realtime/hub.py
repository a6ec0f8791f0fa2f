"""Who is connected to this process, and what they listen to."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from mercat.auth import Actor
from mercat.kit import metrics
from mercat.kit.database import Database
from mercat.realtime.messages import Body, Message

Guard = Callable[[Database, Actor, set[UUID]], Awaitable[set[UUID]]]
"""Which of these topics `kind:id` a client may subscribe to: asked once for all of a kind."""
CONNECTED = metrics.gauge("mercat_websocket_connections", "Pages that are connected at the moment.")
DROPPED = metrics.counter("mercat_websocket_slow_readers", "Pages that were sent away because they read too slowly.")
WAITING = 100
"""Messages that may wait for a slow reader, who is sent away then and reads everything anew."""


async def anybody(_database: Database, _actor: Actor, about: set[UUID]) -> set[UUID]:
    """Let everybody listen: what is said there is public."""
    return about


class Listener:
    """One connection: its topics, and what it has still to be sent. Compared by identity."""

    def __init__(self) -> None:
        self.topics: set[str] = set()
        self.outgoing: asyncio.Queue[Body | None] = asyncio.Queue(WAITING)

    def send(self, body: Body) -> None:
        """Queue a message. Who is too slow gets what fits and is then sent away: None ends the queue."""
        if self.outgoing.qsize() < WAITING - 1:
            self.outgoing.put_nowait(body)
        elif not self.outgoing.full():
            self.outgoing.put_nowait(None)
            DROPPED.inc()


class Hub:
    """The listeners of this process. `guards` says who may listen to which kind of topic.

    What is said under one of `for_all` is public, and whoever is connected hears it without asking.
    """

    def __init__(self, guards: Mapping[str, Guard], for_all: Collection[str] = ()) -> None:
        self.guards = guards
        self.for_all = frozenset(for_all)
        self._listeners: set[Listener] = set()
        self._addresses: Counter[str] = Counter()
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)

    @property
    def size(self) -> int:
        """How many are connected."""
        return len(self._listeners)

    def size_of(self, address: str) -> int:
        """How many are connected from there."""
        return self._addresses[address]

    @contextmanager
    def joined(self, address: str) -> Iterator[Listener]:
        """Keep a listener as long as it is connected."""
        listener = Listener()
        self._listeners.add(listener)
        CONNECTED.inc()
        self._addresses[address] += 1
        try:
            yield listener
        finally:
            self.leave(listener, set(listener.topics))
            self._listeners.discard(listener)
            CONNECTED.dec()
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def join(self, listener: Listener, topics: set[str]) -> None:
        """Let a listener hear of these topics; the caller has asked the guards."""
        listener.topics |= topics
        for topic in topics:
            self._by_topic[topic].add(listener)

    def leave(self, listener: Listener, topics: set[str]) -> None:
        """Let a listener hear of these topics no more."""
        listener.topics -= topics
        for topic in topics:
            listeners = self._by_topic.get(topic, set())
            listeners.discard(listener)
            if not listeners:
                self._by_topic.pop(topic, None)

    def deliver(self, message: Message) -> None:
        """Give a message to everybody here who listens."""
        if not self.for_all.isdisjoint(message.topics):
            for listener in self._listeners:
                listener.send(message.body)
            return
        for listener in set[Listener]().union(*(self._by_topic.get(topic, ()) for topic in message.topics)):
            listener.send(message.body)
