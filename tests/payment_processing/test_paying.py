"""Paying by card, with the test provider: what happens to payment, order, stock and books."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from mercat import payments
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from shopping import Item, Person, Shop


async def ordered(shop: Shop, item: Item | None = None, person: Person | None = None, **more: Any) -> dict[str, Any]:
    item = item or await shop.item(price="10.00")
    person = person or await shop.buyer()
    answer = await shop.order(item, headers=person.headers, payment_method="test", **more)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def confirm(shop: Shop, payment_id: str, card: str | None = None, person: Person | None = None) -> Any:
    person = person or await shop.buyer()
    body = {"payment_id": payment_id, "payment_method_id": card}
    answer = await shop.client.post("/payments/confirm", json=body, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def create(shop: Shop, order_id: str, person: Person | None = None, **more: Any) -> Any:
    person = person or await shop.buyer()
    headers = {**person.headers, "Idempotency-Key": more.pop("key", uuid4().hex)}
    return await shop.client.post("/payments/create", json={"order_id": order_id, **more}, headers=headers)


async def status(shop: Shop, order_id: str) -> tuple[str, str]:
    admin = await shop.admin()
    found = (await shop.client.get(f"/orders/{order_id}", headers=admin.headers)).json()
    return found["status"], found["payment_status"]


async def test_a_card_pays_an_order_once(shop: Shop) -> None:
    item = await shop.item(price="10.00")
    order = await ordered(shop, item)
    assert (order["payment"]["provider"], order["payment"]["status"]) == ("test", "requires_action")
    assert order["payment"]["next_action"]["type"] == "confirm"
    assert "test provider" in order["payment"]["next_action"]["instructions"]

    paid = await confirm(shop, order["payment"]["id"])

    assert (paid["status"], paid["captured"]) == ("captured", order["total"])
    assert await confirm(shop, order["payment"]["id"]) == paid
    assert await status(shop, order["id"]) == ("paid", "paid")
    assert await shop.level(item) == (10, 1)
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'orders.order_paid'") == [(1,)]
    kinds = await shop.rows("SELECT kind FROM ledger_entries ORDER BY kind")
    assert kinds == [("order.paid",), ("payment.captured",), ("payment.fee",)]
    await books_balance(shop)


async def test_a_card_in_the_checkout_pays_at_once(shop: Shop) -> None:
    key = uuid4().hex
    item = await shop.item()
    order = await ordered(shop, item, payment_method_id="test_approve", key=key)
    again = await ordered(shop, item, payment_method_id="test_approve", key=key)

    assert (order["status"], order["payment"]["status"]) == ("paid", "captured")
    assert again == order
    assert await shop.rows("SELECT count(*) FROM payments") == [(1,)]
    await books_balance(shop)


async def test_card_is_whoever_takes_cards(shop: Shop) -> None:
    answer = await shop.order(await shop.item(), payment_method="card", payment_method_id="test_approve")

    assert answer.status_code == 201
    assert (answer.json()["payment_method"], answer.json()["payment"]["provider"]) == ("card", "test")
    assert answer.json()["status"] == "paid"


@pytest.mark.parametrize(
    ("card", "code"), [("test_decline", "card_declined"), ("test_insufficient_funds", "insufficient_funds")]
)
async def test_a_declined_card_may_be_followed_by_another(shop: Shop, card: str, code: str) -> None:
    order = await ordered(shop)

    failed = await confirm(shop, order["payment"]["id"], card)

    assert (failed["status"], failed["failure"]["code"]) == ("failed", code)
    assert await status(shop, order["id"]) == ("pending", "pending")
    assert (await confirm(shop, order["payment"]["id"], "test_approve"))["status"] == "captured"
    assert await status(shop, order["id"]) == ("paid", "paid")
    await books_balance(shop)


async def test_a_card_that_asks_for_a_challenge(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_require_action")
    assert (order["payment"]["status"], order["payment"]["next_action"]["type"]) == ("requires_action", "challenge")

    failed = await confirm(shop, order["payment"]["id"], "test_challenge_failed")
    assert (failed["status"], failed["failure"]["code"]) == ("failed", "authentication_failed")
    await confirm(shop, order["payment"]["id"], "test_require_action")
    assert (await confirm(shop, order["payment"]["id"]))["status"] == "captured"


async def test_a_card_that_takes_its_time_is_asked_about(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_processing")
    assert order["payment"]["status"] == "processing"
    await shop.rows("UPDATE payments SET checked_at = now() - interval '1 hour' RETURNING id")

    async with shop.database.transaction() as session:
        assert [str(found) for found in await payments.unheard_of(session, 10)] == [order["payment"]["id"]]
        assert await payments.unheard_of(session, 10) == []
    assert (await confirm(shop, order["payment"]["id"]))["status"] == "captured"


async def test_many_confirmations_at_once_are_one(shop: Shop) -> None:
    order = await ordered(shop)

    answers = await asyncio.gather(*(confirm(shop, order["payment"]["id"]) for _ in range(16)))

    assert {answer["status"] for answer in answers} == {"captured"}
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'orders.order_paid'") == [(1,)]
    await books_balance(shop)


async def test_another_way_of_paying_gives_up_the_first(shop: Shop, work: Work) -> None:
    order = await ordered(shop)
    await confirm(shop, order["payment"]["id"], "test_decline")

    by_hand = await create(shop, order["id"], provider="manual")
    assert (by_hand.status_code, by_hand.json()["provider"]) == (201, "manual")
    assert (await create(shop, order["id"], provider="manual")).json() == by_hand.json()
    await work()

    refused = await shop.client.post(
        "/payments/confirm",
        json={"payment_id": order["payment"]["id"]},
        headers=(await shop.buyer()).headers,
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "payments.not_payable")
    assert await shop.rows("SELECT state FROM test_charges") == [("cancelled",)]
    statuses = await shop.rows("SELECT provider, status FROM payments ORDER BY id")
    assert statuses == [("test", "cancelled"), ("manual", "requires_action")]
    assert (await shop.move(order["id"], "paid")).status_code == 200
    await books_balance(shop)


async def test_nobody_says_by_hand_that_a_card_has_paid(shop: Shop) -> None:
    order = await ordered(shop)

    refused = await shop.move(order["id"], "paid")

    assert (refused.status_code, refused.json()["code"]) == (409, "payments.not_by_hand")
    by_hand = await ordered(shop)
    await create(shop, by_hand["id"], provider="manual")
    confirmed = await shop.client.post(
        "/payments/confirm",
        json={"payment_id": (await shop.rows("SELECT id::text FROM payments WHERE provider = 'manual'"))[0][0]},
        headers=(await shop.buyer()).headers,
    )
    assert (confirmed.status_code, confirmed.json()["code"]) == (409, "payments.by_hand")


async def test_money_that_comes_after_the_order_was_called_off_goes_back_once(shop: Shop, work: Work) -> None:
    item = await shop.item()
    order = await ordered(shop, item, payment_method_id="test_processing")
    buyer = await shop.buyer()
    assert (await shop.client.delete(f"/orders/{order['id']}", headers=buyer.headers)).status_code == 200
    # the bank was faster than we
    await shop.rows("UPDATE test_charges SET state = 'captured', captured_minor = amount_minor RETURNING ref")

    await work()
    await work()

    assert await status(shop, order["id"]) == ("cancelled", "cancelled")
    found = await shop.rows("SELECT status, surplus, captured_minor = refunded_minor FROM payments")
    assert found == [("refunded", True, True)]
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(1,)]
    assert await shop.level(item) == (10, 0)
    await books_balance(shop)


async def test_a_guest_pays_with_the_token_of_the_cart_and_strangers_do_not(shop: Shop) -> None:
    headers = await shop.guest_cart(await shop.item())
    placed = (await shop.check_out(headers, payment_method="test")).json()
    body = {"payment_id": placed["payment"]["id"]}
    stranger = await shop.person()

    for others in ({}, stranger.headers, {"X-Cart-Token": "x" * 43}):
        answer = await shop.client.post("/payments/confirm", json=body, headers=others)
        assert (answer.status_code, answer.json()["code"]) == (404, "payments.not_found")
        key = {"Idempotency-Key": uuid4().hex}
        opened = await shop.client.post(
            "/payments/create", json={"order_id": placed["order"]["id"]}, headers={**others, **key}
        )
        assert opened.status_code == 404
    paid = await shop.client.post("/payments/confirm", json=body, headers=headers)
    assert (paid.status_code, paid.json()["status"]) == (200, "captured")
