"""What Google signs is believed if it is well signed, of Google, for this shop, for this request, and of now."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import time_machine
from joserfc.jwk import ECKey, RSAKey

from auth.providers.visitors import Browser
from identity_providers import OpenIDProvider
from mercat.auth.providers.browser import COOKIE
from shopping import Shop

Claims = dict[str, Any]
Forge = Callable[[OpenIDProvider, Claims], str]


def without(claims: Claims, *names: str) -> Claims:
    return {name: value for name, value in claims.items() if name not in names}


def unsigned(header: dict[str, Any], claims: Claims, signature: str = "") -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    return ".".join([*parts, signature])


def with_the_public_key_as_secret(google: OpenIDProvider, claims: Claims) -> str:
    text = unsigned({"alg": "HS256", "kid": google.key.kid}, claims).rstrip(".")
    signature = hmac.digest(google.key.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


FORGERIES: dict[str, Forge] = {
    "another nonce": lambda google, claims: google.sign(claims | {"nonce": "another"}),
    "no nonce": lambda google, claims: google.sign(without(claims, "nonce")),
    "an empty nonce": lambda google, claims: google.sign(claims | {"nonce": ""}),
    "a nonce in a list": lambda google, claims: google.sign(claims | {"nonce": ["x", "y"]}),
    "for another shop": lambda google, claims: google.sign(claims | {"aud": "another-shop"}),
    "for us and another": lambda google, claims: google.sign(claims | {"aud": [claims["aud"], "another-shop"]}),
    "for nobody": lambda google, claims: google.sign(without(claims, "aud")),
    "asked for by another": lambda google, claims: google.sign(claims | {"azp": "another-shop"}),
    "of another issuer": lambda google, claims: google.sign(claims | {"iss": "https://accounts.google.com"}),
    "of an issuer that only begins alike": lambda google, claims: google.sign(claims | {"iss": claims["iss"] + "/"}),
    "of no issuer": lambda google, claims: google.sign(without(claims, "iss")),
    "expired": lambda google, claims: google.sign(claims | {"exp": int(time.time()) - 61}),
    "without an end": lambda google, claims: google.sign(without(claims, "exp")),
    "with an end that is no number": lambda google, claims: google.sign(claims | {"exp": "tomorrow"}),
    "of the future": lambda google, claims: google.sign(claims | {"iat": int(time.time()) + 3600}),
    "not yet good": lambda google, claims: google.sign(claims | {"nbf": int(time.time()) + 3600}),
    "without a moment": lambda google, claims: google.sign(without(claims, "iat")),
    "about nobody": lambda google, claims: google.sign(without(claims, "sub")),
    "about an empty name": lambda google, claims: google.sign(claims | {"sub": ""}),
    "about a number": lambda google, claims: google.sign(claims | {"sub": 1001}),
    "about a name with a NUL": lambda google, claims: google.sign(claims | {"sub": "10\x0001"}),
    "about half a character": lambda google, claims: google.sign(claims | {"sub": "\ud800"}),
    "about a name without end": lambda google, claims: google.sign(claims | {"sub": "1" * 256}),
    "about an address with a NUL": lambda google, claims: google.sign(claims | {"email": "ada\x00@example.com"}),
    "unsigned": lambda _google, claims: unsigned({"alg": "none"}, claims),
    "unsigned under a known key": lambda google, claims: unsigned({"alg": "none", "kid": google.key.kid}, claims),
    "unsigned in disguise": lambda google, claims: unsigned({"alg": "nOnE", "kid": google.key.kid}, claims),
    "without a signature": lambda google, claims: unsigned({"alg": "RS256", "kid": google.key.kid}, claims),
    "signed with the public key": with_the_public_key_as_secret,
    "signed with another key": lambda google, claims: google.sign(claims, key=RSAKey.generate_key(2048)),
    "signed with another kind of key": lambda google, claims: google.sign(
        claims, key=ECKey.generate_key("P-256"), alg="ES256"
    ),
    "signed with an unpublished key": lambda google, claims: google.sign(
        claims, key=RSAKey.generate_key(2048), kid="unpublished"
    ),
    "signed with a key of its own": lambda google, claims: google.sign(
        claims, key=(own := RSAKey.generate_key(2048)), kid="own", jwk=own.as_dict(private=False)
    ),
    "signed in a way that nobody agreed on": lambda google, claims: google.sign(
        claims, key=RSAKey.import_key(google.key.as_pem(private=True)), alg="PS512"
    ),
    "another text": lambda _google, _claims: "no token at all",
    "nothing": lambda _google, _claims: "",
    "a list": lambda google, _claims: unsigned({"alg": "RS256", "kid": google.key.kid}, []),  # type: ignore[arg-type]  # that is what is wrong
    "a header that is a list": lambda _google, claims: unsigned([], claims),  # type: ignore[arg-type]  # that is what is wrong
}


async def test_a_token_that_is_not_as_it_should_be_lets_nobody_in(
    shop: Shop, browser: Browser, google: OpenIDProvider
) -> None:
    answers = {}
    for name, forgery in FORGERIES.items():
        google.forge = partial(forgery, google)
        answers[name] = await browser.sign_in()

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 422} == {}
    assert {answer.json()["code"] for answer in answers.values()} == {"auth.sign_in_not_confirmed"}
    assert not any("set-cookie" in answer.headers for answer in answers.values())
    for table in ("users", "identities", "sessions"):
        assert await shop.rows(f"SELECT * FROM {table}") == []


HARMLESS: list[Callable[[Claims], Claims]] = [
    lambda claims: claims,
    lambda claims: claims | {"aud": [claims["aud"]], "azp": claims["aud"]},
    lambda claims: claims | {"exp": int(time.time()) - 30, "iat": int(time.time()) + 30},
    lambda claims: claims | {"hd": "example.com", "picture": "https://example.com/ada.png", "locale": "de"},
    lambda claims: without(claims, "given_name", "family_name"),
]


async def test_a_token_that_is_only_written_otherwise_is_taken(browser: Browser, google: OpenIDProvider) -> None:
    for harmless in HARMLESS:
        google.forge = partial(lambda change, claims: google.sign(change(claims)), harmless)
        browser.shop.cookies.clear()

        assert (await browser.sign_in()).status_code == 303
        assert await browser.me() is not None


async def test_only_an_address_that_is_said_to_be_verified_is(
    shop: Shop, browser: Browser, google: OpenIDProvider
) -> None:
    for said in ({}, *({"email_verified": value} for value in (False, "true", "True", 1, None, [True]))):
        google.forge = partial(lambda said, claims: google.sign(without(claims, "email_verified") | said), said)

        answer = await browser.sign_in()

        assert (answer.status_code, answer.json()["code"]) == (403, "auth.email_not_vouched"), said
    assert await shop.rows("SELECT * FROM users") == []


async def test_a_new_key_of_the_provider_is_found(browser: Browser, google: OpenIDProvider) -> None:
    await browser.sign_in()
    asked = google.called.count("/certs")
    await browser.sign_in()
    assert google.called.count("/certs") == asked  # what is published is read once

    google.rotate()
    answer = await browser.sign_in()

    assert answer.status_code == 303
    assert google.called.count("/certs") == asked + 1


async def test_a_key_that_was_taken_back_is_good_for_an_hour_at_most(browser: Browser, google: OpenIDProvider) -> None:
    await browser.sign_in()
    old = google.key
    google.rotate()
    google.forge = lambda claims: google.sign(claims | {"iat": moment, "exp": moment + 60}, key=old, kid=old.kid)
    moment = int((datetime.now(UTC) + timedelta(hours=1, minutes=1)).timestamp())

    with time_machine.travel(datetime.fromtimestamp(moment, UTC), tick=False):
        begun = await browser.begin()
        cookie = {"Cookie": f"{COOKIE}={begun.cookies[COOKIE]}"}
        back = urlsplit(await browser.agree(begun.headers["location"]))
        answer = await browser.shop.get(f"{back.path}?{back.query}", headers=cookie)

    assert (answer.status_code, answer.json()["code"]) == (422, "auth.sign_in_not_confirmed")


async def test_names_are_taken_as_an_account_can_have_them(browser: Browser, google: OpenIDProvider) -> None:
    google.forge = lambda claims: google.sign(claims | {"given_name": " <b>A\tda\x00\u202e ", "family_name": "L" * 300})

    await browser.sign_in()

    me = await browser.me()
    assert me is not None
    assert (me["first_name"], me["last_name"]) == ("bAda", "L" * 100)
