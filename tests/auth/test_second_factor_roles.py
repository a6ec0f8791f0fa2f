"""Roles that count only once a second factor was shown."""

from typing import Any

import httpx2
import pytest

from auth.proofs import (
    STEP,
    ask_for_passkey,
    bearer,
    challenged,
    finish,
    later,
    refusal,
    show_passkey,
    sign_in,
    with_app,
    with_passkey,
)
from mercat.auth import Role
from shopping import PASSWORD, Shop

NEEDED = (403, "auth.second_factor_needed")
pytestmark = pytest.mark.usefixtures("_still", "_public")


@pytest.fixture(autouse=True)
def _needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_SECOND_FACTOR_ROLES", '["admin", "moderator"]')


async def staffs_work(shop: Shop, headers: dict[str, str], name: str = "Kitchen") -> httpx2.Response:
    return await shop.client.post("/products/categories", json={"name": name}, headers=headers)


async def needed(shop: Shop, headers: dict[str, str]) -> bool:
    found: bool = (await shop.client.get("/users/me/second-factors", headers=headers)).json()["needed"]
    return found


async def key_of(shop: Shop, headers: dict[str, str], *scopes: str, **proof: str) -> httpx2.Response:
    new = {"name": "program", "scopes": scopes, "password": PASSWORD, **proof}
    return await shop.client.post("/users/me/api-keys", json=new, headers=headers)


@pytest.mark.parametrize("role", [Role.admin, Role.moderator])
async def test_staff_without_a_factor_come_in_but_not_far(shop: Shop, role: Role) -> None:
    person = await shop.person(role)

    assert refusal(await staffs_work(shop, person.headers)) == NEEDED
    me = await shop.client.get("/auth/me", headers=person.headers)
    assert (me.status_code, me.json()["roles"]) == (200, [role])
    assert await needed(shop, person.headers) is True
    assert (await shop.client.get("/orders", headers=person.headers)).json()["total"] == 0
    assert await shop.rows("SELECT id FROM categories") == []


async def test_they_set_one_up_sign_in_with_it_and_then_may(shop: Shop) -> None:
    guarded = await with_app(shop, await shop.person(Role.moderator))
    assert refusal(await staffs_work(shop, guarded.headers)) == NEEDED, "what was shown is a sign-in of long ago"
    with later():
        headers = bearer(await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code()))

        assert (await staffs_work(shop, headers)).status_code == 201
        assert await needed(shop, headers) is True
        assert refusal(await staffs_work(shop, guarded.headers, "Garden")) == NEEDED


async def test_the_factor_is_remembered_with_the_session(shop: Shop) -> None:
    guarded = await with_app(shop, await shop.person(Role.moderator))
    with later():
        opened = await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())
    with later(40 * STEP):
        token = {"refresh_token": opened.json()["refresh_token"]}
        headers = bearer(await shop.client.post("/auth/refresh", json=token))

        assert (await staffs_work(shop, headers)).status_code == 201


async def test_a_recovery_code_and_a_passkey_do_as_well(shop: Shop) -> None:
    guarded = await with_passkey(shop, await shop.person(Role.admin))
    asked = await ask_for_passkey(shop)
    by_passkey = await show_passkey(shop, asked, guarded.device.get(asked["options"]))
    by_code = await finish(shop, await challenged(shop, guarded.person), recovery_code=guarded.codes[0])

    for n, answer in enumerate((by_passkey, by_code)):
        assert (await staffs_work(shop, bearer(answer), f"Category {n}")).status_code == 201


async def test_roles_that_are_not_named_count_as_ever(shop: Shop) -> None:
    both = await shop.person(Role.moderator, Role.support)

    assert (await shop.client.get("/orders", headers=both.headers)).status_code == 200
    assert refusal(await staffs_work(shop, both.headers)) == NEEDED
    buyer = await shop.person()
    assert refusal(await staffs_work(shop, buyer.headers)) == (403, "auth.forbidden")
    assert await needed(shop, buyer.headers) is False


async def test_a_key_carries_the_factor_of_the_session_that_made_it(shop: Shop) -> None:
    guarded = await with_app(shop, await shop.person(Role.moderator))

    with later():
        code = guarded.app.code()
        refused = await key_of(shop, guarded.headers, "catalog:write", code=code)
        assert refusal(refused) == (403, "auth.above_yourself")
        weak = (await key_of(shop, guarded.headers, "self:read", code=code)).json()
    with later(2 * STEP):
        headers = bearer(await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code()))
        strong = (await key_of(shop, headers, "catalog:write")).json()

    assert (await staffs_work(shop, {"X-API-Key": strong["key"]})).status_code == 201
    assert refusal(await staffs_work(shop, {"X-API-Key": weak["key"]}))[0] == 403


async def test_a_demand_that_is_made_later_counts_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_SECOND_FACTOR_ROLES", "[]")
    person = await shop.person(Role.moderator)
    made = (await key_of(shop, person.headers, "catalog:write")).json()
    assert (await staffs_work(shop, person.headers, "Before")).status_code == 201

    monkeypatch.setenv("MERCAT_SECOND_FACTOR_ROLES", '["moderator"]')

    assert refusal(await staffs_work(shop, person.headers)) == NEEDED
    assert refusal(await staffs_work(shop, {"X-API-Key": made["key"]})) == NEEDED


async def test_a_browser_may_after_the_second_proof(shop: Shop) -> None:
    guarded = await with_app(shop, await shop.person(Role.moderator))
    begun = await sign_in(shop, guarded.person, "/auth/session")
    done = await finish(shop, begun.json()["challenge"], "/auth/session/second-factor", recovery_code=guarded.codes[0])
    shop.client.cookies.clear()
    headers: dict[str, Any] = {"Cookie": done.headers["set-cookie"].split(";")[0], "Sec-Fetch-Site": "same-origin"}

    assert (await staffs_work(shop, headers)).status_code == 201
