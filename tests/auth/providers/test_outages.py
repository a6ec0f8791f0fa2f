"""A provider that is away, slow or out of its mind is a 503 with a name, and nothing of it ends in a log."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from flask import Response
from pydantic import SecretStr, ValidationError

from auth.providers.visitors import API, Browser, Phone
from identity_providers import GithubProvider, OpenIDProvider
from mercat import auth
from shopping import Shop

SESSION = "__Host-mercat-session"
HTML = Response("<html>Maintenance</html>", content_type="text/html")


def unavailable(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "auth.provider_unavailable"), answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"


async def nobody_came_in(shop: Shop) -> None:
    for table in ("users", "identities", "sessions"):
        assert await shop.rows(f"SELECT * FROM {table}") == [], table


def json_of(text: str, status: int = 200) -> Response:
    return Response(text, status=status, content_type="application/json")


NONSENSE = {
    "a page": HTML,
    "a page of a gateway": Response("<html>Bad gateway</html>", status=502),
    "an error of theirs": json_of('{"error": "server_error"}', 500),
    "a refusal": json_of('{"message": "API rate limit exceeded"}', 403),
    "nothing": Response(""),
    "half of it": json_of('{"access_token": "abc", "id_'),
    "null": json_of("null"),
    "a list": json_of("[1, 2]"),
    "an empty object": json_of("{}"),
    "numbers for words": json_of('{"access_token": 7, "id": "x", "issuer": 7, "keys": 7}'),
    "a life that is no number": json_of('{"access_token": "abc", "token_type": "bearer", "expires_in": [7]}'),
    "a life in words": json_of('{"access_token": "abc", "token_type": "bearer", "expires_in": "soon"}'),
    "no text at all": Response(b"\xff\xfe\x00\xd8", content_type="application/json"),
    "a way to somewhere else": Response("", status=302, headers={"Location": "https://evil.example/"}),
    "that it does not know us": json_of('{"error": "invalid_client"}', 401),
    "an error without a name": json_of('{"error": null}', 400),
    "an error that is none": json_of('{"error": {"a": 1}, "error_description": [2]}', 400),
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/certs"])
async def test_nonsense_where_google_describes_itself_is_a_503(
    browser: Browser, google: OpenIDProvider, path: str
) -> None:
    for nonsense in NONSENSE.values():
        google.nonsense = {path: nonsense}
        unavailable(await browser.begin())

    google.nonsense = {}
    assert (await browser.sign_in()).status_code == 303


async def test_nonsense_for_a_code_is_a_503(
    shop: Shop, browser: Browser, google: OpenIDProvider, github: GithubProvider
) -> None:
    for nonsense in NONSENSE.values():
        google.nonsense, github.nonsense = {"/token": nonsense}, {"/login/oauth/access_token": nonsense}
        for provider in ("google", "github"):
            unavailable(await browser.sign_in(provider))
    await nobody_came_in(shop)


@pytest.mark.parametrize("path", ["/user", "/user/emails"])
async def test_nonsense_about_a_person_is_a_503(
    shop: Shop, browser: Browser, github: GithubProvider, path: str
) -> None:
    for nonsense in NONSENSE.values():
        github.nonsense = {path: nonsense}
        unavailable(await browser.sign_in("github"))
    await nobody_came_in(shop)


async def test_github_is_taken_to_the_letter(shop: Shop, browser: Browser, github: GithubProvider) -> None:
    for path, text in (
        ("/user", '{"id": true, "name": "Ada"}'),
        ("/user", '{"id": "1001", "name": "Ada"}'),
        ("/user", '{"id": 1.5}'),
        ("/user/emails", '[{"email": "ada@example.com", "primary": "true", "verified": "true"}]'),
        ("/user/emails", '[{"email": "ada@example.com", "primary": 1, "verified": 1}]'),
        ("/user/emails", '[{"email": "ada\\u0000@example.com", "primary": true, "verified": true}]'),
        ("/user/emails", '[{"email": "\\ud800@example.com", "primary": true, "verified": true}]'),
    ):
        github.nonsense = {path: json_of(text)}
        unavailable(await browser.sign_in("github"))
    await nobody_came_in(shop)


async def test_a_document_of_another_issuer_is_not_believed(browser: Browser, google: OpenIDProvider) -> None:
    good = google.app.json.dumps(google._discovery())  # noqa: SLF001 - to spoil it
    for wrong in (
        good.replace(f'"issuer": "{google.url}"', '"issuer": "https://evil.example"'),
        good.replace(f'"{google.url}/token"', '"http://shop.example/token"'),
        good.replace(f'"{google.url}/certs"', '"file:///etc/passwd"'),
        good.replace(f'"{google.url}/certs"', '"https://user:password@evil.example/certs"'),
    ):
        assert wrong != good
        google.nonsense = {"/.well-known/openid-configuration": json_of(wrong)}
        unavailable(await browser.begin())


async def test_keys_that_are_none_are_a_503(browser: Browser, google: OpenIDProvider) -> None:
    for keys in ['[{"kty": "RSA"}]', '[{"kty": "new"}]', "[{}]", "[]", '[{"kty": "RSA", "n": 7, "e": 7}]']:
        google.nonsense = {"/certs": json_of(f'{{"keys": {keys}}}')}
        unavailable(await browser.begin())


async def test_a_provider_that_is_away_is_a_503_and_comes_back(
    shop: Shop, app: FastAPI, browser: Browser, phone: Phone, settings: auth.ProviderSettings
) -> None:
    other = OpenIDProvider()
    other.start()
    port = int(other.url.rpartition(":")[2])
    update = {
        "google_issuer": other.url,
        "google_client_id": other.client.client_id,
        "google_client_secret": SecretStr(other.client.secret),
    }
    app.state.providers = auth.Providers(settings.model_copy(update=update))
    back = await browser.agree((await browser.begin()).headers["location"])
    other.stop()

    unavailable(await browser.come_back(back))
    assert (await browser.begin()).status_code == 303  # what is known of it is good for a while
    app.state.providers = auth.Providers(settings.model_copy(update=update))
    unavailable(await browser.begin())
    unavailable(await phone.begin())
    await nobody_came_in(shop)
    listed = await browser.shop.get(f"{API}/auth/oauth/providers")
    assert listed.status_code == 200

    other.start(port)
    assert (await browser.sign_in()).status_code == 303
    other.stop()


@asynccontextmanager
async def serving(talk: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """Run a server that has its own way to answer; its address is given."""
    talks: set[asyncio.Task[None]] = set()

    async def listen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())  # type: ignore[arg-type]  # there is one
        with suppress(ConnectionError, asyncio.CancelledError):
            await talk(writer)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    for task in talks:
        task.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
    await server.wait_closed()


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """The address of a server that takes everything and says nothing."""

    async def nothing(_writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(nothing) as url:
        yield url


@dataclass
class Dripping:
    """A server whose answer comes blank by blank, each in time."""

    url: str = ""
    to_the_end: bool = False
    """Whether somebody has waited for all of it."""


@pytest.fixture
async def dripping() -> AsyncIterator[Dripping]:
    found = Dripping()

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 250\r\n\r\n")
        for left in reversed(range(250)):
            found.to_the_end = not left
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(drip) as found.url:
        yield found


async def test_a_provider_that_takes_too_long_is_a_503(
    app: FastAPI, browser: Browser, settings: auth.ProviderSettings, silent: str, dripping: Dripping
) -> None:
    for slow in (silent, dripping.url):
        update = {"google_issuer": slow, "oauth_timeout": 0.3}
        app.state.providers = auth.Providers(settings.model_copy(update=update))

        unavailable(await browser.begin())
    assert not dripping.to_the_end


async def test_a_provider_does_not_lead_us_elsewhere(browser: Browser, google: OpenIDProvider) -> None:
    well = await browser.begin()
    assert well.status_code == 303
    for status in (301, 302, 303, 307, 308):
        google.nonsense = {"/token": Response("", status=status, headers={"Location": f"{google.url}/elsewhere"})}
        unavailable(await browser.sign_in())
    assert "/elsewhere" not in google.called


async def test_no_transaction_is_open_while_a_provider_is_asked(
    browser: Browser, google: OpenIDProvider, github: GithubProvider, database_url: str
) -> None:
    seen: dict[str, list[Any]] = {}

    def look(path: str) -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            seen[path] = connection.execute(
                "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND (state LIKE 'idle in transaction%%' OR xact_start IS NOT NULL)"
            ).fetchall()

    google.watch = github.watch = look
    for provider in ("google", "github"):
        assert (await browser.sign_in(provider)).status_code == 303

    assert {"/token", "/certs", "/login/oauth/access_token", "/user", "/user/emails"} <= set(seen)
    assert {path: open_ for path, open_ in seen.items() if open_} == {}


async def test_a_wrong_secret_of_ours_is_not_the_persons_fault(
    shop: Shop, app: FastAPI, browser: Browser, settings: auth.ProviderSettings, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = {"google_client_secret": SecretStr("wrong"), "github_client_secret": SecretStr("wrong")}
    app.state.providers = auth.Providers(settings.model_copy(update=wrong))

    for provider in ("google", "github"):
        unavailable(await browser.sign_in(provider))
    assert caplog.text.count("invalid_client") == 2  # whoever runs the shop can find out
    await nobody_came_in(shop)


@pytest.mark.parametrize("provider", ["google", "github"])
@pytest.mark.parametrize("misbehaves", [False, True], ids=["well", "badly"])
async def test_no_secret_of_a_sign_in_is_logged(
    browser: Browser,
    google: OpenIDProvider,
    github: GithubProvider,
    caplog: pytest.LogCaptureFixture,
    provider: str,
    misbehaves: bool,  # noqa: FBT001 - a table's column
) -> None:
    if misbehaves:
        google.forge = lambda claims: google.sign(claims | {"nonce": "another"})
        github.nonsense = {"/user": HTML}
    there = {"google": google, "github": github}[provider]
    back = await browser.agree((await browser.begin(provider)).headers["location"])
    codes = list(there.codes)
    caplog.clear()
    caplog.set_level(logging.DEBUG)  # of everything, and more than anybody should switch on

    await browser.come_back(back)

    # the providers have threads of their own, and the test's browser writes down where it went
    ours = [r for r in caplog.records if r.thread == threading.get_ident() and "shop.test" not in r.getMessage()]
    lines = [f"{record.getMessage()} {record.__dict__}" for record in ours]
    assert any("/token" in line or "/access_token" in line for line in lines)
    secrets = [*codes, *there.tokens, there.client.secret, browser.flow_cookie, browser.shop.cookies.get(SESSION)]
    assert len(there.tokens) == 1
    assert [line for line in lines for secret in secrets if secret and secret in line] == []
    assert not any("eyJ" in line for line in lines)  # no signed token of anybody's


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("google_issuer", "http://accounts.example.com"),
        ("google_issuer", "accounts.google.com"),
        ("google_issuer", "https://"),
        ("google_issuer", "https://user:password@accounts.example.com"),
        ("github_url", "http://192.0.2.7"),
        ("github_url", "ftp://github.example.com"),
        ("github_api_url", "http://localhost.evil.example"),
        ("github_api_url", "https://api.example.com/?x=y"),
    ],
)
def test_a_secret_never_travels_in_clear(name: str, url: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        auth.ProviderSettings(**{name: url})  # type: ignore[arg-type]  # a table's column

    assert "password@" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["https://ghe.example.com/api/v3/", "http://127.0.0.1:8", "http://[::1]:8", "http://localhost"]
)
def test_a_provider_may_be_elsewhere(url: str) -> None:
    assert auth.ProviderSettings(github_api_url=url).github_api_url == url
