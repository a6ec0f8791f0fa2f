"""Linking accounts elsewhere with one's own, and ending that."""

import asyncio
from collections import Counter
from typing import Any

import httpx2
import pytest

from auth.providers.visitors import API, APP_URI, Browser, Phone
from identity_providers import GithubProvider, OpenIDProvider, Person
from shopping import PASSWORD, Shop
from shopping import Person as Account

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def begin(shop: Shop, who: Account, provider: str = "google", **body: Any) -> httpx2.Response:
    fields = {"redirect_uri": APP_URI, "password": PASSWORD, **body}
    return await shop.client.post(f"/users/me/identities/{provider}", json=fields, headers=who.headers)


async def link(shop: Shop, phone: Phone, who: Account, provider: str = "google") -> httpx2.Response:
    begun = await begin(shop, who, provider)
    assert begun.status_code == 200, begun.text
    body = await phone.agree(begun.json())
    return await shop.client.put(f"/users/me/identities/{provider}", json=body, headers=who.headers)


async def listed(shop: Shop, who: Account) -> list[dict[str, Any]]:
    answer = await shop.client.get("/users/me/identities", headers=who.headers)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def remove(shop: Shop, who: Account, provider: str = "google") -> httpx2.Response:
    return await shop.client.delete(f"/users/me/identities/{provider}", headers=who.headers)


async def told(shop: Shop) -> list[str]:
    rows = await shop.rows("SELECT payload->>'change' FROM events WHERE name = 'auth.access_changed' ORDER BY id")
    return [row[0] for row in rows]


