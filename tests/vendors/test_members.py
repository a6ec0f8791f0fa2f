"""The people of a shop: who brings whom in, as what, and that somebody always owns it."""

import asyncio
from typing import Any

import httpx2

from letters import Mailbox
from mercat import auth, vendors
from shopping import PASSWORD, Person, Shop
from vendors.people import decide, joined, roles


async def invite(shop: Shop, by: Person, email: str, role: str = "staff", **query: str) -> httpx2.Response:
    body = {"email": email, "role": role, "password": PASSWORD}
    return await shop.client.post("/vendor/invitations", json=body, headers=by.headers, params=query)


async def accept(shop: Shop, person: Person, token: str) -> httpx2.Response:
    return await shop.client.post("/vendors/invitations/accept", json={"token": token}, headers=person.headers)


async def verified(shop: Shop, email: str) -> Person:
    person = await shop.person(email=email)
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", person.id)
    return person


async def at(shop: Shop, person: Person, path: str, method: str = "GET", **more: Any) -> httpx2.Response:
    return await shop.client.request(method, path, headers=person.headers, **more)


async def test_who_is_invited_joins_by_the_link(shop: Shop, mailbox: Mailbox) -> None:
    owner, _ = await shop.seller("clay")
    ada = await verified(shop, "ada@example.com")

    assert (await invite(shop, owner, "Ada@example.com", "manager")).status_code == 201
    letter = await mailbox.only("Ada@example.com")
    assert letter.page == "join-shop"
    assert "Clay asks you" in letter.text

    joined = await accept(shop, ada, letter.token)
    assert (joined.status_code, joined.json()["slug"], joined.json()["role"]) == (200, "clay", "manager")
    assert await roles(shop, ada) == {"buyer", "vendor"}
    assert (await at(shop, ada, "/vendor/profile")).status_code == 200
    people = (await at(shop, owner, "/vendor/members")).json()["items"]
    assert [(one["email"], one["role"]) for one in people] == [(owner.email, "owner"), ("ada@example.com", "manager")]
    assert (await accept(shop, ada, letter.token)).json()["code"] == "auth.invalid_link"
    assert (await at(shop, owner, "/vendor/invitations")).json()["items"] == []
    again = await invite(shop, owner, "ada@example.com")
    assert (again.status_code, again.json()["code"]) == (409, "vendors.already_member")


async def test_an_invitation_is_for_one_proven_address(shop: Shop, mailbox: Mailbox) -> None:
    owner, _ = await shop.seller("clay")
    await invite(shop, owner, "ada@example.com")
    token = (await mailbox.only("ada@example.com")).token
    mallory = await verified(shop, "mallory@example.com")
    unproven = await shop.person(email="ada@example.com")

    for person in (mallory, unproven):
        refused = await accept(shop, person, token)
        assert (refused.status_code, refused.json()["code"]) == (403, "vendors.not_invited")
    assert (await accept(shop, mallory, "AAAA" + token[4:])).json()["code"] == "auth.invalid_link"
    # a refusal does not use the link up
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", unproven.id)
    assert (await accept(shop, unproven, token)).status_code == 200


async def test_whether_an_address_has_an_account_shows_nowhere(shop: Shop) -> None:
    owner, _ = await shop.seller("clay")
    await shop.person(email="there@example.com")

    answers = [await invite(shop, owner, email) for email in ("there@example.com", "nobody@example.com")]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json().keys() == answers[1].json().keys()


async def test_a_link_works_no_more_once_it_is_taken_back_or_replaced(shop: Shop, mailbox: Mailbox) -> None:
    owner, _ = await shop.seller("clay")
    rival, _ = await shop.seller("wool")
    ada = await verified(shop, "ada@example.com")
    await invite(shop, owner, "ada@example.com", "owner")
    first = (await mailbox.only("ada@example.com")).token
    second = (await invite(shop, owner, "ada@example.com")).json()
    newer = (await mailbox.only("ada@example.com")).token

    assert (await accept(shop, ada, first)).json()["code"] == "auth.invalid_link"
    foreign = await at(shop, rival, f"/vendor/invitations/{second['id']}", "DELETE")
    assert foreign.json()["code"] == "vendors.invitation_not_found"
    assert [one["id"] for one in (await at(shop, owner, "/vendor/invitations")).json()["items"]] == [second["id"]]
    assert (await at(shop, owner, f"/vendor/invitations/{second['id']}", "DELETE")).status_code == 204
    assert (await accept(shop, ada, newer)).json()["code"] == "auth.invalid_link"
    assert await roles(shop, ada) == {"buyer"}


