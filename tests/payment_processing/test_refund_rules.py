"""What may be refunded, and what becomes of a refund that its provider says something else about later."""

from typing import Any
from uuid import uuid4

import httpx2

from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import ordered, status
from payment_processing.test_refunding import eur, paid_order, refund
from payment_processing.test_stripe import deliver_all, intent_id
from payment_processing.test_stripe import ordered as ordered_with_stripe
from shopping import Shop
from stripe_server import KEY, StripeServer

BACK = "http://shop.test/done"


async def refund_at_stripe(stripe: StripeServer, amount: str) -> None:
    """Let the marketplace's staff refund on Stripe's own pages."""
    async with httpx2.AsyncClient(base_url=stripe.url, headers={"Authorization": f"Bearer {KEY}"}) as pages:
        made = await pages.post("/v1/refunds", data={"payment_intent": intent_id(stripe), "amount": amount})
        assert made.status_code == 200, made.text


async def refresh(shop: Shop, payment_id: str) -> httpx2.Response:
    admin = await shop.admin()
    return await shop.client.post(f"/payments/{payment_id}/refresh", headers=admin.headers)


async def close_dispute(shop: Shop, order: dict[str, Any], state: str) -> None:
    await shop.rows("UPDATE test_charges SET dispute = %s RETURNING ref", state)
    assert (await refresh(shop, order["payment"]["id"])).status_code == 200


async def test_what_the_bank_holds_is_not_refunded_too(shop: Shop, work: Work) -> None:
    order = await ordered(shop, payment_method_id="test_dispute")
    payment_id = order["payment"]["id"]

    for more in ({}, {"amount": eur("1.00")}, {"items": [{"item_id": order["items"][0]["id"], "quantity": 1}]}):
        refused = await refund(shop, payment_id, **more)
        assert (refused.status_code, refused.json()["code"]) == (409, "payments.disputed"), refused.text
    await close_dispute(shop, order, "lost")
    assert (await refund(shop, payment_id)).json()["code"] == "payments.disputed"
    await work()

    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(0,)]
    assert await status(shop, order["id"]) == ("paid", "paid")
    await books_balance(shop)


async def test_what_the_bank_let_go_can_be_refunded(shop: Shop, work: Work) -> None:
    order = await ordered(shop, payment_method_id="test_dispute")
    await close_dispute(shop, order, "won")

    assert (await refund(shop, order["payment"]["id"])).status_code == 201
    await work()

    assert await status(shop, order["id"]) == ("refunded", "refunded")
    await books_balance(shop)


async def test_a_dispute_about_a_part_leaves_the_rest(shop: Shop, work: Work, stripe: StripeServer) -> None:
    order = await ordered_with_stripe(shop, payment_method_id="pm_card_visa", return_url=BACK)
    stripe.dispute(intent_id(stripe), 1000)
    await deliver_all(shop, stripe)
    await work()

    refused = await refund(shop, order["payment"]["id"], amount=eur("4.91"))

    assert (refused.status_code, refused.json()["code"]) == (409, "payments.disputed")
    assert "4.90 EUR" in refused.json()["detail"]
    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]


async def test_an_order_that_is_cancelled_during_a_dispute_is_refunded_when_the_bank_lets_go(
    shop: Shop, work: Work
) -> None:
    order = await ordered(shop, payment_method_id="test_dispute")
    assert (await shop.move(order["id"], "cancelled")).status_code == 200
    await work()
    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]

    await close_dispute(shop, order, "won")
    await work()
    await work()

    assert await shop.rows("SELECT status, amount_minor FROM refunds") == [("succeeded", 1490)]
    assert await status(shop, order["id"]) == ("cancelled", "refunded")
    await books_balance(shop)


async def test_the_test_provider_refuses_to_refund_what_a_bank_took(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_approve")
    await shop.rows("UPDATE test_charges SET dispute = 'open' RETURNING ref")  # and nobody has told us

    answer = await refund(shop, order["payment"]["id"])

    assert (answer.status_code, answer.json()["status"]) == (201, "failed")
    assert "bank" in answer.json()["failure"]
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(0,)]


async def test_another_currency_is_named(shop: Shop) -> None:
    order = await paid_order(shop)

    refused = await refund(shop, order["payment"]["id"], amount={"amount": "1.00", "currency": "USD"})

    assert (refused.status_code, refused.json()["code"]) == (409, "payments.refund_in_other_currency")
    assert "EUR" in refused.json()["detail"]
    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]