async def test_one_links_an_account_whatever_its_address_and_signs_in_with_it(
    shop: Shop, phone: Phone, google: OpenIDProvider
) -> None:
    buyer = await shop.buyer()
    google.person = Person(email="quite.another@example.org", verified=False)

    assert (await link(shop, phone, buyer)).status_code == 204

    (found,) = await listed(shop, buyer)
    assert (found["provider"], found["email"]) == ("google", "quite.another@example.org")
    assert set(found) == {"provider", "email", "created_at", "last_used_at"}
    assert await told(shop) == ["provider_added"]
    tokens = (await phone.sign_in()).json()
    me = await shop.client.get("/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert (me.json()["id"], me.json()["email"]) == (str(buyer.id), buyer.email)
    assert await shop.rows("SELECT count(*) FROM users") == [(1,)]
    assert await shop.rows("SELECT action FROM audit_log WHERE target_id = %s ORDER BY id DESC LIMIT 1", buyer.id) == [
        ("user.provider_added",)
    ]


async def test_a_page_of_the_shop_links_with_its_cookie_and_comes_back_to_itself(
    shop: Shop, browser: Browser, github: GithubProvider
) -> None:
    await browser.sign_in("google")
    me = await browser.me()
    github.person = Person(subject="77", email="elsewhere@example.org")

    begun = await browser.shop.post(
        f"{API}/users/me/identities/github", json={"return_to": "/account/sign-in"}, headers=OWN_PAGE
    )
    assert begun.status_code == 200, begun.text
    assert begun.json()["flow_secret"] is None
    answer = await browser.come_back(await browser.agree(begun.json()["authorization_url"]))

    assert (answer.status_code, answer.headers["location"]) == (303, "/account/sign-in")
    assert "set-cookie" not in answer.headers
    assert await browser.me() == me
    assert await shop.rows("SELECT provider, subject FROM identities ORDER BY provider") == [
        ("github", "77"),
        ("google", "1001"),
    ]
    assert await shop.rows("SELECT count(*) FROM sessions") == [(1,)]


async def test_a_page_of_another_site_cannot_begin_it(browser: Browser, shop: Shop) -> None:
    await browser.sign_in()
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = await browser.shop.post(f"{API}/users/me/identities/github", json={}, headers=headers)
        refused(answer, 403, "auth.cross_site")
        answer = await browser.shop.delete(f"{API}/users/me/identities/google", headers=headers)
        refused(answer, 403, "auth.cross_site")
    assert await shop.rows("SELECT count(*) FROM identities") == [(1,)]


async def test_nobody_is_made_to_link_their_account_elsewhere_with_a_strangers(
    shop: Shop, phone: Phone, other_browser: Browser, google: OpenIDProvider
) -> None:
    """A stranger begins, and lets Ada end it: her Google account would open the stranger's account."""
    stranger = await shop.person(email="mallory@example.com")
    begun = (await begin(shop, stranger, redirect_uri=None)).json()
    refused(await other_browser.come_back(await other_browser.agree(begun["authorization_url"])), 422,
            "auth.flow_not_valid")  # fmt: skip

    ada = await shop.person(email="ada@example.com")
    body = await phone.agree((await begin(shop, stranger)).json())
    answer = await shop.client.put("/users/me/identities/google", json=body, headers=ada.headers)
    refused(answer, 422, "auth.flow_not_valid")
    assert await shop.rows("SELECT * FROM identities") == []
    assert "/token" not in google.called


async def test_it_ends_in_the_session_in_which_it_began(shop: Shop, phone: Phone) -> None:
    buyer = await shop.buyer()
    signed_in = await shop.client.post("/auth/token", data={"username": buyer.email, "password": PASSWORD})
    again = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    body = await phone.agree((await begin(shop, buyer)).json())

    answer = await shop.client.put("/users/me/identities/google", json=body, headers=again)
    refused(answer, 422, "auth.flow_not_valid")
    assert await listed(shop, buyer) == []


async def test_whoever_ends_the_session_of_a_thief_ends_what_was_begun_there(
    shop: Shop, browser: Browser, google: OpenIDProvider
) -> None:
    """The thief has a session's cookie and is at the provider when the owner signs out everywhere."""
    await browser.sign_in("github")
    begun = await browser.shop.post(f"{API}/users/me/identities/google", json={}, headers=OWN_PAGE)
    google.person = Person(subject="666", email="mallory@example.com")
    back = await browser.agree(begun.json()["authorization_url"])
    assert (await browser.shop.delete(f"{API}/users/me/sessions", headers=OWN_PAGE)).status_code == 200

    refused(await browser.come_back(back), 401, "auth.invalid_token")
    assert await shop.rows("SELECT provider FROM identities") == [("github",)]


async def test_an_account_elsewhere_opens_one_account(shop: Shop, phone: Phone) -> None:
    ada, grace = await shop.person(email="a@example.com"), await shop.person(email="g@example.com")
    await link(shop, phone, ada)

    refused(await link(shop, phone, grace), 409, "auth.identity_taken")
    assert await listed(shop, grace) == []
    assert len(await listed(shop, ada)) == 1
    assert (await link(shop, phone, ada)).status_code == 204  # once more is no harm
    assert await told(shop) == ["provider_added"]


async def test_of_two_who_link_the_same_at_once_one_gets_it(shop: Shop, phone: Phone) -> None:
    people = [await shop.person() for _ in range(4)]
    bodies = [await phone.agree((await begin(shop, person)).json()) for person in people]

    answers = await asyncio.gather(
        *(
            shop.client.put("/users/me/identities/google", json=body, headers=person.headers)
            for person, body in zip(people, bodies, strict=True)
        )
    )

    assert Counter(answer.status_code for answer in answers) == {204: 1, 409: 3}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"auth.identity_taken"}
    assert await told(shop) == ["provider_added"]


async def test_an_account_is_linked_with_one_account_at_a_provider(
    shop: Shop, phone: Phone, google: OpenIDProvider
) -> None:
    buyer = await shop.buyer()
    await link(shop, phone, buyer)
    google.person = Person(subject="2002", email="second@example.com")

    refused(await link(shop, phone, buyer), 409, "auth.provider_already_linked")
    assert await shop.rows("SELECT subject FROM identities") == [("1001",)]


@pytest.mark.parametrize("password", [None, "not the password"])
async def test_the_password_is_asked_for_where_there_is_one(shop: Shop, password: str | None) -> None:
    buyer = await shop.buyer()

    answer = await begin(shop, buyer, password=password)

    refused(answer, *((403, "auth.confirmation_needed") if password is None else (401, "auth.wrong_credentials")))
    assert await shop.rows("SELECT * FROM one_time_tokens") == []


async def test_who_has_no_password_must_have_signed_in_just_now(shop: Shop, browser: Browser) -> None:
    await browser.sign_in()
    await shop.rows("UPDATE sessions SET created_at = created_at - interval '16 minutes' RETURNING id")

    answer = await browser.shop.post(f"{API}/users/me/identities/github", json={}, headers=OWN_PAGE)
    refused(answer, 403, "auth.confirmation_needed")


