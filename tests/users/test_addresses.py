"""One's own address book."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from mercat import users
from mercat.users.service import MOST_ADDRESSES
from shopping import ADDRESS, Person, Shop

US = {"name": "Ada Lovelace", "line1": "1 Infinite Loop", "city": "Cupertino", "region": "CA", "postal_code": "95014",
      "country": "US"}  # fmt: skip


async def add(shop: Shop, person: Person, **parts: Any) -> httpx2.Response:
    return await shop.client.post("/users/me/addresses", json={**ADDRESS, **parts}, headers=person.headers)


async def book(shop: Shop, person: Person) -> list[dict[str, Any]]:
    answer = await shop.client.get("/users/me/addresses", headers=person.headers)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def defaults(entries: list[dict[str, Any]]) -> list[tuple[bool, bool]]:
    return [(entry["default_shipping"], entry["default_billing"]) for entry in entries]


async def test_an_address_is_kept_read_written_anew_and_removed(shop: Shop) -> None:
    ada = await shop.person()

    made = await add(shop, ada, postal_code="sw1y 4jh", phone="+44 20 7946 0018")

    assert made.status_code == 201
    entry = made.json()
    assert entry.items() >= {**ADDRESS, "line2": None, "region": None, "phone": "+44 20 7946 0018"}.items()
    path = f"/users/me/addresses/{entry['id']}"
    assert (await shop.client.get(path, headers=ada.headers)).json() == entry
    assert await book(shop, ada) == [entry]

    changed = await shop.client.put(path, json=US, headers=ada.headers)
    assert changed.status_code == 200
    assert changed.json().items() >= {**US, "phone": None, "id": entry["id"], "default_shipping": True}.items()
    assert changed.json()["updated_at"] > entry["updated_at"]
    assert await book(shop, ada) == [changed.json()]

    assert (await shop.client.delete(path, headers=ada.headers)).status_code == 204
    assert await book(shop, ada) == []
    gone = await shop.client.get(path, headers=ada.headers)
    assert (gone.status_code, gone.json()["code"]) == (404, "users.address_not_found")


async def test_there_is_one_default_for_each_purpose(shop: Shop) -> None:
    ada = await shop.person()
    first, second = (await add(shop, ada)).json(), (await add(shop, ada)).json()
    assert defaults(await book(shop, ada)) == [(True, True), (False, False)]

    third = (await add(shop, ada, default_billing=True)).json()
    assert defaults(await book(shop, ada)) == [(True, False), (False, False), (False, True)]

    path = "/users/me/addresses/"
    await shop.client.put(path + second["id"], json={**ADDRESS, "default_shipping": True}, headers=ada.headers)
    await shop.client.put(path + third["id"], json={**ADDRESS, "default_billing": False}, headers=ada.headers)
    await shop.client.put(path + first["id"], json={**ADDRESS, "default_shipping": False}, headers=ada.headers)
    assert defaults(await book(shop, ada)) == [(False, False), (True, False), (False, False)]

    await shop.client.delete(path + second["id"], headers=ada.headers)
    assert defaults(await book(shop, ada)) == [(False, False), (False, False)]


async def test_the_first_address_may_say_that_it_is_no_default(shop: Shop) -> None:
    ada = await shop.person()
    await add(shop, ada, default_shipping=False)
    assert defaults(await book(shop, ada)) == [(False, True)]


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        ({"city": None, "postal_code": None}, {"city", "postal_code"}),
        ({"postal_code": "00000"}, {"postal_code"}),
        ({"country": "US"}, {"region", "postal_code"}),
        ({"country": "US", "region": "Kent", "postal_code": "95014"}, {"region"}),
        ({"country": "ZZ"}, {"country"}),
    ],
)
async def test_what_is_not_complete_for_its_country_is_named(
    shop: Shop, parts: dict[str, Any], fields: set[str]
) -> None:
    ada = await shop.person()
    good = (await add(shop, ada)).json()

    for answer in (
        await add(shop, ada, **parts),
        await shop.client.put(f"/users/me/addresses/{good['id']}", json={**ADDRESS, **parts}, headers=ada.headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "addresses.not_valid")
        assert {error["field"] for error in answer.json()["errors"]} == fields

    assert await book(shop, ada) == [good]


async def test_another_persons_address_is_none(shop: Shop) -> None:
    ada, eve = await shop.person(), await shop.person()
    entry = (await add(shop, ada)).json()

    for address_id in (entry["id"], uuid4()):
        path = f"/users/me/addresses/{address_id}"
        for answer in (
            await shop.client.get(path, headers=eve.headers),
            await shop.client.put(path, json={**US, "default_shipping": True}, headers=eve.headers),
            await shop.client.delete(path, headers=eve.headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "users.address_not_found")

    assert await book(shop, ada) == [entry]
    assert await book(shop, eve) == []
    assert (await shop.client.get("/users/me/addresses")).status_code == 401
    assert (
        await shop.rows("SELECT 1 FROM profiles WHERE shipping_address_id IS NOT NULL AND user_id = %s", eve.id) == []
    )


async def test_an_address_book_has_an_end_even_for_many_at_once(shop: Shop) -> None:
    ada = await shop.person()
    await asyncio.gather(*(add(shop, ada) for _ in range(MOST_ADDRESSES - 2)))

    answers = await asyncio.gather(*(add(shop, ada, default_shipping=True) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    assert next(a.json()["code"] for a in answers if a.status_code == 409) == "users.address_book_full"
    assert sum(shipping for shipping, _ in defaults(await book(shop, ada))) == 1
    assert len(await book(shop, ada)) == MOST_ADDRESSES


async def test_what_changes_is_written_down_where_it_can_be_forgotten(shop: Shop) -> None:
    ada = await shop.person()
    entry = (await add(shop, ada)).json()
    path = f"/users/me/addresses/{entry['id']}"
    await shop.client.put(path, json=ADDRESS, headers=ada.headers)
    await shop.client.put(path, json=US, headers=ada.headers)
    await shop.client.delete(path, headers=ada.headers)

    log = await shop.rows(
        "SELECT action, target_id, changes FROM audit_log WHERE starts_with(action, 'user.address') ORDER BY id"
    )
    assert log == [(f"user.address_{done}", ada.id, {"address": None}) for done in ("added", "changed", "removed")]
    personal = await shop.rows("SELECT person_id FROM audit_personal WHERE changes::text ~ 'Infinite'")
    assert personal == [(ada.id,), (ada.id,)]


async def test_others_see_a_first_name_and_a_letter(shop: Shop) -> None:
    ada, nameless = await shop.person(), await shop.person()
    await shop.client.patch("/users/me", json={"first_name": "Ada", "last_name": "King Noel"}, headers=ada.headers)
    await shop.client.patch("/users/me", json={"first_name": None, "last_name": None}, headers=nameless.headers)

    async with shop.database.primary_session() as session:
        found = await users.public(session, [ada.id, nameless.id, uuid4()])

    assert {byline.name for byline in found.values()} == {"Ada K.", "Somebody"}
    assert "example.com" not in str([byline.model_dump() for byline in found.values()])
    assert set(users.UserPublic.model_fields) == {"id", "name"}
