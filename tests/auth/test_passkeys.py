"""One's own passkeys: made for this shop, by the one who confirmed it, and kept by name."""

import asyncio
import json
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from auth.devices import PRESENT, Device, from_base64url
from auth.proofs import (
    Guarded,
    add_passkey,
    ask_for_new_passkey,
    ask_for_passkey,
    bearer,
    challenged,
    finish,
    later,
    refusal,
    show_passkey,
    sign_in,
    with_app,
    with_passkey,
)
from letters import Mailbox
from shopping import PASSWORD, Person, Shop

MINUTE = 60
NOT_TAKEN = (422, "auth.passkey_not_taken")
EXPIRED = (422, "auth.challenge_expired")
pytestmark = pytest.mark.usefixtures("_still", "_public")


async def passkeys(shop: Shop, headers: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await shop.client.get("/users/me/passkeys", headers=headers)).json()["items"]
    return found


async def remove(shop: Shop, headers: dict[str, str], passkey_id: object, **proof: str) -> tuple[int, str]:
    answer = await shop.client.request("DELETE", f"/users/me/passkeys/{passkey_id}", json=proof, headers=headers)
    return (204, "") if answer.status_code == 204 else refusal(answer)


async def signed_in_by_passkey(shop: Shop, guarded: Guarded) -> dict[str, str]:
    asked = await ask_for_passkey(shop)
    return bearer(await show_passkey(shop, asked, guarded.device.get(asked["options"])))


async def without_password(shop: Shop, guarded: Guarded) -> None:
    await shop.rows("UPDATE users SET password_hash = NULL WHERE id = %s RETURNING id", guarded.person.id)


async def test_the_browser_is_asked_for_a_key_that_names_its_account_and_knows_its_owner(shop: Shop) -> None:
    person = await shop.person(email="ada@example.com")

    options = (await ask_for_new_passkey(shop, person))["options"]

    assert options["rp"] == {"id": "shop.test", "name": "Mercat"}
    assert options["user"]["name"] == "ada@example.com"
    assert options["user"]["displayName"] == "Test Person"
    assert from_base64url(options["user"]["id"]) == person.id.bytes
    assert options["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required",
    }  # fmt: skip
    assert (options["attestation"], options["excludeCredentials"]) == ("none", [])
    assert {one["alg"] for one in options["pubKeyCredParams"]} >= {-7, -257}
    assert len(from_base64url(options["challenge"])) == 32
    assert options["timeout"] == 300_000


async def test_a_passkey_is_added_under_a_name_and_its_owner_is_told(shop: Shop, mailbox: Mailbox) -> None:
    person, device = await shop.person(email="ada@example.com"), Device()
    asked = await ask_for_new_passkey(shop, person)

    answer = await add_passkey(shop, person, asked, device.create(asked["options"]), "my phone")

    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["last_used_at"], len(made["recovery_codes"])) == ("my phone", None, 10)
    assert await passkeys(shop, person.headers) == [{k: v for k, v in made.items() if k != "recovery_codes"}]
    letter = await mailbox.only("ada@example.com")
    assert letter.subject == "A passkey was added"
    [(transports, count)] = await shop.rows("SELECT transports, sign_count FROM passkeys")
    assert (transports, count) == (["hybrid", "internal"], 0)
    [(actor, target, changes)] = await shop.rows(
        "SELECT actor_id, target_id, changes FROM audit_log WHERE action = 'passkey.added'"
    )
    assert (actor, str(target), changes) == (person.id, made["id"], {"name": {"before": None, "after": "my phone"}})
    everything = str(await shop.rows("SELECT to_jsonb(l) FROM audit_log l")) + letter.text
    assert not any(code in everything for code in made["recovery_codes"])


