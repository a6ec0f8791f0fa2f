"""Access tokens: only ours, only for us, only now. Everything else is one and the same 401."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import time_machine
from joserfc import jwt
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey, RSAKey

from mercat.auth import Role, tokens
from mercat.auth.config import AuthSettings
from shopping import PASSWORD, Person, Shop


def b64(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    head, body, _ = token.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body))  # type: ignore[return-value]  # two parts


async def me(shop: Shop, authorization: str | bytes) -> httpx2.Response:
    value = authorization if isinstance(authorization, bytes) else authorization.encode()
    return await shop.client.get("/auth/me", headers=[(b"Authorization", value)])


@pytest.fixture
async def ada(shop: Shop) -> Person:
    return await shop.person(Role.admin)


def token_of(person: Person) -> str:
    return person.headers["Authorization"].removeprefix("Bearer ")


def our_key() -> OctKey:
    return next(iter(tokens.signing_keys().values()))


def signed(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign whatever is asked with the shop's own key, as only a defect of ours could."""
    return jwt.encode(header, claims, our_key(), algorithms=["HS256", "HS384", "HS512"])


async def test_a_token_says_who_for_whom_and_how_long(ada: Person) -> None:
    header, claims = parts(token_of(ada))

    assert (header["alg"], header["typ"]) == ("HS256", "at+jwt")
    assert (claims["iss"], claims["aud"], claims["sub"]) == ("mercat", "mercat-api", str(ada.id))
    assert claims["exp"] - claims["iat"] == 600
    assert set(claims) == {"iss", "aud", "sub", "sid", "name", "roles", "iat", "exp", "jti"}
    assert ada.email not in json.dumps(claims)


@pytest.mark.parametrize("behind", [5, 60])
async def test_a_host_whose_clock_is_behind_accepts_a_fresh_token(shop: Shop, ada: Person, behind: int) -> None:
    with time_machine.travel(datetime.fromtimestamp(parts(token_of(ada))[1]["iat"] - behind, UTC), tick=False):
        assert (await me(shop, f"Bearer {token_of(ada)}")).status_code == 200


async def test_a_token_from_further_ahead_is_refused(shop: Shop, ada: Person) -> None:
    with time_machine.travel(datetime.fromtimestamp(parts(token_of(ada))[1]["iat"] - 61, UTC), tick=False):
        assert (await me(shop, f"Bearer {token_of(ada)}")).status_code == 401


@pytest.mark.parametrize(("late", "status"), [(-1, 200), (0, 401), (1, 401), (59, 401)])
async def test_no_token_lives_longer_because_clocks_differ(shop: Shop, ada: Person, late: int, status: int) -> None:
    with time_machine.travel(datetime.fromtimestamp(parts(token_of(ada))[1]["exp"] + late, UTC), tick=False):
        assert (await me(shop, f"Bearer {token_of(ada)}")).status_code == status


@pytest.mark.parametrize(("ahead", "status"), [(59, 200), (61, 401)])
async def test_a_token_may_begin_to_be_valid_within_a_minute(shop: Shop, ada: Person, ahead: int, status: int) -> None:
    header, claims = parts(token_of(ada))
    with time_machine.travel(datetime.fromtimestamp(claims["iat"], UTC), tick=False):
        later = signed(header, {**claims, "nbf": claims["iat"] + ahead})
        assert (await me(shop, f"Bearer {later}")).status_code == status


async def test_two_tokens_of_one_person_differ(shop: Shop, ada: Person) -> None:
    session_id = UUID(parts(token_of(ada))[1]["sid"])
    again = tokens.access_token(tokens.Claims(ada.id, session_id, "Test Person", frozenset({Role.admin})))[0]

    assert again != token_of(ada)
    assert (await me(shop, f"Bearer {again}")).status_code == 200


