"""One effect for each key, however often it is sent and whoever sends it at the same time."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated
from uuid import uuid4

import anyio
import pytest
from fastapi import Depends, FastAPI, Header
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from kit.application import client_of, make
from mercat.kit import clock
from mercat.kit.database import Database, Session
from mercat.kit.idempotency import KEPT, InProgress, Key, KeyReused, once, purge, read_key
from mercat.kit.money import Money
from mercat.kit.problems import Conflict, NotFound


class Receipt(BaseModel):
    number: int
    price: Money = Money(1999, "EUR")
    note: str | None = None


@dataclass
class Till:
    """Sells, and counts in the database how often it did."""

    database: Database
    refuse: list[Exception] = field(default_factory=list)
    entered: anyio.Event = field(default_factory=anyio.Event)
    leave: anyio.Event | None = None

    async def sell(self, session: AsyncSession) -> Receipt:
        number = (await session.execute(text("INSERT INTO sales DEFAULT VALUES RETURNING number"))).scalar_one()
        self.entered.set()
        if self.leave is not None:
            await self.leave.wait()
        if self.refuse:
            raise self.refuse.pop(0)
        return Receipt(number=number)

    async def sales(self) -> int:
        row = await self.database.primary.row("SELECT count(*) FROM sales")
        assert row is not None
        return int(row[0])


@pytest.fixture
async def till(database: Database) -> Till:
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE sales (number int GENERATED ALWAYS AS IDENTITY)"))
    return Till(database)


def key(value: str = "k-1", route: str = "POST /buy", body: bytes = b"{}") -> Key:
    return Key(value, route, body)


async def buy(till: Till, with_key: Key, principal: str = "ada", status: int = 201) -> Response:
    async with till.database.transaction() as session:
        return await once(session, with_key, principal, lambda: till.sell(session), status=status)


async def test_the_first_answer_is_replayed(till: Till) -> None:
    first = await buy(till, key(), status=202)
    again = await buy(till, key())

    assert await till.sales() == 1
    assert (again.status_code, again.body) == (first.status_code, first.body) == (202, again.body)
    assert first.body == b'{"number":1,"price":{"amount":"19.99","currency":"EUR"},"note":null}'
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == "application/json"


async def test_a_key_stands_for_one_body(till: Till) -> None:
    await buy(till, key())

    with pytest.raises(KeyReused) as refusal:
        await buy(till, key(body=b'{"quantity":2}'))

    assert refusal.value.status == 422
    assert await till.sales() == 1
    assert (await buy(till, key())).headers["idempotent-replayed"] == "true"


async def test_a_key_belongs_to_one_person_and_one_route(till: Till) -> None:
    await buy(till, key())

    for other in (
        await buy(till, key(), principal="eve"),
        await buy(till, key(route="POST /buy/again")),
        await buy(till, key("k-2")),
    ):
        assert "idempotent-replayed" not in other.headers
    assert await till.sales() == 4


async def test_a_stranger_with_the_same_key_does_not_see_the_answer(till: Till) -> None:
    first = await buy(till, key())

    assert (await buy(till, key(body=b"other"), principal="eve")).body != first.body


@pytest.mark.parametrize("refusal", [NotFound, Conflict, ZeroDivisionError])
async def test_a_refusal_is_not_kept_and_the_key_may_be_tried_again(till: Till, refusal: type[Exception]) -> None:
    till.refuse = [refusal()]
    with pytest.raises(refusal):
        await buy(till, key())
    assert await till.sales() == 0

    done = await buy(till, key(body=b"corrected"))

    assert "idempotent-replayed" not in done.headers
    assert await till.sales() == 1


async def test_a_crash_before_the_commit_leaves_nothing_to_replay(till: Till) -> None:
    async def crash() -> None:
        async with till.database.transaction() as session:
            await once(session, key(), "ada", lambda: till.sell(session))
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await crash()
    assert await till.sales() == 0

    assert "idempotent-replayed" not in (await buy(till, key())).headers
    assert await till.sales() == 1


async def test_a_twin_of_a_running_request_is_told_so_at_once(till: Till) -> None:
    till.leave = anyio.Event()
    answers: list[Response] = []

    async def first() -> None:
        answers.append(await buy(till, key()))

    async with anyio.create_task_group() as group:
        group.start_soon(first)
        await till.entered.wait()

        with pytest.raises(InProgress) as refusal:
            await buy(till, key())
        assert (refusal.value.status, refusal.value.headers["Retry-After"]) == (409, "1")
        with pytest.raises(InProgress):
            await buy(till, key(body=b"other"))

        till.leave.set()

    assert (await buy(till, key())).body == answers[0].body
    assert await till.sales() == 1


async def test_others_do_not_wait_for_a_running_request(till: Till) -> None:
    waiting = Till(till.database, leave=anyio.Event())

    async with anyio.create_task_group() as group:
        group.start_soon(buy, waiting, key())
        await waiting.entered.wait()

        assert (await buy(till, key("k-2"))).status_code == 201
        assert (await buy(till, key(), principal="eve")).status_code == 201

        assert waiting.leave is not None
        waiting.leave.set()
    assert await till.sales() == 3


async def test_of_many_twins_at_once_one_has_an_effect(till: Till) -> None:
    outcomes: list[int] = []

    async def one() -> None:
        try:
            outcomes.append((await buy(till, key())).status_code)
        except Conflict as refusal:
            outcomes.append(refusal.status)

    async with anyio.create_task_group() as group:
        for _ in range(16):
            group.start_soon(one)

    assert await till.sales() == 1
    assert len(outcomes) == 16
    assert set(outcomes) <= {201, 409}
    assert 201 in outcomes


async def test_old_answers_are_forgotten_and_young_ones_kept(till: Till) -> None:
    assert timedelta(hours=24) <= KEPT
    for name in ("old", "young"):
        await buy(till, key(name))
    async with till.database.transaction() as session:
        await session.execute(
            text("UPDATE idempotency_keys SET created_at = :at WHERE key = 'old'"),
            {"at": clock.now() - KEPT - timedelta(minutes=1)},
        )
        await session.execute(
            text("UPDATE idempotency_keys SET created_at = :at WHERE key = 'young'"),
            {"at": clock.now() - KEPT + timedelta(minutes=1)},
        )

    async with till.database.transaction() as session:
        assert await purge(session) == 1

    assert "idempotent-replayed" not in (await buy(till, key("old"))).headers
    assert "idempotent-replayed" in (await buy(till, key("young"))).headers


# over HTTP


@pytest.fixture
def shop(till: Till) -> FastAPI:
    def add(app: FastAPI) -> None:
        app.state.database = till.database

        @app.post("/buy/{thing}", status_code=201)
        async def buy_thing(
            thing: str,  # noqa: ARG001 - in the path, so part of what the key means
            session: Session,
            given: Annotated[Key, Depends(read_key)],
            principal: Annotated[str, Header()] = "ada",
        ) -> Response:
            return await once(session, given, principal, lambda: till.sell(session))

    return make(add=add).app


async def test_over_http_the_same_key_and_body_replay(shop: FastAPI, till: Till) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with client_of(shop) as client:
        first = await client.post("/buy/vase", json={"n": 1}, headers=headers)
        again = await client.post("/buy/vase/", json={"n": 1}, headers=headers)
        other_body = await client.post("/buy/vase", json={"n": 2}, headers=headers)
        other_thing = await client.post("/buy/bowl", json={"n": 1}, headers=headers)
        other_buyer = await client.post("/buy/vase", json={"n": 1}, headers={**headers, "principal": "eve"})

    assert [first.status_code, again.status_code] == [201, 201]
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency.key_reused")
    assert [other_thing.status_code, other_buyer.status_code] == [201, 201]
    assert await till.sales() == 3


@pytest.mark.parametrize("value", [None, "", "   ", "x" * 256, "a\tb", "caf\u00e9"])
async def test_without_a_proper_key_nothing_happens(shop: FastAPI, till: Till, value: str | None) -> None:
    headers = {} if value is None else {"Idempotency-Key": value.encode("latin-1")}
    async with client_of(shop) as client:
        answer = await client.post("/buy/vase", json={}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_missing")
    assert await till.sales() == 0


async def test_the_longest_key_is_taken(shop: FastAPI) -> None:
    async with client_of(shop) as client:
        assert (await client.post("/buy/vase", json={}, headers={"Idempotency-Key": "x" * 255})).status_code == 201
