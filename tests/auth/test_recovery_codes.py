"""Recovery codes: ten at a time, kept as hashes, each good once."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable

import pytest

from auth.proofs import Guarded, challenged, finish, later, refusal, with_app, with_passkey
from letters import Mailbox
from shopping import PASSWORD, Person, Shop

WRONG = (401, "auth.wrong_code")
pytestmark = pytest.mark.usefixtures("_still", "_public")


async def renew(shop: Shop, guarded: Guarded, **proof: str) -> list[str]:
    body = {"password": PASSWORD, **proof}
    answer = await shop.client.post("/users/me/recovery-codes", json=body, headers=guarded.headers)
    assert answer.status_code == 200, answer.text
    codes: list[str] = answer.json()["recovery_codes"]
    return codes


async def left(shop: Shop, person: Person) -> int:
    found = await shop.client.get("/users/me/second-factors", headers=person.headers)
    number: int = found.json()["recovery_codes_left"]
    return number


async def test_codes_can_be_read_and_typed_and_are_kept_as_hashes(shop: Shop) -> None:
    guarded = await with_app(shop)

    assert len(set(guarded.codes)) == 10
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code) for code in guarded.codes)
    kept = str(await shop.rows("SELECT r::text FROM recovery_codes r"))
    assert not any(code in kept or code.replace("-", "") in kept for code in guarded.codes)


async def test_a_code_works_once_and_its_owner_is_told(shop: Shop, mailbox: Mailbox) -> None:
    guarded = await with_app(shop)
    await mailbox.letters()

    signed_in = await finish(shop, await challenged(shop, guarded.person), recovery_code=guarded.codes[0])

    assert signed_in.status_code == 200
    assert await left(shop, guarded.person) == 9
    letter = await mailbox.only(guarded.person.email)
    assert letter.subject == "A recovery code was used"
    assert guarded.codes[0] not in letter.text
    action = "SELECT actor_id, target_id, changes FROM audit_log WHERE action = 'user.recovery_code_used'"
    assert await shop.rows(action) == [(guarded.person.id, guarded.person.id, {})]
    again = await challenged(shop, guarded.person)
    assert refusal(await finish(shop, again, recovery_code=guarded.codes[0])) == WRONG
    assert (await finish(shop, again, recovery_code=guarded.codes[1])).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [str.upper, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' ')} ",
     lambda code: code.replace("-", "\u2013").replace("0", "O").replace("1", "l"),
     lambda code: code.upper().replace("0", "o").replace("1", "I")],
)  # fmt: skip
async def test_the_way_it_is_typed_does_not_matter(shop: Shop, typed: Callable[[str], str]) -> None:
    guarded = await with_app(shop)

    answer = await finish(shop, await challenged(shop, guarded.person), recovery_code=typed(guarded.codes[0]))

    assert answer.status_code == 200


async def test_one_code_in_several_sign_ins_at_once_opens_one(shop: Shop) -> None:
    guarded = await with_app(shop)
    for code in guarded.codes[:3]:
        challenges = [await challenged(shop, guarded.person) for _ in range(4)]

        answers = await asyncio.gather(*(finish(shop, challenge, recovery_code=code) for challenge in challenges))

        assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 3}
    assert await left(shop, guarded.person) == 7


async def test_new_codes_replace_the_former_ones(shop: Shop, mailbox: Mailbox) -> None:
    guarded = await with_app(shop)
    await mailbox.letters()
    with later():
        new = await renew(shop, guarded, code=guarded.app.code())

    assert not set(new) & set(guarded.codes)
    assert (await mailbox.only(guarded.person.email)).subject == "New recovery codes"
    assert await shop.rows("SELECT count(*) FROM audit_log WHERE action = 'user.recovery_codes_made'") == [(1,)]
    challenge = await challenged(shop, guarded.person)
    assert refusal(await finish(shop, challenge, recovery_code=guarded.codes[0])) == WRONG
    assert (await finish(shop, challenge, recovery_code=new[0])).status_code == 200


async def test_a_thief_of_a_session_and_a_password_makes_no_codes(shop: Shop) -> None:
    guarded = await with_app(shop)

    for proof in ({"password": PASSWORD}, {"password": PASSWORD, "code": "000000"}, {}):
        answer = await shop.client.post("/users/me/recovery-codes", json=proof, headers=guarded.headers)
        assert answer.status_code in {401, 403}

    assert (
        await finish(shop, await challenged(shop, guarded.person), recovery_code=guarded.codes[0])
    ).status_code == 200


async def test_the_last_recovery_code_makes_new_ones(shop: Shop) -> None:
    guarded = await with_app(shop)

    new = await renew(shop, guarded, recovery_code=guarded.codes[0])

    assert await left(shop, guarded.person) == 10
    assert (await finish(shop, await challenged(shop, guarded.person), recovery_code=new[0])).status_code == 200


async def test_without_a_second_factor_there_are_none(shop: Shop) -> None:
    person = await shop.person()

    answer = await shop.client.post("/users/me/recovery-codes", json={"password": PASSWORD}, headers=person.headers)

    assert refusal(answer) == (409, "auth.no_second_factor")


async def test_codes_of_one_open_nothing_of_another(shop: Shop) -> None:
    ada, bob = await with_app(shop), await with_passkey(shop)

    for who, code in ((ada, bob.codes[0]), (bob, ada.codes[0]), (bob, "not a code"), (bob, "-")):
        assert refusal(await finish(shop, await challenged(shop, who.person), recovery_code=code)) == WRONG
    assert (await left(shop, ada.person), await left(shop, bob.person)) == (10, 10)
