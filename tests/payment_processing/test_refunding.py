"""Giving money back: by amount, by pieces, all of it; never more than came, and never twice."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import ordered, status
from shopping import Shop


async def refund(shop: Shop, payment_id: str, key: str | None = None, **more: Any) -> httpx2.Response:
    admin = await shop.admin()
    headers = {**admin.headers, "Idempotency-Key": key or uuid4().hex}
    return await shop.client.post("/payments/refund", json={"payment_id": payment_id, **more}, headers=headers)


async def paid_order(shop: Shop, price: str = "10.00", quantity: int = 1, **more: Any) -> dict[str, Any]:
    item = await shop.item(price=price)
    return await ordered(shop, item, quantity=quantity, payment_method_id="test_approve", **more)


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


async def test_all_of_it_ends_an_order_that_has_not_left(shop: Shop, work: Work) -> None:
    item = await shop.item(price="10.00")
    order = await ordered(shop, item, payment_method_id="test_approve")

    answer = await refund(shop, order["payment"]["id"], reason="Changed my mind")

    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["status"], found["amount"], found["reason"]) == ("succeeded", order["total"], "Changed my mind")
    assert (found["payment"]["status"], found["payment"]["refunded"]) == ("refunded", order["total"])
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    assert await shop.level(item) == (10, 0)
    await work()
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(1,)]
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'orders.order_refunded'") == [(1,)]
    await books_balance(shop)


async def test_parts_add_up_to_all_of_it(shop: Shop) -> None:
    order = await paid_order(shop)

    first = (await refund(shop, order["payment"]["id"], amount=eur("3.33"))).json()
    assert first["payment"]["status"] == "partially_refunded"
    assert await status(shop, order["id"]) == ("paid", "partially_refunded")
    second = (await refund(shop, order["payment"]["id"], amount="1.00")).json()
    rest = (await refund(shop, order["payment"]["id"])).json()

    assert [one["amount"]["amount"] for one in (first, second, rest)] == ["3.33", "1.00", "10.57"]
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    await books_balance(shop)


async def test_never_more_than_came(shop: Shop) -> None:
    order = await paid_order(shop)
    payment_id = order["payment"]["id"]

    for amount in (eur("14.91"), eur("1000000.00")):
        refused = await refund(shop, payment_id, amount=amount)
        assert (refused.status_code, refused.json()["code"]) == (409, "payments.refund_exceeds_captured")
    for wrong in (eur("0.00"), eur("-1.00"), eur("0.001"), "NaN", True, [], {}):
        assert (await refund(shop, payment_id, amount=wrong)).status_code == 422
    assert (await refund(shop, payment_id, amount=eur("14.90"))).status_code == 201
    nothing = await refund(shop, payment_id)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "payments.refund_exceeds_captured")
    assert await shop.rows("SELECT count(*) FROM refunds") == [(1,)]
    await books_balance(shop)


async def test_two_that_are_too_much_together_are_one(shop: Shop) -> None:
    order = await paid_order(shop, price="95.10")

    answers = await asyncio.gather(*(refund(shop, order["payment"]["id"], amount=eur("60.00")) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert await shop.rows("SELECT sum(amount_minor)::int FROM test_returns") == [(6000,)]
    await books_balance(shop)


async def test_the_same_key_gives_back_once(shop: Shop) -> None:
    order = await paid_order(shop)
    key = uuid4().hex

    first = await refund(shop, order["payment"]["id"], key=key, amount=eur("1.00"))
    again = await refund(shop, order["payment"]["id"], key=key, amount=eur("1.00"))

    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert (await refund(shop, order["payment"]["id"], key=key, amount=eur("2.00"))).status_code == 422
    assert await shop.rows("SELECT count(*) FROM refunds") == [(1,)]


async def test_units_are_worth_what_was_paid_for_them(shop: Shop) -> None:
    order = await paid_order(shop, price="3.35", quantity=3)
    item_id = order["items"][0]["id"]

    amounts = [
        (await refund(shop, order["payment"]["id"], items=[{"item_id": item_id, "quantity": n}])).json()["amount"]
        for n in (1, 2)
    ]
    assert [amount["amount"] for amount in amounts] == ["3.35", "6.70"]

    more = await refund(shop, order["payment"]["id"], items=[{"item_id": item_id, "quantity": 1}])
    assert (more.status_code, more.json()["code"]) == (409, "orders.too_many_units")
    unknown = await refund(shop, order["payment"]["id"], items=[{"item_id": str(uuid4()), "quantity": 1}])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "orders.item_not_found")
    both = await refund(shop, order["payment"]["id"], amount="1.00", items=[{"item_id": item_id, "quantity": 1}])
    assert both.status_code == 422
    assert (await refund(shop, order["payment"]["id"])).json()["amount"]["amount"] == "4.90"
    await books_balance(shop)


async def test_shops_give_back_their_own_share(shop: Shop) -> None:
    one, other = await shop.item(price="10.00", vendor="north"), await shop.item(price="20.00", vendor="south")
    answer = await shop.order(one, other, payment_method="test", payment_method_id="test_approve")
    order = answer.json()
    line = next(item for item in order["items"] if item["unit_price"]["amount"] == "20.00")

    await refund(shop, order["payment"]["id"], items=[{"item_id": line["id"], "quantity": 1}])

    owed = await shop.rows("""
        SELECT v.slug, -sum(l.amount_minor)::int FROM ledger_postings l JOIN vendors v ON v.id::text = l.party
        WHERE l.account = 'sales' GROUP BY v.slug ORDER BY v.slug""")
    assert owed == [("north", 1000), ("south", 0)]
    await books_balance(shop)


async def test_who_may_give_back(shop: Shop) -> None:
    order = await paid_order(shop)
    body, key = {"payment_id": order["payment"]["id"]}, {"Idempotency-Key": "k"}
    seller, _ = await shop.seller("north")

    assert (await shop.client.post("/payments/refund", json=body, headers=key)).status_code == 401
    for person in (await shop.buyer(), seller):
        answer = await shop.client.post("/payments/refund", json=body, headers={**key, **person.headers})
        assert answer.status_code == 403
    assert await shop.rows("SELECT count(*) FROM refunds") == [(0,)]
    assert (await refund(shop, str(uuid4()))).status_code == 404


async def test_a_paid_order_that_is_called_off_gives_everything_back(shop: Shop, work: Work) -> None:
    order = await paid_order(shop)
    await refund(shop, order["payment"]["id"], amount=eur("4.90"))

    assert (await shop.move(order["id"], "cancelled")).status_code == 200
    await work()

    assert await status(shop, order["id"]) == ("cancelled", "refunded")
    assert await shop.rows("SELECT status, refunded_minor, refunding_minor FROM payments") == [("refunded", 1490, 0)]
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(2,)]
    await books_balance(shop)


@pytest.mark.parametrize("wanted", ["refunded", "partially_refunded"])
async def test_nobody_moves_an_order_there_without_money(shop: Shop, wanted: str) -> None:
    order = await paid_order(shop)

    answer = await shop.move(order["id"], wanted)

    assert (answer.status_code, answer.json()["code"]) == (409, "orders.illegal_transition")


async def test_a_disputed_payment_is_in_the_books(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_dispute")
    held = await shop.rows("SELECT sum(amount_minor)::int FROM ledger_postings WHERE account = 'disputes'")
    assert held == [(int(order["total"]["amount"].replace(".", "")),)]

    await shop.rows("UPDATE test_charges SET dispute = 'lost' RETURNING ref")
    admin = await shop.admin()
    path = f"/payments/{order['payment']['id']}/refresh"
    for _ in range(2):
        assert (await shop.client.post(path, headers=admin.headers)).status_code == 200

    left = dict(await shop.rows("SELECT account, sum(amount_minor)::int FROM ledger_postings GROUP BY account"))
    assert (left["disputes"], left["losses"]) == (0, held[0][0])
    await books_balance(shop)
