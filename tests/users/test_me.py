"""What people say about themselves: names, phone number, preferences. And what they cannot say."""

import asyncio
from typing import Any

import httpx2
import pytest

from shopping import PASSWORD, Person, Shop

FORBIDDEN: list[tuple[str, Any]] = [
    ("roles", ["admin"]),
    ("is_admin", True),
    ("email_verified", True),
    ("is_active", False),
    ("id", "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"),
    ("balance", "1000000"),
    ("created_at", "2020-01-01T00:00:00Z"),
    ("deleted_at", None),
    ("password_hash", "x"),
]
ACCOUNT = "SELECT row_to_json(u)::text, (SELECT array_agg(role) FROM user_roles r WHERE r.user_id = u.id) FROM users u"


async def change(shop: Shop, person: Person, **fields: Any) -> httpx2.Response:
    return await shop.client.patch("/users/me", json=fields, headers=person.headers)


async def sign_in(shop: Shop, login: str) -> int:
    return (await shop.client.post("/auth/token", data={"username": login, "password": PASSWORD})).status_code


async def test_one_sees_the_account_and_what_was_never_said(shop: Shop) -> None:
    ada = await shop.person(email="ada@example.com")

    me = (await shop.client.get("/users/me", headers=ada.headers)).json()

    account = (await shop.client.get("/auth/me", headers=ada.headers)).json()
    assert me == {
        **account,
        "locale": "en",
        "phone": None,
        "currency": None,
        "notifications": {"news": False, "product_alerts": True, "reminders": False},
        "personalized": True,
        "deleted_at": None,
    }
    assert (await shop.client.get("/users/me")).status_code == 401


async def test_people_change_their_own_names_and_nothing_else(shop: Shop) -> None:
    ada = await shop.person(email="ada@example.com")
    before = (await change(shop, ada, username="Ada.L")).json()

    changed = await change(shop, ada, last_name="Byron", username="byron")
    assert (changed.status_code, changed.json()) == (200, {**before, "last_name": "Byron", "username": "byron"})
    assert await sign_in(shop, "BYRON") == 200
    assert await sign_in(shop, "ada.l") == 401

    for field, value in [
        *FORBIDDEN,
        ("email", "eve@example.com"),
        ("password", "another password"),
        ("username", "a b"),
        ("first_name", 7),
    ]:
        refused = await change(shop, ada, **{field: value, "last_name": "X"})
        assert refused.status_code == 422, field
    assert (await shop.client.get("/users/me", headers=ada.headers)).json() == changed.json()

    cleared = (await change(shop, ada, username=None, last_name=None)).json()
    assert (cleared["username"], cleared["last_name"]) == (None, "")
    assert await sign_in(shop, "byron") == 401


async def test_a_user_name_that_somebody_else_has_cannot_be_taken_over(shop: Shop) -> None:
    ada, eve = await shop.person(), await shop.person()
    await change(shop, ada, username="Ada.L")

    answer = await change(shop, eve, username="ADA.L")

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.username_taken")
    assert await shop.rows("SELECT username_key FROM users WHERE id = %s", eve.id) == [(None,)]


async def test_nobody_registers_as_more_than_a_buyer(shop: Shop) -> None:
    for field, value in FORBIDDEN:
        body = {"email": "eve@example.com", "password": PASSWORD, field: value}
        assert (await shop.client.post("/auth/register", json=body)).status_code == 422, field
    assert await shop.rows("SELECT id FROM users") == []


@pytest.mark.parametrize(("field", "value"), FORBIDDEN)
async def test_not_even_an_operator_says_such_a_thing_by_the_way(shop: Shop, field: str, value: object) -> None:
    admin, ada = await shop.admin(), await shop.person()
    before = await shop.rows(ACCOUNT)

    for who in (admin, ada):
        answer = await shop.client.put(f"/users/{ada.id}", json={field: value}, headers=who.headers)
        assert answer.status_code == 422

    assert await shop.rows(ACCOUNT) == before


