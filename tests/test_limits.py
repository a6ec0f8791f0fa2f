"""How often a client may ask: counted by address and by account, told in every answer, refused in words."""

from collections.abc import Callable

import httpx2
import pytest
from fastapi import FastAPI

from mercat.embedded import Redis
from shopping import PASSWORD, Shop

Make = Callable[..., FastAPI]
NEVER_SIGNED_IN = {"refresh_token": "never signed in"}


def client(app: FastAPI, address: str = "192.0.2.1") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=(address, 40000))
    return httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1")


async def statuses(http: httpx2.AsyncClient, attempts: int, method: str = "POST") -> list[int]:
    """Ask so often, for something that costs little."""
    if method == "GET":
        return [(await http.get("/vendors")).status_code for _ in range(attempts)]
    return [(await http.post("/auth/logout", json=NEVER_SIGNED_IN)).status_code for _ in range(attempts)]


def standing(answer: httpx2.Response) -> tuple[str | None, str | None]:
    return answer.headers.get("ratelimit-limit"), answer.headers.get("ratelimit-remaining")


async def test_every_answer_says_where_the_client_stands(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, rate_limit_read="10/day", rate_limit_write="5/day")
    async with client(app) as http:
        found = [
            standing(await http.get("/vendors")),
            standing(await http.get("/nowhere")),
            standing(await http.head("/products")),
            standing(await http.post("/auth/logout", json=NEVER_SIGNED_IN)),
            standing(await http.delete("/vendors")),
            standing(await http.post("/cart/add", content=b"{")),
            standing(await http.get("http://shop.test/docs")),
        ]
        reset = int((await http.get("/vendors")).headers["ratelimit-reset"])

    assert found == [
        ("10", "9"), ("10", "8"), ("10", "7"), ("5", "4"), ("5", "3"), ("5", "2"), ("10", "6"),
    ]  # fmt: skip
    assert 1 <= reset <= 86_401


async def test_a_refusal_is_a_problem_in_the_readers_language(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, rate_limit_write="2/day")
    new = {"email": "ada@example.com", "password": PASSWORD}
    async with client(app) as http:
        assert await statuses(http, 2) == [204, 204]
        refused = await http.post("/auth/register", json=new, headers={"Accept-Language": "de"})
        signing_in = await http.post("/auth/token", data={"username": new["email"], "password": PASSWORD})
        assert (await http.get("/vendors")).status_code == 200
    async with client(app, "192.0.2.2") as http:
        unknown = await http.post("/auth/token", data={"username": new["email"], "password": PASSWORD})

    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    document = refused.json()
    wait = document["retry_after"]
    assert document == {
        "type": "urn:mercat:problem:request.too_many",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Zu viele Anfragen. Bitte warten Sie einen Moment.",
        "code": "request.too_many",
        "request_id": refused.headers["x-request-id"],
        "errors": [],
        "limit": 2,
        "retry_after": wait,
    }
    assert 1 <= wait <= 86_401
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"] == str(wait)
    assert standing(refused) == ("2", "0")
    assert len(refused.headers.get_list("ratelimit-limit")) == 1
    assert refused.headers["content-language"] == "de"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert signing_in.status_code == 429
    assert unknown.status_code == 401  # nobody was registered


async def test_addresses_do_not_disturb_each_other(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, rate_limit_read="3/day", rate_limit_write="2/day")
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1"):
        async with client(app, address) as http:
            assert await statuses(http, 3) == [204, 204, 429]
            assert await statuses(http, 4, "GET") == [200, 200, 200, 429]


async def test_a_whole_ipv6_site_is_one_client(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, rate_limit_read="3/day", rate_limit_write="2/day")
    found = []
    for last in range(4):
        async with client(app, f"2001:db8:0:1:{last}::{last}") as http:
            found += [*await statuses(http, 1), *await statuses(http, 1, "GET")]

    assert found == [204, 200, 204, 200, 429, 200, 429, 429]


