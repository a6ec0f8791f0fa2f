"""Real servers in the test's own loop, and people who are connected to them."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect

from mercat.embedded import Redis
from mercat.kit.redis import RedisSettings
from mercat.kit.redis import connect as connect_redis
from mercat.realtime.publisher import CHANNEL


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application; yields the address of its WebSocket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield f"ws://127.0.0.1:{listening.getsockname()[1]}/ws"
        finally:
            server.should_exit = True
            await task


class Page:
    """A page that is open."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        return dict(json.loads(await self.connection.recv()))

    async def subscribe(self, *topics: str) -> dict[str, Any]:
        await self.say(type="subscribe", topics=list(topics))
        return await self.hear()

    async def nothing(self) -> bool:
        """Whether nothing was said so far: the answer to a ping is what comes next."""
        await self.say(type="ping")
        return await self.hear() == {"type": "pong"}


@asynccontextmanager
async def opened(address: str, **headers: str) -> AsyncIterator[Page]:
    """Connect."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with connect(address, additional_headers=named, proxy=None) as connection:
        yield Page(connection)


async def until_all_listen(redis: Redis, processes: int) -> None:
    """Wait until so many processes hear what others say; pub/sub keeps nothing for those who come later."""
    asked = connect_redis(RedisSettings(redis_url=redis.url))
    async with asked.client() as one:
        for _ in range(1000):
            if (await one.pubsub_numsub(CHANNEL))[0][1] >= processes:
                break
            await asyncio.sleep(0.01)
    await asked.aclose()
