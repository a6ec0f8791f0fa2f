"""Exchanging a login and a password for tokens, and who one then is."""

from typing import Any

import httpx2
import pytest

from shopping import PASSWORD, Shop

WRONG = {"code": "auth.wrong_credentials", "status": 401}


async def sign_in(client: httpx2.AsyncClient, username: str, password: str = PASSWORD, **more: Any) -> httpx2.Response:
    path = more.pop("path", "/auth/login")
    return await client.post(path, data={"username": username, "password": password, **more})


async def ada(shop: Shop, **fields: Any) -> dict[str, Any]:
    body = {"email": "Ada@Example.com", "username": "Ada.L", "password": PASSWORD, **fields}
    answer = await shop.client.post("/auth/register", json=body)
    assert answer.status_code == 201, answer.text
    account: dict[str, Any] = answer.json()
    return account


@pytest.mark.parametrize("path", ["/auth/login", "/auth/token", "/auth/login/"])
async def test_the_answer_is_an_oauth2_token_answer(shop: Shop, path: str) -> None:
    await ada(shop)

    answer = await sign_in(shop.client, "ada@example.com", path=path, grant_type="password", scope="", client_id="web")

    assert answer.status_code == 200
    tokens = answer.json()
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 600)
    assert tokens["access_token"].count(".") == 2
    assert len(tokens["refresh_token"]) >= 43


@pytest.mark.parametrize("login", ["ada@example.com", "ADA@EXAMPLE.COM", " ada@example.com ", "Ada.L", "ada.l"])
async def test_e_mail_and_user_name_both_sign_in(shop: Shop, login: str) -> None:
    account = await ada(shop)

    tokens = (await sign_in(shop.client, login)).json()
    me = await shop.client.get("/auth/me", headers={"Authorization": f"bearer {tokens['access_token']}"})

    assert me.json() == account


async def test_a_wrong_login_says_nothing_about_what_was_wrong(shop: Shop) -> None:
    account = await ada(shop)
    asleep = await ada(shop, email="asleep@example.com", username=None)
    await shop.rows("UPDATE users SET is_active = false WHERE id = %s RETURNING id", asleep["id"])
    await ada(shop, email="social@example.com", username="social")
    await shop.rows("UPDATE users SET password_hash = NULL WHERE username_key = 'social' RETURNING id")

    answers = [
        await sign_in(shop.client, account["email"], "not the password"),
        await sign_in(shop.client, account["email"], PASSWORD.upper()),
        await sign_in(shop.client, account["email"], "x"),
        await sign_in(shop.client, "nobody@example.com"),
        await sign_in(shop.client, "asleep@example.com"),
        await sign_in(shop.client, "social"),
        await sign_in(shop.client, "social", "nobody has this password"),
        await sign_in(shop.client, "%"),
    ]

    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0].items() >= WRONG.items()
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
    assert await shop.rows("SELECT id FROM refresh_tokens") == []


async def test_a_form_that_is_none_is_refused_without_an_echo(shop: Shop) -> None:
    await ada(shop)
    login = {"username": "ada.l", "password": PASSWORD}
    forms: list[dict[str, Any]] = [
        {"password": PASSWORD},
        {"username": "ada.l"},
        {**login, "grant_type": "client_credentials"},
        {**login, "admin": "1"},
        {"username": "x" * 255, "password": PASSWORD},
        {"username": "ada.l", "password": "x" * 1025},
    ]

    answers = [await shop.client.post("/auth/token", data=form) for form in forms]
    answers.append(await shop.client.post("/auth/token", json=login))

    assert [answer.status_code for answer in answers] == [422] * 7
    assert not any(PASSWORD in answer.text for answer in answers)
    assert await shop.rows("SELECT id FROM refresh_tokens") == []


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "no-such-charset", "rot13"])
async def test_a_multipart_form_in_any_charset_is_no_way_past_the_guard(shop: Shop, charset: str) -> None:
    """UTF-7 spells NUL as +AAA- and half of a surrogate pair as +2AA-."""
    headers = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
    for username, password in (("+AAA-ada", "x"), ("+2AA-ada", "x"), ("ada", "+AAA-x"), ("ada", "+2AA-x")):
        body = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("username", username), ("password", password))
        )

        answer = await shop.client.post("/auth/token", content=f"{body}--x--\r\n".encode(), headers=headers)

        assert answer.status_code in {401, 422}, (username, password)


async def test_passwords_are_not_cut_at_72_bytes(shop: Shop) -> None:
    long = "0123456789" * 8
    await ada(shop, password=long)

    assert (await sign_in(shop.client, "ada.l", long)).status_code == 200
    assert (await sign_in(shop.client, "ada.l", long[:72])).status_code == 401
    assert (await sign_in(shop.client, "ada.l", long[:-1] + "x")).status_code == 401
    assert (await sign_in(shop.client, "ada.l", long + "0")).status_code == 401


async def test_bytes_count_and_not_letters(shop: Shop) -> None:
    long = "äöü" * 14
    await ada(shop, password=long)

    assert (await sign_in(shop.client, "ada.l", long)).status_code == 200
    assert (await sign_in(shop.client, "ada.l", "äöü" * 12)).status_code == 401


async def test_blanks_around_a_password_are_part_of_it(shop: Shop) -> None:
    await ada(shop, password="  eight letters  ")

    assert (await sign_in(shop.client, "ada.l", "  eight letters  ")).status_code == 200
    assert (await sign_in(shop.client, "ada.l", "eight letters")).status_code == 401


async def test_a_hash_is_made_anew_when_its_cost_has_risen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await ada(shop)
    monkeypatch.setenv("MERCAT_BCRYPT_ROUNDS", "5")

    assert (await sign_in(shop.client, "ada.l", "wrong password")).status_code == 401
    assert "$04$" in (await shop.rows("SELECT password_hash FROM users"))[0][0]

    assert (await sign_in(shop.client, "ada.l")).status_code == 200
    better = (await shop.rows("SELECT password_hash FROM users"))[0][0]
    assert "$05$" in better

    assert (await sign_in(shop.client, "ada.l")).status_code == 200
    assert (await shop.rows("SELECT password_hash FROM users"))[0][0] == better


async def test_an_account_without_names_and_roles_may_sign_in(shop: Shop) -> None:
    await ada(shop, username=None)
    await shop.rows("DELETE FROM user_roles RETURNING role")

    tokens = await sign_in(shop.client, "ada@example.com")

    assert tokens.status_code == 200
    me = await shop.client.get("/auth/me", headers={"Authorization": f"Bearer {tokens.json()['access_token']}"})
    assert me.json()["roles"] == []


async def test_the_longest_names_fit_into_a_token(shop: Shop) -> None:
    await ada(shop, first_name="\U0001f375" * 100, last_name="\U0001f375" * 100)
    roles = "unnest('{admin,analyst,moderator,support,vendor}'::text[])"
    await shop.rows(f"INSERT INTO user_roles SELECT id, {roles} FROM users RETURNING role")

    token = (await sign_in(shop.client, "ada.l")).json()["access_token"]

    assert (await shop.client.get("/auth/me", headers={"Authorization": f"Bearer {token}"})).status_code == 200


async def test_a_deactivated_account_is_nobody(shop: Shop) -> None:
    person = await shop.person()
    await shop.rows("UPDATE users SET is_active = false RETURNING id")

    for answer in (await shop.client.get("/auth/me", headers=person.headers),):
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid_token")
    assert (await sign_in(shop.client, person.email)).status_code == 401
    assert await shop.rows("SELECT first_name FROM users") == [("Test",)]
