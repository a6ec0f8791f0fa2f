"""The second half of a sign-in: one challenge, one proof, once."""

import asyncio
from collections import Counter

import httpx2
import pytest
from fastapi import FastAPI

from auth.proofs import (
    STEP,
    Guarded,
    ask_for_passkey,
    bearer,
    challenged,
    finish,
    later,
    refusal,
    sign_in,
    with_app,
    with_passkey,
)
from letters import Mailbox
from mercat import auth, outbox
from mercat.auth import second_factors
from mercat.auth.browser import COOKIE
from mercat.worker import REACTIONS
from shopping import PASSWORD, Shop

WRONG = (401, "auth.wrong_code")
OVER = (401, "auth.sign_in_expired")
MINUTE = 60
pytestmark = pytest.mark.usefixtures("_fresh_counts", "_still", "_public")


async def sessions(shop: Shop, headers: dict[str, str]) -> list[tuple[str, str, bool]]:
    found = (await shop.client.get("/users/me/sessions", headers=headers)).json()["items"]
    return [(one["kind"], one["method"], one["second_factor"]) for one in found if one["current"]]


async def test_an_app_is_signed_in_with_both_factors(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        answer = await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())

        assert set(answer.json()) == {"access_token", "refresh_token", "token_type", "expires_in"}
        assert await sessions(shop, bearer(answer)) == [("app", "password", True)]


async def test_a_browser_is_signed_in_with_both_factors(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        begun = await sign_in(shop, guarded.person, "/auth/session")
        assert "set-cookie" not in begun.headers

        answer = await finish(shop, begun.json()["challenge"], "/auth/session/second-factor", code=guarded.app.code())

        assert (answer.status_code, answer.json()["email"]) == (200, guarded.person.email)
        cookie = answer.headers["set-cookie"].split(";")[0]
        assert cookie.startswith(f"{COOKIE}=")
        shop.client.cookies.clear()
        assert await sessions(shop, {"Cookie": cookie}) == [("browser", "password", True)]


async def test_a_sign_in_ends_where_it_began(shop: Shop) -> None:
    guarded = await with_app(shop)
    for_app, for_browser = (
        await challenged(shop, guarded.person),
        await challenged(shop, guarded.person, "/auth/session"),
    )
    codes = guarded.codes

    crossed = [
        await finish(shop, for_app, "/auth/session/second-factor", recovery_code=codes[0]),
        await finish(shop, for_browser, recovery_code=codes[0]),
    ]
    body = {"challenge": for_browser, "recovery_code": codes[0]}
    foreign = await shop.client.post("/auth/session/second-factor", json=body, headers={"Sec-Fetch-Site": "cross-site"})

    assert [refusal(answer) for answer in crossed] == [OVER, OVER]
    assert refusal(foreign) == (403, "auth.cross_site")
    assert not any("set-cookie" in answer.headers for answer in [*crossed, foreign])
    assert (await finish(shop, for_app, recovery_code=codes[0])).status_code == 200


async def test_a_wrong_code_does_not_end_the_sign_in_and_a_right_one_does(shop: Shop) -> None:
    guarded = await with_app(shop)
    with later():
        challenge = await challenged(shop, guarded.person)
        assert refusal(await finish(shop, challenge, code=guarded.app.code(7))) == WRONG
        assert (await finish(shop, challenge, code=guarded.app.code())).status_code == 200
    with later(2 * STEP):
        fresh = guarded.app.code()

        assert refusal(await finish(shop, challenge, code=fresh)) == OVER
        # what came too late has used nothing up
        assert (await finish(shop, await challenged(shop, guarded.person), code=fresh)).status_code == 200


async def test_a_code_works_once_and_no_older_one_after_it(shop: Shop) -> None:
    guarded = await with_app(shop)
    assert refusal(await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())) == WRONG
    with later(2 * STEP):
        first, second = await challenged(shop, guarded.person), await challenged(shop, guarded.person)
        assert (await finish(shop, first, code=guarded.app.code())).status_code == 200
        assert refusal(await finish(shop, second, code=guarded.app.code())) == WRONG
        assert refusal(await finish(shop, second, code=guarded.app.code(-1))) == WRONG
        assert (await finish(shop, second, code=guarded.app.code(+1))).status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_clock_may_be_half_a_minute_off(shop: Shop, steps: int, status: int) -> None:
    guarded = await with_app(shop)
    with later(10 * STEP):
        answer = await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code(steps))

    assert answer.status_code == status


