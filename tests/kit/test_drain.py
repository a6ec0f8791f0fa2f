"""A refusal waits for clients that are still sending, so that they read it; not for ever."""

import asyncio
from collections.abc import Iterator

from starlette.types import Message, Receive, Scope, Send

from kit.application import speak
from mercat.kit.drain import Drain

PIECE = b"x" * 1000
ANNOUNCED = [(b"content-length", b"100000")]


async def refuses(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": []})
    await send({"type": "http.response.body", "body": b"too large"})


async def accepts(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"fine"})


async def reads_all(_scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await refuses(_scope, receive, send)


async def test_what_is_still_coming_is_read_before_the_refusal() -> None:
    answer = await speak(Drain(refuses), "POST", headers=ANNOUNCED, body=[PIECE] * 100)

    assert (answer.status, answer.body, answer.taken) == (413, b"too large", 100)


async def test_it_is_read_so_far_and_no_further() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield PIECE

    answer = await speak(
        Drain(refuses, most_bytes=5000), "POST", headers=[(b"transfer-encoding", b"chunked")], body=endless()
    )

    assert (answer.status, answer.taken) == (413, 5)


async def test_a_client_that_stops_sending_is_answered_all_the_same() -> None:
    sent: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await Drain(refuses, most_seconds=0.01)({"type": "http", "headers": ANNOUNCED}, never, send)

    assert [message.get("status") for message in sent] == [413, None]


async def test_nothing_is_read_that_nobody_sends() -> None:
    no_body = await speak(Drain(refuses), "GET")
    waiting = await speak(Drain(refuses), "POST", headers=[*ANNOUNCED, (b"expect", b"100-continue")], body=[PIECE] * 9)
    success = await speak(Drain(accepts), "POST", headers=ANNOUNCED, body=[PIECE] * 9)
    whole = await speak(Drain(reads_all), "POST", headers=ANNOUNCED, body=[PIECE] * 9)

    assert [answer.taken for answer in (no_body, waiting, success, whole)] == [0, 0, 0, 9]


async def test_a_client_that_leaves_ends_the_reading() -> None:
    answer = await speak(Drain(refuses), "POST", headers=ANNOUNCED, body=[PIECE], leaves=True)

    assert (answer.status, answer.taken) == (413, 1)


async def test_other_kinds_of_connection_pass() -> None:
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    await speak(Drain(inner), type="websocket")

    assert seen == ["websocket"]
