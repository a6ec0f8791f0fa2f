"""Operators keep accounts: find, edit, delete, restore, give roles. Nobody above themselves, and never the last one."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from mercat.auth import Role
from shopping import PASSWORD, Person, Shop

STATE = """
SELECT u.id, u.email, u.username, u.first_name, u.last_name, u.is_active, u.deleted_at,
       (SELECT array_agg(role ORDER BY role) FROM user_roles r WHERE r.user_id = u.id),
       (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL)
FROM users u ORDER BY u.id
"""

TOO_LATE = "auth.invalid_token"


async def call(shop: Shop, who: Person | None, method: str, path: str, body: Any = None) -> httpx2.Response:
    return await shop.client.request(method, path, json=body, headers=who.headers if who else {})


async def signs_in(shop: Shop, person: Person) -> bool:
    return (await shop.client.post("/auth/token", data={"username": person.email, "password": PASSWORD})).is_success


def wanted(*roles: str) -> dict[str, Any]:
    return {"roles": roles, "password": PASSWORD}


def everything(user_id: UUID) -> list[tuple[str, str, Any]]:
    path = f"/users/{user_id}"
    return [
        ("GET", path, None),
        ("PUT", path, {"first_name": "Eve"}),
        ("DELETE", path, None),
        ("POST", f"{path}/restore", None),
        ("POST", f"{path}/deactivate", None),
        ("PUT", f"{path}/roles", wanted("buyer", "support")),
        ("GET", f"{path}/sessions", None),
        ("DELETE", f"{path}/sessions", None),
    ]


async def test_accounts_are_found_by_what_is_known_of_them(shop: Shop) -> None:
    admin = await shop.admin()
    ada = await shop.person(email="ada@example.com")
    await call(
        shop, ada, "PATCH", "/users/me", {"first_name": "Ada", "last_name": "Lovelace", "username": "countess_1"}
    )
    grace = await shop.person(Role.support, email="grace.hopper@navy.example.com")
    gone = await shop.person(email="gone@example.com")
    blocked = await shop.person(email="blocked@example.com")
    await call(shop, admin, "DELETE", f"/users/{gone.id}")
    await call(shop, admin, "POST", f"/users/{blocked.id}/deactivate")

    async def found(query: str) -> list[str]:
        answer = await call(shop, admin, "GET", f"/users/?{query}")
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    everybody = [str(person.id) for person in (blocked, gone, grace, ada, admin)]
    assert await found("") == everybody
    for query in ("q=ADA%40", "q=love", "q=a+l", "q=Countess", "q=ess_1", "q=%EF%BC%A1da"):
        assert await found(query) == [str(ada.id)], query
    for query in ("q=%25", "q=_x", "q=nobody", "q=countess-1"):
        assert await found(query) == [], query
    assert await found("role=support") == [str(grace.id)]
    assert await found("state=deleted") == [str(gone.id)]
    assert await found("state=deactivated") == [str(blocked.id)]
    assert await found("state=active&role=buyer") == [str(ada.id)]
    second = (await call(shop, admin, "GET", "/users?page=2&size=2")).json()
    assert [item["id"] for item in second["items"]] == everybody[2:4]
    assert (second["total"], second["pages"]) == (5, 3)
    assert not any("hash" in key or "password" in key for key in second["items"][0])


@pytest.mark.parametrize(
    "query", ["role=king", "state=erased", "size=101", "page=0", "sort=password", f"q={'x' * 101}", "q=%00"]
)
async def test_what_cannot_be_looked_for_is_refused(shop: Shop, query: str) -> None:
    answer = await call(shop, await shop.admin(), "GET", f"/users/?{query}")
    assert answer.status_code in {400, 422}


async def test_to_everybody_else_other_accounts_do_not_exist(shop: Shop) -> None:
    ada, eve = await shop.person(), await shop.person()
    vendor, _ = await shop.seller("clay")
    analyst = await shop.person(Role.analyst)
    before = await shop.rows(STATE)

    for who in (eve, vendor, analyst):
        for user_id in (ada.id, uuid4()):
            answers = [await call(shop, who, *request) for request in everything(user_id)]
            assert [answer.status_code for answer in answers] == [404, 404, 404, 403, 403, 403, 403, 403]
            assert {a.json()["code"] for a in answers if a.status_code == 404} == {"auth.user_not_found"}
        assert (await call(shop, who, "GET", "/users/")).status_code == 403
    for request in (*everything(ada.id), ("GET", "/users/", None)):
        assert (await call(shop, None, *request)).status_code == 401

    assert await shop.rows(STATE) == before


async def test_support_may_look_and_not_touch(shop: Shop) -> None:
    ada, support = await shop.person(), await shop.person(Role.support)
    before = await shop.rows(STATE)

    answers = [await call(shop, support, *request) for request in everything(ada.id)]

    assert [answer.status_code for answer in answers] == [200, *[403] * 7]
    assert answers[0].json()["email"] == ada.email
    assert await shop.rows(STATE) == before


async def test_one_reaches_ones_own_account_by_its_id(shop: Shop) -> None:
    ada = await shop.person()
    path = f"/users/{ada.id}"

    own = (await call(shop, ada, "GET", path)).json()
    assert own == (await call(shop, ada, "GET", "/users/me")).json()
    renamed = await call(shop, ada, "PUT", path, {"first_name": "Ada", "email": ada.email})
    assert (renamed.status_code, renamed.json()) == (200, {**own, "first_name": "Ada"})

    moved = await call(shop, ada, "PUT", path, {"first_name": "X", "email": "eve@example.com"})
    assert (moved.status_code, moved.json()["code"]) == (403, "auth.confirmation_needed")
    assert "/users/me/email" in moved.json()["detail"]
    for request in everything(ada.id)[3:]:
        assert (await call(shop, ada, *request)).status_code == 403
    assert (await call(shop, ada, "GET", path)).json() == renamed.json()


async def test_one_may_leave_in_person(shop: Shop) -> None:
    ada, admin = await shop.person(), await shop.admin()
    body = {"name": "all", "scopes": ["self:read", "self:write"], "password": PASSWORD}
    key = (await call(shop, ada, "POST", "/users/me/api-keys", body)).json()["key"]

    by_key = await shop.client.delete(f"/users/{ada.id}", headers={"X-API-Key": key})
    assert (by_key.status_code, by_key.json()["code"]) == (403, "auth.in_person_only")
    assert (await call(shop, ada, "DELETE", f"/users/{ada.id}")).status_code == 204

    assert (await call(shop, ada, "GET", "/users/me")).status_code == 401
    assert (await shop.client.get("/users/me", headers={"X-API-Key": key})).status_code == 401
    assert not await signs_in(shop, ada)
    assert (await call(shop, admin, "GET", f"/users/{ada.id}")).json()["deleted_at"] is not None
    restored = await call(shop, admin, "POST", f"/users/{ada.id}/restore")
    assert (restored.status_code, restored.json()["is_active"], restored.json()["deleted_at"]) == (200, True, None)
    assert await signs_in(shop, ada)
    again = await shop.client.post("/auth/register", json={"email": ada.email, "password": PASSWORD})
    assert again.status_code == 409


async def test_an_operator_edits_and_the_former_address_is_told(shop: Shop) -> None:
    ada, admin = await shop.person(email="ada@example.com"), await shop.admin()
    await shop.person(email="taken@example.com")
    path = f"/users/{ada.id}"

    new = {"email": "Taken@example.com", "first_name": "X", "password": PASSWORD}
    taken = await call(shop, admin, "PUT", path, new)
    assert (taken.status_code, taken.json()["code"]) == (409, "auth.email_taken")
    assert (await call(shop, admin, "GET", path)).json()["first_name"] == "Test"

    new = {"email": "ada@example.org", "locale": "fr", "password": PASSWORD}
    edited = (await call(shop, admin, "PUT", path, new)).json()
    assert (edited["email"], edited["email_verified"], edited["locale"]) == ("ada@example.org", False, "fr")
    assert (edited["first_name"], edited["last_name"]) == ("Test", "Person")
    told = await shop.rows("SELECT payload->>'old_email' FROM events WHERE name = 'auth.email_changed'")
    assert told == [("ada@example.com",)]


async def test_a_deactivated_person_is_out_at_once(shop: Shop) -> None:
    ada, admin = await shop.person(), await shop.admin()

    blocked = await call(shop, admin, "POST", f"/users/{ada.id}/deactivate")

    assert (blocked.status_code, blocked.json()["is_active"]) == (200, False)
    assert (await call(shop, ada, "GET", "/users/me")).status_code == 401
    assert not await signs_in(shop, ada)
    await call(shop, admin, "POST", f"/users/{ada.id}/restore")
    assert await signs_in(shop, ada)


async def test_sessions_of_somebody_are_seen_and_ended(shop: Shop) -> None:
    ada, admin = await shop.person(), await shop.admin()
    await signs_in(shop, ada)
    path = f"/users/{ada.id}/sessions"

    seen = (await call(shop, admin, "GET", path)).json()["items"]
    assert [(session["method"], session["current"]) for session in seen] == [("password", False)] * 2
    assert (await call(shop, admin, "DELETE", path)).json() == {"ended": 2}

    assert (await call(shop, ada, "GET", "/users/me")).status_code == 401
    assert (await call(shop, admin, "GET", path)).json()["items"] == []
    assert await signs_in(shop, ada)
    done = await shop.rows("SELECT actor_id, changes->'ended'->'after' FROM audit_log WHERE action = 'user.signed_out'")
    assert done == [(admin.id, 2)]


async def test_nobody_touches_whoever_stands_above(shop: Shop) -> None:
    moderator, admin = await shop.person(Role.moderator), await shop.admin()
    support = await shop.person(Role.support)
    before = await shop.rows(STATE)

    for above in (admin, support):  # support may do things with orders that a moderator may not
        answers = [await call(shop, moderator, *request) for request in everything(above.id)]
        assert [answer.status_code for answer in answers] == [200, *[403] * 7]
        codes = [answer.json()["code"] for answer in answers[1:]]
        assert codes == ["auth.above_yourself"] * 4 + ["auth.forbidden"] + ["auth.above_yourself"] * 2

    assert await shop.rows(STATE) == before


async def test_roles_are_given_and_count_at_the_next_request(shop: Shop) -> None:
    ada, admin = await shop.person(), await shop.admin()
    assert (await call(shop, ada, "GET", "/users/")).status_code == 403

    given = await call(shop, admin, "PUT", f"/users/{ada.id}/roles", wanted("support", "buyer", "support"))
    assert (given.status_code, given.json()["roles"]) == (200, ["buyer", "support"])
    assert (await call(shop, ada, "GET", "/users/")).status_code == 200
    await call(shop, admin, "PUT", f"/users/{ada.id}/roles", wanted())
    assert (await call(shop, ada, "GET", "/users/")).status_code == 403

    for body in (wanted("king"), {"roles": "admin"}, {}, wanted(*["buyer"] * 7)):
        assert (await call(shop, admin, "PUT", f"/users/{ada.id}/roles", body)).status_code == 422
    changes = await shop.rows("SELECT changes->'roles' FROM audit_log WHERE action = 'user.roles_changed' ORDER BY id")
    assert [(change["before"], change["after"]) for (change,) in changes] == [
        (["buyer"], ["buyer", "support"]),
        (["buyer", "support"], []),
    ]


async def test_somebody_always_may_do_everything(shop: Shop) -> None:
    admin = await shop.admin()
    path = f"/users/{admin.id}"

    for method, where, body in (
        ("DELETE", path, None),
        ("POST", f"{path}/deactivate", None),
        ("PUT", f"{path}/roles", wanted("buyer")),
    ):
        answer = await call(shop, admin, method, where, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "auth.last_admin")

    assert (await call(shop, admin, "GET", path)).json()["roles"] == ["admin"]


@pytest.mark.parametrize(
    ("method", "where", "body"),
    [("DELETE", "", None), ("POST", "/deactivate", None), ("PUT", "/roles", wanted("buyer"))],
)
async def test_two_admins_who_remove_each_other_at_once_leave_one(
    shop: Shop, method: str, where: str, body: Any
) -> None:
    for _ in range(3):
        await shop.rows("UPDATE users SET is_active = false RETURNING id")
        one, other = await shop.person(Role.admin), await shop.person(Role.admin)

        answers = await asyncio.gather(
            call(shop, one, method, f"/users/{other.id}{where}", body),
            call(shop, other, method, f"/users/{one.id}{where}", body),
        )

        assert sorted(answer.is_success for answer in answers) == [False, True]
        refused = next(answer for answer in answers if not answer.is_success)
        assert refused.json()["code"] in {
            "auth.last_admin",
            "auth.forbidden",
            "auth.user_not_found",
            "auth.invalid_token",
        }
        left = await shop.rows(
            "SELECT count(*) FROM users u JOIN user_roles r ON r.user_id = u.id WHERE u.is_active AND r.role = 'admin'"
        )
        assert left == [(1,)]


async def test_a_key_does_what_its_scopes_say_and_no_more(shop: Shop) -> None:
    admin, ada = await shop.admin(), await shop.person()

    async def key(*scopes: str) -> dict[str, str]:
        new = {"name": "k", "scopes": list(scopes), "password": PASSWORD}
        made = await call(shop, admin, "POST", "/users/me/api-keys", new)
        return {"X-API-Key": made.json()["key"]}

    reader, manager = await key("users:read"), await key("users:manage")
    path = f"/users/{ada.id}"
    assert (await shop.client.get("/users/", headers=reader)).status_code == 200
    assert (await shop.client.get(path, headers=reader)).status_code == 200
    assert (await shop.client.put(path, json={"first_name": "X"}, headers=reader)).status_code == 403
    assert (await shop.client.put(path, json={"first_name": "X"}, headers=manager)).status_code == 200
    assert (await shop.client.get(path, headers=manager)).status_code == 403
