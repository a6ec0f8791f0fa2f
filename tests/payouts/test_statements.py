"""A statement says what happened, adds up, and can be read in pages and as a file."""

import json
from typing import Any

import pytest

from mercat.auth import Actor
from mercat.kit.money import Money
from mercat.payouts.adjustments import adjust
from mercat.payouts.lifecycle import Status
from mercat.payouts.outcomes import move
from payouts.stories import cleared, has_account, refund, run, sold, swept
from shopping import Person, Shop

SYSTEM = Actor.system()


async def a_month(shop: Shop) -> Person:
    """Let a shop sell, give back, be paid in vain, and be charged for a label."""
    owner, vendor_id = await shop.seller("north-kiln")
    await has_account(shop, vendor_id)
    order_id = await sold(shop, vendor_id, "100.00", rate="0.1")
    await cleared(shop)
    await run(shop)
    async with shop.database.transaction() as session:
        await move(session, SYSTEM, (await shop.rows("SELECT id FROM payouts"))[0][0], Status.failed, reason="Closed")
    await refund(shop, order_id, "50.00")
    await swept(shop, order_id)
    async with shop.database.transaction() as session:
        await adjust(session, SYSTEM, vendor_id, Money.of("-1.00", "EUR"), '=cmd|"label"')
    return owner


async def read(shop: Shop, person: Person, query: str = "") -> dict[str, Any]:
    answer = await shop.client.get(f"/vendor/statement{query}", headers=person.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


LINES = [
    ("order", "100.00", "100.00"),
    ("commission", "-10.00", "90.00"),
    ("payout", "-90.00", "0.00"),
    ("payout", "90.00", "90.00"),
    ("refund", "-50.00", "40.00"),
    ("commission", "5.00", "45.00"),
    ("adjustment", "-1.00", "44.00"),
]


def short(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(line["type"], line["amount"]["amount"], line["balance"]["amount"]) for line in found["items"]]


async def test_every_line_says_what_was_owed_after_it(shop: Shop) -> None:
    owner = await a_month(shop)

    found = await read(shop, owner)

    assert short(found) == LINES
    assert (found["opening"]["amount"], found["closing"]["amount"]) == ("0.00", "44.00")
    assert found["items"][0]["reference"].startswith("M-")
    assert found["items"][3]["note"] == "failed"
    assert found["items"][6]["note"] == '=cmd|"label"'
    balance = (await shop.client.get("/vendor/balance", headers=owner.headers)).json()["balances"][0]
    assert balance["payable"]["amount"] == "44.00"


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_are_the_whole(shop: Shop, limit: int) -> None:
    owner = await a_month(shop)
    found, cursor = [], ""
    while cursor is not None:
        page = await read(shop, owner, f"?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        assert page["closing"]["amount"] == "44.00"
        found += short(page)
        cursor = page["next_cursor"]

    assert found == LINES


async def test_a_time_begins_with_what_was_owed_before_it(shop: Shop) -> None:
    owner = await a_month(shop)
    everything = (await read(shop, owner))["items"]
    since, until = everything[2]["at"], everything[4]["at"]

    found = await read(shop, owner, f"?from={since}&to={until}")
    assert short(found) == LINES[2:4]
    assert (found["opening"]["amount"], found["closing"]["amount"]) == ("90.00", "90.00")

    later = await read(shop, owner, "?from=2100-01-01T00:00:00Z")
    assert (later["items"], later["opening"], later["closing"]["amount"]) == ([], later["closing"], "44.00")
    assert (await read(shop, owner, "?currency=USD"))["closing"] == {"amount": "0.00", "currency": "USD"}


@pytest.mark.parametrize(
    "query", ["?cursor=nonsense", "?from=2030-02-01T00:00:00Z&to=2030-01-01T00:00:00Z", "?currency=XQQ", "?from=monday"]
)
async def test_nonsense_is_refused(shop: Shop, query: str) -> None:
    owner, _ = await shop.seller("north-kiln")
    answer = await shop.client.get(f"/vendor/statement{query}", headers=owner.headers)
    assert answer.status_code == 422


async def test_it_is_a_table_without_formulas(shop: Shop) -> None:
    owner = await a_month(shop)

    answer = await shop.client.get("/vendor/statement/export", headers=owner.headers)

    assert answer.headers["content-type"].startswith("text/csv")
    head, *lines = answer.text.strip().split("\r\n")
    assert head == "at,type,reference,note,amount,balance,currency"
    assert [line.split(",")[1] for line in lines] == ["opening", *[kind for kind, _, _ in LINES], "closing"]
    assert [line.split(",")[-3:] for line in lines[1:-1]] == [[amount, after, "EUR"] for _, amount, after in LINES]
    assert "'=cmd" in lines[-2]
    assert lines[-1].split(",")[-2] == "44.00"


async def test_it_is_lines_for_programs_and_no_other_shop_s(shop: Shop) -> None:
    owner = await a_month(shop)
    stranger, _ = await shop.seller("other-shop")

    answer = await shop.client.get("/vendor/statement/export?format=ndjson", headers=owner.headers)
    assert [json.loads(line)["type"] for line in answer.text.splitlines()][1:-1] == [kind for kind, _, _ in LINES]

    assert short(await read(shop, stranger)) == []
    none = await shop.client.get("/vendor/statement/export?format=ndjson", headers=stranger.headers)
    assert [json.loads(line)["type"] for line in none.text.splitlines()] == ["opening", "closing"]
