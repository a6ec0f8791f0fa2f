"""Stripe through the whole shop: webhooks in any number and order, lost answers, and money that nobody wanted."""

import asyncio
import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from mercat import payment_processing
from mercat.kit import clock
from mercat.kit.settings_memory import read_anew
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import confirm, create, status
from payment_processing.test_reconciling import EVERYTHING
from payment_processing.test_refunding import refund
from shopping import Item, Shop
from stripe_server import StripeServer

HOOK = "/payments/webhooks/stripe"


pytestmark = pytest.mark.usefixtures("stripe")


async def ordered(shop: Shop, item: Item | None = None, **more: Any) -> dict[str, Any]:
    buyer = await shop.buyer()
    item = item or await shop.item(price="10.00")
    answer = await shop.order(item, headers=buyer.headers, payment_method="card", **more)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


def intent_of(order: dict[str, Any]) -> str:
    """Return the intent that the buyer's browser was told of."""
    secret: str = order["payment"]["client_secret"]
    return secret.partition("_secret")[0]


async def deliver(shop: Shop, stripe: StripeServer, event: dict[str, Any], **signing: Any) -> httpx2.Response:
    body, headers = stripe.signed(event, **signing)
    return await shop.client.post(HOOK, content=body, headers=headers)


async def deliver_all(shop: Shop, stripe: StripeServer) -> None:
    for event in reversed(stripe.events):
        assert (await deliver(shop, stripe, event)).status_code == 204


async def test_a_webhook_pays_once_however_often_it_comes(shop: Shop, stripe: StripeServer, work: Work) -> None:
    order = await ordered(shop)
    assert (order["payment"]["provider"], order["payment"]["status"]) == ("stripe", "requires_action")
    stripe.pay(intent_of(order), "pm_card_visa")

    event = stripe.events[-1]
    answers = await asyncio.gather(*(deliver(shop, stripe, event) for _ in range(10)))
    await deliver_all(shop, stripe)  # the newest first
    await work()

    assert {answer.status_code for answer in answers} == {204}
    assert await status(shop, order["id"]) == ("paid", "paid")
    assert await shop.rows("SELECT count(*) FROM provider_webhooks WHERE event_id = %s", event["id"]) == [(1,)]
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'orders.order_paid'") == [(1,)]
    assert (await confirm(shop, order["payment"]["id"]))["status"] == "captured"
    assert stripe.misuses == []
    await books_balance(shop)


async def test_an_unsigned_old_or_foreign_webhook_is_refused(
    shop: Shop, stripe: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await ordered(shop)
    stripe.pay(intent_of(order), "pm_card_visa")
    event = stripe.events[-1]
    body, headers = stripe.signed(event)

    refused = [
        await shop.client.post(HOOK, content=body),
        await shop.client.post(HOOK, content=body + b" ", headers=headers),
        await deliver(shop, stripe, event, secret="whsec_other"),
        await deliver(shop, stripe, event, at=int(time.time()) - 600),
        await shop.client.post("/payments/webhooks/test", content=body, headers=headers),
        await shop.client.post("/payments/webhooks/nobody", content=body, headers=headers),
    ]
    monkeypatch.setenv("MERCAT_STRIPE_WEBHOOK_SECRET", "")
    read_anew()
    refused.append(await deliver(shop, stripe, event))

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(400, "payments.webhook_refused")] * 7
    assert await shop.rows("SELECT count(*) FROM provider_webhooks") == [(0,)]
    assert await status(shop, order["id"]) == ("pending", "pending")


async def test_3d_secure_that_is_passed_and_that_is_not(shop: Shop, stripe: StripeServer) -> None:
    card = "pm_card_threeDSecure2Required"
    order = await ordered(shop, payment_method_id=card, return_url="http://shop.test/done")
    assert order["payment"]["status"] == "requires_action"
    assert order["payment"]["next_action"]["url"].startswith("http")

    stripe.fail_3ds(intent_of(order))
    failed = await confirm(shop, order["payment"]["id"])
    assert (failed["status"], failed["failure"]["code"]) == ("failed", "payment_intent_authentication_failure")
    again = await confirm(shop, order["payment"]["id"], card)
    assert again["status"] == "requires_action"
    stripe.pass_3ds(intent_of(order))
    assert (await confirm(shop, order["payment"]["id"]))["status"] == "captured"
    await books_balance(shop)