async def test_it_takes_the_password_to_begin(shop: Shop) -> None:
    person = await shop.person()

    for body, refused in (
        ({}, (403, "auth.confirmation_needed")),
        ({"password": "wrong"}, (401, "auth.wrong_credentials")),
    ):
        answer = await shop.client.post("/users/me/passkeys/options", json=body, headers=person.headers)
        assert refusal(answer) == refused
    assert await shop.rows("SELECT id FROM one_time_tokens WHERE purpose = 'passkey'") == []


async def test_with_a_second_factor_it_takes_that_too(shop: Shop) -> None:
    guarded = await with_app(shop)
    body = {"password": PASSWORD}

    refused = await shop.client.post("/users/me/passkeys/options", json=body, headers=guarded.headers)
    assert refusal(refused) == (403, "auth.second_proof_needed")
    with later():
        asked = await ask_for_new_passkey(shop, guarded.person, code=guarded.app.code())
        added = await add_passkey(shop, guarded.person, asked, Device().create(asked["options"]))

    assert (added.status_code, added.json()["recovery_codes"]) == (201, None), "there are codes already"
    second = await shop.client.post("/users/me/passkeys/options", json=body, headers=guarded.headers)
    assert refusal(second) == (403, "auth.second_proof_needed")


async def test_a_password_is_not_enough_any_more_once_there_is_a_passkey(shop: Shop) -> None:
    guarded = await with_passkey(shop)

    refused = await sign_in(shop, guarded.person)

    assert refusal(refused) == (401, "auth.second_factor_required")
    assert refused.json()["methods"] == ["passkey", "recovery_code"]
    challenge = refused.json()["challenge"]
    assert (await finish(shop, challenge, recovery_code=guarded.codes[0])).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.test"},
        {"origin": "http://shop.test.evil.test"},
        {"origin": "https://shop.test"},
        {"origin": "http://shop.test:8080"},
        {"origin": None},
        {"rp_id": "evil.test"},
        {"challenge": "AAAA"},
        {"challenge": 7},
        {"kind": "webauthn.get"},
        {"flags": PRESENT},
        {"flags": 0},
        {"credential_id": b"x" * 1024},
        {"credential_id": b""},
    ],
    ids=str,
)
async def test_what_was_not_made_for_this_shop_as_asked_is_not_taken(shop: Shop, wrong: dict[str, Any]) -> None:
    person, device = await shop.person(), Device()
    asked = await ask_for_new_passkey(shop, person)

    refused = await add_passkey(shop, person, asked, device.create(asked["options"], **wrong))

    assert refusal(refused) == NOT_TAKEN
    assert await passkeys(shop, person.headers) == []
    assert await shop.rows("SELECT user_id FROM recovery_codes") == []
    # a refusal leaves the challenge as it is
    assert (await add_passkey(shop, person, asked, device.create(asked["options"]))).status_code == 201


async def test_bytes_that_are_no_passkey_are_not_taken(shop: Shop) -> None:
    person = await shop.person()
    asked = await ask_for_new_passkey(shop, person)
    real = Device().create(asked["options"])
    broken: list[dict[str, Any]] = [
        {},
        {**real, "id": "AAAA"},
        {**real, "rawId": 7},
        {**real, "type": "password"},
        {**real, "response": []},
        {**real, "response": {}},
        {**real, "response": {**real["response"], "clientDataJSON": "!"}},
        {**real, "response": {**real["response"], "clientDataJSON": "AAAA"}},
        {**real, "response": {**real["response"], "attestationObject": "AAAA"}},
        {**real, "response": {**real["response"], "attestationObject": real["response"]["attestationObject"][:-40]}},
        {**real, "authenticatorAttachment": "telepathy"},
    ]

    answers = [await add_passkey(shop, person, asked, credential) for credential in broken]

    assert [refusal(answer) for answer in answers] == [NOT_TAKEN] * len(broken)
    for body in (
        {"credential": "x"}, {"credential": None}, {"name": ""}, {"name": "a\nb"}, {"name": "x" * 101}, {"more": 1},
    ):  # fmt: skip
        whole = {"challenge_token": asked["challenge_token"], "credential": real, "name": "phone", **body}
        assert (await shop.client.post("/users/me/passkeys", json=whole, headers=person.headers)).status_code == 422
    assert await passkeys(shop, person.headers) == []


