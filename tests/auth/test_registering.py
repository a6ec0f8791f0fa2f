"""Making an account over HTTP: what is answered, what is refused, and what a refusal leaves behind."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx2
import pytest

from letters import Mailbox
from mercat.kit.settings_memory import read_anew
from shopping import PASSWORD, Shop

SHAPE = {
    "id",
    "email",
    "username",
    "first_name",
    "last_name",
    "roles",
    "is_active",
    "email_verified",
    "created_at",
}


async def register(client: httpx2.AsyncClient, **fields: Any) -> httpx2.Response:
    return await client.post("/auth/register", json={"email": "ada@example.com", "password": PASSWORD, **fields})


async def test_a_new_account_is_a_buyer_with_exactly_the_promised_shape(shop: Shop) -> None:
    answer = await register(shop.client, username="Ada", first_name=" Ada ", last_name="Lovelace")

    assert answer.status_code == 201
    account = answer.json()
    assert set(account) == SHAPE
    assert UUID(account.pop("id")).version == 7
    assert account.pop("created_at").endswith("Z")
    assert account == {
        "email": "ada@example.com",
        "username": "Ada",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "roles": ["buyer"],
        "is_active": True,
        "email_verified": False,
    }


async def test_e_mail_and_password_are_enough(shop: Shop) -> None:
    account = (await register(shop.client)).json()

    assert (account["username"], account["first_name"], account["last_name"]) == (None, "", "")


async def test_the_password_is_kept_nowhere_as_it_is(shop: Shop) -> None:
    answer = await register(shop.client, username="ada")

    assert PASSWORD not in answer.text
    rows = await shop.rows("SELECT u::text FROM users u")
    assert len(rows) == 1
    assert PASSWORD not in rows[0][0]
    assert "$2b$04$" in rows[0][0]


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", " Ada@Example.com ", "\uff41da@example.com"])
async def test_a_taken_e_mail_is_a_conflict_whatever_its_case(shop: Shop, email: str) -> None:
    await register(shop.client)

    answer = await register(shop.client, email=email, username="other")

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.email_taken")
    assert len(await shop.rows("SELECT id FROM users")) == 1
    assert len(await shop.rows("SELECT user_id FROM user_roles")) == 1


async def test_a_taken_user_name_is_a_conflict_whatever_its_case(shop: Shop) -> None:
    await register(shop.client, username="Ada")

    answer = await register(shop.client, email="other@example.com", username="aDA")

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.username_taken")
    assert len(await shop.rows("SELECT id FROM users")) == 1


async def test_registering_the_same_address_at_once_makes_one_account(shop: Shop) -> None:
    answers = await asyncio.gather(*(register(shop.client) for _ in range(8)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert len(await shop.rows("SELECT id FROM users")) == 1


BAD: dict[str, dict[str, Any]] = {
    "no password": {"password": None},
    "empty password": {"password": ""},
    "short password": {"password": "seven77"},
    "password of blanks": {"password": " " * 12},
    "endless password": {"password": "x" * 1025},
    "password that is a number": {"password": 1234567890123},
    "no e-mail": {"email": ""},
    "not an e-mail": {"email": "ada"},
    "two at signs": {"email": "ada@@example.com"},
    "a list of e-mails": {"email": ["ada@example.com"]},
    "a display name": {"email": "Ada <ada@example.com>"},
    "header injection": {"email": "ada@example.com\nBcc: eve@example.com"},
    "endless e-mail": {"email": f"{'a' * 250}@example.com"},
    "user name like an e-mail": {"username": "eve@example.com"},
    "short user name": {"username": "ab"},
    "user name with a blank": {"username": "ada lovelace"},
    "user name with a line break": {"username": "ada\nx"},
    "long user name": {"username": "a" * 41},
    "markup in a name": {"first_name": "<b>Ada</b>"},
    "line break in a name": {"last_name": "Love\nlace"},
    "long name": {"first_name": "a" * 101},
    "roles": {"roles": ["admin"]},
    "role": {"role": "admin"},
    "is_admin": {"is_admin": True},
    "is_active": {"is_active": False},
    "email_verified": {"email_verified": True},
    "id": {"id": "00000000-0000-7000-8000-000000000001"},
}


async def test_what_an_account_cannot_be_is_refused_without_an_echo(shop: Shop) -> None:
    answers = {name: await register(shop.client, **fields) for name, fields in BAD.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(BAD, 422)
    for name, fields in BAD.items():
        field = next(iter(fields))
        assert [error["field"] for error in answers[name].json()["errors"]] == [field], name
        assert PASSWORD not in answers[name].text
        assert not isinstance(fields[field], str) or len(fields[field]) < 5 or fields[field] not in answers[name].text
    assert await shop.rows("SELECT id FROM users") == []


async def test_a_missing_e_mail_does_not_bring_the_password_back(shop: Shop) -> None:
    answer = await shop.client.post("/auth/register", json={"password": PASSWORD, "first_name": "Ada"})

    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("email", "missing")]
    assert PASSWORD not in answer.text
    assert "input" not in answer.text


async def test_a_form_is_no_registration(shop: Shop) -> None:
    answer = await shop.client.post("/auth/register", data={"email": "ada@example.com", "password": PASSWORD})

    assert answer.status_code == 415
    assert await shop.rows("SELECT id FROM users") == []


@pytest.fixture
def discreet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The marketplace tells nobody who has an account."""
    monkeypatch.setenv("MERCAT_REGISTER_DISCREETLY", "true")
    read_anew()
    yield
    read_anew()


