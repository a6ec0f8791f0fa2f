"""A request that gets no answer is given up; one that is being answered is not."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import text

from kit.application import client_of, make
from mercat.embedded import Postgres
from mercat.i18n import Translator
from mercat.kit.database import Database, DatabaseSettings, PrimarySession, Session
from mercat.kit.deadline import Deadline
from mercat.kit.errors import Errors

SOON = 0.2


class Slow:
    """Routes that take as long as a test lets them."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.given_up: list[str] = []

    def routes(self, app: FastAPI) -> None:
        app.add_middleware(Deadline, seconds=SOON, refuse=Errors(Translator()).refuse)

        @app.get("/never")
        async def never() -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.given_up.append("never")
                raise

        @app.post("/upload")
        async def upload(request: Request) -> int:
            size = sum([len(piece) async for piece in request.stream()])
            if size == 1:
                await asyncio.Event().wait()
            return size

        @app.get("/own")
        async def own() -> None:
            raise TimeoutError

        @app.get("/stream")
        async def stream() -> StreamingResponse:
            async def parts() -> AsyncIterator[bytes]:
                yield b"begun "
                await self.go_on.wait()
                yield b"and ended"

            return StreamingResponse(parts())


@pytest.fixture
def slow() -> Slow:
    return Slow()


async def test_what_never_answers_is_a_503_and_is_stopped(slow: Slow) -> None:
    async with client_of(make(add=slow.routes).app) as client:
        answer = await client.get("/never")

    assert (answer.status_code, answer.json()["code"]) == (503, "service.unavailable")
    assert answer.headers["retry-after"]
    assert slow.given_up == ["never"]


async def test_an_answer_that_has_begun_may_take_its_time(slow: Slow) -> None:
    async with client_of(make(add=slow.routes).app) as client:
        asyncio.get_running_loop().call_later(2 * SOON, slow.go_on.set)
        answer = await client.get("/stream")

    assert (answer.status_code, answer.text) == (200, "begun and ended")


async def test_a_client_that_sends_slowly_is_waited_for(slow: Slow) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x"
            waited = asyncio.Event()
            asyncio.get_running_loop().call_later(SOON, waited.set)
            await waited.wait()

    async with client_of(make(add=slow.routes).app) as client:
        answer = await client.post("/upload", content=pieces())

    assert (answer.status_code, answer.json()) == (200, 3)


async def test_what_is_done_with_a_body_is_measured_again(slow: Slow) -> None:
    async with client_of(make(add=slow.routes).app) as client:
        answer = await client.post("/upload", content=b"x")

    assert answer.status_code == 503


async def test_a_timeout_of_the_routes_own_is_not_taken_for_this_one(slow: Slow) -> None:
    async with client_of(make(add=slow.routes).app) as client:
        answer = await client.get("/own")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Postgres]:
    """A PostgreSQL that a test may freeze."""
    with Postgres(tmp_path / "engine", settings={"fsync": "off"}) as running:
        yield running
        thaw(running)


def processes(engine: Postgres) -> list[int]:
    """Return the server's processes, its own first."""
    first = int((engine.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, children)]


def freeze(engine: Postgres) -> None:
    for process in processes(engine):
        os.kill(process, signal.SIGSTOP)


def thaw(engine: Postgres) -> None:
    for process in processes(engine):
        with suppress(ProcessLookupError):  # one that has just ended needs no thawing
            os.kill(process, signal.SIGCONT)


def asking(database: Database, seconds: float) -> FastAPI:
    """Return an application that asks PostgreSQL in each of our ways."""

    def routes(app: FastAPI) -> None:
        app.add_middleware(Deadline, seconds=seconds, refuse=Errors(Translator()).refuse)
        app.state.database = database

        @app.get("/reads")
        async def reads() -> None:
            await database.primary.row("SELECT 1")

        @app.get("/session")
        async def read(session: PrimarySession) -> None:
            await session.execute(text("SELECT 1"))

        @app.post("/session")
        async def write(session: Session) -> None:
            await session.execute(text("SELECT 1"))

    return make(add=routes).app


async def ask(app: FastAPI) -> list[int]:
    async with client_of(app) as client:
        asked = (("GET", "/reads"), ("GET", "/session"), ("POST", "/session"))
        answers = await asyncio.gather(*(client.request(method, path) for method, path in asked))
    return [answer.status_code for answer in answers]


async def test_a_frozen_postgresql_is_a_503_and_service_again_when_it_goes_on(engine: Postgres) -> None:
    database = Database(DatabaseSettings(database_url=engine.url))
    patient, hasty = asking(database, 3600), asking(database, SOON)

    assert await ask(patient) == [200] * 3
    freeze(engine)
    assert await ask(hasty) == [503] * 3
    thaw(engine)
    assert await ask(patient) == [200] * 3
    await database.close()
