"""Signing in with a browser that is sent to the provider and comes back."""

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import psycopg
import pytest
import time_machine
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI

from auth.providers.visitors import API, Browser
from identity_providers import BACK, GithubProvider, OpenIDProvider
from mercat import auth
from mercat.auth.providers.browser import COOKIE
from shopping import Shop

SESSION = "__Host-mercat-session"
PROVIDERS = pytest.mark.parametrize("provider", ["google", "github"])


def refused(answer: httpx2.Response, code: str) -> None:
    assert answer.json()["code"] == code, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert SESSION not in answer.headers.get("set-cookie", "")


async def nobody_came_in(shop: Shop) -> None:
    for table in ("users", "identities", "sessions"):
        assert await shop.rows(f"SELECT * FROM {table}") == [], table


@PROVIDERS
async def test_the_first_sign_in_makes_an_account_and_the_second_finds_it(
    shop: Shop, browser: Browser, other_browser: Browser, provider: str
) -> None:
    first = await browser.sign_in(provider, return_to="/account?tab=orders")

    assert (first.status_code, first.headers["location"]) == (303, "/account?tab=orders")
    me = await browser.me()
    assert me is not None
    assert (me["email"], me["email_verified"], me["roles"]) == ("ada@example.com", True, ["buyer"])
    assert (me["first_name"], me["last_name"], me["username"]) == ("Ada", "Lovelace", None)

    second = await other_browser.sign_in(provider)
    assert (second.status_code, second.headers["location"]) == (303, "/")
    assert await other_browser.me() == me
    assert await shop.rows("SELECT provider, subject, user_id::text FROM identities") == [(provider, "1001", me["id"])]
    assert (
        await shop.rows("SELECT method, second_factor, cookie_hash IS NULL FROM sessions")
        == [(provider, False, False)] * 2
    )
    assert await shop.rows("SELECT password_hash FROM users") == [(None,)]


async def test_what_was_done_is_written_down_and_what_listens_is_told(shop: Shop, browser: Browser) -> None:
    await browser.sign_in()
    await browser.sign_in()

    me = await browser.me()
    assert me is not None
    actions = await shop.rows("SELECT action, actor_id::text, target_id::text FROM audit_log ORDER BY id")
    assert actions == [("user.registered", me["id"], me["id"]), ("user.provider_added", me["id"], me["id"])]
    assert await shop.rows("SELECT changes FROM audit_log WHERE action = 'user.provider_added'") == [
        ({"provider": {"before": None, "after": "google"}, "email_there": None},)
    ]
    # a guest's orders of this address become the account's
    assert await shop.rows("SELECT name FROM events") == [("auth.email_verified",)]


@PROVIDERS
async def test_the_provider_is_asked_with_state_and_pkce_and_the_shops_own_address(
    browser: Browser, provider: str, google: OpenIDProvider, github: GithubProvider
) -> None:
    begun = await browser.begin(provider)

    assert (begun.status_code, begun.headers["cache-control"], begun.content) == (303, "no-store", b"")
    where = urlsplit(begun.headers["location"])
    asked = {name: values[0] for name, values in parse_qs(where.query).items()}
    there = {"google": google, "github": github}[provider]
    assert f"{where.scheme}://{where.netloc}" == there.url
    assert where.path == there.paths["authorize"]
    nonce = {"nonce"} if provider == "google" else set()
    assert set(asked) == nonce | {
        "client_id", "response_type", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
    }  # fmt: skip
    assert asked["redirect_uri"] == BACK.format(name=provider)  # whatever Host the request had
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert re.fullmatch(r"[\w-]{43}", asked["code_challenge"])
    assert len(asked["state"]) >= 60


async def test_the_cookies_are_for_this_host_alone_and_no_script_reads_them(browser: Browser) -> None:
    begun = await browser.begin()
    ended = await browser.come_back(await browser.agree(begun.headers["location"]))

    for answer, name, life in ((begun, COOKIE, "600"), (ended, SESSION, "2592000")):
        (cookie,) = answer.headers.get_list("set-cookie")
        value, *attributes = cookie.split("; ")
        assert value.startswith(f"{name}=")
        assert {attribute.lower() for attribute in attributes} == {
            f"max-age={life}", "path=/", "secure", "httponly", "samesite=lax",
        }  # fmt: skip
    assert ended.headers["cache-control"] == "no-store"