async def test_health_is_counted_apart_and_so_far(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, rate_limit_read="1/day", rate_limit_write="1/day", rate_limit_health="6/day")
    async with client(app) as http:
        assert await statuses(http, 2, "GET") == [200, 429]
        answers = [await http.get(f"http://shop.test/health/{path}") for path in ("ready", "ready/") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 6
        assert standing(answers[-1]) == ("6", "0")
        assert (await http.get("http://shop.test/health/ready")).status_code == 429
        # whether this process lives costs less than counting who asks
        assert (await http.get("http://shop.test/health/live")).status_code == 200
        assert (await http.get("http://shop.test/health/../api/v1/vendors")).status_code == 429
        assert (await http.get("http://shop.test/healthy")).status_code == 429


async def test_an_account_is_counted_wherever_it_comes_from(make: Make, redis_server: Redis, shop: Shop) -> None:
    buyer, other = await shop.buyer(), await shop.person()
    app = make(
        redis_url=redis_server.url, rate_limit_read="20/day", rate_limit_write="20/day", rate_limit_account="3/day"
    )
    async with client(app, "192.0.2.1") as here, client(app, "192.0.2.2") as there:
        for method, path in (("GET", "/users/me"), ("PATCH", "/users/me")):
            found = []
            for http in (here, there, here, there, here):
                body = None if method == "GET" else {"first_name": "Ada"}
                found.append(await http.request(method, path, json=body, headers=buyer.headers))
            assert [answer.status_code for answer in found] == [200, 200, 200, 429, 429]
            # what is nearest is told: the account's own limit, here
            assert [standing(answer) for answer in found] == [
                ("3", "2"), ("3", "1"), ("3", "0"), ("3", "0"), ("3", "0"),
            ]  # fmt: skip
            assert all(len(answer.headers.get_list("ratelimit-limit")) == 1 for answer in found)
            assert int(found[-1].headers["retry-after"]) >= 1
            assert (await here.request(method, path, json=body, headers=other.headers)).status_code == 200
        assert (await here.get("/vendors")).status_code == 200
        # a cart is anybody's: the account counts there too
        assert (await there.get("/cart", headers=buyer.headers)).status_code == 429
        assert (await there.get("/cart")).status_code == 200


async def test_the_address_is_told_where_it_has_less_room_than_the_account(
    make: Make, redis_server: Redis, shop: Shop
) -> None:
    buyer = await shop.buyer()
    app = make(redis_url=redis_server.url, rate_limit_read="2/day", rate_limit_account="30/day")
    async with client(app) as http:
        assert standing(await http.get("/users/me", headers=buyer.headers)) == ("2", "1")
    app = make(rate_limit_read="")
    async with client(app) as http:
        assert standing(await http.get("/users/me", headers=buyer.headers)) == ("30", "29")


async def test_what_is_in_memory_is_not_counted(make: Make) -> None:
    app = make(rate_limit_read="2/day")
    async with client(app) as http:
        tag = (await http.get("/products")).headers["etag"]
        for _ in range(5):
            unchanged = await http.get("/products", headers={"If-None-Match": tag})
            assert (unchanged.status_code, standing(unchanged)) == (304, (None, None))
        app.state.cache.forget()
        unchanged = await http.get("/products", headers={"If-None-Match": tag})
        assert (unchanged.status_code, standing(unchanged)) == (304, ("2", "0"))
        app.state.cache.forget()
        refused = await http.get("/products", headers={"If-None-Match": tag})
        assert refused.status_code == 429


async def test_without_limits_nothing_is_counted(make: Make) -> None:
    async with client(make()) as http:
        assert await statuses(http, 30) == [204] * 30
        answer = await http.get("/vendors")

    assert not [name for name in answer.headers if name.startswith("ratelimit")]


async def test_a_browser_can_read_the_refusal(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, rate_limit_write="1/day", cors_origins='["https://front.example"]')
    origin = {"Origin": "https://front.example"}
    async with client(app) as http:
        for _ in range(5):
            asked = await http.options("/cart/add", headers=origin | {"Access-Control-Request-Method": "POST"})
            assert asked.status_code == 200
        await statuses(http, 1)
        refused = await http.post("/auth/logout", json=NEVER_SIGNED_IN, headers=origin)

    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == "https://front.example"
    exposed = refused.headers["access-control-expose-headers"]
    assert all(name in exposed for name in ("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"))


async def test_processes_count_changes_together_and_reads_each_for_itself(make: Make, redis_server: Redis) -> None:
    settings = {"redis_url": redis_server.url, "rate_limit_read": "2/day", "rate_limit_write": "3/day"}
    one, two = make(**settings), make(**settings)
    async with client(one) as here, client(two) as there:
        assert [*await statuses(here, 2), *await statuses(there, 2), *await statuses(here, 1)] == [
            204, 204, 204, 429, 429,
        ]  # fmt: skip
        assert await statuses(here, 3, "GET") == [200, 200, 429]
        assert await statuses(there, 3, "GET") == [200, 200, 429]


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis://:wrong@{address}/0"])
async def test_without_redis_each_process_counts_for_itself(make: Make, redis_server: Redis, url: str) -> None:
    settings = {
        "redis_url": url.format(address=redis_server.url.rpartition("@")[2].partition("/")[0]),
        "rate_limit_write": "3/day",
    }
    one, two = make(**settings), make(**settings)
    for app in (one, two):
        async with client(app) as http:
            assert await statuses(http, 5) == [204, 204, 204, 429, 429]
            assert (await http.post("/auth/logout", json=NEVER_SIGNED_IN)).json()["code"] == "request.too_many"


async def test_a_providers_webhooks_are_counted_apart_and_so_far(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, rate_limit_write="2/day", rate_limit_webhooks="5/day")
    async with client(app) as http:
        answers = [await http.post("/payments/webhooks/stripe", json={}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert standing(answers[4]) == ("5", "0")


async def test_a_webhook_is_neither_read_far_nor_parsed_before_its_signature(make: Make, redis_server: Redis) -> None:
    app = make(redis_url=redis_server.url, max_webhook_bytes="2000")
    as_json = {"Content-Type": "application/json"}
    async with client(app) as http:
        not_even_json = await http.post("/payments/webhooks/stripe", content=b"[[[[ \0", headers=as_json)
        too_large = await http.post("/payments/webhooks/stripe", content=b" " * 2001, headers=as_json)

    assert (not_even_json.status_code, not_even_json.json()["code"]) == (400, "payments.webhook_refused")
    assert (too_large.status_code, too_large.json()["limit"]) == (413, 2000)
