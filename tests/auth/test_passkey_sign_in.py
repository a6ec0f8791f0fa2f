"""Signing in by passkey alone, with an authenticator that is made of bytes."""

import asyncio
import logging
from collections import Counter
from typing import Any

import pytest

from auth.devices import PRESENT, VERIFIED, Device, base64url, from_base64url
from auth.proofs import (
    add_passkey,
    ask_for_new_passkey,
    ask_for_passkey,
    bearer,
    later,
    refusal,
    show_passkey,
    with_app,
    with_passkey,
)
from mercat.auth.browser import COOKIE
from shopping import Shop

MINUTE = 60
REFUSED = (401, "auth.passkey_refused")
OVER = (401, "auth.sign_in_expired")
pytestmark = pytest.mark.usefixtures("_still", "_public")


def changed(credential: dict[str, Any], **response: Any) -> dict[str, Any]:
    return {**credential, "response": {**credential["response"], **response}}


async def test_nobody_is_named_and_the_answer_is_the_same_for_all(shop: Shop) -> None:
    before = await ask_for_passkey(shop)
    await with_passkey(shop)
    after = await ask_for_passkey(shop)

    for asked in (before, after):
        options = asked["options"]
        assert (options["rpId"], options["allowCredentials"], options["userVerification"]) == (
            "shop.test", [], "required",
        )  # fmt: skip
        assert len(from_base64url(options["challenge"])) == 32
        assert asked["challenge_token"] not in str(await shop.rows("SELECT t::text FROM one_time_tokens t"))
    assert before["options"]["challenge"] != after["options"]["challenge"]