async def test_owners_alone_keep_the_people(shop: Shop) -> None:
    owner, clay = await shop.seller("clay")
    manager, staff = await joined(shop, clay, "manager"), await joined(shop, clay, "staff")

    for person in (manager, staff):
        for answer in (
            await at(shop, person, "/vendor/members"),
            await invite(shop, person, "x@example.com"),
            await at(
                shop, person, f"/vendor/members/{person.id}", "PATCH", json={"role": "owner", "password": PASSWORD}
            ),
            await at(shop, person, f"/vendor/members/{owner.id}", "DELETE"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "vendors.missing_permission")
    assert len(await shop.rows("SELECT 1 FROM vendor_members")) == 3


async def test_people_change_and_leave(shop: Shop) -> None:
    owner, clay = await shop.seller("clay")
    ada = await joined(shop, clay, "staff")

    raised = await at(shop, owner, f"/vendor/members/{ada.id}", "PATCH", json={"role": "manager", "password": PASSWORD})
    assert (raised.status_code, raised.json()["role"]) == (200, "manager")
    assert (await at(shop, ada, "/vendor/terms")).status_code == 200
    # whoever leaves sells no more, from the next request on
    assert (await at(shop, ada, f"/vendor/members/{ada.id}", "DELETE")).status_code == 204
    assert (await at(shop, ada, "/vendor/profile")).status_code == 403
    assert await roles(shop, ada) == {"buyer"}
    gone = await at(shop, owner, f"/vendor/members/{ada.id}", "DELETE")
    assert (gone.status_code, gone.json()["code"]) == (404, "vendors.member_not_found")


async def test_whoever_works_elsewhere_too_still_sells(shop: Shop) -> None:
    owner, clay = await shop.seller("clay")
    ada, wool = await shop.seller("wool")
    async with shop.database.transaction() as session:
        await vendors.add_member(session, auth.Actor.system(), clay, ada.id, "staff")

    # an owner there is staff here
    assert (await at(shop, ada, "/vendor/members")).json()["code"] == "vendors.vendor_not_chosen"
    assert (await at(shop, ada, "/vendor/members?vendor=wool")).status_code == 200
    for path in ("/vendor/members?vendor=clay", "/vendor/terms?vendor=clay", "/vendor/invitations?vendor=clay"):
        assert (await at(shop, ada, path)).json()["code"] == "vendors.missing_permission"
    grabbed = await at(shop, ada, f"/vendor/members/{owner.id}?vendor=clay", "DELETE")
    assert grabbed.status_code == 403
    foreign = await at(shop, ada, f"/vendor/members/{owner.id}?vendor=wool", "DELETE")
    assert foreign.json()["code"] == "vendors.member_not_found"
    assert (await invite(shop, ada, "x@example.com", "owner", vendor="clay")).status_code == 403

    assert (await at(shop, owner, f"/vendor/members/{ada.id}", "DELETE")).status_code == 204
    assert "vendor" in await roles(shop, ada)
    assert (await at(shop, ada, "/vendor/members")).status_code == 200
    assert wool != clay


async def test_a_shop_is_never_without_an_owner(shop: Shop) -> None:
    owner, clay = await shop.seller("clay")
    other = await joined(shop, clay, "owner")

    removals = await asyncio.gather(
        at(shop, owner, f"/vendor/members/{other.id}", "DELETE"),
        at(shop, other, f"/vendor/members/{owner.id}", "DELETE"),
    )

    assert min(answer.status_code for answer in removals) == 204
    owners = await shop.rows("SELECT user_id FROM vendor_members WHERE role = 'owner'")
    assert len(owners) == 1
    last = owner if owners[0][0] == owner.id else other
    for answer in (
        await at(shop, last, f"/vendor/members/{last.id}", "DELETE"),
        await at(shop, last, f"/vendor/members/{last.id}", "PATCH", json={"role": "staff", "password": PASSWORD}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "vendors.last_owner")


async def test_both_owners_cannot_leave_at_once(shop: Shop) -> None:
    owner, clay = await shop.seller("clay")
    other = await joined(shop, clay, "owner")

    left = await asyncio.gather(*(at(shop, one, f"/vendor/members/{one.id}", "DELETE") for one in (owner, other)))

    assert sorted(answer.status_code for answer in left) == [204, 409]


async def test_who_is_let_go_leaves_no_invitations_behind(shop: Shop, mailbox: Mailbox) -> None:
    owner, clay = await shop.seller("clay")
    other = await joined(shop, clay, "owner")
    ada = await verified(shop, "ada@example.com")
    await invite(shop, other, "ada@example.com", "owner")
    token = (await mailbox.only("ada@example.com")).token

    await at(shop, owner, f"/vendor/members/{other.id}", "DELETE")

    assert (await accept(shop, ada, token)).json()["code"] == "auth.invalid_link"


async def test_a_key_changes_nothing_about_people(shop: Shop) -> None:
    owner, _ = await shop.seller("clay")
    body = {"name": "till", "scopes": ["products:sell"], "password": PASSWORD}
    key = (await at(shop, owner, "/users/me/api-keys", "POST", json=body)).json()
    thief = Person(owner.id, owner.email, {"X-API-Key": key["key"]})

    assert (await at(shop, thief, "/vendor/profile")).status_code == 200
    for answer in (
        await invite(shop, thief, "thief@example.com", "owner"),
        await at(shop, thief, f"/vendor/members/{owner.id}", "PATCH", json={"role": "staff", "password": PASSWORD}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.in_person_only")


async def test_a_suspended_shop_keeps_its_people(shop: Shop) -> None:
    owner, clay = await shop.seller("clay")
    await decide(shop, clay, "suspend")

    assert (await at(shop, owner, "/vendor/members")).status_code == 200
    assert "vendor" in await roles(shop, owner)
