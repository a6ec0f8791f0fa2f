"""What operators do about payouts."""

from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import httpx2
import pytest

from mercat.kit.settings_memory import read_anew
from mercat.payouts.files import latin
from payment_processing.conftest import Work
from payouts.stories import IBAN, a_shop, cleared, payable, sold
from shopping import Shop

PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


@pytest.fixture(autouse=True)
def _settings_anew() -> None:
    read_anew()


async def send(shop: Shop, method: str, path: str, body: Any = None, *, key: str = "") -> httpx2.Response:
    headers = {**(await shop.admin()).headers, "Idempotency-Key": key or uuid4().hex}
    arguments = {} if body is None else {"json": body}
    answer: httpx2.Response = await shop.client.request(method, path, headers=headers, **arguments)
    return answer


async def a_finished_run(shop: Shop, work: Work) -> str:
    """Pay two shops; returns the run."""
    for slug, amount in (("north-kiln", "100.00"), ("south-kiln", "20.50")):
        await sold(shop, await a_shop(shop, slug), amount, rate="0")
    await cleared(shop)
    begun = await send(shop, "POST", "/payouts/run", {"all_vendors": True})
    assert begun.status_code == 202, begun.text
    await work()
    return str(begun.json()["id"])


async def test_the_same_key_begins_one_run(shop: Shop, work: Work) -> None:
    vendor_id = await a_shop(shop)
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)

    first = await send(shop, "POST", "/payouts/run", {"all_vendors": True}, key="once")
    again = await send(shop, "POST", "/payouts/run", {"all_vendors": True}, key="once")
    await work()

    assert first.json()["id"] == again.json()["id"]
    found = (await send(shop, "GET", f"/payouts/runs/{first.json()['id']}")).json()
    assert (found["finished_at"] is not None, found["payouts"]) == (True, {"requested": 1})


@pytest.mark.parametrize("body", [None, {}, {"all_vendors": False}])
async def test_a_run_says_for_whom_it_is(shop: Shop, body: Any) -> None:
    refused = await send(shop, "POST", "/payouts/run", body)

    assert refused.status_code == 422
    assert await shop.rows("SELECT 1 FROM payout_runs") == []


async def test_a_run_may_be_for_one_shop(shop: Shop, work: Work) -> None:
    shops = [await a_shop(shop, slug) for slug in ("one", "two")]
    for vendor_id in shops:
        await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)

    await send(shop, "POST", "/payouts/run", {"vendor_id": str(shops[1])})
    nobody = await send(shop, "POST", "/payouts/run", {"vendor_id": str(uuid4())})
    await work()

    assert nobody.status_code == 404

    listed = (await send(shop, "GET", "/payouts?status=requested")).json()
    assert [payout["vendor_id"] for payout in listed["items"]] == [str(shops[1])]
    assert (await send(shop, "GET", f"/payouts?vendor={shops[0]}")).json()["total"] == 0


