"""A shop's own view of its money, and where it lets it go."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from auth.proofs import later, with_app
from mercat import auth, vendors
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.money import Money
from mercat.payouts import payout_runs
from mercat.payouts.adjustments import adjust
from mercat.payouts.numbers import masked
from mercat.payouts.periods import next_run, period
from payment_processing.conftest import Work
from payouts.stories import IBAN, a_run, cleared, run, sold
from shopping import PASSWORD, Person, Shop

ACCOUNT = {"holder": "North Kiln Ltd", "iban": "de89 3704 0044 0532 0130 00", "password": PASSWORD}


async def put(shop: Shop, person: Person, **more: Any) -> httpx2.Response:
    return await shop.client.put("/vendor/payout-account", json={**ACCOUNT, **more}, headers=person.headers)


async def balance(shop: Shop, person: Person) -> dict[str, Any]:
    answer = await shop.client.get("/vendor/balance", headers=person.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amounts(found: dict[str, Any]) -> dict[str, str]:
    (one,) = found["balances"]
    return {name: money["amount"] for name, money in one.items()}


async def colleague(shop: Shop, vendor_id: UUID, role: str) -> Person:
    person = await shop.person(auth.Role.vendor)
    async with shop.database.transaction() as session:
        await vendors.add_member(session, Actor.system(), vendor_id, person.id, role)
    return person


async def test_the_balance_follows_the_money(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    found = await balance(shop, owner)
    assert (found["balances"], found["ready"], found["held_until"]) == ([], False, None)

    await sold(shop, vendor_id, "100.00", rate="0.1", days=1)
    await sold(shop, vendor_id, "50.00", rate="0.1")
    await cleared(shop)
    assert amounts(await balance(shop, owner)) == {
        "pending": "90.00", "payable": "45.00", "on_the_way": "0.00", "paid_out": "0.00",
    }  # fmt: skip

    assert (await put(shop, owner)).status_code == 200
    held = await balance(shop, owner)
    assert held["ready"] is True
    assert held["held_until"] is not None
    await shop.rows("UPDATE payout_accounts SET held_until = NULL RETURNING ready")
    await run(shop)
    assert amounts(await balance(shop, owner)) == {
        "pending": "90.00", "payable": "0.00", "on_the_way": "45.00", "paid_out": "0.00",
    }  # fmt: skip

    admin = await shop.admin()
    (payout,) = (await shop.client.get("/vendor/payouts", headers=owner.headers)).json()["items"]
    body = {"status": "paid", "reference": "2030-02-04/17"}
    await shop.client.put(f"/payouts/{payout['id']}/status", json=body, headers=admin.headers)
    assert amounts(await balance(shop, owner)) == {
        "pending": "90.00", "payable": "0.00", "on_the_way": "0.00", "paid_out": "45.00",
    }  # fmt: skip


async def test_the_number_is_checked_masked_and_in_no_log(shop: Shop) -> None:
    owner, _ = await shop.seller("north-kiln")
    assert (await shop.client.get("/vendor/payout-account", headers=owner.headers)).status_code == 404

    wrong = await put(shop, owner, iban="DE89370400440532013001")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "payouts.bad_iban")
    assert "32013001" not in wrong.text
    answer = await put(shop, owner)

    assert answer.json()["account"] == "DE89…3000"
    assert IBAN not in answer.text
    assert "37040044" not in str(await shop.rows("SELECT a::text FROM payout_accounts a"))
    logged = await shop.rows("SELECT l::text FROM audit_log l WHERE action = 'payout_account.changed'")
    assert len(logged) == 1
    assert "3000" not in logged[0][0].replace("-", "")[-200:]
    assert IBAN not in str(await shop.rows("SELECT payload FROM events"))


async def test_only_owners_in_person_say_where_it_goes(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    new = {"name": "desk", "scopes": ["products:sell"], "password": PASSWORD}
    made = await shop.client.post("/users/me/api-keys", json=new, headers=owner.headers)
    key = {"X-API-Key": made.json()["key"]}
    manager = await colleague(shop, vendor_id, "manager")
    staff = await colleague(shop, vendor_id, "staff")
    elsewhere, _ = await shop.seller("other-shop")

    assert (await shop.client.get("/vendor/balance", headers=key)).status_code == 200
    refused = await shop.client.put("/vendor/payout-account", json=ACCOUNT, headers=key)
    assert refused.status_code == 403
    assert (await put(shop, manager)).status_code == 403
    assert (await shop.client.get("/vendor/balance", headers=manager.headers)).status_code == 200
    assert (await shop.client.get("/vendor/balance", headers=staff.headers)).status_code == 403
    assert (await shop.client.get("/vendor/balance?vendor=north-kiln", headers=elsewhere.headers)).status_code == 404
    assert await shop.rows("SELECT * FROM payout_accounts") == []


@pytest.mark.parametrize(
    ("proof", "status", "code"),
    [
        ({"password": None}, 403, "auth.confirmation_needed"),
        ({"password": "not the one"}, 401, "auth.wrong_credentials"),
    ],
)
async def test_a_session_alone_says_nothing(shop: Shop, proof: dict[str, str | None], status: int, code: str) -> None:
    owner, _ = await shop.seller("north-kiln")
    start = {"return_url": "https://shop.test/portal", **proof}

    answers = [
        await put(shop, owner, **proof),
        await shop.client.post("/vendor/payout-account/stripe", json=start, headers=owner.headers),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(status, code)] * 2
    assert await shop.rows("SELECT * FROM payout_accounts") == []


async def test_an_owner_with_a_second_factor_shows_it_too(shop: Shop) -> None:
    owner, _ = await shop.seller("north-kiln")
    guarded = await with_app(shop, owner)
    with later():
        refused = await put(shop, owner)
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.second_proof_needed")
        assert await shop.rows("SELECT * FROM payout_accounts") == []

        bad = await put(shop, owner, iban="DE89370400440532013001", code=guarded.app.code())
        assert bad.json()["code"] == "payouts.bad_iban"
        assert (await put(shop, owner, code=guarded.app.code())).status_code == 200, "the code was not used up"


async def test_a_change_holds_payouts_and_the_same_again_does_not(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    await put(shop, owner)
    await run(shop)
    assert await shop.rows("SELECT * FROM payouts") == []

    await shop.rows("UPDATE payout_accounts SET held_until = NULL RETURNING ready")
    await put(shop, owner)
    assert await shop.rows("SELECT held_until FROM payout_accounts") == [(None,)]
    await put(shop, owner, holder="Somebody Else")
    await run(shop)
    assert await shop.rows("SELECT * FROM payouts") == []
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'payouts.account_changed'") == [(2,)]


async def test_the_test_provider_pays_once(shop: Shop, work: Work) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    body = {"method": "test", "holder": "Nobody", "password": PASSWORD}
    assert (await shop.client.put("/vendor/payout-account", json=body, headers=owner.headers)).status_code == 200
    await shop.rows("UPDATE payout_accounts SET held_until = NULL RETURNING ready")

    for run_id in [await a_run(shop), await a_run(shop)]:
        await payout_runs.carry_out(shop.database, run_id)
    await work()

    assert await shop.rows("SELECT amount_minor::int FROM test_transfers") == [(10000,)]
    assert amounts(await balance(shop, owner))["paid_out"] == "100.00"


async def test_what_is_taken_by_hand_is_below_nothing(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    async with shop.database.transaction() as session:
        await adjust(session, Actor.system(), vendor_id, Money.of("-5.00", "EUR"), "Parcel label")

    assert amounts(await balance(shop, owner))["payable"] == "-5.00"


def test_periods_begin_at_midnight() -> None:
    now = clock.now().replace(year=2030, month=1, day=31, hour=13)
    assert period("weekly", now) == "2030-W05"
    assert period("monthly", now) == "2030-01"
    assert period("manual", now) is None
    found = {schedule: next_run(schedule, now) for schedule in ("daily", "weekly", "monthly", "manual")}
    assert {schedule: moment and f"{moment:%Y-%m-%d %H:%M}" for schedule, moment in found.items()} == {
        "daily": "2030-02-01 00:00", "weekly": "2030-02-04 00:00", "monthly": "2030-02-01 00:00", "manual": None,
    }  # fmt: skip


@pytest.mark.parametrize(("number", "shown"), [(None, ""), (IBAN, "DE89…3000")])
def test_of_a_number_only_the_ends_are_shown(number: str | None, shown: str) -> None:
    assert masked(number) == shown
