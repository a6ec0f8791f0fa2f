"""What operators are told of a payment, and what buyers are told of the ways to pay."""

from typing import Any

import pytest

from mercat.auth import Role
from mercat.kit.settings_memory import read_anew
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import confirm, ordered
from payment_processing.test_refunding import refund
from shopping import Shop


async def told(shop: Shop, payment_id: str) -> list[dict[str, Any]]:
    admin = await shop.admin()
    answer = await shop.client.get(f"/payments/{payment_id}/history", headers=admin.headers)
    assert answer.status_code == 200, answer.text
    story: list[dict[str, Any]] = answer.json()["items"]
    return story


async def test_the_story_of_a_payment(shop: Shop, work: Work) -> None:
    order = await ordered(shop)
    payment = order["payment"]["id"]
    await confirm(shop, payment, "test_decline")
    await confirm(shop, payment, "test_approve")
    await refund(shop, payment, amount="1.00", reason="Scratched")
    await work()

    story = await told(shop, payment)

    assert [moment["what"] for moment in story if moment["what"] != "ledger.booked"] == [
        "payment.opened",
        "payment.failed",
        "payment.captured",
        "refund.requested",
        "refund.succeeded",
        "payment.partially_refunded",
    ]
    by_what = {moment["what"]: moment["detail"] for moment in story}
    assert by_what["payment.opened"] == {"provider": "test", "amount": {"amount": "14.90", "currency": "EUR"}}
    assert by_what["payment.failed"]["failure"] == "card_declined"
    assert (by_what["refund.requested"]["reason"], by_what["refund.requested"]["by"]) == ("Scratched", "Test Person")
    causes = {moment["detail"]["cause"].partition(":")[0] for moment in story if moment["what"] == "ledger.booked"}
    assert causes == {"payment.captured", "payment.fee", "refund.paid"}
    assert [moment["at"] for moment in story] == sorted(moment["at"] for moment in story)
    await books_balance(shop)


async def test_a_refund_that_failed_says_why(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_approve")
    await refund(shop, order["payment"]["id"], amount="1.00")
    await shop.rows(
        "UPDATE refunds SET status = 'failed', failure = 'the card is closed', settled_at = now() RETURNING id"
    )

    failed = next(one for one in await told(shop, order["payment"]["id"]) if one["what"] == "refund.failed")

    assert failed["detail"]["failure"] == "the card is closed"


async def test_a_dispute_is_in_the_story(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_dispute")
    await shop.rows("UPDATE test_charges SET dispute = 'lost' RETURNING ref")
    admin = await shop.admin()
    await shop.client.post(f"/payments/{order['payment']['id']}/refresh", headers=admin.headers)

    whats = [moment["what"] for moment in await told(shop, order["payment"]["id"])]

    assert [what for what in whats if what.startswith("dispute")] == ["dispute.open", "dispute.lost"]


async def test_a_gift_card_has_a_story_too(shop: Shop) -> None:
    admin = await shop.admin()
    card = (await shop.client.post("/gift-cards", json={"amount": "50.00"}, headers=admin.headers)).json()
    await shop.order(await shop.item(), gift_card=card["code"])
    (payment,) = (await shop.rows("SELECT id::text FROM payments"))[0]

    assert [moment["what"] for moment in await told(shop, payment)] == [
        "payment.opened",
        "payment.captured",
        "ledger.booked",
    ]


async def test_buyers_do_not_read_it(shop: Shop) -> None:
    order, buyer = await ordered(shop), await shop.buyer()
    analyst, admin = await shop.person(Role.analyst), await shop.admin()
    path = f"/payments/{order['payment']['id']}/history"

    answers = [await shop.client.get(path, headers=headers) for headers in (buyer.headers, {}, analyst.headers)]
    missing = await shop.client.get(f"/payments/{order['id']}/history", headers=admin.headers)

    assert [answer.status_code for answer in answers] == [403, 401, 200]
    assert (missing.status_code, missing.json()["code"]) == (404, "payments.not_found")


async def options(shop: Shop) -> list[dict[str, Any]]:
    answer = await shop.client.get("/payments/options")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_what_is_offered_with_the_test_provider(shop: Shop) -> None:
    card, manual, test = await options(shop)

    assert (card["method"], card["provider"], card["is_test"]) == ("card", "test", True)
    assert (manual["method"], manual["provider"], manual["is_test"]) == ("manual", "manual", False)
    assert "transfer" in manual["instructions"]
    assert (test["method"], test["publishable_key"]) == ("test", None)


@pytest.mark.parametrize(("key", "is_test"), [("sk_test_1", True), ("rk_live_1", False)])
async def test_what_is_offered_with_stripe(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, key: str, *, is_test: bool
) -> None:
    monkeypatch.setenv("MERCAT_TEST_PAYMENTS", "false")
    monkeypatch.setenv("MERCAT_STRIPE_SECRET_KEY", key)
    monkeypatch.setenv("MERCAT_STRIPE_PUBLISHABLE_KEY", "pk_for_browsers")
    read_anew()

    card, manual = await options(shop)

    assert card == {
        "method": "card",
        "provider": "stripe",
        "instructions": "",
        "publishable_key": "pk_for_browsers",
        "is_test": is_test,
    }
    assert (manual["method"], manual["publishable_key"]) == ("manual", None)
    assert key not in str(await options(shop))


async def test_what_is_offered_with_nothing_set_up(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_TEST_PAYMENTS", "false")
    read_anew()

    assert [one["method"] for one in await options(shop)] == ["manual"]