async def test_a_refund_that_fails_after_it_succeeded_can_be_given_again(
    shop: Shop, work: Work, stripe: StripeServer
) -> None:
    order = await ordered_with_stripe(shop, payment_method_id="pm_card_visa", return_url=BACK)
    payment_id = order["payment"]["id"]
    first = await refund(shop, payment_id, reason="Broken")
    assert first.json()["status"] == "succeeded"
    await work()
    assert await status(shop, order["id"]) == ("refunded", "refunded")

    [made] = stripe.books["refund"]
    stripe.finish_refund(made, failed=True)
    await deliver_all(shop, stripe)
    await work()

    assert await shop.rows("SELECT status, failure <> '' FROM refunds") == [("failed", True)]
    assert (await status(shop, order["id"]))[1] == "paid"
    kinds = await shop.rows("SELECT kind FROM ledger_entries WHERE kind LIKE 'refund.%%' ORDER BY posted_at, id")
    assert kinds == [("refund.paid",), ("refund.reversed",)]
    admin = await shop.admin()
    told = await shop.rows("SELECT recipient, subject FROM mails WHERE kind = 'refund_failed'")
    assert told == [(admin.email, f"A refund for order {order['number']} has failed")]
    await books_balance(shop)

    again = await refund(shop, payment_id)
    await work()

    assert (again.status_code, again.json()["status"]) == (201, "succeeded"), again.text
    assert (await status(shop, order["id"]))[1] == "refunded"
    assert len(stripe.books["refund"]) == 2
    assert await shop.rows("SELECT count(*) FROM invoices WHERE kind = 'credit_note'") == [(1,)]
    await books_balance(shop)


async def test_a_refund_by_stripes_staff_that_fails_later_is_reversed_too(
    shop: Shop, work: Work, stripe: StripeServer
) -> None:
    order = await ordered_with_stripe(shop, payment_method_id="pm_card_visa", return_url=BACK)
    await refund_at_stripe(stripe, "490")
    await deliver_all(shop, stripe)
    await work()
    assert (await status(shop, order["id"]))[1] == "partially_refunded"

    [made] = stripe.books["refund"]
    stripe.finish_refund(made, failed=True)
    await deliver_all(shop, stripe)
    await work()

    assert await status(shop, order["id"]) == ("paid", "paid")
    assert await shop.rows("SELECT status FROM refunds") == [("failed",)]
    await books_balance(shop)


async def test_a_larger_refund_at_stripe_while_ours_is_on_its_way(shop: Shop, work: Work, stripe: StripeServer) -> None:
    order = await ordered_with_stripe(shop, payment_method_id="pm_card_visa", return_url=BACK)
    payment_id = order["payment"]["id"]
    await work()
    stripe.be_away()
    waiting = await refund(shop, payment_id, amount=eur("10.00"))
    assert waiting.json()["status"] == "pending"
    stripe.come_back()
    await refund_at_stripe(stripe, "600")  # of 14.90: ours does not fit beside it any more

    assert (await refresh(shop, payment_id)).status_code == 200
    await deliver_all(shop, stripe)
    await work()

    found = await shop.rows("SELECT amount_minor, status FROM refunds ORDER BY id")
    assert found == [(1000, "failed"), (600, "succeeded")]
    assert len(stripe.books["refund"]) == 1
    assert (await refund(shop, payment_id)).json()["amount"]["amount"] == "8.90"
    assert (await status(shop, order["id"]))[1] == "refunded"
    await books_balance(shop)


async def test_units_that_cost_nothing_can_be_refunded(shop: Shop, work: Work) -> None:
    buyer = await shop.buyer()
    gift, thing = await shop.item(price="0.00", name="Gift"), await shop.item(price="10.00", name="Thing")
    more = {"payment_method": "test", "payment_method_id": "test_approve", "headers": buyer.headers}
    order = (await shop.order(gift, thing, quantity=2, **more)).json()
    line = next(item for item in order["items"] if item["name"] == "Gift")

    answer = await refund(shop, order["payment"]["id"], items=[{"item_id": line["id"], "quantity": 1}])
    other = await refund(shop, order["payment"]["id"], items=[{"item_id": line["id"], "quantity": 1}])
    more_than_there_are = await refund(shop, order["payment"]["id"], items=[{"item_id": line["id"], "quantity": 1}])
    await work()

    assert [one.status_code for one in (answer, other, more_than_there_are)] == [201, 201, 409], answer.text
    assert (answer.json()["status"], answer.json()["amount"]["amount"]) == ("succeeded", "0.00")
    assert answer.json()["payment"]["status"] == "captured"
    assert await shop.level(gift) == (10, 0)
    assert await shop.level(thing) == (10, 2)
    assert await status(shop, order["id"]) == ("paid", "paid")
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(0,)]
    assert await shop.rows("SELECT count(*) FROM mails WHERE kind IN ('order_refunded', 'credit_note')") == [(0,)]
    await books_balance(shop)


async def test_nothing_is_not_an_amount_to_refund(shop: Shop) -> None:
    order = await paid_order(shop)
    assert (await refund(shop, order["payment"]["id"])).status_code == 201

    again = await refund(shop, order["payment"]["id"])

    assert (again.status_code, again.json()["code"]) == (409, "payments.refund_exceeds_captured")


async def test_one_job_carries_a_refund(shop: Shop, work: Work, stripe: StripeServer) -> None:
    order = await ordered_with_stripe(shop, payment_method_id="pm_card_visa", return_url=BACK)
    await work()

    assert (await refund(shop, order["payment"]["id"], key=uuid4().hex)).json()["status"] == "succeeded"
    asked = stripe.calls["POST /v1/refunds"]
    await work()

    assert asked <= 1
    assert stripe.calls["POST /v1/refunds"] == asked
    assert await shop.rows(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'payment_processing.send_refund'"
    ) == [(0,)]