async def test_one_code_in_several_sign_ins_at_once_opens_one(shop: Shop) -> None:
    guarded = await with_app(shop)
    for _ in range(3):
        await shop.rows("UPDATE authenticators SET last_step = last_step - 100 RETURNING user_id")
        challenges = [await challenged(shop, guarded.person) for _ in range(4)]

        answers = await asyncio.gather(*(finish(shop, one, code=guarded.app.code()) for one in challenges))

        assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 3}


async def test_one_code_in_many_transactions_at_once_is_taken_in_one(shop: Shop) -> None:
    """Past the guard that lets a few guesses through at a time: the statement itself decides."""
    guarded = await with_app(shop)
    meeting = asyncio.Barrier(12)

    async def use(code: str) -> bool:
        async with shop.database.transaction() as session:
            await session.connection()
            await meeting.wait()
            try:
                await second_factors.use_code(session, guarded.person.id, code)
            except second_factors.WrongCode:
                return False
            return True

    with later():
        code = guarded.app.code()
        assert sum(await asyncio.gather(*(use(code) for _ in range(12)))) == 1


async def test_one_sign_in_finished_several_times_at_once_opens_one_session(shop: Shop) -> None:
    guarded = await with_app(shop)
    before = await shop.rows("SELECT count(*) FROM sessions")
    challenge = await challenged(shop, guarded.person)

    answers = await asyncio.gather(*(finish(shop, challenge, recovery_code=code) for code in guarded.codes[:5]))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 4}
    assert await shop.rows("SELECT count(*) FROM sessions") == [(before[0][0] + 1,)]
    assert await shop.rows("SELECT count(*) FROM recovery_codes WHERE used_at IS NOT NULL") == [(1,)]


async def test_a_sign_in_does_not_wait_for_ever(shop: Shop) -> None:
    guarded = await with_app(shop)
    challenge = await challenged(shop, guarded.person)

    with later(5 * MINUTE):
        assert refusal(await finish(shop, challenge, code=guarded.app.code())) == OVER
    with later(5 * MINUTE - 1):
        assert (await finish(shop, challenge, code=guarded.app.code())).status_code == 200


async def test_a_new_password_ends_what_began_with_the_old_one(shop: Shop) -> None:
    guarded = await with_app(shop)
    challenge = await challenged(shop, guarded.person)
    body = {"current_password": PASSWORD, "new_password": "another fine password"}
    changed = await shop.client.post("/users/me/password", json=body, headers=guarded.headers)
    assert changed.status_code == 204

    assert refusal(await finish(shop, challenge, recovery_code=guarded.codes[0])) == OVER
    assert await shop.rows("SELECT count(*) FROM recovery_codes WHERE used_at IS NOT NULL") == [(0,)]


async def test_a_forgotten_password_does_not_open_the_account_by_mail_alone(shop: Shop, mailbox: Mailbox) -> None:
    guarded = await with_app(shop, await shop.person(email="ada@example.com"))
    await shop.rows("UPDATE users SET email_verified = true RETURNING id")
    await mailbox.letters()
    await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})
    token = (await mailbox.only("ada@example.com")).token
    reset = await shop.client.post("/auth/reset-password", json={"token": token, "new_password": PASSWORD})
    assert reset.status_code == 204

    assert refusal(await sign_in(shop, guarded.person)) == (401, "auth.second_factor_required")


