"""One connection's conversation: who it is, what it asks for, and what it may hear."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

import orjson
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.websockets import WebSocket, WebSocketDisconnect

from mercat.auth import Actor, actor_of
from mercat.kit.database import get_database
from mercat.kit.ids import parse_id
from mercat.kit.problems import Problem
from mercat.kit.shapes import Shape
from mercat.realtime.hub import Hub, Listener
from mercat.realtime.messages import Body

MOST_TOPICS = 50
LONGEST_MESSAGE = 4096
MOST_MESSAGES = 60
"""Between two heartbeats."""
POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013

Topic = Annotated[str, StringConstraints(max_length=80)]


class TopicsAsked(Shape):
    """Topics to listen to, or to hear of no more."""

    type: Literal["subscribe", "unsubscribe"]
    topics: list[Topic] = Field(min_length=1, max_length=MOST_TOPICS)


class SignIn(Shape):
    """An access token or API key, for browsers, which cannot send headers with a WebSocket."""

    type: Literal["sign_in"]
    token: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Ping(Shape):
    """A question whether somebody is there."""

    type: Literal["ping"]


ASKED: TypeAdapter[TopicsAsked | SignIn | Ping] = TypeAdapter(
    Annotated[TopicsAsked | SignIn | Ping, Field(discriminator="type")]
)


class Conversation:
    """Answers what a connection asks. Rights are looked up when it asks, and again at every heartbeat."""

    def __init__(self, socket: WebSocket, hub: Hub, listener: Listener) -> None:
        self._socket = socket
        self._hub = hub
        self._listener = listener
        self._token: str | None = None
        self._asked = 0

    async def hold(self, heartbeat_seconds: float) -> None:
        """Talk until either side has enough."""
        tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._beat(heartbeat_seconds))]
        try:
            await self._read()
        except WebSocketDisconnect:
            return
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._asked += 1
            if self._asked > MOST_MESSAGES:
                await self._socket.close(POLICY_VIOLATION, "too many messages")
                return
            said = message.get("text")
            await self._answer("" if said is None else said)

    async def _answer(self, said: str) -> None:
        if len(said) > LONGEST_MESSAGE:
            self._refuse("realtime.too_long")
            return
        try:
            asked = ASKED.validate_python(orjson.loads(said))
        except (orjson.JSONDecodeError, ValidationError):
            self._refuse("realtime.not_understood")
            return
        match asked:
            case Ping():
                self._listener.send({"type": "pong"})
            case SignIn():
                await self._sign_in(asked.token)
            case TopicsAsked(type="subscribe"):
                await self._subscribe(asked.topics)
            case TopicsAsked():
                self._hub.leave(self._listener, set(asked.topics) & self._listener.topics)
                self._say_topics()

    async def _sign_in(self, token: str) -> None:
        try:
            await actor_behind(self._socket, token)
        except Problem as problem:
            self._refuse(problem.code)
            return
        self._token = token
        self._listener.send({"type": "signed_in"})

    async def _subscribe(self, topics: list[str]) -> None:
        if len(self._listener.topics | set(topics)) > MOST_TOPICS:
            self._refuse("realtime.too_many_topics")
            return
        audible = await self._audible(topics)
        refused = [topic for topic in topics if topic not in audible]
        self._hub.join(self._listener, set(topics) - set(refused))
        for topic in refused:
            self._refuse("realtime.no_such_topic", topic)
        self._say_topics()

    async def _audible(self, topics: Iterable[str]) -> set[str]:
        """Return which topics one may hear: who it is, and each kind of topic, is looked up once."""
        for_all = set(topics) & self._hub.for_all
        by_kind: dict[str, set[UUID]] = defaultdict(set)
        for topic in topics:
            kind, _, about = topic.partition(":")
            subject = parse_id(about)
            if kind in self._hub.guards and subject is not None and str(subject) == about:
                by_kind[kind].add(subject)
        if not by_kind:
            return for_all
        try:
            actor = await actor_behind(self._socket, self._token)
        except Problem:
            return for_all
        database = get_database(self._socket)
        return for_all | {
            f"{kind}:{subject}"
            for kind, subjects in by_kind.items()
            for subject in await self._hub.guards[kind](database, actor, subjects)
        }

    async def _write(self) -> None:
        while (body := await self._listener.outgoing.get()) is not None:
            await self._socket.send_text(orjson.dumps(body).decode())
        await self._socket.close(TRY_AGAIN_LATER, "too slow")

    async def _beat(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            self._asked = 0
            lost = self._listener.topics - await self._audible(self._listener.topics.copy())
            self._hub.leave(self._listener, lost)
            for topic in lost:
                self._refuse("realtime.no_such_topic", topic)
            self._listener.send({"type": "heartbeat"})

    def _say_topics(self) -> None:
        self._listener.send({"type": "subscribed", "topics": sorted(self._listener.topics)})

    def _refuse(self, code: str, topic: str | None = None) -> None:
        body: Body = {"type": "error", "code": code}
        self._listener.send(body if topic is None else {**body, "topic": topic})


async def actor_behind(socket: WebSocket, token: str | None = None) -> Actor:
    """Return who is connected: by the token that was said, else by what came with the handshake.

    The handshake counts as a change, so that a cookie is taken from our own pages only: any page may open a WebSocket.
    """
    scope = {**socket.scope, "type": "http", "method": "POST"}
    if token is not None:
        kept = [(name, value) for name, value in scope["headers"] if name not in {b"authorization", b"x-api-key"}]
        scope["headers"] = [*kept, (b"authorization", b"Bearer " + token.encode())]
    return await actor_of(Request(scope))