async def test_lost_answers_pay_once(shop: Shop, stripe: StripeServer, work: Work) -> None:
    stripe.lose_next_answer()
    order = await ordered(shop, payment_method_id="pm_card_visa", return_url="http://shop.test/done")
    assert (order["status"], order["payment"]["status"]) == ("pending", "requires_action")

    paid = await confirm(shop, order["payment"]["id"], "pm_card_visa")

    assert paid["status"] == "captured"
    assert len(stripe.books["payment_intent"]) == 1
    assert await status(shop, order["id"]) == ("paid", "paid")
    stripe.lose_next_answer(after=1)
    back = (await refund(shop, order["payment"]["id"], amount="1.00")).json()
    assert back["status"] == "pending"
    await shop.rows("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' RETURNING id")
    await work()
    report = await payment_processing.reconcile(shop.database, since=clock.now() - EVERYTHING, repair=True)
    assert report.differences == []
    assert len(stripe.books["refund"]) == 1
    assert await shop.rows("SELECT status FROM refunds") == [("succeeded",)]
    await books_balance(shop)


async def test_a_webhook_that_is_faster_than_the_answer(shop: Shop, stripe: StripeServer, work: Work) -> None:
    stripe.lose_next_answer()
    order = await ordered(shop)
    assert order["payment"]["client_secret"] is None
    (intent,) = stripe.books["payment_intent"]
    stripe.pay(intent, "pm_card_visa")

    await deliver_all(shop, stripe)
    await work()

    assert await status(shop, order["id"]) == ("paid", "paid")
    assert len(stripe.books["payment_intent"]) == 1
    await books_balance(shop)


async def told_of_money_that_goes_back(shop: Shop) -> int:
    """Return how many messages say so; none says that goods are refunded."""
    kinds = dict(await shop.rows("SELECT kind, count(*)::int FROM mails GROUP BY 1"))
    assert not kinds.keys() & {"order_refunded", "credit_note"}, kinds
    return int(kinds.get("payment_returned", 0))


async def test_money_that_comes_after_a_cancel_goes_back_once(shop: Shop, stripe: StripeServer, work: Work) -> None:
    order = await ordered(shop)
    stripe.pay(intent_of(order), "pm_card_visa")
    buyer = await shop.buyer()
    assert (await shop.client.delete(f"/orders/{order['id']}", headers=buyer.headers)).status_code == 200

    await deliver_all(shop, stripe)
    await work()
    await work()

    assert await status(shop, order["id"]) == ("cancelled", "cancelled")
    assert [one["amount"] for one in stripe.books["refund"].values()] == [1490]
    assert await told_of_money_that_goes_back(shop) == 1
    assert await shop.rows("SELECT status, surplus FROM payments") == [("refunded", True)]
    await books_balance(shop)


async def test_of_two_that_pay_one_order_one_goes_back(shop: Shop, stripe: StripeServer, work: Work) -> None:
    order = await ordered(shop)
    first = intent_of(order)
    by_hand = await create(shop, order["id"], provider="manual")
    second = await create(shop, order["id"], provider="card")
    assert (by_hand.status_code, second.status_code) == (201, 201)
    stripe.pay(first, "pm_card_visa")
    stripe.pay(second.json()["client_secret"].partition("_secret")[0], "pm_card_visa")

    await deliver_all(shop, stripe)
    await work()

    assert await status(shop, order["id"]) == ("paid", "paid")
    assert len(stripe.books["refund"]) == 1
    assert await told_of_money_that_goes_back(shop) == 1
    found = await shop.rows("SELECT status, surplus FROM payments WHERE captured_minor > 0 ORDER BY status")
    assert found == [("captured", False), ("refunded", True)]
    await books_balance(shop)


async def test_a_charge_that_names_a_dearer_order_pays_nothing(shop: Shop, stripe: StripeServer, work: Work) -> None:
    cheap = await ordered(shop, await shop.item(price="1.00"))
    dear = await ordered(shop, await shop.item(price="900.00"))
    forged = stripe.books["payment_intent"][intent_of(cheap)]
    forged["metadata"]["payment_id"] = dear["payment"]["id"]
    await shop.rows("UPDATE payments SET provider_ref = NULL WHERE id = %s RETURNING id", cheap["payment"]["id"])
    stripe.pay(intent_of(cheap), "pm_card_visa")

    await deliver_all(shop, stripe)
    await work()

    assert await status(shop, dear["id"]) == ("pending", "pending")
    assert [one["amount"] for one in stripe.books["refund"].values()] == [590]
    await books_balance(shop)


@pytest.mark.parametrize(("field", "value"), [("amount", 100), ("currency", "usd")])
async def test_another_amount_or_currency_pays_nothing_and_goes_back(
    shop: Shop, stripe: StripeServer, work: Work, field: str, value: Any
) -> None:
    order = await ordered(shop)
    stripe.books["payment_intent"][intent_of(order)][field] = value
    stripe.pay(intent_of(order), "pm_card_visa")

    await deliver_all(shop, stripe)
    await work()

    assert await status(shop, order["id"]) == ("pending", "pending")
    assert await told_of_money_that_goes_back(shop) == 1
    found = await shop.rows("SELECT status, surplus, failure_code FROM payments")
    assert found == [("refunded", True, "amount_mismatch")]
    assert len(stripe.books["refund"]) == 1
    await books_balance(shop)
    again = await create(shop, order["id"], payment_method_id="pm_card_visa", return_url="http://shop.test/done")
    assert again.json()["status"] == "captured", again.text
    await books_balance(shop)


