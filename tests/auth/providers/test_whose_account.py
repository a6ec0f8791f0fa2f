"""Which account a sign-in elsewhere opens: what may match, and what must not."""

from typing import Any

import httpx2
import pytest

from auth.providers.visitors import APP_URI, Browser, Phone
from identity_providers import GithubProvider, OpenIDProvider, Person
from mercat.auth import Purpose, one_time, token_of
from shopping import PASSWORD, Shop

PROVIDERS = pytest.mark.parametrize("provider", ["google", "github"])
COUNTS = """
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM identities), (SELECT count(*) FROM sessions),
       (SELECT count(*) FROM events WHERE starts_with(name, 'auth.'))
"""


async def registered(shop: Shop, email: str = "ada@example.com", *, verified: bool) -> dict[str, Any]:
    """Make an account with a password, as anybody can."""
    answer = await shop.client.post("/auth/register", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    if verified:
        await shop.rows("UPDATE users SET email_verified = true RETURNING id")
    await shop.rows("DELETE FROM events RETURNING id")
    account: dict[str, Any] = answer.json()
    return account


async def with_password(shop: Shop, email: str = "ada@example.com") -> httpx2.Response:
    return await shop.client.post("/auth/token", data={"username": email, "password": PASSWORD})


async def told(shop: Shop) -> list[tuple[str, str | None]]:
    return await shop.rows("SELECT name, payload->>'change' FROM events ORDER BY id")


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert "set-cookie" not in answer.headers


@PROVIDERS
async def test_an_account_whose_address_both_have_verified_is_linked_and_its_owner_told(
    shop: Shop, browser: Browser, provider: str
) -> None:
    account = await registered(shop, verified=True)
    tokens = (await with_password(shop)).json()

    answer = await browser.sign_in(provider)

    assert answer.status_code == 303
    me = await browser.me()
    assert me == account | {"email_verified": True}
    assert await told(shop) == [("auth.access_changed", "provider_added")]
    assert await shop.rows("SELECT action, target_id::text FROM audit_log ORDER BY id DESC LIMIT 1") == [
        ("user.provider_added", account["id"])
    ]
    # what the owner had goes on
    assert (await with_password(shop)).status_code == 200
    refreshed = await shop.client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 200


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("ada@example.com", "ADA@Example.COM"),
        ("Ada.L@Example.com", "ada.l@example.com"),
        ("ada@m\u00fcller.example.com", "Ada@xn--mller-kva.example.com"),
        ("j\u00fcrgen@m\u00fcller.example.com", "j\u00fcrgen@m\u00fcller.example.com"),
    ],
)
async def test_small_and_large_letters_and_the_spelling_of_a_domain_make_no_difference(
    shop: Shop, browser: Browser, google: OpenIDProvider, here: str, there: str
) -> None:
    account = await registered(shop, here, verified=True)
    google.person = Person(email=there)

    assert (await browser.sign_in()).status_code == 303
    assert await shop.rows("SELECT user_id::text FROM identities") == [(account["id"],)]
    assert await shop.rows("SELECT email FROM users") == [(account["email"],)]


LOOK_ALIKES = [
    ("mike@example.com", "m\u0131ke@example.com"),  # the dotless i
    ("mike@example.com", "m\u0130ke@example.com"),  # the dotted capital one
    ("mike@example.com", "mi\u212ae@example.com"),  # the Kelvin sign
    ("mike@example.com", "\uff4d\uff49\uff4b\uff45@example.com"),  # full width
    ("mike@example.com", "mike@\uff45xample.com"),
    ("mike@example.com", "mike@example\uff0ecom"),
    ("mike@example.com", "mike\uff20example.com"),
    ("sam@example.com", "\u017fam@example.com"),  # the long s
    ("fiona@example.com", "\ufb01ona@example.com"),  # a ligature
    ("ada@strasse.example.com", "ada@stra\u00dfe.example.com"),
    ("j\u00fcrgen@example.com", "ju\u0308rgen@example.com"),  # composed, and of two parts
    ("mike@example.com", "mike@example.com\u200b"),
    ("mike@example.com", "mi\u00adke@example.com"),
]


@PROVIDERS
async def test_letters_that_look_alike_open_nobodys_account(
    shop: Shop, browser: Browser, google: OpenIDProvider, github: GithubProvider, provider: str
) -> None:
    for here in dict.fromkeys(here for here, _ in LOOK_ALIKES):
        await registered(shop, here, verified=True)
    before = await shop.rows(COUNTS)
    for _, there in LOOK_ALIKES:
        google.person = github.person = Person(email=there)

        answer = await browser.sign_in(provider)

        assert answer.status_code in {403, 409}, there
        assert answer.json()["code"] in {"auth.email_taken", "auth.email_not_vouched"}
        assert await shop.rows(COUNTS) == before
    assert await browser.me() is None