async def test_nothing_in_the_database_opens_a_flow(shop: Shop, browser: Browser) -> None:
    begun = await browser.begin()
    asked = parse_qs(urlsplit(begun.headers["location"]).query)

    ((row, verifier),) = await shop.rows("SELECT one_time_tokens::text, data->>'verifier' FROM one_time_tokens")
    assert browser.flow_cookie
    assert browser.flow_cookie not in row
    assert asked["state"][0] not in row
    assert create_s256_code_challenge(verifier) != asked["code_challenge"][0]


async def test_a_callback_without_the_cookie_is_refused_and_uses_nothing_up(
    shop: Shop, browser: Browser, other_browser: Browser
) -> None:
    """Who is led to the end of a sign-in that somebody else began is not signed in as that one."""
    begun = await browser.begin()
    back = await browser.agree(begun.headers["location"])

    refused(await other_browser.come_back(back), "auth.flow_not_valid")
    await other_browser.begin()
    refused(await other_browser.come_back(back), "auth.flow_not_valid")
    await nobody_came_in(shop)

    assert (await browser.come_back(back)).status_code == 303
    assert await browser.me() is not None
    assert await other_browser.me() is None


async def test_several_tabs_can_sign_in_at_once(browser: Browser) -> None:
    tabs = [await browser.begin(return_to=f"/{number}") for number in range(3)]

    ends = [await browser.come_back(await browser.agree(tab.headers["location"])) for tab in tabs]

    assert [(end.status_code, end.headers["location"]) for end in ends] == [(303, f"/{number}") for number in range(3)]


async def test_a_cookie_that_is_none_of_ours_is_replaced(browser: Browser) -> None:
    for planted in ("", "x", "x" * 200, "a" * 42 + ";", 'é"'):
        browser.shop.cookies.clear()
        headers = [(b"cookie", f"{COOKIE}={planted}".encode())]
        begun = await browser.shop.get(f"{API}/auth/oauth/google", headers=headers)

        assert begun.status_code == 303
        assert browser.flow_cookie is not None
        assert re.fullmatch(r"[\w-]{43}", browser.flow_cookie)


async def test_a_state_is_used_once(shop: Shop, browser: Browser, google: OpenIDProvider) -> None:
    begun = await browser.begin()
    back = await browser.agree(begun.headers["location"])

    first = await browser.come_back(back)
    calls = len(google.called)
    again = await browser.come_back(back)

    assert first.status_code == 303
    refused(again, "auth.flow_not_valid")
    assert len(google.called) == calls  # the provider was not even asked
    assert await shop.rows("SELECT count(*) FROM sessions") == [(1,)]


async def test_of_two_that_end_a_flow_at_the_same_moment_one_comes_in(
    shop: Shop, browser: Browser, google: OpenIDProvider
) -> None:
    begun = await browser.begin()
    back = await browser.agree(begun.headers["location"])

    answers = await asyncio.gather(*(browser.come_back(back) for _ in range(4)))

    assert Counter(answer.status_code for answer in answers) == {303: 1, 422: 3}
    assert await shop.rows("SELECT count(*) FROM sessions") == [(1,)]
    assert google.called.count("/token") == 1


async def test_a_flow_ends_in_time_or_not_at_all(shop: Shop, browser: Browser) -> None:
    begun = await browser.begin()
    back = await browser.agree(begun.headers["location"])

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10, seconds=1), tick=False):
        parts = urlsplit(back)
        cookie = {"Cookie": f"{COOKIE}={browser.flow_cookie}"}
        late = await browser.shop.get(f"{parts.path}?{parts.query}", headers=cookie)

    refused(late, "auth.flow_not_valid")
    await nobody_came_in(shop)


async def test_a_state_is_for_one_provider(shop: Shop, browser: Browser, github: GithubProvider) -> None:
    """A provider that is evil, or was broken into, cannot use what was meant for another one."""
    begun = await browser.begin("google")
    back = await browser.agree(begun.headers["location"])

    refused(await browser.come_back(back.replace("/google/", "/github/")), "auth.flow_not_valid")
    assert github.called == []
    await nobody_came_in(shop)
    assert (await browser.come_back(back)).status_code == 303


async def test_a_code_of_another_request_does_not_pass_as_ones_own(
    shop: Shop, browser: Browser, other_browser: Browser, google: OpenIDProvider
) -> None:
    """Whoever got hold of somebody's code has not the verifier whose hash was sent with the request for it."""
    theirs = await other_browser.agree((await other_browser.begin()).headers["location"])
    own = await browser.agree((await browser.begin()).headers["location"])
    stolen = parse_qs(urlsplit(theirs).query)["code"][0]
    state = parse_qs(urlsplit(own).query)["state"][0]

    answer = await browser.come_back(f"{BACK.format(name='google')}?{urlencode({'code': stolen, 'state': state})}")

    assert google.called[-1] == "/token"
    refused(answer, "auth.sign_in_not_confirmed")
    await nobody_came_in(shop)