async def test_a_link_can_be_ended_and_its_owner_is_told(shop: Shop, phone: Phone) -> None:
    buyer = await shop.buyer()
    await link(shop, phone, buyer)

    assert (await remove(shop, buyer)).status_code == 204

    assert await listed(shop, buyer) == []
    assert await told(shop) == ["provider_added", "provider_removed"]
    assert await shop.rows("SELECT action, changes->'provider' FROM audit_log ORDER BY id DESC LIMIT 1") == [
        ("user.provider_removed", {"before": "google", "after": None})
    ]
    refused(await remove(shop, buyer), 404, "auth.identity_not_found")
    refused(await remove(shop, buyer, "facebook"), 404, "auth.identity_not_found")


async def test_the_last_way_in_stays(shop: Shop, browser: Browser) -> None:
    await browser.sign_in("google")
    gone = await browser.shop.delete(f"{API}/users/me/identities/google", headers=OWN_PAGE)
    refused(gone, 409, "auth.last_way_in")
    assert await shop.rows("SELECT count(*) FROM identities") == [(1,)]
    assert await told(shop) == []

    await browser.sign_in("github")
    assert (await browser.shop.delete(f"{API}/users/me/identities/google", headers=OWN_PAGE)).status_code == 204
    refused(await browser.shop.delete(f"{API}/users/me/identities/github", headers=OWN_PAGE), 409, "auth.last_way_in")

    await shop.rows(
        "INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name) "
        "SELECT gen_random_uuid(), id, 'x', 'x', 0, 'x' FROM users RETURNING 1"
    )
    assert (await browser.shop.delete(f"{API}/users/me/identities/github", headers=OWN_PAGE)).status_code == 204


async def test_of_two_ways_in_that_are_taken_away_at_once_one_stays(shop: Shop, browser: Browser) -> None:
    for _ in range(4):
        await browser.sign_in("google")
        await browser.sign_in("github")

        answers = await asyncio.gather(
            *(
                browser.shop.delete(f"{API}/users/me/identities/{name}", headers=OWN_PAGE)
                for name in ("google", "github")
            )
        )

        assert sorted(answer.status_code for answer in answers) == [204, 409]
        assert await shop.rows("SELECT count(*) FROM identities") == [(1,)]


@pytest.mark.parametrize(("method", "path"), [
    ("GET", ""), ("POST", "/google"), ("PUT", "/google"), ("DELETE", "/google"),
])  # fmt: skip
async def test_one_must_be_there_in_person(shop: Shop, method: str, path: str) -> None:
    buyer = await shop.buyer()
    everything = {"name": "all", "scopes": ["self:read", "self:write"], "password": PASSWORD}
    key = (await shop.client.post("/users/me/api-keys", json=everything, headers=buyer.headers)).json()["key"]
    bodies = {"POST": {"redirect_uri": APP_URI}, "PUT": {"code": "c", "state": "s", "flow_secret": "f"}}

    async def ask(headers: dict[str, str]) -> httpx2.Response:
        return await shop.client.request(
            method, f"/users/me/identities{path}", json=bodies.get(method), headers=headers
        )

    refused(await ask({}), 401, "auth.unauthenticated")
    refused(await ask({"X-API-Key": key}), 403, "auth.in_person_only")
    assert await shop.rows("SELECT * FROM one_time_tokens WHERE purpose = 'oauth'") == []


async def test_nobody_sees_or_ends_another_persons_links(shop: Shop, phone: Phone) -> None:
    ada, grace = await shop.person(email="a@example.com"), await shop.person(email="g@example.com")
    await link(shop, phone, ada)

    assert await listed(shop, grace) == []
    refused(await remove(shop, grace), 404, "auth.identity_not_found")
    assert len(await listed(shop, ada)) == 1


async def test_what_is_no_way_to_begin_is_refused(shop: Shop) -> None:
    buyer = await shop.buyer()

    refused(await begin(shop, buyer, redirect_uri="https://evil.example/"), 422, "auth.redirect_not_allowed")
    refused(await begin(shop, buyer, "facebook"), 404, "auth.provider_not_found")
    for wrong in ({"return_to": "//evil.example"}, {"user_id": str(buyer.id)}, {"redirect_uri": ""}):
        assert (await begin(shop, buyer, **wrong)).status_code == 422
    assert await shop.rows("SELECT * FROM one_time_tokens") == []
