"""People with second factors, and the requests with which they get them and sign in by them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import time_machine

from auth.devices import App, Device
from mercat.kit import clock
from shopping import PASSWORD, Person, Shop

OWN = {"Sec-Fetch-Site": "same-origin"}
START = datetime.now(UTC).replace(second=10, microsecond=0)
"""A moment in the middle of a half minute, at which time stands still in these tests."""
STEP = 30
"""Seconds for which a code is shown."""


@contextmanager
def later(seconds: float = STEP) -> Iterator[None]:
    """Stand still so many seconds later; by default an app shows its next code then."""
    with time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=False):
        yield


@dataclass
class Guarded:
    """Somebody with a password and second factors."""

    person: Person
    app: App = field(default_factory=lambda: App(""))
    codes: list[str] = field(default_factory=list)
    device: Device = field(default_factory=Device)

    @property
    def headers(self) -> dict[str, str]:
        """The session in which they set their factors up."""
        return self.person.headers


async def with_app(shop: Shop, person: Person | None = None) -> Guarded:
    """Make somebody who has set up an authenticator app; its code of now is used up by that."""
    person = person or await shop.person()
    started = await shop.client.post("/users/me/authenticator", json={"password": PASSWORD}, headers=person.headers)
    assert started.status_code == 200, started.text
    app = App(started.json()["secret"])
    confirmed = await confirm(shop, person, app.code())
    assert confirmed.status_code == 200, confirmed.text
    return Guarded(person, app, confirmed.json()["recovery_codes"])


async def confirm(shop: Shop, person: Person, code: str) -> httpx2.Response:
    """Show the first code of an app."""
    return await shop.client.post("/users/me/authenticator/confirm", json={"code": code}, headers=person.headers)


async def with_passkey(shop: Shop, person: Person | None = None, device: Device | None = None) -> Guarded:
    """Make somebody who has a passkey."""
    guarded = Guarded(person or await shop.person(), device=device or Device())
    asked = await ask_for_new_passkey(shop, guarded.person)
    added = await add_passkey(shop, guarded.person, asked, guarded.device.create(asked["options"]))
    assert added.status_code == 201, added.text
    guarded.codes = added.json()["recovery_codes"] or []
    return guarded


async def ask_for_new_passkey(shop: Shop, person: Person, **proof: str) -> dict[str, Any]:
    """Begin to add a passkey."""
    body = {"password": PASSWORD, **proof}
    answer = await shop.client.post("/users/me/passkeys/options", json=body, headers=person.headers)
    assert answer.status_code == 200, answer.text
    asked: dict[str, Any] = answer.json()
    return asked


async def add_passkey(
    shop: Shop, person: Person, asked: dict[str, Any], credential: dict[str, Any], name: str = "phone"
) -> httpx2.Response:
    """Add a passkey that was made."""
    body = {"challenge_token": asked["challenge_token"], "credential": credential, "name": name}
    return await shop.client.post("/users/me/passkeys", json=body, headers=person.headers)


async def sign_in(shop: Shop, person: Person, path: str = "/auth/token") -> httpx2.Response:
    """Give the first proof."""
    return await shop.client.post(path, data={"username": person.email, "password": PASSWORD}, headers=OWN)


async def challenged(shop: Shop, person: Person, path: str = "/auth/token") -> str:
    """Give the first proof; returns the challenge that asks for the second one."""
    answer = await sign_in(shop, person, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.second_factor_required"), answer.text
    challenge: str = answer.json()["challenge"]
    return challenge


async def finish(shop: Shop, challenge: str, path: str = "/auth/second-factor", **proof: Any) -> httpx2.Response:
    """Give the second proof."""
    return await shop.client.post(path, json={"challenge": challenge, **proof}, headers=OWN)


async def ask_for_passkey(shop: Shop) -> dict[str, Any]:
    """Begin to sign in by passkey."""
    answer = await shop.client.post("/auth/passkey/options")
    assert answer.status_code == 200, answer.text
    asked: dict[str, Any] = answer.json()
    return asked


async def show_passkey(
    shop: Shop, asked: dict[str, Any], credential: dict[str, Any], path: str = "/auth/passkey"
) -> httpx2.Response:
    """Sign in by a passkey."""
    body = {"challenge_token": asked["challenge_token"], "credential": credential}
    return await shop.client.post(path, json=body, headers=OWN)


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Return how a request was refused."""
    return answer.status_code, answer.json()["code"]


def bearer(answer: httpx2.Response) -> dict[str, str]:
    """Return the headers of somebody who has just signed in."""
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
