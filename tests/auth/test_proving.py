"""Showing that an address is one's own: verifying it, a forgotten password, moving to another address."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import time_machine

from letters import Mailbox
from mercat.auth import one_time
from mercat.auth.one_time import Purpose
from shopping import PASSWORD, Person, Shop

NEW = "another fine password"


async def register(shop: Shop, email: str = "ada@example.com", **more: Any) -> dict[str, Any]:
    answer = await shop.client.post("/auth/register", json={"email": email, "password": PASSWORD, **more})
    assert answer.status_code == 201, answer.text
    account: dict[str, Any] = answer.json()
    return account


async def sign_in(shop: Shop, email: str, password: str = PASSWORD) -> httpx2.Response:
    return await shop.client.post("/auth/token", data={"username": email, "password": password})


async def headers_of(shop: Shop, email: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": f"Bearer {(await sign_in(shop, email, password)).json()['access_token']}"}


async def send(shop: Shop, path: str, token: str, **more: Any) -> httpx2.Response:
    return await shop.client.post(path, json={"token": token, **more})


async def verified(shop: Shop, email: str) -> bool:
    rows = await shop.rows("SELECT email_verified FROM users WHERE email = %s", email)
    return bool(rows[0][0])


async def holds(shop: Shop, text: str) -> list[str]:
    """Return the tables in which a text stands, anywhere in any row."""
    tables = await shop.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    found = []
    for (table,) in tables:
        if await shop.rows(f"SELECT 1 FROM {table} t WHERE t::text LIKE %s LIMIT 1", f"%{text}%"):
            found.append(table)
    return found


def dead(answer: httpx2.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (422, "auth.invalid_link")


async def test_an_address_is_verified_by_the_link_that_was_sent_to_it_once(shop: Shop, mailbox: Mailbox) -> None:
    await register(shop, first_name="Ada")
    letter = await mailbox.only("ada@example.com")
    assert letter.link.startswith("http://shop.test/verify-email?token=")
    assert "Ada" not in letter.text, "a stranger may have put words for the owner of the address there"
    assert not await verified(shop, "ada@example.com")

    assert (await send(shop, "/auth/verify-email", letter.token)).status_code == 204

    assert await verified(shop, "ada@example.com")
    assert dead(await send(shop, "/auth/verify-email", letter.token))
    assert (await mailbox.only("ada@example.com")).subject == "Welcome to Mercat"


async def test_nothing_that_is_kept_lets_anybody_follow_a_link(shop: Shop, mailbox: Mailbox) -> None:
    await register(shop)
    letter = await mailbox.only("ada@example.com")

    assert await holds(shop, letter.token) == []
    assert await holds(shop, letter.token[-20:]) == []


async def test_a_link_leads_to_the_shop_whatever_the_request_says_it_is(shop: Shop, mailbox: Mailbox) -> None:
    forged = {
        "Host": "evil.test",
        "X-Forwarded-Host": "evil.test",
        "Forwarded": "host=evil.test",
        "Origin": "http://evil.test",
    }
    await shop.client.post("/auth/register", json={"email": "ada@example.com", "password": PASSWORD}, headers=forged)
    await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"}, headers=forged)

    letters = await mailbox.letters()

    assert len(letters) == 2
    for letter in letters:
        assert letter.link.startswith("http://shop.test/")
        assert "evil" not in letter.text + letter.html


async def test_a_forgotten_password_is_set_anew_once_and_ends_every_session(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    refresh_token = (await sign_in(shop, person.email)).json()["refresh_token"]
    asked = await shop.client.post("/auth/forgot-password", json={"email": "ADA@example.com"})
    assert (asked.status_code, asked.content) == (202, b"")
    letter = await mailbox.only("ada@example.com")
    assert letter.page == "reset-password"

    assert (await send(shop, "/auth/reset-password", letter.token, new_password=NEW)).status_code == 204

    assert (await sign_in(shop, person.email)).status_code == 401
    assert (await sign_in(shop, person.email, NEW)).status_code == 200
    assert (await shop.client.get("/auth/me", headers=person.headers)).status_code == 401
    assert (await shop.client.post("/auth/refresh", json={"refresh_token": refresh_token})).status_code == 401
    assert dead(await send(shop, "/auth/reset-password", letter.token, new_password="yet another one"))
    subjects = {letter.subject for letter in await mailbox.letters()}
    assert subjects == {"Your password was changed", "Welcome to Mercat"}, "the link shows whose the address is, too"


@pytest.mark.parametrize("keep", [False, True])
async def test_a_reset_ends_api_keys_unless_they_are_to_be_kept(shop: Shop, mailbox: Mailbox, *, keep: bool) -> None:
    person = await shop.person(email="ada@example.com")
    # whoever proves an address for the first time keeps nothing of who registered it
    await shop.rows("UPDATE users SET email_verified = true RETURNING 1")
    new = {"name": "robot", "scopes": ["self:read"], "password": PASSWORD}
    made = await shop.client.post("/users/me/api-keys", json=new, headers=person.headers)
    key = {"X-API-Key": made.json()["key"]}
    assert (await shop.client.get("/auth/me", headers=key)).status_code == 200
    await mailbox.letters()
    await shop.client.post("/auth/forgot-password", json={"email": person.email})
    letter = await mailbox.only(person.email)

    body = {"token": letter.token, "new_password": NEW, "keep_api_keys": keep}
    assert (await shop.client.post("/auth/reset-password", json=body)).status_code == 204

    assert (await shop.client.get("/auth/me", headers=key)).status_code == (200 if keep else 401)


async def test_of_many_who_use_one_link_at_once_one_succeeds(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    await shop.client.post("/auth/forgot-password", json={"email": person.email})
    token = (await mailbox.only(person.email)).token

    answers = await asyncio.gather(
        *(send(shop, "/auth/reset-password", token, new_password=f"{NEW} {n}") for n in range(8))
    )

    assert Counter(answer.status_code for answer in answers) == {204: 1, 422: 7}
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 204)
    assert (await sign_in(shop, person.email, f"{NEW} {winner}")).status_code == 200


async def test_known_and_unknown_addresses_are_answered_alike(shop: Shop, mailbox: Mailbox) -> None:
    await shop.person(email="ada@example.com")

    known = await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})
    before = await shop.rows("SELECT task_name, args - 'email' FROM procrastinate_jobs ORDER BY id")
    unknown = await shop.client.post("/auth/forgot-password", json={"email": "nobody@example.com"})
    after = await shop.rows("SELECT task_name, args - 'email' FROM procrastinate_jobs ORDER BY id")

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    varying = {"x-request-id", "server-timing"}
    assert {k: v for k, v in known.headers.items() if k not in varying} == {
        k: v for k, v in unknown.headers.items() if k not in varying
    }
    assert after == [*before, *before], "the same work is done for both before the answer"
    assert [letter.to for letter in await mailbox.letters()] == ["ada@example.com"]


async def test_a_deactivated_account_gets_no_link(shop: Shop, mailbox: Mailbox) -> None:
    await shop.person(email="ada@example.com")
    await shop.rows("UPDATE users SET is_active = false RETURNING id")

    assert (await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})).status_code == 202

    assert await mailbox.letters() == []


async def test_only_the_newest_link_works_and_a_mailbox_is_not_flooded(shop: Shop, mailbox: Mailbox) -> None:
    await shop.person(email="ada@example.com")
    for _ in range(9):
        await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})
    letters = await mailbox.letters()

    assert len(letters) == 5
    outcomes = [
        (await send(shop, "/auth/reset-password", letter.token, new_password=NEW)).status_code for letter in letters
    ]
    assert sorted(outcomes) == [204, 422, 422, 422, 422]


@pytest.mark.parametrize(
    ("path", "life"), [("/auth/reset-password", timedelta(hours=1)), ("/auth/verify-email", timedelta(days=3))]
)
async def test_a_link_ends_with_its_time(shop: Shop, mailbox: Mailbox, path: str, life: timedelta) -> None:
    await register(shop)
    if path == "/auth/reset-password":
        await mailbox.letters()
        await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})
    token = (await mailbox.only("ada@example.com")).token
    more = {"new_password": NEW} if path == "/auth/reset-password" else {}

    with time_machine.travel(datetime.now(UTC) + life + timedelta(seconds=5), tick=False):
        assert dead(await send(shop, path, token, **more))
    assert (await send(shop, path, token, **more)).status_code == 204


async def test_a_link_of_one_purpose_is_none_for_another_and_forgeries_are_none(shop: Shop, mailbox: Mailbox) -> None:
    await register(shop)
    token = (await mailbox.only("ada@example.com")).token
    forged = one_time.token_of(Purpose.reset_password, uuid4())

    for bad in (token, forged, token[:-2] + "xx", "A" * 64, "ü" * 20, "=", "\u200b", " "):
        answer = await send(shop, "/auth/reset-password", bad, new_password=NEW)
        assert answer.status_code == 422, bad
    for bad in (forged, token.swapcase(), token + token):
        assert (await send(shop, "/auth/verify-email", bad)).status_code == 422
    assert (await sign_in(shop, "ada@example.com")).status_code == 200
    assert not await verified(shop, "ada@example.com")
    assert (await send(shop, "/auth/verify-email", token)).status_code == 204


async def test_a_bad_new_password_does_not_use_the_link_up(shop: Shop, mailbox: Mailbox) -> None:
    await shop.person(email="ada@example.com")
    await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})
    token = (await mailbox.only("ada@example.com")).token

    common = await send(shop, "/auth/reset-password", token, new_password="password123")
    assert (common.status_code, common.json()["code"]) == (422, "auth.password_too_common")
    assert (await send(shop, "/auth/reset-password", token, new_password="short")).status_code == 422
    assert (await send(shop, "/auth/reset-password", token, new_password=NEW)).status_code == 204


async def test_changing_the_password_kills_links_and_other_sessions(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    elsewhere = await headers_of(shop, person.email)
    await shop.client.post("/auth/forgot-password", json={"email": person.email})
    link = (await mailbox.only(person.email)).token

    change = {"current_password": PASSWORD, "new_password": NEW}
    answer = await shop.client.post("/users/me/password", json=change, headers=person.headers)

    assert answer.status_code == 204
    assert dead(await send(shop, "/auth/reset-password", link, new_password="a stranger's password"))
    assert (await shop.client.get("/auth/me", headers=elsewhere)).status_code == 401
    assert (await shop.client.get("/auth/me", headers=person.headers)).status_code == 200
    assert (await sign_in(shop, person.email)).status_code == 401
    assert (await sign_in(shop, person.email, NEW)).status_code == 200


async def test_a_password_is_changed_only_by_who_knows_it(shop: Shop) -> None:
    person = await shop.person()
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"current_password": "not this one", "new_password": NEW}, 401, "auth.wrong_credentials"),
        ({"new_password": NEW}, 403, "auth.confirmation_needed"),
        ({"current_password": None, "new_password": NEW}, 403, "auth.confirmation_needed"),
        ({"current_password": PASSWORD, "new_password": "12345678"}, 422, "auth.password_too_common"),
        ({"current_password": PASSWORD, "new_password": NEW, "roles": ["admin"]}, 422, "request.invalid"),
    ]

    for body, status, code in wrong:
        answer = await shop.client.post("/users/me/password", json=body, headers=person.headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    assert (await sign_in(shop, person.email)).status_code == 200


async def test_an_account_moves_to_another_address_once_its_owner_has_shown_it(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    body = {"email": "byron@example.org", "password": PASSWORD}

    asked = await shop.client.post("/users/me/email", json=body, headers=person.headers)
    assert (asked.status_code, asked.content) == (202, b"")
    letter = await mailbox.only("byron@example.org")
    assert letter.page == "confirm-email"
    assert (await shop.client.get("/auth/me", headers=person.headers)).json()["email"] == "ada@example.com"

    assert (await send(shop, "/auth/confirm-email", letter.token)).status_code == 204

    me = (await shop.client.get("/auth/me", headers=person.headers)).json()
    assert (me["email"], me["email_verified"]) == ("byron@example.org", True)
    assert (await sign_in(shop, "byron@example.org")).status_code == 200
    assert (await sign_in(shop, "ada@example.com")).status_code == 401
    told, welcome = sorted(await mailbox.letters(), key=lambda letter: letter.to)
    assert (told.to, welcome.to, welcome.subject) == ("ada@example.com", "byron@example.org", "Welcome to Mercat")
    assert told.subject == "Your e-mail address was changed"
    assert dead(await send(shop, "/auth/confirm-email", letter.token))


async def test_moving_to_a_taken_address_tells_its_owner_and_not_the_one_who_tries(
    shop: Shop, mailbox: Mailbox
) -> None:
    person = await shop.person(email="ada@example.com")
    await shop.person(email="byron@example.org")

    free = await shop.client.post(
        "/users/me/email", json={"email": "free@example.org", "password": PASSWORD}, headers=person.headers
    )
    await mailbox.letters()
    taken = await shop.client.post(
        "/users/me/email", json={"email": "BYRON@example.org", "password": PASSWORD}, headers=person.headers
    )

    assert (taken.status_code, taken.content) == (free.status_code, free.content) == (202, b"")
    letter = await mailbox.only("byron@example.org")
    assert letter.subject == "Somebody tried to use your e-mail address"
    assert "token=" not in letter.text


async def test_an_address_that_was_taken_meanwhile_is_a_conflict(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    body = {"email": "byron@example.org", "password": PASSWORD}
    await shop.client.post("/users/me/email", json=body, headers=person.headers)
    letter = await mailbox.only("byron@example.org")
    await shop.person(email="byron@example.org")

    answer = await send(shop, "/auth/confirm-email", letter.token)

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.email_taken")
    assert (await shop.client.get("/auth/me", headers=person.headers)).json()["email"] == "ada@example.com"


async def test_a_reset_link_that_went_to_the_old_address_is_dead_after_a_move(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    await shop.client.post("/auth/forgot-password", json={"email": person.email})
    reset = (await mailbox.only("ada@example.com")).token
    body = {"email": "byron@example.org", "password": PASSWORD}
    await shop.client.post("/users/me/email", json=body, headers=person.headers)
    await send(shop, "/auth/confirm-email", (await mailbox.only("byron@example.org")).token)

    assert dead(await send(shop, "/auth/reset-password", reset, new_password=NEW))


async def test_whoever_registered_with_somebody_elses_address_is_out_when_its_owner_comes(
    shop: Shop, mailbox: Mailbox
) -> None:
    await register(shop, "victim@example.com")
    await mailbox.letters()
    attacker = await headers_of(shop, "victim@example.com")
    new = {"name": "mine", "scopes": ["self:read"], "password": PASSWORD}
    made = await shop.client.post("/users/me/api-keys", json=new, headers=attacker)
    key = {"X-API-Key": made.json()["key"]}
    assert (await shop.client.get("/auth/me", headers=key)).status_code == 200
    await mailbox.letters()

    await shop.client.post("/auth/forgot-password", json={"email": "victim@example.com"})
    token = (await mailbox.only("victim@example.com")).token
    assert (await send(shop, "/auth/reset-password", token, new_password=NEW)).status_code == 204

    assert await verified(shop, "victim@example.com")
    assert (await sign_in(shop, "victim@example.com")).status_code == 401
    assert (await shop.client.get("/auth/me", headers=attacker)).status_code == 401
    assert (await shop.client.get("/auth/me", headers=key)).status_code == 401


async def test_what_a_guest_ordered_belongs_to_the_account_once_the_address_is_verified(
    shop: Shop, mailbox: Mailbox
) -> None:
    item = await shop.item()
    mine = (await shop.order(item, email="Ada@example.com")).json()
    await shop.order(item, email="other@example.com")
    await register(shop)
    headers = await headers_of(shop, "ada@example.com")
    letters = [letter for letter in await mailbox.letters() if letter.page == "verify-email"]
    assert (await shop.client.get("/orders", headers=headers)).json()["total"] == 0
    payment = f"/payments/{mine['payment']['id']}"
    assert (await shop.client.get(payment, headers=headers)).status_code == 404

    await send(shop, "/auth/verify-email", letters[0].token)
    await mailbox.work()

    listed = (await shop.client.get("/orders", headers=headers)).json()
    assert [order["id"] for order in listed["items"]] == [mine["id"]]
    told = await shop.rows("SELECT target_id::text, actor, changes FROM audit_log WHERE action = 'order.claimed'")
    account = (await shop.client.get("/auth/me", headers=headers)).json()["id"]
    assert told == [(mine["id"], "system", {"user_id": {"before": None, "after": account}})]
    assert (await shop.client.get(payment, headers=headers)).status_code == 200
    assert [one["id"] for one in (await shop.client.get("/payments", headers=headers)).json()["items"]] == [
        mine["payment"]["id"]
    ]
    stranger = await shop.person()
    assert (await shop.client.get(payment, headers=stranger.headers)).status_code == 404


@pytest.mark.parametrize(("language", "subject"), [("de-CH", "Bestätigen Sie"), ("fr", "Confirmez"), ("ja", "Verify")])
async def test_mail_is_in_the_language_of_its_reader(shop: Shop, mailbox: Mailbox, language: str, subject: str) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}
    await shop.client.post("/auth/register", json=body, headers={"Accept-Language": language})

    assert (await mailbox.only("ada@example.com")).subject.startswith(subject)


async def test_asking_for_the_verification_again_makes_the_former_link_useless(shop: Shop, mailbox: Mailbox) -> None:
    await register(shop)
    first = (await mailbox.only("ada@example.com")).token
    headers = await headers_of(shop, "ada@example.com")

    assert (await shop.client.post("/users/me/verification", headers=headers)).status_code == 202

    second = (await mailbox.only("ada@example.com")).token
    assert dead(await send(shop, "/auth/verify-email", first))
    assert (await send(shop, "/auth/verify-email", second)).status_code == 204
    assert (await shop.client.post("/users/me/verification", headers=headers)).status_code == 202
    (welcome,) = await mailbox.letters()
    assert welcome.page == "", "a verified address needs no link"


async def test_what_happened_to_an_account_is_in_the_audit_log_without_its_secrets(shop: Shop) -> None:
    person: Person = await shop.person(email="ada@example.com")
    change = {"current_password": PASSWORD, "new_password": NEW}
    await shop.client.post("/users/me/password", json=change, headers={**person.headers, "X-Request-ID": "of-mine"})

    rows = await shop.rows(
        "SELECT action, actor_id, target_id, request_id, changes FROM audit_log WHERE action = 'user.password_changed'"
    )
    assert rows == [("user.password_changed", person.id, person.id, "of-mine", {})]
    assert await holds(shop, NEW) == []