async def test_whatever_is_not_exactly_ours_is_refused(shop: Shop, ada: Person) -> None:
    good = token_of(ada)
    head, body, signature = good.split(".")
    header, claims = parts(good)
    rsa = RSAKey.generate_key(2048)
    other_key = OctKey.import_key(b"another key of thirty-two bytes!")
    secret = our_key()  # to forge as well as a thief of the key could
    forged: dict[str, str | bytes] = {
        "nothing": "Bearer",
        "blank": "Bearer  ",
        "another scheme": f"Basic {good}",
        "no scheme": good,
        "garbage": "Bearer garbage",
        "dots": "Bearer ..",
        "many dots": f"Bearer {'.' * 100}",
        "binary": b"Bearer \xff\xfe\x80.\xff.\xff",
        "beyond ascii": "Bearer é.ü.ß".encode("latin-1"),
        "two tokens": f"Bearer {good} {good}",
        "5 kB": f"Bearer {good}{'A' * 5000}",
        "a long header": f"Bearer {b64({**header, 'x': 'y' * 4000})}.{body}.{signature}",
        "a deep header": f"Bearer {b64(b'[' * 2900)}.{body}.{signature}",
        "a header that is no object": f"Bearer {b64([1])}.{body}.{signature}",
        "a header of nothing": f"Bearer {b64(None)}.{body}.{signature}",
        "no signature": f"Bearer {head}.{body}.",
        "another signature": f"Bearer {head}.{body}.{b64(b'x' * 32)}",
        "other claims": f"Bearer {head}.{b64({**claims, 'sub': str(uuid4())})}.{signature}",
        "alg none": f"Bearer {b64({**header, 'alg': 'none'})}.{body}.",
        "alg None": f"Bearer {b64({**header, 'alg': 'None'})}.{body}.{signature}",
        "no alg": f"Bearer {b64({'typ': 'at+jwt', 'kid': header['kid']})}.{body}.{signature}",
        "a key id that is a list": f"Bearer {b64({**header, 'kid': [header['kid']]})}.{body}.{signature}",
        "alg of another kind": f"Bearer {b64({**header, 'alg': 7})}.{body}.{signature}",
        "encrypted": "Bearer "
        + jwt.encode({"alg": "dir", "enc": "A128CBC-HS256"}, claims, secret, registry=JWERegistry()),
        "five parts": f"Bearer {head}..{body}.{signature}.{signature}",
        "another key": "Bearer " + jwt.encode(header, claims, other_key, algorithms=["HS256"]),
        "our key as a public key": "Bearer "
        + jwt.encode({**header, "alg": "RS256"}, claims, rsa, algorithms=["RS256"]),
        "HS512 with our key": "Bearer " + signed({**header, "alg": "HS512"}, claims),
        "embedded key": "Bearer "
        + jwt.encode({**header, "jwk": other_key.as_dict(private=True)}, claims, other_key, algorithms=["HS256"]),
        "crit": f"Bearer {b64({**header, 'crit': ['exp']})}.{body}.{signature}",
    }

    answers = {name: await me(shop, value) for name, value in forged.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(forged, 401)
    for name, answer in answers.items():
        assert answer.headers["www-authenticate"].startswith("Bearer"), name
        assert answer.json()["code"] in {"auth.invalid_token", "auth.unauthenticated"}, name
        assert good not in answer.text
    assert (await me(shop, f"Bearer {good}")).status_code == 200


async def test_a_claim_that_is_wrong_or_missing_is_refused_even_with_our_signature(shop: Shop, ada: Person) -> None:
    header, claims = parts(token_of(ada))
    now = int(datetime.now(UTC).timestamp())
    wrong: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        **{f"no {name}": (header, {k: v for k, v in claims.items() if k != name}) for name in claims if name != "iat"},
        "another issuer": (header, {**claims, "iss": "other"}),
        "another audience": (header, {**claims, "aud": "other"}),
        "an audience among others": (header, {**claims, "aud": ["other"]}),
        "expired": (header, {**claims, "exp": now - 1}),
        "endless": (header, {**claims, "exp": None}),
        "expiry in words": (header, {**claims, "exp": "tomorrow"}),
        "not yet": (header, {**claims, "nbf": now + 600}),
        "a session that is no id": (header, {**claims, "sid": "x"}),
        "a session that is not": (header, {**claims, "sid": str(uuid4())}),
        "somebody else's session": (header, {**claims, "sub": str(uuid4())}),
        "a key id that is a path": ({**header, "kid": "../../dev/null"}, claims),
        "subject that is no id": (header, {**claims, "sub": "admin"}),
        "subject None": (header, {**claims, "sub": "None"}),
        "unknown role": (header, {**claims, "roles": ["god"]}),
        "roles that are a number": (header, {**claims, "roles": 7}),
        "another kind of token": ({**header, "typ": "JWT"}, claims),
        "no kind": ({"alg": "HS256", "kid": header["kid"]}, claims),
        "another key id": ({**header, "kid": "other"}, claims),
        "no key id": ({"alg": "HS256", "typ": "at+jwt"}, claims),
    }

    answers = {name: await me(shop, "Bearer " + signed(*made)) for name, made in wrong.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(wrong, 401)
    assert {answer.json()["code"] for answer in answers.values()} == {"auth.invalid_token"}
    assert (await me(shop, "Bearer " + signed(header, claims))).status_code == 200


async def test_a_token_ends_with_its_time(shop: Shop, ada: Person) -> None:
    issued = datetime.now(UTC)

    with time_machine.travel(issued + timedelta(seconds=590), tick=False):
        assert (await me(shop, ada.headers["Authorization"])).status_code == 200
    with time_machine.travel(issued + timedelta(seconds=602), tick=False):
        answer = await me(shop, ada.headers["Authorization"])
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid_token")


async def test_a_refresh_token_is_no_access_token(shop: Shop, ada: Person) -> None:
    made = await shop.client.post(
        "/auth/token", data={"username": ada.email, "password": "correct horse battery staple"}
    )

    assert (await me(shop, f"Bearer {made.json()['refresh_token']}")).status_code == 401


async def test_a_token_of_an_account_that_is_gone_is_nobody(shop: Shop, ada: Person) -> None:
    await shop.rows("DELETE FROM users RETURNING id")

    assert (await me(shop, ada.headers["Authorization"])).status_code == 401


async def test_nobody_is_asked_to_sign_in(shop: Shop) -> None:
    answer = await shop.client.get("/auth/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "auth.unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_bad_token_is_not_taken_for_a_guest(shop: Shop) -> None:
    item = await shop.item()

    answer = await shop.order(item, headers={"Authorization": "Bearer garbage"})

    assert answer.status_code == 401
    assert await shop.rows("SELECT id FROM orders") == []
    assert await shop.level(item) == (10, 0)


@pytest.fixture
def another_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Gives the shop another secret key, with or without the memory of the one it had."""

    def rotate(*, remember: bool) -> None:
        former = AuthSettings().secret_key.get_secret_value()
        monkeypatch.setenv("MERCAT_SECRET_KEY", "another secret key of at least 32 letters")
        monkeypatch.setenv("MERCAT_PREVIOUS_SECRET_KEYS", json.dumps([former] if remember else []))

    yield rotate
    monkeypatch.undo()


async def test_a_new_key_signs_nobody_out_while_the_former_one_is_remembered(
    shop: Shop, ada: Person, another_key: Callable[..., None]
) -> None:
    made = await shop.client.post("/auth/token", data={"username": ada.email, "password": PASSWORD})
    another_key(remember=True)

    assert (await me(shop, ada.headers["Authorization"])).status_code == 200
    renewed = await shop.client.post("/auth/refresh", json={"refresh_token": made.json()["refresh_token"]})
    assert parts(renewed.json()["access_token"])[0]["kid"] != parts(token_of(ada))[0]["kid"]
    assert (await me(shop, f"Bearer {renewed.json()['access_token']}")).status_code == 200


async def test_a_new_key_without_the_former_one_ends_access_tokens_but_not_sessions(
    shop: Shop, ada: Person, another_key: Callable[..., None]
) -> None:
    made = await shop.client.post("/auth/token", data={"username": ada.email, "password": PASSWORD})
    another_key(remember=False)

    assert (await me(shop, ada.headers["Authorization"])).status_code == 401
    renewed = await shop.client.post("/auth/refresh", json={"refresh_token": made.json()["refresh_token"]})
    assert (await me(shop, f"Bearer {renewed.json()['access_token']}")).status_code == 200