@PROVIDERS
@pytest.mark.parametrize("known", [False, True])
async def test_an_address_that_the_provider_has_not_verified_counts_for_nothing(
    shop: Shop,
    browser: Browser,
    google: OpenIDProvider,
    github: GithubProvider,
    provider: str,
    known: bool,  # noqa: FBT001 - a table's column
) -> None:
    if known:
        await registered(shop, verified=True)
    before = await shop.rows(COUNTS)
    google.person = github.person = Person(verified=False)

    refused(await browser.sign_in(provider), 403, "auth.email_not_vouched")
    google.person = github.person = Person(email=None)
    refused(await browser.sign_in(provider), 403, "auth.email_not_vouched")
    google.person = github.person = Person(email="no address")
    refused(await browser.sign_in(provider), 403, "auth.email_not_vouched")
    assert await shop.rows(COUNTS) == before


async def test_of_githubs_addresses_only_the_primary_one_counts(
    shop: Shop, browser: Browser, github: GithubProvider
) -> None:
    await registered(shop, "old@example.com", verified=True)
    github.other_addresses = [
        {"email": "old@example.com", "primary": False, "verified": True, "visibility": None},
        {"email": "older@example.com", "primary": False, "verified": True, "visibility": None},
    ]
    github.person = Person(verified=False)
    refused(await browser.sign_in("github"), 403, "auth.email_not_vouched")
    github.person = Person(email=None)
    refused(await browser.sign_in("github"), 403, "auth.email_not_vouched")
    assert await shop.rows("SELECT * FROM identities") == []

    github.person = Person()
    assert (await browser.sign_in("github")).status_code == 303
    assert (await browser.me() or {})["email"] == "ada@example.com"
    assert await shop.rows("SELECT count(*) FROM users") == [(2,)]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("Ada King Lovelace", "Ada King", "Lovelace"), ("Ada", "Ada", ""), ("", "", ""), (" <b> ", "b", "")],
)
async def test_githubs_one_name_becomes_two(
    browser: Browser, github: GithubProvider, name: str, first: str, last: str
) -> None:
    github.person = Person(first_name=name, last_name="")

    await browser.sign_in("github")

    me = await browser.me()
    assert me is not None
    assert (me["first_name"], me["last_name"]) == (first, last)


@PROVIDERS
async def test_somebody_who_is_known_is_found_whatever_their_address_is_now(
    shop: Shop, browser: Browser, google: OpenIDProvider, github: GithubProvider, provider: str
) -> None:
    await registered(shop, "grace@example.com", verified=True)
    await browser.sign_in(provider)
    me = await browser.me()

    for now in (Person(email="grace@example.com"), Person(email="new@example.com", verified=False), Person(email=None)):
        google.person = github.person = now
        assert (await browser.sign_in(provider)).status_code == 303
        assert await browser.me() == me
    assert await shop.rows("SELECT count(*) FROM identities") == [(1,)]
    assert await shop.rows("SELECT email FROM identities") == [("new@example.com",)]  # as last seen


@PROVIDERS
async def test_an_address_that_went_to_somebody_else_does_not_take_the_account_along(
    shop: Shop, browser: Browser, google: OpenIDProvider, github: GithubProvider, provider: str
) -> None:
    """A mailbox of a firm, or a lapsed domain: another person at the provider has the address now."""
    await browser.sign_in(provider)
    browser.shop.cookies.clear()
    before = await shop.rows(COUNTS)
    google.person = github.person = Person(subject="2002")

    refused(await browser.sign_in(provider), 409, "auth.provider_already_linked")
    assert await shop.rows(COUNTS) == before
    assert await shop.rows("SELECT subject FROM identities") == [("1001",)]


@PROVIDERS
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("state", ["is_active = false", "is_active = false, deleted_at = now()"])
async def test_an_account_that_is_not_active_stays_so(
    shop: Shop,
    browser: Browser,
    provider: str,
    linked: bool,  # noqa: FBT001 - a table's column
    state: str,
) -> None:
    if linked:
        await browser.sign_in(provider)
        browser.shop.cookies.clear()
    else:
        await registered(shop, verified=True)
    await shop.rows(f"UPDATE users SET {state} RETURNING id")
    before = await shop.rows(COUNTS)
    rows = await shop.rows("SELECT users::text FROM users")

    refused(await browser.sign_in(provider), 403, "auth.account_not_active")
    assert await shop.rows(COUNTS) == before
    assert await shop.rows("SELECT users::text FROM users") == rows


