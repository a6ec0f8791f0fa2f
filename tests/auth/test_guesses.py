"""Guessing passwords: wrong ones are counted, right ones are not, and nobody is shut out for good."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from shopping import PASSWORD, Shop

WRONG = "wrong"
pytestmark = pytest.mark.usefixtures("_fresh_counts")


@pytest.fixture
async def elsewhere(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client from another address."""
    transport = httpx2.ASGITransport(app=app, client=("198.51.100.9", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1") as opened:
        yield opened


async def guess(client: httpx2.AsyncClient, login: str, password: str = WRONG) -> httpx2.Response:
    return await client.post("/auth/token", data={"username": login, "password": password})


async def test_guessing_is_slowed_down_and_says_for_how_long(shop: Shop) -> None:
    person = await shop.person(email="ada@example.com")

    answers = [await guess(shop.client, person.email) for _ in range(12)]

    assert Counter(answer.status_code for answer in answers) == {401: 10, 429: 2}
    assert answers[-1].json()["code"] == "request.too_many"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 300
    right = await guess(shop.client, person.email, PASSWORD)
    assert right.status_code == 429, "the right one is not looked at either"


async def test_unknown_accounts_are_slowed_down_alike(shop: Shop) -> None:
    await shop.person(email="ada@example.com")

    known = [(await guess(shop.client, "ada@example.com")).status_code for _ in range(12)]
    unknown = [(await guess(shop.client, "nobody@example.com")).status_code for _ in range(12)]

    assert known == unknown


async def test_right_passwords_do_not_count_however_many(shop: Shop) -> None:
    person = await shop.person()

    answers = await asyncio.gather(*(guess(shop.client, person.email, PASSWORD) for _ in range(30)))

    assert {answer.status_code for answer in answers} == {200}


async def test_a_burst_of_guesses_is_not_looked_at_all_at_once(shop: Shop) -> None:
    person = await shop.person()

    answers = await asyncio.gather(*(guess(shop.client, person.email, f"wrong {n}") for n in range(60)))

    counted = Counter(answer.status_code for answer in answers)
    assert counted[401] <= 12
    assert counted[429] == 60 - counted[401]


async def test_the_way_a_login_is_written_does_not_matter(shop: Shop) -> None:
    person = await shop.person(email="ada@example.com")
    for login in ("ada@example.com", "ADA@example.com", " ada@EXAMPLE.com ", "\uff41da@example.com") * 3:
        answer = await guess(shop.client, login)

    assert answer.status_code == 429
    assert (await guess(shop.client, person.email, PASSWORD)).status_code == 429


async def test_the_owner_gets_in_from_elsewhere_while_somebody_guesses(
    shop: Shop, elsewhere: httpx2.AsyncClient
) -> None:
    person = await shop.person()
    for _ in range(12):
        await guess(elsewhere, person.email)

    assert (await guess(elsewhere, person.email, PASSWORD)).status_code == 429
    assert (await guess(shop.client, person.email, PASSWORD)).status_code == 200


async def test_many_places_that_guess_shut_out_new_places_but_not_the_owners(shop: Shop, app: FastAPI) -> None:
    person = await shop.person()
    for n in range(8):
        transport = httpx2.ASGITransport(app=app, client=(f"203.0.113.{n}", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1") as client:
            for _ in range(9):
                last = await guess(client, person.email)

    assert last.status_code == 429
    assert (await guess(shop.client, person.email, PASSWORD)).status_code == 200


async def test_one_place_that_tries_many_accounts_is_slowed_down(shop: Shop, elsewhere: httpx2.AsyncClient) -> None:
    answers = [await guess(elsewhere, f"{n}@example.com") for n in range(155)]

    assert Counter(answer.status_code for answer in answers) == {401: 150, 429: 5}
    assert (await guess(shop.client, "1@example.com")).status_code == 401


async def test_a_password_is_not_guessed_by_way_of_a_confirmation(shop: Shop) -> None:
    person = await shop.person()
    body = {"current_password": "wrong", "new_password": "another fine one"}

    answers = [await shop.client.post("/users/me/password", json=body, headers=person.headers) for _ in range(12)]

    assert Counter(answer.status_code for answer in answers) == {401: 10, 429: 2}
