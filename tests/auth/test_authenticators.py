"""Authenticator apps: set up with the password and a first code, and not taken away by whoever holds a session."""

import asyncio
import os
from collections import Counter
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from auth.devices import App
from auth.proofs import STEP, bearer, challenged, confirm, finish, later, refusal, sign_in, with_app, with_passkey
from letters import Mailbox
from mercat import outbox
from mercat.auth.second_factors import jobs
from mercat.worker import REACTIONS
from secret_keys import SecretKeys, replaced
from shopping import PASSWORD, Person, Shop

QUARTER = 15 * 60
pytestmark = pytest.mark.usefixtures("_still", "_public")


async def start(shop: Shop, person: Person) -> App:
    answer = await shop.client.post("/users/me/authenticator", json={"password": PASSWORD}, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return App(answer.json()["secret"])


async def remove(shop: Shop, headers: dict[str, str], **proof: str) -> tuple[int, str]:
    answer = await shop.client.request("DELETE", "/users/me/authenticator", json=proof, headers=headers)
    return (204, "") if answer.status_code == 204 else refusal(answer)


async def factors(shop: Shop, headers: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = (await shop.client.get("/users/me/second-factors", headers=headers)).json()
    return found


async def test_an_app_is_told_all_it_needs_and_counts_for_nothing_yet(shop: Shop) -> None:
    person = await shop.person(email="ada@example.com")

    answer = await shop.client.post("/users/me/authenticator", json={"password": PASSWORD}, headers=person.headers)

    secret, uri = answer.json()["secret"], urlsplit(answer.json()["otpauth_uri"])
    assert len(secret) == 32
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Mercat:ada@example.com")
    said = parse_qs(uri.query)
    assert (said["secret"], said["issuer"]) == ([secret], ["Mercat"])
    assert (said.get("digits", ["6"]), said.get("period", ["30"])) == (["6"], ["30"])
    assert secret not in str(await shop.rows("SELECT a::text FROM authenticators a"))
    assert (await sign_in(shop, person)).status_code == 200
    assert await factors(shop, person.headers) == {
        "authenticator_since": None, "passkeys": 0, "recovery_codes_left": 0, "needed": False,
    }  # fmt: skip


async def test_it_takes_the_password_to_begin(shop: Shop) -> None:
    person = await shop.person()

    for body, refused in (
        ({}, (403, "auth.confirmation_needed")),
        ({"password": "wrong"}, (401, "auth.wrong_credentials")),
    ):
        assert refusal(await shop.client.post("/users/me/authenticator", json=body, headers=person.headers)) == refused
    nothing = await shop.client.post("/users/me/authenticator", headers=person.headers)
    assert refusal(nothing) == (403, "auth.confirmation_needed")
    assert (await shop.client.post("/users/me/authenticator", json={"password": PASSWORD})).status_code == 401
    assert await shop.rows("SELECT user_id FROM authenticators") == []


async def test_the_first_code_makes_it_count_and_its_owner_is_told(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    app = await start(shop, person)
    wrong = f"{(int(app.code()) + 1) % 1_000_000:06}"
    assert refusal(await confirm(shop, person, wrong)) == (401, "auth.wrong_code")
    assert (await sign_in(shop, person)).status_code == 200

    answer = await confirm(shop, person, f"{app.code()[:3]} {app.code()[3:]}")

    assert answer.status_code == 200
    codes = answer.json()["recovery_codes"]
    assert len(set(codes)) == 10
    found = await factors(shop, person.headers)
    assert (found["recovery_codes_left"], found["passkeys"]) == (10, 0)
    assert str(found["authenticator_since"]).endswith("10Z")
    refused = await sign_in(shop, person)
    assert refusal(refused) == (401, "auth.second_factor_required")
    assert refused.json()["methods"] == ["recovery_code", "totp"]
    letter = await mailbox.only("ada@example.com")
    assert letter.subject == "A second factor was added"
    logged = await shop.rows("SELECT action, changes FROM audit_log WHERE target_id = %s ORDER BY id", person.id)
    assert ("user.authenticator_added", {}) in logged
    everything = str(await shop.rows("SELECT to_jsonb(l) FROM audit_log l")) + letter.text
    assert not any(secret in everything for secret in (app.secret, *codes))


async def test_beginning_again_replaces_what_was_not_confirmed(shop: Shop) -> None:
    person = await shop.person()
    first, second = await start(shop, person), await start(shop, person)

    assert refusal(await confirm(shop, person, first.code())) == (401, "auth.wrong_code")
    assert (await confirm(shop, person, second.code())).status_code == 200


async def test_there_is_one_app_at_a_time(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        body = {"password": PASSWORD, "code": guarded.app.code()}
        again = await shop.client.post("/users/me/authenticator", json=body, headers=guarded.headers)

        assert refusal(again) == (409, "auth.authenticator_exists")
        assert refusal(await confirm(shop, guarded.person, guarded.app.code())) == (409, "auth.authenticator_exists")
        # what was refused has used nothing up
        signed_in = await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())
        assert signed_in.status_code == 200


async def test_without_a_beginning_there_is_nothing_to_confirm_or_remove(shop: Shop) -> None:
    person = await shop.person()

    assert refusal(await confirm(shop, person, "123456")) == (404, "auth.no_authenticator")
    assert await remove(shop, person.headers, password=PASSWORD) == (404, "auth.no_authenticator")


async def test_what_was_only_begun_is_removed_without_a_word(shop: Shop, mailbox: Mailbox) -> None:
    person = await shop.person()
    await start(shop, person)

    assert await remove(shop, person.headers, password=PASSWORD) == (204, "")
    assert await shop.rows("SELECT user_id FROM authenticators") == []
    assert await mailbox.letters() == []


async def test_two_confirmations_at_once_give_one_set_of_codes(shop: Shop) -> None:
    person = await shop.person()
    app = await start(shop, person)

    answers = await asyncio.gather(*(confirm(shop, person, app.code()) for _ in range(6)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}
    assert await shop.rows("SELECT count(*) FROM recovery_codes") == [(10,)]


async def test_a_thief_of_a_session_and_a_password_does_not_remove_it(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        for proof, refused in (
            ({}, (403, "auth.confirmation_needed")),
            ({"code": guarded.app.code()}, (403, "auth.confirmation_needed")),
            ({"password": "wrong", "code": guarded.app.code()}, (401, "auth.wrong_credentials")),
            ({"password": PASSWORD}, (403, "auth.second_proof_needed")),
            ({"password": PASSWORD, "code": guarded.app.code(5)}, (401, "auth.wrong_code")),
            ({"password": PASSWORD, "recovery_code": "0000-0000-0000-0000"}, (401, "auth.wrong_code")),
            ({"password": PASSWORD, "code": "123456", "recovery_code": guarded.codes[0]}, (422, "request.invalid")),
        ):  # fmt: skip
            assert await remove(shop, guarded.headers, **proof) == refused, proof
        assert (await sign_in(shop, guarded.person)).status_code == 401
        assert (await factors(shop, guarded.headers))["recovery_codes_left"] == 10


@pytest.mark.parametrize("by", ["code", "recovery_code"])
async def test_its_owner_removes_it_with_both_proofs(shop: Shop, mailbox: Mailbox, by: str) -> None:
    guarded = await with_app(shop)
    await mailbox.letters()
    with later():
        proof = {"code": guarded.app.code(), "recovery_code": guarded.codes[3].upper().replace("-", " ")}

        assert await remove(shop, guarded.headers, password=PASSWORD, **{by: proof[by]}) == (204, "")

        assert (await sign_in(shop, guarded.person)).status_code == 200
    assert await shop.rows("SELECT user_id FROM recovery_codes") == [], "codes stand in for a factor that is gone"
    subjects = [letter.subject for letter in await mailbox.letters()]
    assert subjects == [*(["A recovery code was used"] if by == "recovery_code" else []), "A second factor was removed"]
    assert await shop.rows("SELECT count(*) FROM audit_log WHERE action = 'user.authenticator_removed'") == [(1,)]


async def test_a_sign_in_of_just_now_is_the_second_proof_and_one_of_long_ago_is_not(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        opened = await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())
    with later(STEP + QUARTER + 1):
        token = {"refresh_token": opened.json()["refresh_token"]}
        headers = bearer(await shop.client.post("/auth/refresh", json=token))
        assert await remove(shop, headers, password=PASSWORD) == (403, "auth.second_proof_needed")

        headers = bearer(await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code()))
        assert await remove(shop, headers, password="wrong") == (401, "auth.wrong_credentials")
        assert await remove(shop, headers, password=PASSWORD) == (204, "")


async def test_a_sign_in_of_just_now_without_the_factor_is_no_second_proof(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        assert await remove(shop, guarded.headers, password=PASSWORD) == (403, "auth.second_proof_needed")


async def test_a_code_is_used_up_by_a_removal_and_not_by_one_that_failed(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        code = guarded.app.code()
        begun = await challenged(shop, guarded.person)
        made = await shop.client.post(
            "/users/me/recovery-codes", json={"password": PASSWORD, "code": code}, headers=guarded.headers
        )
        assert made.status_code == 200
        assert await remove(shop, guarded.headers, password=PASSWORD, code=code) == (401, "auth.wrong_code")
        assert refusal(await finish(shop, begun, code=code)) == (401, "auth.wrong_code")


async def test_with_another_factor_left_the_recovery_codes_stay(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        opened = await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())
        person = Person(guarded.person.id, guarded.person.email, bearer(opened))
        await with_passkey(shop, person)
        assert await remove(shop, person.headers, password=PASSWORD) == (204, "")

        found = await factors(shop, person.headers)
        assert (found["authenticator_since"], found["passkeys"], found["recovery_codes_left"]) == (None, 1, 10)
        assert (await sign_in(shop, person)).json()["methods"] == ["passkey", "recovery_code"]


async def test_a_program_with_a_key_changes_no_second_factor(shop: Shop) -> None:
    person = await shop.person()
    new = {"name": "all", "scopes": ["self:read", "self:write"], "password": PASSWORD}
    made = await shop.client.post("/users/me/api-keys", json=new, headers=person.headers)
    headers = {"X-API-Key": made.json()["key"]}

    for method, path in (
        ("GET", "second-factors"), ("POST", "authenticator"), ("POST", "authenticator/confirm"),
        ("DELETE", "authenticator"), ("POST", "recovery-codes"), ("GET", "passkeys"), ("POST", "passkeys/options"),
    ):  # fmt: skip
        body = {"password": PASSWORD} if path != "authenticator/confirm" else {"code": "123456"}
        answer = await shop.client.request(method, f"/users/me/{path}", json=body, headers=headers)
        assert refusal(answer) == (403, "auth.in_person_only"), path


secret_keys = pytest.fixture(replaced)


async def test_an_app_outlives_the_secret_key(shop: Shop, secret_keys: SecretKeys) -> None:
    old, new = os.environ["MERCAT_SECRET_KEY"], "another-secret-key-of-32-characters-or-more"
    guarded = await with_app(shop)
    context = outbox.JobContext(shop.database, REACTIONS)

    secret_keys.become(new, old)
    with later():
        assert (await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())).status_code == 200
    before = await shop.rows("SELECT sealed_secret FROM authenticators")
    await jobs.seal_anew(context)
    after = await shop.rows("SELECT sealed_secret FROM authenticators")
    await jobs.seal_anew(context)
    secret_keys.become(new)
    await jobs.seal_anew(context)

    assert before != after == await shop.rows("SELECT sealed_secret FROM authenticators")
    with later(2 * STEP):
        assert (await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())).status_code == 200


async def test_an_app_whose_key_is_lost_opens_nothing_and_recovery_codes_do(
    shop: Shop, secret_keys: SecretKeys
) -> None:
    guarded = await with_app(shop)
    secret_keys.become("another-secret-key-of-32-characters-or-more")
    with later():
        challenge = await challenged(shop, guarded.person)

        assert refusal(await finish(shop, challenge, code=guarded.app.code())) == (401, "auth.wrong_code")
        assert (await finish(shop, challenge, recovery_code=guarded.codes[0])).status_code == 200
