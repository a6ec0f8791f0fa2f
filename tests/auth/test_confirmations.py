"""What gives somebody power for longer than a session lasts: whoever only holds the session cannot do it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from auth.proofs import later, with_app
from mercat.auth import Role
from shopping import PASSWORD, Person, Shop
from vendors.people import joined

GIVEN = """
SELECT (SELECT count(*) FROM vendor_invitations),
    (SELECT array_agg(role ORDER BY user_id) FROM vendor_members),
    (SELECT array_agg(user_id::text || role ORDER BY user_id, role) FROM user_roles),
    (SELECT array_agg(email ORDER BY id) FROM users), (SELECT array_agg(first_name ORDER BY id) FROM users)
"""
"""Who may do what, and who can be asked to."""


@dataclass
class Act:
    """A request, without what confirms it; whoever sends it may do it."""

    by: Person
    scope: str
    method: str
    path: str
    body: dict[str, Any]


async def inviting_an_owner(shop: Shop) -> Act:
    owner, _ = await shop.seller("clay")
    body = {"email": "eve@example.com", "role": "owner"}
    return Act(owner, "products:sell", "POST", "/vendor/invitations", body)


async def inviting_staff(shop: Shop) -> Act:
    owner, _ = await shop.seller("clay")
    return Act(owner, "products:sell", "POST", "/vendor/invitations", {"email": "eve@example.com"})


async def raising_a_member(shop: Shop) -> Act:
    owner, vendor_id = await shop.seller("clay")
    eve = await joined(shop, vendor_id, "staff")
    return Act(owner, "products:sell", "PATCH", f"/vendor/members/{eve.id}", {"role": "owner"})


async def giving_a_role(shop: Shop) -> Act:
    eve = await shop.person()
    return Act(await shop.person(Role.admin), "roles:grant", "PUT", f"/users/{eve.id}/roles", {"roles": ["admin"]})


async def moving_an_account_to_another_address(shop: Shop) -> Act:
    """Whoever reads the mail of an account can set its password."""
    other = await shop.person(Role.admin)
    body = {"email": "eve@example.com", "first_name": "Eve"}
    return Act(await shop.person(Role.admin), "users:manage", "PUT", f"/users/{other.id}", body)


ACTS = (
    inviting_an_owner, inviting_staff, raising_a_member, giving_a_role, moving_an_account_to_another_address,
)  # fmt: skip
Prepare = Callable[[Shop], Awaitable[Act]]


async def send(shop: Shop, act: Act, headers: dict[str, str] | None = None, **proof: str) -> tuple[int, str]:
    answer = await shop.client.request(
        act.method, act.path, json={**act.body, **proof}, headers=headers or act.by.headers
    )
    return answer.status_code, "" if answer.is_success else answer.json()["code"]


@pytest.mark.parametrize("prepare", ACTS, ids=lambda act: act.__name__)
async def test_a_session_alone_gives_nobody_power(shop: Shop, prepare: Prepare) -> None:
    act = await prepare(shop)
    before = await shop.rows(GIVEN)

    assert await send(shop, act) == (403, "auth.confirmation_needed")
    assert await send(shop, act, password="not the one") == (401, "auth.wrong_credentials")
    assert await shop.rows(GIVEN) == before

    assert (await send(shop, act, password=PASSWORD))[0] in {200, 201}
    assert await shop.rows(GIVEN) != before


@pytest.mark.parametrize("prepare", ACTS, ids=lambda act: act.__name__)
async def test_neither_does_an_api_key_even_with_the_password(shop: Shop, prepare: Prepare) -> None:
    act = await prepare(shop)
    new = {"name": "sync", "scopes": [act.scope], "password": PASSWORD}
    key = (await shop.client.post("/users/me/api-keys", json=new, headers=act.by.headers)).json()["key"]
    before = await shop.rows(GIVEN)

    for proof in ({}, {"password": PASSWORD}):
        assert await send(shop, act, {"X-API-Key": key}, **proof) == (403, "auth.in_person_only")
    assert await shop.rows(GIVEN) == before


@pytest.mark.usefixtures("_still")
@pytest.mark.parametrize("prepare", ACTS, ids=lambda act: act.__name__)
async def test_nor_a_session_with_the_password_where_there_is_a_second_factor(shop: Shop, prepare: Prepare) -> None:
    act = await prepare(shop)
    guarded = await with_app(shop, act.by)
    before = await shop.rows(GIVEN)

    with later():
        assert await send(shop, act, password=PASSWORD) == (403, "auth.second_proof_needed")
        assert await send(shop, act, password=PASSWORD, code=guarded.app.code(5)) == (401, "auth.wrong_code")
        assert await shop.rows(GIVEN) == before

        assert (await send(shop, act, password=PASSWORD, code=guarded.app.code()))[0] in {200, 201}


@pytest.mark.usefixtures("_still")
async def test_a_code_is_not_used_up_by_what_is_refused(shop: Shop) -> None:
    owner, _ = await shop.seller("clay")
    guarded = await with_app(shop, owner)
    with later():
        proof = {"password": PASSWORD, "code": guarded.app.code()}
        invite = Act(owner, "", "POST", "/vendor/invitations", {"email": owner.email})
        assert await send(shop, invite, **proof) == (409, "vendors.already_member")
        invite.body["email"] = "eve@example.com"
        assert await send(shop, invite, **proof) == (201, "")


async def test_what_gives_no_power_needs_no_confirmation(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("clay")
    eve, admin = await joined(shop, vendor_id, "staff"), await shop.admin()

    renamed = Act(admin, "", "PUT", f"/users/{eve.id}", {"first_name": "Eve"})
    removed = Act(owner, "", "DELETE", f"/vendor/members/{eve.id}", {})
    blocked = Act(admin, "", "POST", f"/users/{eve.id}/deactivate", {})

    assert [(await send(shop, act))[0] for act in (renamed, removed, blocked)] == [200, 204, 200]


async def test_who_may_not_see_accounts_is_not_asked_for_a_confirmation(shop: Shop) -> None:
    eve, other = await shop.person(), await shop.person()
    act = Act(eve, "", "PUT", f"/users/{other.id}", {"email": "eve@example.com"})

    assert await send(shop, act) == (404, "auth.user_not_found")
