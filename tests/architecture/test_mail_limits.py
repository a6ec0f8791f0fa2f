"""Whoever can have mail sent to an address that they name is counted by where they are, whomever they name."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

import contract
from architecture.test_bodies import bodies
from mercat.auth import Email
from mercat.embedded import Redis
from shopping import ADDRESS, PASSWORD, Person, Shop

Story = Callable[[Shop, httpx2.AsyncClient, str], Awaitable[httpx2.Response]]
"""Sends one request that names an address."""

NOT_MAILED = {
    "POST /vendors/apply": "the page of the vendor shows it",
    "PATCH /vendor/profile": "the page of the vendor shows it",
    "PUT /users/{user_id}": "operators, who correct the addresses of many people from one place",
}
"""Routes that take an address and need no limit by place, and why."""
EMAIL = TypeAdapter(Email).core_schema["function"]  # type: ignore[typeddict-item]  # it has a validator


async def register(_shop: Shop, http: httpx2.AsyncClient, email: str) -> httpx2.Response:
    return await http.post("/auth/register", json={"email": email, "password": PASSWORD})


async def forget_password(_shop: Shop, http: httpx2.AsyncClient, email: str) -> httpx2.Response:
    return await http.post("/auth/forgot-password", json={"email": email})


async def verify_again(shop: Shop, http: httpx2.AsyncClient, email: str) -> httpx2.Response:
    person = await shop.person(email=email)
    return await http.post("/users/me/verification", headers=person.headers)


async def change_email(shop: Shop, http: httpx2.AsyncClient, email: str) -> httpx2.Response:
    person = await shop.person()
    body = {"email": email, "password": PASSWORD}
    return await http.post("/users/me/email", json=body, headers=person.headers)


async def invite(shop: Shop, http: httpx2.AsyncClient, email: str) -> httpx2.Response:
    owner, _ = await shop.seller(f"clay-{uuid4().hex}")
    body = {"email": email, "password": PASSWORD}
    return await http.post("/vendor/invitations", json=body, headers=owner.headers)


async def order(shop: Shop, http: httpx2.AsyncClient, email: str, person: Person | None = None) -> httpx2.Response:
    item = await shop.item()
    body = {
        "items": [{"variant_id": item.variant_id, "quantity": 1}],
        "email": email,
        "shipping_address": ADDRESS,
    }
    headers = {"Idempotency-Key": uuid4().hex} | (person.headers if person else {})
    return await http.post("/orders", json=body, headers=headers)


async def check_out(shop: Shop, http: httpx2.AsyncClient, email: str) -> httpx2.Response:
    headers = await shop.guest_cart(await shop.item()) | {"Idempotency-Key": uuid4().hex}
    return await http.post("/cart/checkout", json={"email": email, "shipping_address": ADDRESS}, headers=headers)


async def order_elsewhere(shop: Shop, http: httpx2.AsyncClient, email: str) -> httpx2.Response:
    return await order(shop, http, email, await shop.buyer())


MAILED: dict[str, Story] = {
    "POST /auth/register": register,
    "POST /auth/forgot-password": forget_password,
    "POST /users/me/verification": verify_again,
    "POST /users/me/email": change_email,
    "POST /vendor/invitations": invite,
    "POST /orders": order,
    "POST /cart/checkout": check_out,
}
"""Routes that send mail to an address that their caller names, now or (verification) when they registered."""


def names_an_address(schema: object) -> bool:
    """Tell whether a core schema has an e-mail address in it."""
    if isinstance(schema, list | tuple):
        return any(names_an_address(item) for item in schema)
    if not isinstance(schema, Mapping):
        return False
    return schema.get("function") == EMAIL or any(map(names_an_address, schema.values()))


def naming() -> Iterator[str]:
    """Yield the routes whose body names an address."""
    for context in iter_route_contexts(contract.application().routes):
        if isinstance(context.original_route, APIRoute):
            found = [TypeAdapter(annotation).core_schema for annotation in bodies(context.dependant)]
            if names_an_address(found):
                yield from (f"{method} {context.path}".replace("/api/v1", "") for method in context.methods or ())


def client(app: FastAPI, address: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=(address, 40000))
    return httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1")


async def caused(shop: Shop) -> list[tuple[int, ...]]:
    """Return how much has happened: events, jobs, orders."""
    return await shop.rows("""
        SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM procrastinate_jobs), (SELECT count(*) FROM orders),
        (SELECT count(*) FROM one_time_tokens)""")


def test_every_route_that_takes_an_address_is_looked_at() -> None:
    assert {*naming()} == ({*MAILED} | {*NOT_MAILED}) - {"POST /users/me/verification"}


@pytest.mark.parametrize("story", [*MAILED.values(), order_elsewhere], ids=[*MAILED, "POST /orders by a buyer"])
async def test_one_place_cannot_mail_many_strangers(
    make: Callable[..., FastAPI], redis_server: Redis, shop: Shop, story: Story
) -> None:
    app = make(redis_url=redis_server.url, rate_limit_mail="2/day")
    async with client(app, "2001:db8::1") as http, client(app, "2001:db8::2") as next_door:
        taken = [await story(shop, http, "ada@example.com"), await story(shop, next_door, "bob@example.com")]
        refused = await story(shop, http, "eve@example.com")
    async with client(app, "192.0.2.7") as http:
        elsewhere = await story(shop, http, "eve2@example.com")

    assert [answer.is_success for answer in taken] == [True, True], [answer.text for answer in taken]
    assert [taken[1].headers[f"ratelimit-{name}"] for name in ("limit", "remaining")] == ["2", "0"]
    assert (refused.status_code, refused.json()["code"]) == (429, "request.too_many")
    assert 1 <= int(refused.headers["retry-after"]) <= 86_401
    assert elsewhere.is_success, elsewhere.text


async def test_what_is_refused_has_not_happened(make: Callable[..., FastAPI], redis_server: Redis, shop: Shop) -> None:
    person, item = await shop.person(), await shop.item()
    app = make(redis_url=redis_server.url, rate_limit_mail="1/day")
    line = {"variant_id": item.variant_id, "quantity": 1}
    async with client(app, "192.0.2.1") as http:
        assert (await register(shop, http, "ada@example.com")).status_code == 201
        before = await caused(shop)
        requests = [
            ("/auth/register", {"email": "bob@example.com", "password": PASSWORD}),
            ("/auth/forgot-password", {"email": "ada@example.com"}),
            ("/users/me/verification", None),
            ("/users/me/email", {"email": "bob@example.com", "password": PASSWORD}),
            ("/orders", {"items": [line], "email": "bob@example.com", "shipping_address": ADDRESS}),
        ]
        for path, body in requests:
            headers = person.headers | {"Idempotency-Key": uuid4().hex}
            assert (await http.post(path, json=body, headers=headers)).status_code == 429, path
        assert await caused(shop) == before
        assert await shop.level(item) == (10, 0)


async def test_nothing_else_is_counted(make: Callable[..., FastAPI], redis_server: Redis, shop: Shop) -> None:
    """Bodies that are refused, wrong passwords, and orders that are confirmed to the account's own address."""
    buyer, item = await shop.buyer(), await shop.item()
    app = make(redis_url=redis_server.url, rate_limit_mail="1/day")
    line = {"variant_id": item.variant_id, "quantity": 1}
    async with client(app, "192.0.2.1") as http:
        for _ in range(3):
            assert (await http.post("/auth/register", json={"email": "ada@example.com"})).status_code == 422
            wrong = {"email": "ada@example.com", "password": "wrong"}
            assert (await http.post("/users/me/email", json=wrong, headers=buyer.headers)).status_code == 401
            own = await http.post(
                "/orders",
                json={"items": [line], "shipping_address": ADDRESS},
                headers=buyer.headers | {"Idempotency-Key": uuid4().hex},
            )
            assert own.status_code == 201, own.text
        assert (await register(shop, http, "ada@example.com")).status_code == 201
