"""Numbers of bank accounts lie sealed in the database; only the file for the bank names them."""

import os
from dataclasses import replace
from uuid import UUID

import httpx2
import pytest

from auth.proofs import bearer, sign_in
from mercat import outbox
from mercat.auth import keyring
from mercat.kit.settings_memory import read_anew
from mercat.payouts import jobs, numbers, sealing
from mercat.worker import REACTIONS
from payouts.stories import IBAN, a_shop, cleared, run, sold
from secret_keys import SecretKeys, replaced
from shopping import PASSWORD, Person, Shop

ACCOUNT = {"holder": "North Kiln Ltd", "iban": IBAN, "password": PASSWORD}
OTHER = "DE02120300000000202051"
KEPT = "SELECT a::text FROM payout_accounts a UNION ALL SELECT p::text FROM payouts p"
SEALED = "SELECT sealed_iban FROM payout_accounts UNION ALL SELECT sealed_iban FROM payouts"
NEW_KEY = "another-secret-key-of-32-characters-or-more"

secret_keys = pytest.fixture(replaced)


async def say(shop: Shop, owner: Person) -> None:
    """Let an owner say where the money goes, long ago."""
    answer = await shop.client.put("/vendor/payout-account", json=ACCOUNT, headers=owner.headers)
    assert answer.status_code == 200, answer.text
    await shop.rows("UPDATE payout_accounts SET held_until = NULL RETURNING ready")


async def owed(shop: Shop, slug: str = "north-kiln") -> tuple[Person, UUID]:
    """Let a shop have said by itself where its money goes, and something be payable to it."""
    owner, vendor_id = await shop.seller(slug)
    await say(shop, owner)
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    return owner, vendor_id


async def bank_file(shop: Shop, run_id: UUID, kind: str = "csv") -> httpx2.Response:
    headers = (await shop.admin()).headers
    return await shop.client.get(f"/payouts/runs/{run_id}/file?format={kind}", headers=headers)


async def listed(shop: Shop) -> list[str]:
    answer = await shop.client.get("/payouts", headers=(await shop.admin()).headers)
    return [payout["account"] for payout in answer.json()["items"]]


async def test_a_number_is_sealed_for_its_row_and_named_to_the_bank(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owed(shop)
    run_id = await run(shop)

    kept = str(await shop.rows(KEPT))
    ((of_account,), (of_payout,)) = await shop.rows(SEALED)

    assert IBAN[4:-4] not in kept
    assert of_account != of_payout
    assert await listed(shop) == ["DE89…3000"]
    assert IBAN in (await bank_file(shop, run_id)).text
    monkeypatch.setenv("MERCAT_PAYOUT_DEBTOR_IBAN", OTHER)
    read_anew()
    assert f"<IBAN>{IBAN}</IBAN>" in (await bank_file(shop, run_id, "sepa")).text


async def test_a_number_that_was_moved_to_another_row_opens_nothing(shop: Shop) -> None:
    await owed(shop)
    await shop.rows("UPDATE payout_accounts SET sealed_iban = %s RETURNING ready", keyring.seal(numbers.SEALED, OTHER))
    first = await run(shop)
    assert await shop.rows("SELECT * FROM payouts") == []

    thief = await a_shop(shop, "thief")
    await shop.rows(
        "UPDATE payout_accounts a SET sealed_iban = t.sealed_iban FROM payout_accounts t "
        "WHERE t.vendor_id <> a.vendor_id AND a.vendor_id = %s RETURNING 1",
        thief,
    )
    await sold(shop, thief, "100.00", rate="0")
    await cleared(shop)
    await run(shop)
    assert await shop.rows("SELECT * FROM payouts") == []
    assert (await bank_file(shop, first)).status_code == 200


async def test_a_file_without_a_number_is_none(shop: Shop) -> None:
    await owed(shop)
    run_id = await run(shop)
    await shop.rows("UPDATE payouts SET sealed_iban = 'gAAAA' RETURNING id")

    refused = await bank_file(shop, run_id)

    assert (refused.status_code, refused.json()["code"]) == (409, "payouts.number_unreadable")
    assert await listed(shop) == ["DE89…3000"]


async def test_the_job_seals_anew_and_changes_nothing_else(
    shop: Shop, secret_keys: SecretKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 1)
    for slug in ("one", "two", "three"):
        await sold(shop, await a_shop(shop, slug), "100.00", rate="0")
    await cleared(shop)
    run_id = await run(shop)
    accounts = await shop.rows("SELECT vendor_id, updated_at, held_until FROM payout_accounts ORDER BY 1")
    before = await shop.rows(SEALED)

    secret_keys.become(NEW_KEY, os.environ["MERCAT_SECRET_KEY"])
    await jobs.seal_numbers(outbox.JobContext(shop.database, REACTIONS))
    secret_keys.become(NEW_KEY)

    assert not set(before) & set(await shop.rows(SEALED))
    assert await shop.rows("SELECT vendor_id, updated_at, held_until FROM payout_accounts ORDER BY 1") == accounts
    assert (await listed(shop), (await bank_file(shop, run_id)).text.count(IBAN)) == (["DE89…3000"] * 3, 3)


async def test_a_payout_by_hand_goes_somewhere(shop: Shop) -> None:
    await owed(shop)
    run_id = await run(shop)

    with pytest.raises(Exception, match="ck_payouts_manual_has_iban"):
        await shop.rows("UPDATE payouts SET sealed_iban = NULL RETURNING id")
    assert IBAN in (await bank_file(shop, run_id)).text


async def test_numbers_outlive_the_secret_key(shop: Shop, secret_keys: SecretKeys) -> None:
    await owed(shop)
    run_id = await run(shop)
    before = await shop.rows(SEALED)

    secret_keys.become(NEW_KEY, os.environ["MERCAT_SECRET_KEY"])
    assert await sealing.seal_anew(shop.database) == 2
    assert await sealing.seal_anew(shop.database) == 0
    after = await shop.rows(SEALED)
    secret_keys.become(NEW_KEY)

    assert await sealing.seal_anew(shop.database) == 0
    assert not set(before) & set(after)
    assert IBAN in (await bank_file(shop, run_id)).text


async def test_whose_key_is_gone_is_not_paid_and_says_the_number_anew(shop: Shop, secret_keys: SecretKeys) -> None:
    owner, lost = await owed(shop)
    secret_keys.become(NEW_KEY)
    _, fine = await owed(shop, "south-kiln")

    await run(shop)
    assert await shop.rows("SELECT vendor_id FROM payouts") == [(fine,)]

    await say(shop, replace(owner, headers=bearer(await sign_in(shop, owner))))
    run_id = await run(shop)
    assert await shop.rows("SELECT vendor_id FROM payouts ORDER BY id") == [(fine,), (lost,)]
    assert IBAN in (await bank_file(shop, run_id)).text
