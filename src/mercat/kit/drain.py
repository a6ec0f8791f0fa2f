"""A refusal reaches clients that are still sending.

Whoever is answered before its body was read, and then sees the connection end, is often told "connection reset" by its
own system and never reads the answer. So an answer that comes early waits while what is still coming is read and thrown
away: so many bytes and seconds, no more.
"""

import asyncio
from contextlib import suppress
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 8_388_608
"""Beyond this, and for slower senders, the connection ends as it may."""
MOST_SECONDS = 2.0


class Drain:
    """Pure ASGI, far out: everything that refuses is behind it."""

    def __init__(self, app: ASGIApp, *, most_bytes: int = MOST_BYTES, most_seconds: float = MOST_SECONDS) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.most_seconds = most_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _has_body(scope):
            await self.app(scope, receive, send)
            return
        unread = True

        async def receive_and_note() -> Message:
            nonlocal unread
            message = await receive()
            unread = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def drain() -> None:
            size = 0
            while unread and size < self.most_bytes:
                message = await receive_and_note()
                size += len(message.get("body", b""))

        async def send_when_sent(message: Message) -> None:
            early = message["type"] == "http.response.start" and message["status"] >= HTTPStatus.BAD_REQUEST
            if early and unread and not _waits(scope):
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.most_seconds):
                        await drain()
            await send(message)

        await self.app(scope, receive_and_note, send_when_sent)


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


def _waits(scope: Scope) -> bool:
    """Whether the client sends nothing before it is told to go on: asking for the body would tell it."""
    return any(name == b"expect" for name, _ in scope["headers"])