async def taken(shop: Shop) -> None:
    """Let Ada have an account with a user name and a verified address."""
    assert (await register(shop.client)).status_code == 201
    await shop.rows("UPDATE users SET email_verified = true, username = 'ada', username_key = 'ada' RETURNING id")


def told(answer: httpx2.Response) -> tuple[int, dict[str, Any]]:
    """Return all that an answer tells, without what is another one each time."""
    body = answer.json()
    for name in ("id", "created_at", "request_id", "email"):
        body.pop(name, None)
    return answer.status_code, body


@pytest.mark.usefixtures("discreet")
@pytest.mark.parametrize("fields", [{}, {"username": "ada"}, {"username": "somebody"}, {"password": "password1"}])
async def test_a_taken_address_is_answered_like_a_free_one(shop: Shop, fields: dict[str, str]) -> None:
    await taken(shop)

    of_taken = [told(await register(shop.client, **fields)) for _ in range(2)]
    of_free = [told(await register(shop.client, email="free@example.com", **fields)) for _ in range(2)]

    assert of_taken == of_free
    assert of_taken[0] == of_taken[1]
    assert of_taken[0][0] == (201 if not fields else 422)


@pytest.mark.usefixtures("discreet")
async def test_many_registrations_at_once_tell_nothing_either(shop: Shop) -> None:
    await taken(shop)

    for email in ("ada@example.com", "free@example.com"):
        answers = await asyncio.gather(*(register(shop.client, email=email) for _ in range(6)))
        assert [answer.status_code for answer in answers] == [201] * 6
    assert await shop.rows("SELECT email FROM users ORDER BY email") == [("ada@example.com",), ("free@example.com",)]


@pytest.mark.usefixtures("discreet")
@pytest.mark.parametrize("path", ["/auth/token", "/auth/session"])
async def test_signing_in_after_registering_does_not_tell_whose_the_address_was(
    shop: Shop, mailbox: Mailbox, path: str
) -> None:
    await taken(shop)
    await mailbox.letters()
    chosen = "entirely another passphrase"
    answers = []
    for email in ("ada@example.com", "free@example.com"):
        await register(shop.client, email=email, password=chosen)
        form = {"username": email, "password": chosen}
        headers = {"Sec-Fetch-Site": "same-origin"}
        answers.append(await shop.client.post(path, data=form, headers=headers))

    assert told(answers[0]) == told(answers[1])
    assert (answers[0].status_code, answers[0].json()["code"]) == (401, "auth.wrong_credentials")

    letters = {letter.to: letter for letter in await mailbox.letters()}
    assert letters["ada@example.com"].subject == "Somebody tried to use your e-mail address"
    proven = await shop.client.post("/auth/verify-email", json={"token": letters["free@example.com"].token})
    assert proven.status_code == 204, proven.text
    form = {"username": "free@example.com", "password": chosen}
    tokens = await shop.client.post("/auth/token", data=form)
    assert tokens.status_code == 200
    named = await shop.client.patch(
        "/users/me", json={"username": "free"}, headers={"Authorization": f"Bearer {tokens.json()['access_token']}"}
    )
    assert (named.status_code, named.json()["username"]) == (200, "free")


@pytest.mark.usefixtures("discreet")
async def test_who_lost_the_link_comes_in_by_a_new_password(shop: Shop, mailbox: Mailbox) -> None:
    await register(shop.client)
    await mailbox.letters()
    await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})
    body = {"token": (await mailbox.only("ada@example.com")).token, "new_password": "entirely another passphrase"}

    assert (await shop.client.post("/auth/reset-password", json=body)).status_code == 204
    form = {"username": "ada@example.com", "password": body["new_password"]}
    assert (await shop.client.post("/auth/token", data=form)).status_code == 200
