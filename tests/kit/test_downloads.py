"""Files that are made while they are sent: a slow reader holds a file, and no connection."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

from mercat.kit import downloads
from mercat.kit.database import Database
from mercat.kit.downloads import Download, TooManyDownloads, streamed

SCOPE: Scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "path": "/", "headers": []}
PIECE = b"x" * 300_000


async def numbers(database: Database) -> AsyncGenerator[bytes, None]:
    """Read a file of a few pieces from the database."""
    async with database.streaming() as connection, connection.cursor("numbers") as cursor:
        await cursor.execute("SELECT n::text FROM generate_series(1, 5) n")
        async for (number,) in cursor:
            yield number.encode() + PIECE


async def nothing() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


class Reader:
    """Somebody who takes the first piece, and the others when told to go on."""

    def __init__(self) -> None:
        self.body = b""
        self.goes_on = asyncio.Event()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            if self.body:
                await self.goes_on.wait()
            self.body += message["body"]


def in_a_hurry() -> Reader:
    reader = Reader()
    reader.goes_on.set()
    return reader


async def asked(pieces: AsyncGenerator[bytes, None]) -> Download:
    return await streamed(pieces, uuid4(), "text/plain", {})


async def test_a_hundred_slow_readers_hold_no_connection(database: Database) -> None:
    answers = await asyncio.gather(*[asked(numbers(database)) for _ in range(120)])
    readers = [Reader() for _ in answers]
    sending = [
        asyncio.create_task(answer(SCOPE, nothing, reader)) for answer, reader in zip(answers, readers, strict=True)
    ]
    await asyncio.gather(*[answer.spool.made for answer in answers])

    held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
    while await database.primary.row(held) != (1,):  # the server takes a moment to see that they are gone
        pass
    async with database.transaction() as session:
        await session.connection()
    assert not any(task.done() for task in sending)

    for reader in readers:
        reader.goes_on.set()
    await asyncio.gather(*sending)
    assert {reader.body for reader in readers} == {b"".join(str(n).encode() + PIECE for n in range(1, 6))}


async def test_only_some_are_read_at_a_time(database: Database) -> None:
    inside, most = 0, 0

    async def counted() -> AsyncGenerator[bytes, None]:
        nonlocal inside, most
        async with database.streaming() as connection:
            inside += 1
            most = max(most, inside)
            await connection.execute("SELECT 1")
            yield b"one"
            inside -= 1

    for answer in await asyncio.gather(*[asked(counted()) for _ in range(10)]):
        await answer(SCOPE, nothing, in_a_hurry())

    assert most <= database.settings.database_exports


async def of_one() -> AsyncGenerator[bytes, None]:
    yield b"one"


async def test_an_account_has_few_open_and_the_next_when_one_is_done() -> None:
    account = uuid4()
    answers = [await streamed(of_one(), account, "text/plain", {}) for _ in range(downloads.OPEN_PER_ACCOUNT)]

    with pytest.raises(TooManyDownloads):
        await streamed(of_one(), account, "text/plain", {})
    await (await asked(of_one()))(SCOPE, nothing, in_a_hurry())  # somebody else's

    await answers[0](SCOPE, nothing, in_a_hurry())
    answers.append(await streamed(of_one(), account, "text/plain", {}))
    for answer in answers[1:]:
        await answer(SCOPE, nothing, in_a_hurry())


async def test_what_is_wrong_at_the_beginning_is_told_before_the_answer_and_counts_nothing() -> None:
    account = uuid4()

    async def broken() -> AsyncGenerator[bytes, None]:
        raise ZeroDivisionError
        yield b""

    for _ in range(downloads.OPEN_PER_ACCOUNT + 1):
        with pytest.raises(ZeroDivisionError):
            await streamed(broken(), account, "text/plain", {})


async def test_what_goes_wrong_later_ends_the_answer_as_broken() -> None:
    async def broken() -> AsyncGenerator[bytes, None]:
        yield b"one"
        raise ZeroDivisionError

    answer, reader = await asked(broken()), in_a_hurry()

    with pytest.raises(ZeroDivisionError):
        await answer(SCOPE, nothing, reader)
    assert reader.body == b"one"


async def test_an_empty_file_is_one() -> None:
    async def empty() -> AsyncGenerator[bytes, None]:
        return
        yield b""

    answer, reader = await asked(empty()), in_a_hurry()
    await answer(SCOPE, nothing, reader)

    assert reader.body == b""


@pytest.mark.parametrize("ends", ["leaves", "takes nothing"])
async def test_who_is_gone_lets_the_file_go_and_whoever_reads_it(
    ends: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, waits = uuid4(), asyncio.Event()
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 0.01)

    async def endless() -> AsyncGenerator[bytes, None]:
        async with database.streaming():
            yield b"one"
            await waits.wait()
            yield b"never"

    async def gone(message: Message) -> None:
        if message["type"] == "http.response.body":
            if ends == "leaves":
                raise OSError
            await waits.wait()

    for _ in range(downloads.OPEN_PER_ACCOUNT + 1):
        answer = await streamed(endless(), account, "text/plain", {})
        with pytest.raises(ClientDisconnect):
            await answer(SCOPE, nothing, gone)
        assert answer.spool.made.done()
