"""Signing in with an app, which opens a browser for the provider and ends the sign-in itself."""

import asyncio
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from auth.providers.visitors import APP_URI, Browser, Phone
from identity_providers import OpenIDProvider
from shopping import Shop

PROVIDERS = pytest.mark.parametrize("provider", ["google", "github"])


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert "access_token" not in answer.text


async def nobody_came_in(shop: Shop) -> None:
    for table in ("users", "identities", "sessions"):
        assert await shop.rows(f"SELECT * FROM {table}") == [], table


@PROVIDERS
async def test_an_app_gets_tokens(shop: Shop, phone: Phone, provider: str) -> None:
    first = await phone.sign_in(provider)

    assert first.status_code == 200
    tokens = first.json()
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert "set-cookie" not in first.headers
    me = await shop.client.get("/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["email"] == "ada@example.com"
    again = await phone.sign_in(provider)
    assert again.status_code == 200
    assert await shop.rows("SELECT count(*) FROM users") == [(1,)]
    refreshed = await shop.client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 200
    assert await shop.rows("SELECT DISTINCT method FROM sessions") == [(provider,)]


async def test_the_app_is_told_what_it_needs(phone: Phone) -> None:
    begun = (await phone.begin()).json()

    assert set(begun) == {"authorization_url", "state", "flow_secret", "expires_in"}
    assert begun["expires_in"] == 600
    asked = parse_qs(urlsplit(begun["authorization_url"]).query)
    assert (asked["redirect_uri"], asked["state"]) == ([APP_URI], [begun["state"]])
    assert begun["flow_secret"] not in begun["authorization_url"]


async def test_a_sign_in_ends_at_an_allowed_address_only(shop: Shop, phone: Phone) -> None:
    for address in ("https://evil.example/", APP_URI + "/", APP_URI + "?a=b", APP_URI.upper(), APP_URI[:-1], "*"):
        refused(await phone.begin(redirect_uri=address), 422, "auth.redirect_not_allowed")
    for address in ("", " ", "x" * 2001):
        refused(await phone.begin(redirect_uri=address), 422, "request.invalid")
    assert await shop.rows("SELECT * FROM one_time_tokens") == []


async def test_who_has_not_the_secret_does_not_end_the_flow(shop: Shop, phone: Phone) -> None:
    """Another app on the same phone may catch the address that comes back: code and state are not enough."""
    body = await phone.agree((await phone.begin()).json())

    for secret in ("wrong", "", "A" * 43):
        assert (await phone.end({**body, "flow_secret": secret})).status_code == 422
    await nobody_came_in(shop)
    assert (await phone.end(body)).status_code == 200


async def test_secrets_do_not_go_with_other_flows(shop: Shop, phone: Phone) -> None:
    one, other = [await phone.agree((await phone.begin()).json()) for _ in range(2)]

    refused(await phone.end({**one, "flow_secret": other["flow_secret"]}), 422, "auth.flow_not_valid")
    refused(await phone.end({**one, "code": other["code"]}), 422, "auth.sign_in_not_confirmed")
    refused(await phone.end(one), 422, "auth.flow_not_valid")
    await nobody_came_in(shop)


async def test_a_browsers_flow_does_not_end_in_an_app_nor_an_apps_in_a_browser(
    shop: Shop, phone: Phone, browser: Browser
) -> None:
    back = urlsplit(await browser.agree((await browser.begin()).headers["location"]))
    came = {name: values[0] for name, values in parse_qs(back.query).items()}
    body = {"code": came["code"], "state": came["state"], "flow_secret": str(browser.flow_cookie)}
    refused(await phone.end(body), 422, "auth.flow_not_valid")

    of_app = await phone.agree((await phone.begin()).json())
    path = f"{back.path}?code={of_app['code']}&state={of_app['state']}"
    headers = {"Cookie": f"__Host-mercat-sign-in={of_app['flow_secret']}"}
    refused(await shop.client.get(path.removeprefix("/api/v1"), headers=headers), 422, "auth.flow_not_valid")
    await nobody_came_in(shop)


async def test_of_many_that_end_a_flow_at_once_one_gets_tokens(
    shop: Shop, phone: Phone, google: OpenIDProvider
) -> None:
    body = await phone.agree((await phone.begin()).json())

    answers = await asyncio.gather(*(phone.end(body) for _ in range(5)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 422: 4}
    assert google.called.count("/token") == 1
    assert await shop.rows("SELECT count(*) FROM sessions") == [(1,)]


async def test_an_account_with_a_second_factor_goes_on_as_with_a_password(shop: Shop, phone: Phone) -> None:
    await phone.sign_in()
    await shop.rows(
        "INSERT INTO authenticators (user_id, sealed_secret, confirmed_at) SELECT id, 'x', now() FROM users RETURNING 1"
    )

    answer = await phone.sign_in()

    refused(answer, 401, "auth.second_factor_required")
    assert answer.json()["methods"] == ["totp"]
    assert len(answer.json()["challenge"]) >= 60
    assert await shop.rows("SELECT data FROM one_time_tokens WHERE purpose = 'second_factor'") == [
        ({"method": "google", "kind": "app"},)
    ]
    assert await shop.rows("SELECT count(*) FROM sessions") == [(1,)]


async def test_what_is_no_end_of_a_flow_is_a_422(shop: Shop, phone: Phone) -> None:
    good = {"code": "c", "state": "s", "flow_secret": "f"}
    someone = {"user_id": "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56"}
    wrong: list[dict[str, Any]] = [{"code": ""}, {"state": 7}, {"flow_secret": "f" * 201}, {"state": "é" * 60}, someone]

    for body in ({}, *({**good, **change} for change in wrong), good):
        assert (await phone.end(body)).status_code == 422
    for body in ({}, {"redirect_uri": 7}, {"redirect_uri": APP_URI, "return_to": "/"}):
        assert (await shop.client.post("/auth/oauth/google", json=body)).status_code == 422
    refused(await phone.begin("facebook"), 404, "auth.provider_not_found")
    await nobody_came_in(shop)


async def test_mail_to_a_new_person_is_in_the_language_they_asked_for(shop: Shop, phone: Phone) -> None:
    body = await phone.agree((await phone.begin()).json())
    await shop.client.post("/auth/oauth/google/callback", json=body, headers={"Accept-Language": "fr-CH, de;q=0.5"})

    assert await shop.rows("SELECT locale FROM users") == [("fr",)]
