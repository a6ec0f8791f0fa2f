"""The ring that counts, around a small application; nothing here is shared, so no Redis is asked."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from kit.application import Answer, client_of, speak
from mercat.i18n import Translator
from mercat.kit.caller import client_ip_var
from mercat.kit.edge import Edge
from mercat.kit.errors import Errors
from mercat.kit.limits import Limiter, LimitSettings, Policy
from mercat.kit.problems import TooMany
from mercat.kit.redis import Reach, RedisSettings, connect
from mercat.kit.throttle import Limits, Throttle, count_account


class TooManyGuesses(TooMany):
    code = "test.too_many_guesses"


GUESSES = Policy("test.guesses", "2/day", shared=False, refusal=TooManyGuesses)


@pytest.fixture
async def limiter() -> AsyncIterator[Limiter]:
    redis = connect(RedisSettings())
    settings = LimitSettings(rate_limit_read="5/day", rate_limit_account="9/day")
    yield Limiter(Reach(redis, "limits", patience=1), settings)
    await redis.aclose()


def ring(limiter: Limiter, app: FastAPI) -> Edge:
    errors = Errors(Translator())
    errors.install(app)
    app.state.limiter = limiter
    throttle = Throttle(app, limiter=limiter, apart={"/health/": limiter.health}, refuse=errors.refuse)
    return Edge(throttle, https_redirect=False, last_resort=errors.last_resort)


@pytest.fixture
async def http(limiter: Limiter) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()

    @app.get("/guess")
    async def guess(limits: Limits, account: str, *, right: bool = False) -> str:
        await limits.hit(GUESSES, account, client_ip_var.get())
        if right:
            await limits.clear(GUESSES, account, client_ip_var.get())
        return "taken"

    @app.get("/twice")
    async def twice(request: Request) -> None:
        await count_account(request, "ada")
        await count_account(request, "ada")

    async with client_of(ring(limiter, app)) as client:
        yield client


async def test_a_route_counts_something_of_its_own(http: httpx2.AsyncClient) -> None:
    answers = [await http.get("/guess?account=ada") for _ in range(3)]
    other = await http.get("/guess?account=bob")

    assert [answer.status_code for answer in (*answers, other)] == [200, 200, 429, 200]
    assert answers[2].json()["code"] == "test.too_many_guesses"
    # what guesses are left is nobody's business, until there are none
    assert [answer.headers["ratelimit-limit"] for answer in (*answers, other)] == ["5", "5", "2", "5"]
    assert len(answers[2].headers.get_list("ratelimit-limit")) == 1
    assert other.headers["ratelimit-remaining"] == "1"


async def test_a_right_guess_takes_the_wrong_ones_back(http: httpx2.AsyncClient) -> None:
    for query in ("", "&right=true", "", ""):
        assert (await http.get(f"/guess?account=ada{query}")).status_code == 200
    assert (await http.get("/guess?account=ada&right=true")).status_code == 429


async def test_a_request_counts_once_for_its_account(http: httpx2.AsyncClient, limiter: Limiter) -> None:
    assert (await http.get("/twice")).status_code == 200
    left = await limiter.test(limiter.accounts.reads, "ada")

    assert left is not None
    assert left.remaining == 8


async def test_an_account_is_counted_without_the_ring_too(limiter: Limiter) -> None:
    app = FastAPI()
    app.state.limiter = limiter

    @app.get("/mine")
    async def mine(request: Request) -> None:
        await count_account(request, "ada")

    async with client_of(app) as client:
        answer = await client.get("/mine")
    assert answer.status_code == 200
    assert "ratelimit-limit" not in answer.headers


async def test_an_answer_that_is_served_twice_does_not_gather_headers(limiter: Limiter) -> None:
    kept = PlainTextResponse("the same")

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await kept(scope, receive, send)

    throttle = Throttle(inner, limiter=limiter, refuse=lambda *_: kept)
    answers: list[Answer] = [await speak(throttle) for _ in range(2)]

    assert [answer.header(b"ratelimit-remaining") for answer in answers] == [b"4", b"3"]
    assert [name for name, _ in answers[1].headers].count(b"ratelimit-limit") == 1


async def test_other_kinds_of_connection_pass_untouched(limiter: Limiter) -> None:
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    throttle = Throttle(inner, limiter=limiter, refuse=lambda *_: inner)
    for _ in range(7):
        await speak(throttle, type="websocket")

    assert seen == ["websocket"] * 7


async def test_who_has_no_address_is_counted_all_the_same(limiter: Limiter) -> None:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("in")(scope, receive, send)

    refused = PlainTextResponse("out", status_code=429)
    edge = Edge(
        Throttle(inner, limiter=limiter, refuse=lambda *_: refused),
        https_redirect=False,
        last_resort=lambda error, _: PlainTextResponse(str(error), status_code=500),
    )
    answers = [await speak(edge, client=client) for client in (None, ("a name", 1), None, None, None, None)]

    assert [answer.status for answer in answers] == [200] * 5 + [429]


async def test_no_path_is_exempt_and_some_are_counted_apart(limiter: Limiter) -> None:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("in")(scope, receive, send)

    refused = PlainTextResponse("out", status_code=429)
    few = Policy("test.health", "2/day", shared=False)
    throttle = Throttle(inner, limiter=limiter, apart={"/health/": few}, refuse=lambda *_: refused)
    asked = [await speak(throttle, path="/health/live") for _ in range(3)]
    other = await speak(throttle, path="/products")

    assert [answer.status for answer in asked] == [200, 200, 429]
    assert (other.status, other.header(b"ratelimit-remaining")) == (200, b"4")
