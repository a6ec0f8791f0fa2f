"""Nobody waits for ever: a request that has not begun to answer in time is given up with a 503.

PostgreSQL ends statements that take too long by itself; one that is frozen or cut off does not. What the request had
begun is rolled back, unless its commit was already under way: the client repeats it with the same `Idempotency-Key`.
Time in which the client is waited for, to send more of an upload, is not counted.
"""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.kit.logs import logger
from mercat.kit.problems import Problem, Unavailable


class Deadline:
    """Pure ASGI, close in: behind what reads the body, so that a slow sender is not what is measured."""

    def __init__(self, app: ASGIApp, *, seconds: float, refuse: Callable[[Problem, Scope], ASGIApp]) -> None:
        self.app = app
        self.seconds = seconds
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = asyncio.timeout(self.seconds)
        clock = asyncio.get_running_loop().time

        async def send_in_time(message: Message) -> None:
            if message["type"] == "http.response.start" and not limit.expired():
                limit.reschedule(None)  # an answer that has begun may take as long as its receiver does
            await send(message)

        whole = False

        async def receive_in_their_time() -> Message:
            nonlocal whole
            ends = limit.when()
            if whole or ends is None:  # there is nothing more to wait for, or nothing is measured any more
                return await receive()
            since = clock()
            limit.reschedule(None)
            try:
                message = await receive()
            finally:
                limit.reschedule(ends + clock() - since)
            whole = not message.get("more_body", False)
            return message

        try:
            async with limit:
                await self.app(scope, receive_in_their_time, send_in_time)
        except TimeoutError:
            if not limit.expired():
                raise
            logger.warning("request_given_up", method=scope["method"], path=scope["path"])
            await self.refuse(Unavailable(), scope)(scope, receive, send)