async def test_what_a_browser_says_besides_is_no_reason_to_refuse(shop: Shop) -> None:
    person = await shop.person()
    asked = await ask_for_new_passkey(shop, person)
    credential = {**Device().create(asked["options"]), "somethingNew": {"deep": [1, 2.5, None, True]}}

    assert (await add_passkey(shop, person, asked, credential)).status_code == 201


async def test_a_challenge_is_good_once_for_a_while_and_for_whom_it_was_made(shop: Shop) -> None:
    person, other = await shop.person(), await shop.person()
    elsewhere = bearer(await sign_in(shop, person))
    asked = await ask_for_new_passkey(shop, person)
    credential = Device().create(asked["options"])

    with later(5 * MINUTE):
        assert refusal(await add_passkey(shop, person, asked, credential)) == EXPIRED
    assert refusal(await add_passkey(shop, other, asked, credential)) == EXPIRED
    assert refusal(await add_passkey(shop, Person(person.id, "", elsewhere), asked, credential)) == EXPIRED
    for token in ("nonsense", (await ask_for_passkey(shop))["challenge_token"]):
        assert refusal(await add_passkey(shop, person, {"challenge_token": token}, credential)) == EXPIRED
    assert (await add_passkey(shop, person, asked, credential)).status_code == 201
    assert refusal(await add_passkey(shop, person, asked, Device().create(asked["options"]))) == EXPIRED


async def test_one_challenge_used_several_times_at_once_adds_one(shop: Shop) -> None:
    person = await shop.person()
    asked = await ask_for_new_passkey(shop, person)
    credentials = [Device().create(asked["options"]) for _ in range(5)]

    answers = await asyncio.gather(*(add_passkey(shop, person, asked, credential) for credential in credentials))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 4}
    assert len(await passkeys(shop, person.headers)) == 1
    assert await shop.rows("SELECT count(*) FROM recovery_codes") == [(10,)]


async def test_a_passkey_belongs_to_one_account(shop: Shop) -> None:
    ada, bob = await with_passkey(shop), await shop.person()
    asked = await ask_for_new_passkey(shop, bob)
    twin = Device().create(asked["options"], credential_id=ada.device.keys[0].credential_id)

    assert refusal(await add_passkey(shop, bob, asked, twin)) == (409, "auth.passkey_exists")
    assert await passkeys(shop, bob.headers) == []
    assert await shop.rows("SELECT user_id FROM recovery_codes WHERE user_id = %s", bob.id) == []
    await signed_in_by_passkey(shop, ada)