@PROVIDERS
async def test_a_code_that_the_provider_does_not_know_is_refused(shop: Shop, browser: Browser, provider: str) -> None:
    begun = await browser.begin(provider)
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]

    back = f"{BACK.format(name=provider)}?{urlencode({'code': 'made up', 'state': state})}"
    refused(await browser.come_back(back), "auth.sign_in_not_confirmed")
    refused(await browser.come_back(back), "auth.flow_not_valid")
    await nobody_came_in(shop)


@PROVIDERS
async def test_who_says_no_at_the_provider_is_told_so(
    shop: Shop, browser: Browser, provider: str, google: OpenIDProvider, github: GithubProvider
) -> None:
    google.says_no = github.says_no = True

    answer = await browser.sign_in(provider)

    assert answer.status_code == 403
    refused(answer, "auth.sign_in_cancelled")
    await nobody_came_in(shop)


@pytest.mark.parametrize("came", [{}, {"error": "server_error"}, {"error": "invalid_scope"}, {"error": "\x1b[2J" * 9}])
async def test_who_comes_back_without_a_code_is_not_let_in(
    shop: Shop, browser: Browser, google: OpenIDProvider, came: dict[str, str]
) -> None:
    begun = await browser.begin()
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]

    answer = await browser.come_back(f"{BACK.format(name='google')}?{urlencode({**came, 'state': state})}")

    assert answer.status_code == 503
    refused(answer, "auth.provider_unavailable")
    assert "/token" not in google.called
    await nobody_came_in(shop)


async def test_a_state_that_was_never_given_out_is_refused(shop: Shop, browser: Browser) -> None:
    await browser.begin()
    reset = await shop.rows("SELECT id FROM one_time_tokens")
    other_purpose = auth.token_of(auth.Purpose.reset_password, reset[0][0])
    states = ["x", "A" * 64, other_purpose, "..%2F", "é"]

    for state in states:
        query = urlencode({"code": "c", "state": state})
        refused(await browser.come_back(f"{BACK.format(name='google')}?{query}"), "auth.flow_not_valid")
    for query in ("", "code=c", f"code=c&state={'x' * 201}", f"state=x&code={'c' * 2001}", "state=%00&code=c"):
        assert (await browser.come_back(f"{BACK.format(name='google')}?{query}")).status_code == 422


LOCAL = [
    "/", "/account", "/search?q=a%20b&next=//x", "/a/b/?c=d#e", "/%2F%2Fevil.example", "/@evil.example", "/café",
    "/.//evil.example", "/\u2028/evil.example",
]  # fmt: skip
ELSEWHERE = [
    "", "account", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "http:evil.example",
    "///evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/a\\..\\b",
    "/\x7f", "javascript:alert(1)", "data:text/html,x", "/a\r\nSet-Cookie: x=y", "//", "/" + "a" * 2000,
    "@evil.example", "/ /evil.example",
]  # fmt: skip


async def test_a_browser_goes_on_to_a_page_of_the_shop(browser: Browser) -> None:
    shop = httpx2.URL("https://shop.test")
    for local in LOCAL:
        answer = await browser.sign_in(return_to=local)

        assert answer.status_code == 303
        assert shop.join(answer.headers["location"]) == shop.join(local)
        assert shop.join(answer.headers["location"]).host == "shop.test"


async def test_a_browser_is_never_sent_elsewhere(shop: Shop, browser: Browser) -> None:
    for elsewhere in ELSEWHERE:
        answer = await browser.begin(return_to=elsewhere)

        assert answer.status_code == 422, elsewhere
        assert [error["field"] for error in answer.json()["errors"]] == ["return_to"]
    assert await shop.rows("SELECT id FROM one_time_tokens") == []


async def test_an_account_with_a_second_factor_goes_on_at_its_page(shop: Shop, browser: Browser) -> None:
    await browser.sign_in()
    me = await browser.me()
    assert me is not None
    await shop.rows(
        "INSERT INTO authenticators (user_id, sealed_secret, confirmed_at) VALUES (%s, 'x', now()) RETURNING user_id",
        me["id"],
    )
    browser.shop.cookies.delete(SESSION)

    answer = await browser.sign_in(return_to="/account?a=b")

    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    asked = parse_qs(where.query)
    assert (where.netloc, where.path, asked["return_to"]) == ("", "/second-factor", ["/account?a=b"])
    assert "set-cookie" not in answer.headers
    ((data, whose),) = await shop.rows(
        "SELECT data, user_id::text FROM one_time_tokens WHERE purpose = 'second_factor' AND used_at IS NULL"
    )
    assert (data, whose) == ({"method": "google", "kind": "browser"}, me["id"])
    assert len(asked["challenge"][0]) >= 60
    assert await browser.me() is None
    assert await shop.rows("SELECT count(*) FROM sessions") == [(1,)]