async def test_a_blocked_account_is_not_opened_by_its_second_factor(shop: Shop) -> None:
    guarded = await with_app(shop)
    challenge = await challenged(shop, guarded.person)
    await shop.rows("UPDATE users SET is_active = false WHERE id = %s RETURNING id", guarded.person.id)

    answer = await finish(shop, challenge, recovery_code=guarded.codes[0])

    assert answer.status_code == 401
    assert "access_token" not in answer.text


@pytest.mark.parametrize("challenge", ["nonsense", "A" * 64, "{passkey}", "{other}"])
async def test_what_is_no_sign_in_under_way_is_refused(shop: Shop, challenge: str) -> None:
    guarded, other = await with_app(shop), await with_app(shop)
    passkey = (await ask_for_passkey(shop))["challenge_token"]
    real = challenge.format(passkey=passkey, other=await challenged(shop, other.person))

    answer = await finish(shop, real, recovery_code=guarded.codes[0])

    assert refusal(answer) == (WRONG if challenge == "{other}" else OVER)
    assert await shop.rows("SELECT count(*) FROM recovery_codes WHERE used_at IS NOT NULL") == [(0,)]


async def test_there_is_one_proof_and_it_looks_like_one(shop: Shop) -> None:
    guarded = await with_app(shop)
    challenge = await challenged(shop, guarded.person)
    proofs: list[dict[str, object]] = [
        {}, {"code": None}, {"code": "123456", "recovery_code": guarded.codes[0]}, {"code": "12345"},
        {"code": "1234567"}, {"code": "abcdef"}, {"code": "\u0661\u0662\u0663\u0664\u0665\u0666"}, {"code": 123456},
        {"recovery_code": ""}, {"recovery_code": 7}, {"passkey": "x"}, {"passkey": []},
        {"code": "123456", "trust_this_device": True},
    ]  # fmt: skip

    answers = [await finish(shop, challenge, **proof) for proof in proofs]

    assert [answer.status_code for answer in answers] == [422] * len(proofs)
    assert not any(guarded.codes[0] in answer.text for answer in answers)
    assert (await finish(shop, challenge, recovery_code=guarded.codes[0])).status_code == 200


async def test_guessing_codes_is_slowed_down_and_a_new_challenge_does_not_help(shop: Shop) -> None:
    guarded = await with_app(shop)

    answers = [await finish(shop, await challenged(shop, guarded.person), code=f"{n:06}") for n in range(12)]

    assert Counter(answer.status_code for answer in answers) == {401: 10, 429: 2}
    assert answers[-1].json()["code"] == "request.too_many"
    challenge = await challenged(shop, guarded.person)
    with later():
        assert (await finish(shop, challenge, code=guarded.app.code())).status_code == 429
        assert (await finish(shop, challenge, recovery_code=guarded.codes[0])).status_code == 429


async def test_a_burst_of_codes_is_not_looked_at_all_at_once(shop: Shop) -> None:
    guarded = await with_app(shop)
    challenge = await challenged(shop, guarded.person)

    answers = await asyncio.gather(*(finish(shop, challenge, code=f"{n:06}") for n in range(40)))

    counted = Counter(answer.status_code for answer in answers)
    assert counted[401] <= 12
    assert counted[429] == 40 - counted[401]


async def test_right_codes_do_not_count(shop: Shop) -> None:
    guarded = await with_app(shop)
    for n in range(1, 13):
        with later(n * STEP):
            answer = await finish(shop, await challenged(shop, guarded.person), code=guarded.app.code())
            assert answer.status_code == 200