async def test_a_run_is_a_file_for_the_bank(shop: Shop, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = await a_finished_run(shop, work)
    refused = await send(shop, "GET", f"/payouts/runs/{run_id}/file?format=sepa")
    assert (refused.status_code, refused.json()["code"]) == (409, "payouts.no_debtor")

    monkeypatch.setenv("MERCAT_PAYOUT_DEBTOR_IBAN", "FR14 2004 1010 0505 0001 3M02 606")
    read_anew()
    answer = await send(shop, "GET", f"/payouts/runs/{run_id}/file?format=sepa")

    assert answer.headers["content-type"].startswith("application/xml")
    root = ET.fromstring(answer.content)  # noqa: S314 - our own words
    assert root.findtext(f".//{PAIN}GrpHdr/{PAIN}NbOfTxs") == "2"
    assert root.findtext(f".//{PAIN}GrpHdr/{PAIN}CtrlSum") == "120.50"
    assert root.findtext(f".//{PAIN}DbtrAcct/{PAIN}Id/{PAIN}IBAN") == "FR1420041010050500013M02606"
    amounts = [found.text for found in root.iter(f"{PAIN}InstdAmt")]
    assert amounts == ["100.00", "20.50"]
    assert {found.findtext(f"{PAIN}Id/{PAIN}IBAN") for found in root.iter(f"{PAIN}CdtrAcct")} == {IBAN}


async def test_a_run_is_a_table_without_formulas(shop: Shop, work: Work) -> None:
    run_id = await a_finished_run(shop, work)
    await shop.rows("UPDATE payouts SET holder = '=HYPERLINK(1)' RETURNING id")

    answer = await send(shop, "GET", f"/payouts/runs/{run_id}/file")

    head, *lines = answer.text.split("\r\n")
    assert head == "payout_id,vendor,holder,iban,bic,amount,currency,reference"
    assert [line.split(",")[2:7] for line in lines if line] == [
        ["'=HYPERLINK(1)", IBAN, "", "100.00", "EUR"],
        ["'=HYPERLINK(1)", IBAN, "", "20.50", "EUR"],
    ]


async def test_all_of_a_run_arrives_at_once_and_only_once(shop: Shop, work: Work) -> None:
    run_id = await a_finished_run(shop, work)
    body = {"status": "paid", "reference": "2030-02-04"}

    first = await send(shop, "PUT", f"/payouts/runs/{run_id}/status", body)
    again = await send(shop, "PUT", f"/payouts/runs/{run_id}/status", body)

    assert (first.json(), again.json()) == ({"changed": 2}, {"changed": 0})
    assert await shop.rows("SELECT count(*) FROM ledger_entries WHERE kind = 'payout.paid'") == [(2,)]
    empty = await send(shop, "GET", f"/payouts/runs/{run_id}/file")
    assert len(empty.text.split("\r\n")) == 2


async def test_what_failed_says_why_and_stays_failed(shop: Shop, work: Work) -> None:
    await a_finished_run(shop, work)
    payout = (await send(shop, "GET", "/payouts")).json()["items"][0]
    bare = await send(shop, "PUT", f"/payouts/{payout['id']}/status", {"status": "failed"})
    assert bare.status_code == 422

    body = {"status": "failed", "reason": "The account was closed."}
    failed = await send(shop, "PUT", f"/payouts/{payout['id']}/status", body)
    paid = await send(shop, "PUT", f"/payouts/{payout['id']}/status", {"status": "paid"})

    assert (failed.json()["status"], failed.json()["failure"]) == ("failed", "The account was closed.")
    assert (paid.status_code, paid.json()["code"]) == (409, "payouts.illegal_transition")
    assert await payable(shop, UUID(payout["vendor_id"])) == [f"{payout['amount']['amount']} EUR"]


async def test_what_a_provider_pays_nobody_settles_by_hand(shop: Shop, work: Work) -> None:
    await a_finished_run(shop, work)
    await shop.rows("UPDATE payouts SET method = 'test' RETURNING id")
    payout = (await send(shop, "GET", "/payouts")).json()["items"][0]

    refused = await send(shop, "PUT", f"/payouts/{payout['id']}/status", {"status": "paid"})

    assert (refused.status_code, refused.json()["code"]) == (409, "payouts.by_provider")
    assert (await send(shop, "GET", f"/payouts/{payout['id']}")).json()["status"] == "requested"


async def test_an_adjustment_moves_money_once_and_says_why(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    body = {"amount": {"amount": "-12.50", "currency": "EUR"}, "reason": "Parcel label"}

    first = await send(shop, "POST", f"/vendors/{vendor_id}/adjustments", body, key="once")
    await send(shop, "POST", f"/vendors/{vendor_id}/adjustments", body, key="once")
    nothing = await send(shop, "POST", f"/vendors/{vendor_id}/adjustments", {**body, "amount": "0.00"})
    nobody = await send(shop, "POST", f"/vendors/{uuid4()}/adjustments", body)

    assert (first.status_code, nothing.status_code, nobody.status_code) == (201, 422, 404)
    assert await payable(shop, vendor_id) == ["-12.50 EUR"]
    assert await shop.rows("SELECT count(*) FROM audit_log WHERE action = 'adjustment.made'") == [(1,)]


@pytest.mark.parametrize("person", ["buyer", "seller"])
async def test_nobody_else_does_any_of_it(shop: Shop, work: Work, person: str) -> None:
    run_id = await a_finished_run(shop, work)
    somebody = await shop.buyer() if person == "buyer" else (await shop.seller("north-kiln"))[0]
    headers = {**somebody.headers, "Idempotency-Key": uuid4().hex}

    for method, path, body in (
        ("POST", "/payouts/run", {"all_vendors": True}),
        ("GET", "/payouts", None),
        ("GET", f"/payouts/runs/{run_id}/file", None),
        ("PUT", f"/payouts/runs/{run_id}/status", {"status": "paid"}),
    ):
        answer = await shop.client.request(method, path, json=body, headers=headers)
        assert answer.status_code == 403, path
    assert await shop.rows("SELECT DISTINCT status FROM payouts") == [("requested",)]


def test_banks_take_few_letters() -> None:
    assert latin("Bitter & Bean Rösterei ß «Æ» 漢") == "Bitter + Bean Rosterei ss .AE. ."
    assert len(latin("x" * 200)) == 70
