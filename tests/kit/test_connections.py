"""Connections that stop half-way are closed, on real sockets; those that go on are not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from kit.application import make
from mercat.kit.connections import BoundedConnection
from mercat.kit.drain import Drain
from mercat.kit.edge import ConnectionSettings
from mercat.kit.prepared import lines, sender

HEAD = b"POST /length HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 10\r\n\r\n"
WHOLE = b"GET /pages HTTP/1.1\r\nHost: shop.test\r\n\r\n"
Bound = Callable[..., None]


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> Bound:
    """Set bounds; what is not named is never reached in a test."""

    def to(**given: float) -> None:
        wide = {"header_timeout": 600, "body_timeout": 600, "send_timeout": 600, **given}
        found = ConnectionSettings.model_validate(wide)
        monkeypatch.setattr(ConnectionSettings, "read", lambda: found)

    to()
    return to


@asynccontextmanager
async def served(app: object) -> AsyncIterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, http=BoundedConnection, log_config=None, lifespan="off")  # type: ignore[arg-type]  # any ASGI application
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield listening.getsockname()
        finally:
            server.should_exit = True
            await task


async def until_closed(address: tuple[str, int], *said: bytes) -> bytes:
    """Say something and return everything that is answered until the connection ends."""
    reader, writer = await asyncio.open_connection(*address)
    for piece in said:
        writer.write(piece)
        await writer.drain()
    heard = await reader.read()
    writer.close()
    return heard


@pytest.mark.parametrize("said", [b"", b"GET /pag", b"POST /length HTTP/1.1\r\nHost: shop.test\r\n", b"\r\n"])
async def test_a_head_that_stops_half_way_is_closed(bound: Bound, said: bytes) -> None:
    bound(header_timeout=0.05)
    async with served(make().app) as address:
        assert (await until_closed(address, said)).startswith(b"HTTP/1.1 408 ")


async def test_a_second_head_on_the_same_connection_is_waited_for_no_longer(bound: Bound) -> None:
    bound(header_timeout=0.05)
    async with served(make().app) as address:
        heard = await until_closed(address, WHOLE + b"GET /pa")
    assert heard.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in heard


@pytest.mark.parametrize("said", [HEAD, HEAD + b"12345"])
async def test_a_body_that_stops_half_way_is_closed(bound: Bound, said: bytes) -> None:
    bound(header_timeout=0.05, body_timeout=0.1)
    async with served(make().app) as address:
        heard = await until_closed(address, said)
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b"200 OK" not in heard


async def test_a_body_that_comes_at_the_least_rate_is_waited_for(bound: Bound) -> None:
    bound(header_timeout=0.02, body_timeout=0.02, body_min_rate=1)
    async with served(make().app) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(HEAD + b"12345678")  # eight seconds more
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        writer.write(b"90")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        writer.close()


async def test_what_is_idle_between_requests_is_left_to_the_server(bound: Bound) -> None:
    bound(header_timeout=0.02)
    async with served(make().app) as address:
        reader, writer = await asyncio.open_connection(*address)
        for _ in range(2):
            writer.write(WHOLE)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            await reader.readexactly(len(b'{"page":1,"size":20,"offset":0}'))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.1)
        writer.close()


async def test_a_receiver_that_takes_nothing_is_cut_off(bound: Bound) -> None:
    bound(header_timeout=0.02, send_timeout=0.05)
    ended = asyncio.Event()

    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not ended.is_set():
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(endless(scope, receive, send))
        message: Message = {"type": "http.request"}
        while message["type"] != "http.disconnect":
            message = await receive()
        ended.set()
        await sending

    async with served(watched) as address:
        _, writer = await asyncio.open_connection(*address)
        writer.write(WHOLE)
        await asyncio.wait_for(ended.wait(), 30)
        writer.close()


async def test_a_client_that_sends_far_too_much_reads_why_it_was_refused(bound: Bound) -> None:
    assert bound
    async with served(Drain(make().app)) as address:
        for close in (b"", b"Connection: close\r\n"):
            length = 4_000_000
            head = b"POST /length HTTP/1.1\r\nHost: shop.test\r\n%sContent-Length: %d\r\n\r\n" % (close, length)
            reader, writer = await asyncio.open_connection(*address)
            writer.write(head)
            for _ in range(length // 100_000):
                writer.write(b"x" * 100_000)
                await writer.drain()
            assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
            assert b"request.too_large" in await reader.readuntil(b"}")
            writer.close()


def prepared(said: list[bool]) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """An application whose answers are ready, and which notes whether they could be written at once."""

    async def serve(scope: Scope, _receive: Receive, send: Send) -> None:
        at_once = sender(scope)
        assert at_once is not None
        body = scope["path"].encode()
        rest = (lines([(b"content-length", b"%d" % len(body)), (b"x-made", b"before")]), b"\r\n", body)
        said.append(at_once(scope, b"HTTP/1.1 200 OK\r\n", rest))
        if said[-1]:
            assert not at_once(scope, b"HTTP/1.1 200 OK\r\n", rest), "an answer is written once"
            return
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return serve


@pytest.mark.usefixtures("bound")
async def test_prepared_answers_leave_in_their_turn() -> None:
    said: list[bool] = []
    async with served(prepared(said)) as address:
        asked = [b"GET /%d HTTP/1.1\r\nHost: shop.test\r\n\r\n" % n for n in range(3)]
        last = b"GET /last HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"
        heard = await until_closed(address, b"".join(asked), last)

    answers = heard.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.rpartition(b"\r\n\r\n")[2] for answer in answers] == [b"/0", b"/1", b"/2", b"/last"]
    assert [b"date: " in answer for answer in answers] == [True] * 4
    assert [b"x-made: before" in answer for answer in answers] == said
    assert said[0] is said[-1] is False  # others came behind the first one; the last one ends the connection


@pytest.mark.usefixtures("bound")
async def test_prepared_answers_are_written_at_once_and_the_connection_goes_on() -> None:
    said: list[bool] = []
    async with served(prepared(said)) as address:
        reader, writer = await asyncio.open_connection(*address)
        for n in range(3):
            writer.write(b"GET /%d HTTP/1.1\r\nHost: shop.test\r\n\r\n" % n)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
            assert await reader.readexactly(2) == b"/%d" % n
        writer.close()

    assert said == [True, True, True]


@pytest.mark.usefixtures("bound")
async def test_a_prepared_answer_to_an_old_client_is_sent_with_care() -> None:
    said: list[bool] = []
    async with served(prepared(said)) as address:
        heard = await until_closed(address, b"GET /old HTTP/1.0\r\n\r\n")

    assert heard.endswith(b"/old")
    assert said == [False]