async def test_stripe_away_leaves_the_order_and_says_so(shop: Shop, stripe: StripeServer) -> None:
    stripe.be_away()
    order = await ordered(shop)
    assert (order["status"], order["payment"]["status"]) == ("pending", "requires_action")
    buyer = await shop.buyer()
    body = {"payment_id": order["payment"]["id"], "payment_method_id": "pm_card_visa"}

    answer = await shop.client.post("/payments/confirm", json=body, headers=buyer.headers)

    assert (answer.status_code, answer.json()["code"]) == (503, "payments.provider_unavailable")
    assert answer.headers["retry-after"]
    stripe.come_back()
    assert (await confirm(shop, order["payment"]["id"], "pm_card_visa"))["status"] == "captured"


async def test_a_refund_made_in_stripes_own_pages_is_written_down(shop: Shop, stripe: StripeServer, work: Work) -> None:
    order = await ordered(shop, payment_method_id="pm_card_visa", return_url="http://shop.test/done")
    async with httpx2.AsyncClient(base_url=stripe.url, headers={"Authorization": "Bearer sk_test_double"}) as pages:
        made = await pages.post("/v1/refunds", data={"payment_intent": intent_id(stripe), "amount": "490"})
        assert made.status_code == 200, made.text

    await deliver_all(shop, stripe)
    await work()

    assert await status(shop, order["id"]) == ("paid", "partially_refunded")
    assert await shop.rows("SELECT amount_minor, status FROM refunds") == [(490, "succeeded")]
    await books_balance(shop)


def intent_id(stripe: StripeServer) -> str:
    """Return the one intent that there is."""
    (intent,) = stripe.books["payment_intent"]
    return str(intent)


async def test_a_dispute_is_followed(shop: Shop, stripe: StripeServer, work: Work) -> None:
    await ordered(shop, payment_method_id="pm_card_visa", return_url="http://shop.test/done")
    dispute = stripe.dispute(intent_id(stripe))
    await deliver_all(shop, stripe)
    await work()
    held = await shop.rows("SELECT sum(amount_minor)::int FROM ledger_postings WHERE account = 'disputes'")
    stripe.close_dispute(dispute, won=True)
    await deliver_all(shop, stripe)
    await work()

    assert held == [(1490,)]
    assert await shop.rows("SELECT state FROM payment_disputes") == [("won",)]
    assert await shop.rows("SELECT sum(amount_minor)::int FROM ledger_postings WHERE account = 'disputes'") == [(0,)]


async def test_a_saved_card_pays_again_for_its_owner_alone(shop: Shop, stripe: StripeServer) -> None:
    buyer, other = await shop.buyer(), await shop.person()
    card = stripe.new_method("pm_card_visa")
    kept = await shop.client.post("/payments/methods", json={"payment_method_id": card}, headers=buyer.headers)
    assert kept.status_code == 201, kept.text
    assert (kept.json()["brand"], kept.json()["last4"]) == ("visa", "4242")

    order = await ordered(shop, payment_method_id=kept.json()["id"], return_url="http://shop.test/done")
    assert order["payment"]["status"] == "captured", order["payment"]

    theirs = {"payment_method": "card", "payment_method_id": kept.json()["id"]}
    stolen = await shop.order(await shop.item(), headers=other.headers, **theirs)
    assert (stolen.status_code, stolen.json()["code"]) == (404, "payments.method_not_found")
    path = f"/payments/methods/{kept.json()['id']}"
    assert (await shop.client.delete(path, headers=other.headers)).status_code == 404
    assert (await shop.client.delete(path, headers=buyer.headers)).status_code == 204
    assert (await shop.client.get("/payments/methods", headers=buyer.headers)).json()["items"] == []
    key = {"Idempotency-Key": uuid4().hex}
    gone = await shop.order(await shop.item(), headers={**buyer.headers, **key}, **theirs)
    assert gone.status_code == 404
    assert stripe.misuses == []


async def test_webhooks_are_in_the_story_of_a_payment(shop: Shop, stripe: StripeServer, work: Work) -> None:
    order = await ordered(shop)
    stripe.pay(intent_of(order), "pm_card_visa")
    await deliver_all(shop, stripe)
    await work()
    admin = await shop.admin()

    story = (await shop.client.get(f"/payments/{order['payment']['id']}/history", headers=admin.headers)).json()[
        "items"
    ]

    heard = [moment["detail"] for moment in story if moment["what"] == "webhook.kept"]
    assert "payment_intent.succeeded" in {moment["kind"] for moment in heard}
    assert all(moment["outcome"] for moment in heard)