async def test_the_owner_of_an_address_gets_the_account_that_somebody_made_with_it(
    shop: Shop, browser: Browser, other_browser: Browser, google: OpenIDProvider, github: GithubProvider
) -> None:
    """A stranger registers with Ada's address and prepares every way back in that there is. None is left."""
    client = shop.client
    account = await registered(shop, verified=False)
    tokens = (await with_password(shop)).json()
    own = {"Authorization": f"Bearer {tokens['access_token']}"}
    new = {"name": "k", "scopes": ["self:read"], "password": PASSWORD}
    key = (await client.post("/users/me/api-keys", json=new, headers=own)).json()
    phone = Phone(client, other_browser)
    google.person = github.person = Person(subject="666", email="mallory@example.com")
    for provider in ("github", "google"):
        body = {"redirect_uri": APP_URI, "password": PASSWORD}
        begun = (await client.post(f"/users/me/identities/{provider}", json=body, headers=own)).json()
        link = await phone.agree(begun)
        if provider == "github":
            assert (await client.put("/users/me/identities/github", json=link, headers=own)).status_code == 204
    half_done = link  # the code for Mallory's account at Google, not used yet
    async with shop.database.transaction() as session:
        mailed = [
            token_of(purpose, await one_time.issue(session, purpose, user_id=await only_user(shop), data=data))
            for purpose, data in (
                (Purpose.change_email, {"email": "mallory@example.com"}),
                (Purpose.reset_password, {}),
                (Purpose.verify_email, {"email": "ada@example.com"}),
                (Purpose.second_factor, {"method": "password", "kind": "app"}),
            )
        ]
    await shop.rows(
        "INSERT INTO authenticators (user_id, sealed_secret, confirmed_at) SELECT id, 'x', now() FROM users RETURNING 1"
    )
    await shop.rows(
        "INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name) "
        "SELECT gen_random_uuid(), id, 'x', 'x', 0, 'x' FROM users RETURNING 1"
    )
    await shop.rows("DELETE FROM events RETURNING id")

    google.person = github.person = Person()
    answer = await browser.sign_in(return_to="/account")

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")  # and asked for no factor of Mallory's
    assert await browser.me() == account | {"email_verified": True}
    assert await told(shop) == [("auth.email_verified", None), ("auth.access_changed", "provider_added")]
    assert (await with_password(shop)).status_code == 401
    assert (await client.get("/auth/me", headers=own)).status_code == 401
    refreshed = await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 401
    assert (await client.get("/auth/me", headers={"X-API-Key": key["key"]})).status_code == 401
    assert (await client.put("/users/me/identities/google", json=half_done, headers=own)).status_code == 401
    change, reset, verify, _ = mailed
    assert (await client.post("/auth/confirm-email", json={"token": change})).status_code == 422
    new = {"token": reset, "new_password": "another good passphrase"}
    assert (await client.post("/auth/reset-password", json=new)).status_code == 422
    assert (await client.post("/auth/verify-email", json={"token": verify})).status_code == 422
    assert await shop.rows("SELECT id FROM one_time_tokens WHERE used_at IS NULL") == []
    for table in ("authenticators", "passkeys", "recovery_codes"):
        assert await shop.rows(f"SELECT * FROM {table}") == []

    google.person = github.person = Person(subject="666", email="mallory@example.com")
    assert (await other_browser.sign_in("github")).status_code == 303
    assert (await other_browser.me() or {})["id"] != account["id"]
    assert await shop.rows("SELECT provider, subject FROM identities WHERE user_id = %s", account["id"]) == [
        ("google", "1001")
    ]


async def only_user(shop: Shop) -> Any:
    ((user_id,),) = await shop.rows("SELECT id FROM users")
    return user_id


async def test_who_registered_and_never_verified_keeps_the_account_and_its_orders(shop: Shop, browser: Browser) -> None:
    account = await registered(shop, verified=False)
    own = {"Authorization": f"Bearer {(await with_password(shop)).json()['access_token']}"}
    ordered = await shop.order(await shop.item(), headers=own)
    assert ordered.status_code == 201

    await browser.sign_in()

    orders = await browser.shop.get("/api/v1/orders")
    assert [order["id"] for order in orders.json()["items"]] == [ordered.json()["id"]]
    assert (await browser.me() or {})["id"] == account["id"]