async def test_preferences_are_kept_and_what_is_left_out_stays(shop: Shop) -> None:
    ada = await shop.person()

    first = await change(
        shop, ada, phone="+44 (20) 7946-0018", currency="GBP", locale="de", notifications={"news": True}
    )
    second = await change(shop, ada, notifications={"reminders": True, "product_alerts": False})

    assert first.status_code == second.status_code == 200
    kept = second.json()
    assert (kept["phone"], kept["currency"], kept["locale"]) == ("+442079460018", "GBP", "de")
    assert kept["notifications"] == {"news": True, "product_alerts": False, "reminders": True}
    assert (await shop.client.get("/users/me", headers=ada.headers)).json() == kept

    emptied = (await change(shop, ada, phone=None, currency=None, locale=None, notifications=None)).json()
    assert (emptied["phone"], emptied["currency"], emptied["locale"]) == (None, None, "en")
    assert emptied["notifications"] == {"news": False, "product_alerts": False, "reminders": False}
    no_longer = (await change(shop, ada, notifications={"news": False})).json()
    assert not any(no_longer["notifications"].values())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "020 7946 0018"),
        ("phone", "+0 123 456 789"),
        ("phone", "+44"),
        ("phone", "+4420794600181234567"),
        ("phone", "+44 20 79x6 0018"),
        ("phone", "+44\u0660\u0661\u0662\u0663\u0664\u0665\u0666"),
        ("phone", 442079460018),
        ("currency", "XXX"),
        ("currency", "eur"),
        ("locale", "es"),
        ("locale", "de-DE"),
        ("notifications", {"order_placed": False}),
        ("notifications", {"news": "yes"}),
        ("notifications", ["news"]),
    ],
)
async def test_what_is_no_such_thing_is_refused_and_changes_nothing(shop: Shop, field: str, value: object) -> None:
    ada = await shop.person()

    refused = await change(shop, ada, **{field: value, "first_name": "X"})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith(field)
    assert await shop.rows("SELECT first_name FROM users") == [("Test",)]
    assert await shop.rows("SELECT 1 FROM profiles") == []


async def test_changes_at_once_are_all_kept(shop: Shop) -> None:
    ada = await shop.person()
    said: list[dict[str, Any]] = [
        {"phone": "+442079460018"},
        {"currency": "JPY"},
        {"notifications": {"news": True}},
        {"notifications": {"reminders": True}},
        {"notifications": {"product_alerts": True}},
        {"first_name": "Ada"},
    ]

    answers = await asyncio.gather(*(change(shop, ada, **fields) for fields in said))

    assert {answer.status_code for answer in answers} == {200}
    me = (await shop.client.get("/users/me", headers=ada.headers)).json()
    assert (me["phone"], me["currency"], me["first_name"]) == ("+442079460018", "JPY", "Ada")
    assert all(me["notifications"].values())


async def test_the_log_says_that_it_changed_and_keeps_the_values_apart(shop: Shop) -> None:
    ada = await shop.person()
    await change(shop, ada, phone="+442079460018", notifications={"news": True})
    await change(shop, ada, phone="+442079460018")

    entries = await shop.rows("SELECT id, changes FROM audit_log WHERE action = 'user.profile_changed'")
    assert [changes for _, changes in entries] == [{"phone": None, "wanted_mail": None}]
    personal = await shop.rows(
        "SELECT changes FROM audit_personal WHERE entry_id = %s AND part = 'target'", entries[0][0]
    )
    assert personal[0][0]["phone"] == {"before": None, "after": "+442079460018"}


async def test_a_key_is_held_to_its_scopes(shop: Shop) -> None:
    ada = await shop.person()
    body = {"name": "reader", "scopes": ["self:read"], "password": PASSWORD}
    key = (await shop.client.post("/users/me/api-keys", json=body, headers=ada.headers)).json()["key"]

    reading = await shop.client.get("/users/me", headers={"X-API-Key": key})
    writing = await shop.client.patch("/users/me", json={"first_name": "X"}, headers={"X-API-Key": key})

    assert (reading.status_code, writing.status_code) == (200, 403)
    assert writing.json()["code"] == "auth.out_of_scope"