async def test_a_device_that_has_one_is_asked_for_no_second_one(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    headers = await signed_in_by_passkey(shop, guarded)

    options = (await ask_for_new_passkey(shop, Person(guarded.person.id, "", headers)))["options"]

    [known] = options["excludeCredentials"]
    assert from_base64url(known["id"]) == guarded.device.keys[0].credential_id


async def test_nobody_has_more_than_twenty(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    person = Person(guarded.person.id, "", await signed_in_by_passkey(shop, guarded))
    asked = [await ask_for_new_passkey(shop, person) for _ in range(20)]
    for one in asked[:19]:
        assert (await add_passkey(shop, person, one, Device().create(one["options"]))).status_code == 201

    refused = await add_passkey(shop, person, asked[19], Device().create(asked[19]["options"]))
    again = await shop.client.post("/users/me/passkeys/options", json={"password": PASSWORD}, headers=person.headers)

    assert [refusal(answer) for answer in (refused, again)] == [(409, "auth.too_many_passkeys")] * 2
    assert len(await passkeys(shop, person.headers)) == 20


async def test_only_its_owner_renames_a_passkey(shop: Shop) -> None:
    guarded, other = await with_passkey(shop), await shop.person()
    [key] = await passkeys(shop, guarded.headers)
    path = f"/users/me/passkeys/{key['id']}"

    strangers = await shop.client.patch(path, json={"name": "mine"}, headers=other.headers)
    renamed = [await shop.client.patch(path, json={"name": "old phone"}, headers=guarded.headers) for _ in range(2)]

    assert refusal(strangers) == (404, "auth.passkey_not_found")
    assert [answer.json() for answer in renamed] == [{**key, "name": "old phone"}] * 2
    changes = await shop.rows("SELECT changes FROM audit_log WHERE action = 'passkey.renamed'")
    assert changes == [({"name": {"before": "phone", "after": "old phone"}},)]
    for body in ({}, {"name": None}, {"name": "x", "sign_count": 0}, {"public_key": "x"}):
        assert (await shop.client.patch(path, json=body, headers=guarded.headers)).status_code == 422


async def test_a_passkey_is_removed_by_both_proofs_only(shop: Shop, mailbox: Mailbox) -> None:
    guarded, other = await with_passkey(shop), await with_passkey(shop)
    await mailbox.letters()
    [key] = await passkeys(shop, guarded.headers)

    for proof, refused in (
        ({}, (403, "auth.confirmation_needed")),
        ({"password": PASSWORD}, (403, "auth.second_proof_needed")),
        ({"password": PASSWORD, "code": "123456"}, (401, "auth.wrong_code")),
        ({"password": PASSWORD, "recovery_code": other.codes[0]}, (401, "auth.wrong_code")),
    ):
        assert await remove(shop, guarded.headers, key["id"], **proof) == refused
    foreign = await remove(shop, other.headers, key["id"], password=PASSWORD, recovery_code=other.codes[0])
    assert foreign == (404, "auth.passkey_not_found")
    headers = await signed_in_by_passkey(shop, guarded)
    assert await remove(shop, headers, uuid4(), password=PASSWORD) == (404, "auth.passkey_not_found")
    assert await remove(shop, headers, key["id"], password=PASSWORD) == (204, "")

    assert (await mailbox.only(guarded.person.email)).subject == "A passkey was removed"
    assert await shop.rows("SELECT changes FROM audit_log WHERE action = 'passkey.removed'") == [
        ({"name": {"before": "phone", "after": None}},)
    ]
    assert await shop.rows("SELECT DISTINCT user_id FROM recovery_codes") == [(other.person.id,)]
    assert (await sign_in(shop, guarded.person)).status_code == 200, "nothing is asked for after the password"
    asked = await ask_for_passkey(shop)
    gone = await show_passkey(shop, asked, guarded.device.get(asked["options"]))
    assert refusal(gone) == (401, "auth.passkey_refused")


async def test_a_recovery_code_that_removed_nothing_still_works(shop: Shop) -> None:
    guarded = await with_passkey(shop)

    missing = await remove(shop, guarded.headers, uuid4(), password=PASSWORD, recovery_code=guarded.codes[0])

    assert missing == (404, "auth.passkey_not_found")
    challenge = await challenged(shop, guarded.person)
    assert (await finish(shop, challenge, recovery_code=guarded.codes[0])).status_code == 200


async def test_the_last_way_in_stays(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    await without_password(shop, guarded)
    headers = await signed_in_by_passkey(shop, guarded)
    [key] = await passkeys(shop, headers)

    assert await remove(shop, headers, key["id"]) == (409, "auth.last_way_in")
    assert await passkeys(shop, headers) != []
    with later(15 * MINUTE + 1):
        late = bearer(await sign_in_again(shop, guarded))
        assert await remove(shop, late, key["id"]) == (409, "auth.last_way_in")

    identity = "INSERT INTO identities (provider, subject, user_id, email) VALUES ('google', '1', %s, '') RETURNING 1"
    await shop.rows(identity, guarded.person.id)
    assert await remove(shop, headers, key["id"]) == (204, "")


async def sign_in_again(shop: Shop, guarded: Guarded) -> Any:
    asked = await ask_for_passkey(shop)
    return await show_passkey(shop, asked, guarded.device.get(asked["options"]))


async def test_without_a_password_only_a_sign_in_of_just_now_confirms(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    await without_password(shop, guarded)
    opened = await sign_in_again(shop, guarded)
    with later(15 * MINUTE + 1):
        token = {"refresh_token": opened.json()["refresh_token"]}
        headers = bearer(await shop.client.post("/auth/refresh", json=token))
        for proof in ({}, {"recovery_code": guarded.codes[0]}):
            answer = await shop.client.post("/users/me/passkeys/options", json=proof, headers=headers)
            assert refusal(answer) == (403, "auth.confirmation_needed")


async def test_two_passkeys_removed_at_once_do_not_leave_an_account_without_a_way_in(shop: Shop) -> None:
    for _ in range(4):
        guarded = await with_passkey(shop)
        person = Person(guarded.person.id, "", await signed_in_by_passkey(shop, guarded))
        await with_passkey(shop, person)
        await without_password(shop, guarded)
        keys = await passkeys(shop, person.headers)
        assert len(keys) == 2

        answers = await asyncio.gather(*(remove(shop, person.headers, key["id"]) for key in keys))

        assert sorted(answers) == [(204, ""), (409, "auth.last_way_in")]


async def test_whoever_proves_the_address_gets_the_account_without_the_factors_of_who_made_it(
    shop: Shop, mailbox: Mailbox
) -> None:
    thief = await with_passkey(shop, await shop.person(email="victim@example.com"))
    headers = await signed_in_by_passkey(shop, thief)
    body = {"password": PASSWORD}
    started = await shop.client.post("/users/me/authenticator", json=body, headers=headers)
    assert started.status_code == 200
    person = Person(thief.person.id, thief.person.email, headers)
    asked, begun = await ask_for_new_passkey(shop, person), await challenged(shop, person)
    await mailbox.letters()

    await shop.client.post("/auth/forgot-password", json={"email": "victim@example.com"})
    token = (await mailbox.only("victim@example.com")).token
    new = {"token": token, "new_password": "the password of the owner"}
    assert (await shop.client.post("/auth/reset-password", json=new)).status_code == 204

    for table in ("authenticators", "passkeys", "recovery_codes"):
        assert await shop.rows(f"SELECT 1 FROM {table}") == [], table
    form = {"username": "victim@example.com", "password": "the password of the owner"}
    assert (await shop.client.post("/auth/token", data=form)).status_code == 200
    assert (await sign_in_again(shop, thief)).status_code == 401
    another = Device().create({**asked["options"], "excludeCredentials": []})
    assert (await add_passkey(shop, person, asked, another)).status_code == 401
    assert refusal(await finish(shop, begun, recovery_code=thief.codes[0])) == (401, "auth.sign_in_expired")


async def test_the_shops_public_address_says_whose_passkeys_they_are(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_PUBLIC_URL", "https://Shop.Example:443/market")
    monkeypatch.setenv("MERCAT_MARKETPLACE_NAME", "Corner shop")
    monkeypatch.setenv("MERCAT_PASSKEY_ORIGINS", json.dumps(["android:apk-key-hash:abc", "https://my.shop.example"]))
    person, device = await shop.person(), Device()
    asked = await ask_for_new_passkey(shop, person)
    assert asked["options"]["rp"] == {"id": "shop.example", "name": "Corner shop"}
    for origin, status in (
        ("https://other.shop.example", 422),
        ("http://shop.example", 422),
        ("https://shop.example", 201),
    ):
        made = device.create(asked["options"], origin=origin)
        assert (await add_passkey(shop, person, asked, made)).status_code == status, origin
    for origin, status in (
        ("https://my.shop.example", 200),
        ("android:apk-key-hash:abc", 200),
        ("http://shop.test", 401),
    ):
        request = await ask_for_passkey(shop)
        assert (await show_passkey(shop, request, device.get(request["options"], origin=origin))).status_code == status
