"""Refresh tokens: rotated at each use, and a thief's use of an old one ends the session for everybody."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import time_machine

from mercat import outbox
from mercat.auth.jobs import forget_what_ended
from shopping import PASSWORD, Shop

GRACE = timedelta(seconds=10)


async def sign_in(shop: Shop, email: str) -> str:
    answer = await shop.client.post("/auth/token", data={"username": email, "password": PASSWORD})
    token: str = answer.json()["refresh_token"]
    return token


@pytest.fixture
async def email(shop: Shop) -> str:
    person = await shop.person(email="ada@example.com")
    await shop.rows("DELETE FROM sessions RETURNING id")
    return person.email


async def refresh(shop: Shop, token: str) -> httpx2.Response:
    return await shop.client.post("/auth/refresh", json={"refresh_token": token})


def refused(answer: httpx2.Response) -> bool:
    assert answer.status_code == 401, answer.text
    assert answer.headers["www-authenticate"].startswith("Bearer")
    return bool(answer.json()["code"] == "auth.invalid_token")


async def test_a_refresh_gives_the_next_pair(shop: Shop, email: str) -> None:
    first = await sign_in(shop, email)

    answer = await refresh(shop, first)

    assert answer.status_code == 200
    tokens = answer.json()
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert tokens["refresh_token"] != first
    me = await shop.client.get("/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["email"] == email
    assert (await refresh(shop, tokens["refresh_token"])).status_code == 200


async def test_only_the_hash_of_a_refresh_token_is_kept(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)

    assert not await shop.rows("SELECT 1 FROM refresh_tokens r WHERE r::text LIKE %s", f"%{token}%")
    assert not await shop.rows("SELECT 1 FROM refresh_tokens WHERE token_hash = %s", token.encode())


async def test_parallel_refreshes_within_the_grace_are_all_served(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)

    answers = await asyncio.gather(*(refresh(shop, token) for _ in range(4)))

    assert Counter(answer.status_code for answer in answers) == {200: 4}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 4
    assert all([(await refresh(shop, a.json()["refresh_token"])).status_code == 200 for a in answers])


async def test_an_old_token_after_the_grace_ends_the_whole_family_and_no_other(shop: Shop, email: str) -> None:
    token, other_device = await sign_in(shop, email), await sign_in(shop, email)
    following = (await refresh(shop, token)).json()["refresh_token"]

    with time_machine.travel(datetime.now(UTC) + GRACE + timedelta(seconds=1), tick=False):
        assert refused(await refresh(shop, token))
        assert refused(await refresh(shop, following))
        assert refused(await refresh(shop, token))
        assert (await refresh(shop, other_device)).status_code == 200
    assert refused(await refresh(shop, following))


async def test_within_the_grace_nothing_is_revoked(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)
    following = (await refresh(shop, token)).json()["refresh_token"]

    with time_machine.travel(datetime.now(UTC) + GRACE - timedelta(seconds=2), tick=False):
        assert (await refresh(shop, token)).status_code == 200
        assert (await refresh(shop, following)).status_code == 200


async def test_the_grace_is_counted_from_the_first_use(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)
    await refresh(shop, token)
    start = datetime.now(UTC)

    with time_machine.travel(start + timedelta(seconds=7), tick=False):
        assert (await refresh(shop, token)).status_code == 200
    with time_machine.travel(start + timedelta(seconds=14), tick=False):
        assert refused(await refresh(shop, token))


async def test_a_thief_who_refreshes_at_the_same_moment_is_thrown_out_too(shop: Shop, email: str) -> None:
    """The reuse of an old token and the use of the current one meet: no new link may outlive the family."""
    for _ in range(6):
        old = await sign_in(shop, email)
        current = (await refresh(shop, old)).json()["refresh_token"]
        await shop.rows("UPDATE refresh_tokens SET used_at = used_at - interval '1 minute' RETURNING id")

        reuse, *thefts = await asyncio.gather(refresh(shop, old), *(refresh(shop, current) for _ in range(3)))

        assert refused(reuse)
        for stolen in (theft.json()["refresh_token"] for theft in thefts if theft.status_code == 200):
            assert refused(await refresh(shop, stolen))
    assert await shop.rows("SELECT id FROM sessions WHERE revoked_at IS NULL") == []


async def test_signing_out_ends_the_session_and_no_other(shop: Shop, email: str) -> None:
    token, other_device = await sign_in(shop, email), await sign_in(shop, email)
    following = (await refresh(shop, token)).json()["refresh_token"]

    answer = await shop.client.post("/auth/logout", json={"refresh_token": token})

    assert (answer.status_code, answer.content) == (204, b"")
    assert refused(await refresh(shop, following))
    assert refused(await refresh(shop, token))
    assert (await refresh(shop, other_device)).status_code == 200


async def test_signing_out_while_refreshing_leaves_no_session(shop: Shop, email: str) -> None:
    for _ in range(6):
        token = await sign_in(shop, email)

        refreshed, left = await asyncio.gather(
            refresh(shop, token), shop.client.post("/auth/logout", json={"refresh_token": token})
        )

        assert left.status_code == 204
        assert refreshed.status_code in {200, 401}
    assert await shop.rows("SELECT id FROM sessions WHERE revoked_at IS NULL") == []


async def test_signing_out_twice_or_with_nonsense_is_no_failure(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)

    for body in (token, token, "nonsense"):
        assert (await shop.client.post("/auth/logout", json={"refresh_token": body})).status_code == 204


async def test_a_session_that_is_not_used_ends(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, seconds=1), tick=False):
        assert refused(await refresh(shop, token))
    assert (await refresh(shop, token)).status_code == 200


async def test_a_deactivated_account_cannot_refresh(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)
    await shop.rows("UPDATE users SET is_active = false RETURNING id")

    assert refused(await refresh(shop, token))
    assert await shop.rows("SELECT count(*) FROM refresh_tokens WHERE used_at IS NOT NULL") == [(0,)]


async def test_what_is_no_refresh_token_is_refused(shop: Shop, email: str) -> None:
    access = (await shop.client.post("/auth/token", data={"username": email, "password": PASSWORD})).json()

    assert refused(await refresh(shop, "nonsense"))
    for body in ({}, {"refresh_token": ""}, {"refresh_token": 7}, {"refresh_token": access["access_token"]}):
        assert (await shop.client.post("/auth/refresh", json=body)).status_code in {401, 422}
    extra = {"refresh_token": access["refresh_token"], "roles": ["admin"]}
    assert (await shop.client.post("/auth/refresh", json=extra)).status_code == 422
    assert (await refresh(shop, access["refresh_token"])).status_code == 200


async def test_a_role_counts_at_the_next_refresh_and_is_gone_at_the_next_request(shop: Shop, email: str) -> None:
    token = await sign_in(shop, email)
    await shop.rows("INSERT INTO user_roles SELECT id, 'admin' FROM users RETURNING role")
    access = (await refresh(shop, token)).json()["access_token"]
    headers = {"Authorization": f"Bearer {access}"}

    made = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=headers)
    assert made.status_code == 201

    await shop.rows("DELETE FROM user_roles WHERE role = 'admin' RETURNING role")
    refused_now = await shop.client.post("/products/categories", json={"name": "Garden"}, headers=headers)
    assert refused_now.status_code == 403
    assert await shop.rows("SELECT name FROM categories") == [("Kitchen",)]


async def test_staff_who_is_blocked_is_out_at_the_next_request(shop: Shop) -> None:
    admin = await shop.admin()
    await shop.rows("UPDATE users SET is_active = false RETURNING id")

    answer = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)

    assert answer.status_code == 401
    assert await shop.rows("SELECT name FROM categories") == []


async def test_a_buyer_who_is_blocked_by_another_process_is_out_within_five_minutes(shop: Shop) -> None:
    buyer = await shop.buyer()
    assert (await shop.client.get("/orders", headers=buyer.headers)).status_code == 200
    await shop.rows("UPDATE users SET is_active = false RETURNING id")

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5), tick=False):
        assert (await shop.client.get("/orders", headers=buyer.headers)).status_code == 401


async def test_one_sees_where_one_is_signed_in_and_ends_it(shop: Shop) -> None:
    here = await shop.person(email="ada@example.com")
    other = await shop.person()
    made = await shop.client.post(
        "/auth/token", data={"username": here.email, "password": PASSWORD}, headers={"User-Agent": "Phone\x00\u0007 7"}
    )
    elsewhere = {"Authorization": f"Bearer {made.json()['access_token']}"}

    found = (await shop.client.get("/users/me/sessions", headers=here.headers)).json()["items"]
    assert [(s["kind"], s["method"], s["current"], s["ip"]) for s in found] == [
        ("app", "password", False, "127.0.0.1"),
        ("app", "password", True, "127.0.0.1"),
    ]
    assert found[0]["user_agent"] == "Phone 7"
    foreign = await shop.client.delete(f"/users/me/sessions/{found[0]['id']}", headers=other.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "auth.session_not_found")
    assert (await shop.client.get("/auth/me", headers=elsewhere)).status_code == 200

    ended = await shop.client.delete(f"/users/me/sessions/{found[0]['id']}", headers=here.headers)

    assert ended.status_code == 204
    assert (await shop.client.get("/auth/me", headers=elsewhere)).status_code == 401
    assert refused(await refresh(shop, made.json()["refresh_token"]))
    again = await shop.client.delete(f"/users/me/sessions/{found[0]['id']}", headers=here.headers)
    assert again.status_code == 404
    assert len((await shop.client.get("/users/me/sessions", headers=here.headers)).json()["items"]) == 1


async def test_signing_out_everywhere_leaves_no_way_in(shop: Shop) -> None:
    here = await shop.person(email="ada@example.com")
    tokens = [await sign_in(shop, here.email) for _ in range(3)]
    bystander = await shop.person()

    answer = await shop.client.delete("/users/me/sessions", headers=here.headers)

    assert answer.json() == {"ended": 4}
    assert (await shop.client.get("/auth/me", headers=here.headers)).status_code == 401
    for token in tokens:
        assert refused(await refresh(shop, token))
    assert (await shop.client.get("/auth/me", headers=bystander.headers)).status_code == 200


async def test_what_ended_long_ago_is_forgotten(shop: Shop, email: str) -> None:
    await sign_in(shop, email)
    kept = await sign_in(shop, email)
    with time_machine.travel(datetime.now(UTC) - timedelta(days=61), tick=False):
        await sign_in(shop, email)

    await forget_what_ended(outbox.JobContext(shop.database))

    assert len(await shop.rows("SELECT id FROM sessions")) == 2
    assert (await refresh(shop, kept)).status_code == 200
