"""Keys for programs: shown once, kept as a hash, and good for nothing beyond their scopes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import time_machine
from sqlalchemy import text

from auth.proofs import later, with_app
from letters import Mailbox
from mercat.auth import Role
from shopping import PASSWORD, Person, Shop


async def create(shop: Shop, person: Person, *scopes: str, **more: Any) -> httpx2.Response:
    body = {"name": "sync", "scopes": list(scopes), "password": PASSWORD, **more}
    return await shop.client.post("/users/me/api-keys", json=body, headers=person.headers)


async def key_of(shop: Shop, person: Person, *scopes: str, **more: Any) -> dict[str, str]:
    answer = await create(shop, person, *scopes, **more)
    assert answer.status_code == 201, answer.text
    return {"X-API-Key": answer.json()["key"]}


async def test_a_key_is_shown_once_and_kept_as_a_hash(shop: Shop) -> None:
    person = await shop.person()
    made = (await create(shop, person, "self:read")).json()
    key = made["key"]

    assert key.startswith("mk_")
    assert made["prefix"] == key[:11]
    assert made["last_used_at"] is None
    assert (await shop.client.get("/auth/me", headers={"X-API-Key": key})).json()["id"] == str(person.id)
    assert (await shop.client.get("/auth/me", headers={"Authorization": f"Bearer {key}"})).status_code == 200
    listed = (await shop.client.get("/users/me/api-keys", headers=person.headers)).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert listed[0]["last_used_at"] is not None
    assert key not in str(listed)
    assert key[11:] not in str(await shop.rows("SELECT k::text FROM api_keys k"))


async def test_a_key_of_a_buyer_reads_or_changes_what_is_theirs_as_its_scopes_say(shop: Shop) -> None:
    person = await shop.person()
    item = await shop.item()
    reader = await key_of(shop, person, "self:read")
    writer = await key_of(shop, person, "self:write")

    assert (await shop.client.get("/orders", headers=reader)).status_code == 200
    refused = await shop.order(item, headers=reader)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.out_of_scope")
    assert await shop.level(item) == (10, 0)
    assert (await shop.order(item, headers=writer)).status_code == 201
    assert (await shop.client.get("/orders", headers=writer)).json()["total"] == 1
    assert (await shop.client.get("/orders", headers=reader)).json()["total"] == 1


async def test_a_key_may_at_most_what_its_scopes_say_even_if_its_owner_may_all(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item()
    order = (await shop.order(item)).json()["id"]
    catalogue = await key_of(shop, admin, "catalog:write")
    reader = await key_of(shop, admin, "orders:read")

    assert (await shop.client.post("/products/categories", json={"name": "A"}, headers=catalogue)).status_code == 201
    assert (await shop.client.get("/orders", headers=catalogue)).status_code == 403
    assert (await shop.client.get(f"/orders/{order}", headers=catalogue)).status_code == 403
    assert (await shop.client.get("/cart", headers=catalogue)).status_code == 403
    assert (await shop.client.get("/orders", headers=reader)).json()["total"] == 1
    assert (await shop.client.get(f"/orders/{order}", headers=reader)).status_code == 200
    paid = await shop.client.put(f"/orders/{order}/status", json={"status": "paid"}, headers=reader)
    assert (paid.status_code, paid.json()["code"]) == (403, "auth.forbidden")
    assert (await shop.client.delete(f"/orders/{order}", headers=reader)).status_code == 403
    assert (await shop.client.post("/products/categories", json={"name": "B"}, headers=reader)).status_code == 403
    assert await shop.rows("SELECT status FROM orders") == [("pending",)]


async def test_nobody_makes_a_key_that_may_more_than_they_do(shop: Shop) -> None:
    buyer = await shop.person()
    support = await shop.person(Role.support)

    for person, scope in ((buyer, "orders:read"), (support, "catalog:write"), (support, "users:manage")):
        answer = await create(shop, person, scope)
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.above_yourself")
    for scopes in ([], ["god:mode"], ["self:read", "*"]):
        assert (await create(shop, buyer, *scopes)).status_code in {403, 422}
    assert await shop.rows("SELECT id FROM api_keys") == []


async def test_a_key_loses_what_its_owner_loses(shop: Shop) -> None:
    support = await shop.person(Role.support)
    key = await key_of(shop, support, "orders:read")
    assert (await shop.client.get("/orders", headers=key)).status_code == 200

    await shop.rows("UPDATE users SET is_active = false RETURNING id")
    assert (await shop.client.get("/orders", headers=key)).status_code == 401
    await shop.rows("UPDATE users SET is_active = true RETURNING id")
    assert (await shop.client.get("/orders", headers=key)).status_code == 200
    await shop.rows("DELETE FROM user_roles RETURNING role")
    assert (await shop.client.get("/orders", headers=key)).status_code == 403


async def test_a_key_cannot_do_what_only_a_person_may(shop: Shop) -> None:
    person = await shop.person(Role.admin)
    key = await key_of(shop, person, "self:read", "self:write", "users:manage")
    attempts: list[tuple[str, str, Any]] = [
        ("POST", "/users/me/api-keys", {"name": "child", "scopes": ["self:read"]}),
        ("GET", "/users/me/api-keys", None),
        ("POST", "/users/me/password", {"current_password": PASSWORD, "new_password": "another fine one"}),
        ("POST", "/users/me/email", {"email": "x@example.com", "password": PASSWORD}),
        ("DELETE", "/users/me/sessions", None),
        ("POST", "/users/me/verification", None),
    ]

    for method, path, body in attempts:
        answer = await shop.client.request(method, path, json=body, headers=key)
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.in_person_only"), path
    assert len(await shop.rows("SELECT id FROM api_keys")) == 1
    assert (await shop.client.get("/auth/me", headers=person.headers)).status_code == 200


async def test_an_ended_key_is_refused_at_once_and_only_its_owner_ends_it(shop: Shop) -> None:
    person, other = await shop.person(), await shop.person()
    made = (await create(shop, person, "self:read")).json()
    key = {"X-API-Key": made["key"]}
    assert (await shop.client.get("/auth/me", headers=key)).status_code == 200

    foreign = await shop.client.delete(f"/users/me/api-keys/{made['id']}", headers=other.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "auth.api_key_not_found")
    assert (await shop.client.get("/auth/me", headers=key)).status_code == 200
    assert (await shop.client.delete(f"/users/me/api-keys/{made['id']}", headers=person.headers)).status_code == 204
    refused = await shop.client.get("/auth/me", headers=key)
    assert (refused.status_code, refused.json()["code"]) == (401, "auth.invalid_token")
    assert (await shop.client.get("/users/me/api-keys", headers=person.headers)).json()["items"] == []


async def test_a_key_ends_with_its_time(shop: Shop) -> None:
    person = await shop.person()
    key = await key_of(shop, person, "self:read", expires_in_days=1)

    assert (await shop.client.get("/auth/me", headers=key)).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, seconds=1), tick=False):
        assert (await shop.client.get("/auth/me", headers=key)).status_code == 401


@pytest.mark.parametrize("key", ["mk_", "mk_" + "x" * 43, "mk_\u00fc", "x", "", "mk_" + "x" * 5000])
async def test_what_is_no_key_of_ours_is_refused(shop: Shop, key: str) -> None:
    answer = await shop.client.get("/auth/me", headers=[(b"X-API-Key", key.encode())])

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_there_is_an_end_to_the_number_of_keys(shop: Shop) -> None:
    person = await shop.person()
    for _ in range(50):
        await key_of(shop, person, "self:read")

    answer = await create(shop, person, "self:read")

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.too_many_api_keys")


async def test_making_and_ending_a_key_is_written_down_without_it(shop: Shop) -> None:
    person = await shop.person()
    made = (await create(shop, person, "self:read")).json()
    await shop.client.delete(f"/users/me/api-keys/{made['id']}", headers=person.headers)

    rows = await shop.rows(
        "SELECT action, actor_id, target_id::text FROM audit_log WHERE action LIKE %s ORDER BY id", "api_key.%"
    )
    assert rows == [("api_key.created", person.id, made["id"]), ("api_key.ended", person.id, made["id"])]
    assert made["key"] not in str(await shop.rows("SELECT a::text FROM audit_log a"))


async def test_who_is_signed_out_while_waiting_for_the_account_gets_no_key(shop: Shop) -> None:
    person = await shop.person()
    async with shop.database.transaction() as session:
        await session.execute(text("SELECT FROM users WHERE id = :id FOR UPDATE"), {"id": person.id})
        asking = asyncio.create_task(create(shop, person, "self:read"))
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while (await shop.rows(waiting))[0][0] == 0:  # noqa: ASYNC110 - PostgreSQL wakes nobody for this
            await asyncio.sleep(0.01)
        await session.execute(text("UPDATE sessions SET revoked_at = now()"))

    assert (await asking).status_code == 401
    assert await shop.rows("SELECT id FROM api_keys") == []


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("way", ["password", "sessions"])
async def test_keys_end_with_the_password_and_the_sessions_unless_they_shall_stay(
    shop: Shop, way: str, *, keep: bool
) -> None:
    person = await shop.person()
    key = await key_of(shop, person, "self:read")
    if way == "password":
        body = {"current_password": PASSWORD, "new_password": "an entirely other one", "keep_api_keys": keep}
        answer = await shop.client.post("/users/me/password", json=body, headers=person.headers)
    else:
        answer = await shop.client.delete(
            f"/users/me/sessions?keep_api_keys={str(keep).lower()}", headers=person.headers
        )
    assert answer.is_success, answer.text

    assert (await shop.client.get("/auth/me", headers=key)).status_code == (200 if keep else 401)
    ended = await shop.rows("SELECT payload->>'change' FROM events WHERE payload->>'change' = 'api_key_ended'")
    assert len(ended) == (0 if keep else 1)


@pytest.mark.parametrize(
    ("proof", "status", "code"),
    [
        ({}, 403, "auth.confirmation_needed"),
        ({"password": "not the one"}, 401, "auth.wrong_credentials"),
        ({"password": PASSWORD}, 201, None),
    ],
)
async def test_a_session_alone_makes_no_key(
    shop: Shop, mailbox: Mailbox, proof: dict[str, str], status: int, code: str | None
) -> None:
    person = await shop.person()
    new = {"name": "sync", "scopes": ["self:read"], **proof}

    answer = await shop.client.post("/users/me/api-keys", json=new, headers=person.headers)

    assert (answer.status_code, answer.json().get("code")) == (status, code)
    made = status == 201
    assert len(await shop.rows("SELECT id FROM api_keys")) == made
    assert [letter.subject for letter in await mailbox.letters()] == ["A new API key"] * made


async def test_neither_does_a_session_of_long_ago_with_the_password_where_there_is_a_second_factor(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        needed = await create(shop, guarded.person, "self:read")
        assert (needed.status_code, needed.json()["code"]) == (403, "auth.second_proof_needed")
        wrong = await create(shop, guarded.person, "self:read", code=guarded.app.code(5))
        assert (wrong.status_code, wrong.json()["code"]) == (401, "auth.wrong_code")
        assert await shop.rows("SELECT id FROM api_keys") == []

        assert (await create(shop, guarded.person, "self:read", code=guarded.app.code())).status_code == 201


async def test_who_has_no_password_makes_one_after_a_sign_in_of_just_now(shop: Shop) -> None:
    person = await shop.person()
    await shop.rows("UPDATE users SET password_hash = NULL WHERE id = %s RETURNING id", person.id)
    new = {"name": "sync", "scopes": ["self:read"]}

    async def ask() -> httpx2.Response:
        return await shop.client.post("/users/me/api-keys", json=new, headers=person.headers)

    assert (await ask()).status_code == 201
    await shop.rows("UPDATE sessions SET created_at = created_at - interval '1 hour' RETURNING id")
    refused = await ask()
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.confirmation_needed")
    assert len(await shop.rows("SELECT id FROM api_keys")) == 1