async def test_whoever_guesses_codes_does_not_keep_the_owner_of_a_passkey_out(shop: Shop, app: FastAPI) -> None:
    guarded = await with_passkey(shop)
    transport = httpx2.ASGITransport(app=app, client=("198.51.100.9", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1") as thief:
        for n in range(70):
            body = {"challenge": await challenged(shop, guarded.person), "code": f"{n:06}"}
            await thief.post("/auth/second-factor", json=body)

    answer = await by_passkey(shop, guarded)

    assert answer.status_code == 200


async def by_passkey(shop: Shop, guarded: Guarded, **wrong: object) -> httpx2.Response:
    challenge = await challenged(shop, guarded.person)
    asked = await shop.client.post("/auth/second-factor/options", json={"challenge": challenge})
    assert asked.status_code == 200, asked.text
    return await finish(shop, challenge, passkey=guarded.device.get(asked.json()["options"], **wrong))


async def test_a_passkey_is_a_second_proof(shop: Shop) -> None:
    guarded = await with_passkey(shop)

    answer = await by_passkey(shop, guarded)

    assert await sessions(shop, bearer(answer)) == [("app", "password", True)]
    [(count, used)] = await shop.rows("SELECT sign_count, last_used_at FROM passkeys")
    assert count == 1
    assert used is not None


async def test_after_a_password_the_presence_of_somebody_is_enough(shop: Shop) -> None:
    guarded = await with_passkey(shop)

    assert (await by_passkey(shop, guarded, flags=0x01)).status_code == 200
    assert refusal(await by_passkey(shop, guarded, flags=0x00)) == (401, "auth.passkey_refused")


async def test_the_second_proof_is_asked_of_the_accounts_own_passkeys(shop: Shop) -> None:
    ada, bob = await with_passkey(shop), await with_passkey(shop)
    challenge = await challenged(shop, ada.person)
    options = (await shop.client.post("/auth/second-factor/options", json={"challenge": challenge})).json()["options"]
    [allowed] = options["allowCredentials"]
    assert (allowed["type"], allowed["transports"]) == ("public-key", ["hybrid", "internal"])
    assert (options["userVerification"], options["rpId"]) == ("discouraged", "shop.test")

    stranger = bob.device.get({**options, "allowCredentials": []})
    disguised = bob.device.get({**options, "allowCredentials": []}, user_handle=ada.device.keys[0].user_handle)

    for passkey in (stranger, disguised):
        assert refusal(await finish(shop, challenge, passkey=passkey)) == (401, "auth.passkey_refused")
    assert (await finish(shop, challenge, passkey=ada.device.get(options))).status_code == 200


async def test_a_signature_for_one_sign_in_is_none_for_another(shop: Shop) -> None:
    guarded = await with_passkey(shop)
    first, second = await challenged(shop, guarded.person), await challenged(shop, guarded.person)
    asked = await shop.client.post("/auth/second-factor/options", json={"challenge": first})
    passkey = guarded.device.get(asked.json()["options"])

    assert refusal(await finish(shop, second, passkey=passkey)) == (401, "auth.passkey_refused")
    assert (await finish(shop, first, passkey=passkey)).status_code == 200
    assert refusal(await finish(shop, first, passkey=passkey)) == OVER


async def test_there_is_nothing_to_ask_of_who_has_no_passkey(shop: Shop) -> None:
    guarded = await with_app(shop)
    challenge = await challenged(shop, guarded.person)

    for given, refused in ((challenge, (404, "auth.passkey_not_found")), ("nonsense", OVER)):
        answer = await shop.client.post("/auth/second-factor/options", json={"challenge": given})
        assert refusal(answer) == refused


async def test_what_was_begun_and_left_is_forgotten(shop: Shop) -> None:
    guarded = await with_app(shop)
    await challenged(shop, guarded.person)
    await ask_for_passkey(shop)
    context = outbox.JobContext(shop.database, REACTIONS)

    async def begun() -> list[str]:
        await auth.jobs.forget_what_ended(context)
        return [row[0] for row in await shop.rows("SELECT purpose FROM one_time_tokens ORDER BY purpose")]

    assert await begun() == ["passkey", "second_factor"]
    with later(6 * MINUTE):
        assert await begun() == []