async def test_two_first_sign_ins_at_once_make_one_account(
    shop: Shop, browser: Browser, other_browser: Browser, google: OpenIDProvider
) -> None:
    for round_ in range(5):
        google.person = type(google.person)(subject=f"2{round_}", email=f"twin{round_}@example.com")
        ways = [(browser, "google"), (other_browser, "google"), (browser, "google"), (other_browser, "google")]
        backs = [(b, await b.agree((await b.begin(p)).headers["location"])) for b, p in ways]

        answers = await asyncio.gather(*(b.come_back(back) for b, back in backs))

        assert [answer.status_code for answer in answers] == [303] * 4
    assert await shop.rows("SELECT count(*) FROM users") == [(5,)]
    assert await shop.rows("SELECT count(*) FROM identities") == [(5,)]
    assert await shop.rows("SELECT count(*) FROM sessions") == [(20,)]


async def test_who_is_linked_while_they_sign_in_is_found(shop: Shop, browser: Browser, database_url: str) -> None:
    """One sign-in has looked and found nothing, and waits for the account that another one is linking right now."""
    buyer = await shop.person(email="ada@example.com")
    await shop.rows("UPDATE users SET email_verified = true RETURNING id")
    back = await browser.agree((await browser.begin()).headers["location"])
    async with await psycopg.AsyncConnection.connect(database_url) as faster:
        await faster.execute("SELECT id FROM users FOR UPDATE")
        await faster.execute("INSERT INTO identities VALUES ('google', '1001', %s, 'ada@example.com')", (buyer.id,))
        slower = asyncio.create_task(browser.come_back(back))
        while not await shop.rows("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            assert not slower.done()
            await asyncio.sleep(0.01)
        await faster.commit()

    assert (await slower).status_code == 303
    assert (await browser.me() or {})["id"] == str(buyer.id)
    assert await shop.rows("SELECT count(*) FROM identities") == [(1,)]


async def test_first_sign_ins_with_two_providers_at_once_make_one_account(
    shop: Shop, browser: Browser, other_browser: Browser, google: OpenIDProvider, github: GithubProvider
) -> None:
    for round_ in range(5):
        google.person = github.person = type(google.person)(subject=f"3{round_}", email=f"both{round_}@example.com")
        backs = [
            (b, await b.agree((await b.begin(p)).headers["location"]))
            for b, p in ((browser, "google"), (other_browser, "github"))
        ]

        answers = await asyncio.gather(*(b.come_back(back) for b, back in backs))

        assert [answer.status_code for answer in answers] == [303, 303]
        assert await browser.me() == await other_browser.me()
    assert await shop.rows("SELECT count(*), count(DISTINCT user_id) FROM identities") == [(10, 5)]
    assert await shop.rows("SELECT count(*) FROM users") == [(5,)]


async def test_who_begins_without_end_must_wait(shop: Shop, browser: Browser) -> None:
    answers = [await browser.begin("github") for _ in range(121)]

    assert Counter(answer.status_code for answer in answers) == {303: 120, 429: 1}
    assert await shop.rows("SELECT count(*) FROM one_time_tokens") == [(120,)]


async def test_a_provider_that_is_not_offered_does_not_exist(
    shop: Shop, app: FastAPI, browser: Browser, settings: auth.ProviderSettings
) -> None:
    app.state.providers = auth.Providers(settings.model_copy(update={"github_client_id": ""}))

    listed = await browser.shop.get(f"{API}/auth/oauth/providers")
    assert listed.json()["items"] == [{"name": "google", "label": "Google"}]
    for name in ("github", "facebook", "GOOGLE", "..."):
        for path in (f"/auth/oauth/{name}", f"/auth/oauth/{name}/callback?state=x&code=c"):
            answer = await browser.shop.get(f"{API}{path}")
            assert answer.status_code == 404
            refused(answer, "auth.provider_not_found")
    assert await shop.rows("SELECT id FROM one_time_tokens") == []


async def test_the_list_names_what_is_offered(browser: Browser) -> None:
    listed = await browser.shop.get(f"{API}/auth/oauth/providers")

    assert listed.json()["items"] == [{"name": "google", "label": "Google"}, {"name": "github", "label": "GitHub"}]