async def test_a_passkey_is_both_factors(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    asked = await ask_for_passkey(shop)

    answer = await show_passkey(shop, asked, guarded.device.get(asked["options"]))

    headers = bearer(answer)
    assert (await shop.client.get("/auth/me", headers=headers)).json()["email"] == guarded.person.email
    [here] = [
        one for one in (await shop.client.get("/users/me/sessions", headers=headers)).json()["items"] if one["current"]
    ]
    assert (here["kind"], here["method"], here["second_factor"]) == ("app", "passkey", True)
    [key] = (await shop.client.get("/users/me/passkeys", headers=headers)).json()["items"]
    assert key["last_used_at"] is not None


async def test_nothing_more_is_asked_of_who_has_an_app_too(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        asked = await ask_for_new_passkey(shop, guarded.person, code=guarded.app.code())
        device = Device()
        await add_passkey(shop, guarded.person, asked, device.create(asked["options"]))
    request = await ask_for_passkey(shop)

    assert (await show_passkey(shop, request, device.get(request["options"]))).status_code == 200


async def test_a_browser_is_signed_in_by_a_page_of_ours(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    asked = await ask_for_passkey(shop)
    body = {"challenge_token": asked["challenge_token"], "credential": guarded.device.get(asked["options"])}

    foreign = await shop.client.post("/auth/session/passkey", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    answer = await show_passkey(shop, asked, body["credential"], "/auth/session/passkey")

    assert refusal(foreign) == (403, "auth.cross_site")
    assert "set-cookie" not in foreign.headers
    assert (answer.status_code, answer.json()["email"]) == (200, guarded.person.email)
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert cookie.startswith(f"{COOKIE}=")
    shop.client.cookies.clear()
    [here] = [
        one
        for one in (await shop.client.get("/users/me/sessions", headers={"Cookie": cookie})).json()["items"]
        if one["current"]
    ]
    assert (here["kind"], here["method"], here["second_factor"]) == ("browser", "passkey", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.test"},
        {"origin": "http://shop.test.evil.test"},
        {"origin": "https://shop.test"},
        {"origin": ["http://shop.test"]},
        {"rp_id": "evil.test"},
        {"challenge": base64url(bytes(32))},
        {"challenge": ""},
        {"kind": "webauthn.create"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"user_handle": None},
        {"user_handle": bytes(16)},
        {"count": 0},
    ],
    ids=str,
)
async def test_whatever_is_wrong_opens_nothing(shop: Shop, wrong: dict[str, Any]) -> None:
    guarded = await with_passkey(shop)
    first = await ask_for_passkey(shop)
    assert (await show_passkey(shop, first, guarded.device.get(first["options"]))).status_code == 200
    before = await shop.rows("SELECT count(*) FROM sessions")
    asked = await ask_for_passkey(shop)

    refused = await show_passkey(shop, asked, guarded.device.get(asked["options"], **wrong))

    assert refusal(refused) == REFUSED
    assert await shop.rows("SELECT count(*) FROM sessions") == before
    assert await shop.rows("SELECT sign_count FROM passkeys") == [(1,)]
    # a refusal leaves the challenge as it is
    assert (await show_passkey(shop, asked, guarded.device.get(asked["options"]))).status_code == 200


async def test_what_was_signed_cannot_be_changed(shop: Shop) -> None:
    guarded, other = await with_passkey(shop), await with_passkey(shop)
    asked = await ask_for_passkey(shop)
    real = guarded.device.get(asked["options"])
    signature, data = (from_base64url(real["response"][name]) for name in ("signature", "authenticatorData"))
    raised = data[:33] + (99).to_bytes(4, "big")
    theirs = other.device.get(asked["options"])

    broken = [
        changed(real, signature=base64url(signature[:-1] + bytes([signature[-1] ^ 1]))),
        changed(real, signature=""),
        changed(real, signature=theirs["response"]["signature"]),
        changed(real, authenticatorData=base64url(raised)),
        changed(real, authenticatorData=base64url(data[:20])),
        changed(real, authenticatorData=base64url(data + b"\0")),
        changed(real, clientDataJSON=base64url(from_base64url(real["response"]["clientDataJSON"]) + b" ")),
        changed(real, userHandle=base64url(other.device.keys[0].user_handle)),
        changed(real, userHandle=7),
        changed(real, userHandle="!"),
        {**real, "id": theirs["id"], "rawId": theirs["rawId"]},
        {**real, "id": theirs["id"]},
        {**real, "id": "AAAA", "rawId": "AAAA"},
        {**real, "type": "password"},
        {**real, "response": None},
        {},
    ]

    answers = [await show_passkey(shop, asked, credential) for credential in broken]

    assert [refusal(answer) for answer in answers] == [REFUSED] * len(broken)
    assert (await show_passkey(shop, asked, real)).status_code == 200


async def test_a_key_that_nobody_added_opens_nothing(shop: Shop) -> None:
    guarded, stranger = await with_passkey(shop), Device()
    new = await ask_for_new_passkey(shop, await shop.person())
    stranger.create(new["options"])
    asked = await ask_for_passkey(shop)

    unknown = stranger.get(asked["options"])
    forged = stranger.get(asked["options"], user_handle=guarded.device.keys[0].user_handle)
    known = guarded.device.keys[0].credential_id
    stranger.keys[0].credential_id = known
    stolen_name = stranger.get(asked["options"], user_handle=guarded.device.keys[0].user_handle)

    for credential in (unknown, forged, stolen_name):
        assert refusal(await show_passkey(shop, asked, credential)) == REFUSED


async def test_an_answer_is_taken_once(shop: Shop) -> None:
    guarded = await with_passkey(shop, device=Device(counts=False))
    asked, other = await ask_for_passkey(shop), await ask_for_passkey(shop)
    credential = guarded.device.get(asked["options"])

    assert (await show_passkey(shop, asked, credential)).status_code == 200
    assert refusal(await show_passkey(shop, asked, credential)) == OVER
    assert refusal(await show_passkey(shop, other, credential)) == REFUSED


async def test_an_answer_shown_several_times_at_once_opens_one_session(shop: Shop) -> None:
    guarded = await with_passkey(shop, device=Device(counts=False))
    before = await shop.rows("SELECT count(*) FROM sessions")
    asked = await ask_for_passkey(shop)
    credential = guarded.device.get(asked["options"])

    answers = await asyncio.gather(*(show_passkey(shop, asked, credential) for _ in range(8)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 7}
    assert await shop.rows("SELECT count(*) FROM sessions") == [(before[0][0] + 1,)]


async def test_a_challenge_ends_and_one_for_something_else_is_none(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    asked = await ask_for_passkey(shop)
    with later(5 * MINUTE):
        assert refusal(await show_passkey(shop, asked, guarded.device.get(asked["options"]))) == OVER

    new = await ask_for_new_passkey(shop, guarded.person, recovery_code=guarded.codes[0])
    to_add = {**asked["options"], "challenge": new["options"]["challenge"]}
    assert refusal(await show_passkey(shop, new, guarded.device.get(to_add))) == OVER
    for token in ("nonsense", "A" * 64):
        credential = guarded.device.get(asked["options"])
        assert refusal(await show_passkey(shop, {"challenge_token": token}, credential)) == OVER


async def test_a_counter_that_went_back_means_a_copy_and_is_noted(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    guarded = await with_passkey(shop)
    asked = await ask_for_passkey(shop)
    assert (await show_passkey(shop, asked, guarded.device.get(asked["options"], count=7))).status_code == 200
    caplog.set_level(logging.WARNING)

    for count in (7, 6, 0):
        request = await ask_for_passkey(shop)
        assert (
            refusal(await show_passkey(shop, request, guarded.device.get(request["options"], count=count))) == REFUSED
        )

    noted = [record.msg for record in caplog.records if "counter" in str(record.msg)]
    assert len(noted) == 3
    assert all(str(guarded.person.id) in str(line) for line in noted)
    assert await shop.rows("SELECT sign_count FROM passkeys") == [(7,)]
    again = await ask_for_passkey(shop)
    assert (await show_passkey(shop, again, guarded.device.get(again["options"], count=8))).status_code == 200


async def test_a_passkey_and_its_copy_at_the_same_moment_open_one_session(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    asked = [await ask_for_passkey(shop) for _ in range(6)]
    credentials = [guarded.device.get(one["options"], count=5) for one in asked]

    answers = await asyncio.gather(*(show_passkey(shop, *pair) for pair in zip(asked, credentials, strict=True)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 5}


async def test_authenticators_that_do_not_count_are_taken(shop: Shop) -> None:
    guarded = await with_passkey(shop, device=Device(counts=False))

    for _ in range(3):
        asked = await ask_for_passkey(shop)
        assert (await show_passkey(shop, asked, guarded.device.get(asked["options"]))).status_code == 200


async def test_a_blocked_account_is_not_opened(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    await shop.rows("UPDATE users SET is_active = false RETURNING id")
    asked = await ask_for_passkey(shop)

    assert refusal(await show_passkey(shop, asked, guarded.device.get(asked["options"]))) == REFUSED


async def test_a_passkey_outlives_a_change_of_the_password(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    asked = await ask_for_passkey(shop)
    body = {"current_password": "correct horse battery staple", "new_password": "another fine password"}
    changed_password = await shop.client.post("/users/me/password", json=body, headers=guarded.headers)
    assert changed_password.status_code == 204

    assert (await show_passkey(shop, asked, guarded.device.get(asked["options"]))).status_code == 200


async def test_one_persons_passkeys_open_that_account_each(shop: Shop) -> None:
    ada, bob = await with_passkey(shop), await with_passkey(shop)
    ada.device.keys += bob.device.keys

    for key, person in zip(ada.device.keys, (ada.person, bob.person), strict=True):
        asked = await ask_for_passkey(shop)
        headers = bearer(await show_passkey(shop, asked, ada.device.get(asked["options"], key=key)))
        assert (await shop.client.get("/auth/me", headers=headers)).json()["id"] == str(person.id)
