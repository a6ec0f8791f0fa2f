"""Paying with a gift card: all of an order, a part of it, and what goes back to the card."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from gift_cards.cards import balance, change, issue, money_adds_up
from mercat import orders, outbox
from payment_processing.conftest import Work
from payment_processing.test_paying import confirm, create, status
from payment_processing.test_refunding import refund
from shopping import Person, Shop


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


async def bought(shop: Shop, card: dict[str, Any], method: str = "test", **more: Any) -> dict[str, Any]:
    """Order something for 14.90 with a card."""
    buyer = await shop.buyer()
    item = await shop.item(price="10.00")
    answer = await shop.order(item, headers=buyer.headers, payment_method=method, gift_card=card["code"], **more)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def read(shop: Shop, order_id: str, person: Person | None = None) -> Any:
    person = person or await shop.admin()
    return (await shop.client.get(f"/orders/{order_id}", headers=person.headers)).json()


@pytest.mark.parametrize("method", ["manual", "test"])
async def test_a_card_that_covers_everything_pays_at_once(shop: Shop, method: str) -> None:
    card = await issue(shop, "50.00")

    order = await bought(shop, card, method, payment_method_id="test_approve" if method == "test" else None)

    assert (order["status"], order["payment_status"], order["payment"]) == ("paid", "paid", None)
    assert (order["total"], order["paid_by_gift_card"], order["due"]) == (euros("14.90"), euros("14.90"), euros("0.00"))
    assert order["expires_at"] is None
    assert await balance(shop, card) == "35.10"
    assert await shop.rows("SELECT provider, status FROM payments") == [("gift_card", "captured")]
    assert await shop.rows("SELECT state FROM stock_reservations") == [("confirmed",)]
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'orders.order_paid'") == [(1,)]
    assert await shop.rows("SELECT count(*) FROM test_charges") == [(0,)]
    await money_adds_up(shop)


async def test_a_card_pays_what_it_can_and_the_rest_is_paid_as_chosen(shop: Shop) -> None:
    card = await issue(shop, "5.00")

    order = await bought(shop, card)

    assert (order["status"], order["payment_status"]) == ("pending", "pending")
    assert (order["paid_by_gift_card"], order["due"]) == (euros("5.00"), euros("9.90"))
    assert (order["payment"]["provider"], order["payment"]["amount"]) == ("test", euros("9.90"))
    await money_adds_up(shop)
    await confirm(shop, order["payment"]["id"])
    assert await status(shop, order["id"]) == ("paid", "paid")
    assert (await read(shop, order["id"]))["due"] == euros("0.00")
    await money_adds_up(shop)


async def test_the_rest_by_hand_and_in_the_checkout_of_a_cart(shop: Shop) -> None:
    card = await issue(shop, "5.00")
    cart = await shop.guest_cart(await shop.item(price="10.00"))

    placed = await shop.check_out(cart, gift_card=card["code"], expected_due=euros("9.90"))

    assert placed.status_code == 201, placed.text
    assert placed.json()["payment"]["amount"] == euros("9.90")
    assert (await shop.move(placed.json()["order"]["id"], "paid")).status_code == 200
    await money_adds_up(shop)


async def test_the_rest_may_be_paid_in_another_way(shop: Shop) -> None:
    order = await bought(shop, await issue(shop, "5.00"), "manual")

    other = await create(shop, order["id"], provider="test", payment_method_id="test_approve")

    assert (other.status_code, other.json()["amount"], other.json()["status"]) == (201, euros("9.90"), "captured")
    assert await status(shop, order["id"]) == ("paid", "paid")
    await money_adds_up(shop)


async def test_the_same_key_again_takes_nothing_twice(shop: Shop) -> None:
    card, key = await issue(shop, "50.00"), uuid4().hex
    item, buyer = await shop.item(), await shop.buyer()
    headers = buyer.headers

    answers = [await shop.order(item, headers=headers, key=key, gift_card=card["code"]) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert await balance(shop, card) == "35.10"
    await money_adds_up(shop)


async def test_a_code_is_read_as_people_write_it(shop: Shop) -> None:
    card = await issue(shop, "50.00")
    typed = card["code"].replace("-", " ").lower().replace("0", "o").replace("1", "l")

    assert (await bought(shop, {"code": typed}))["paid_by_gift_card"] == euros("14.90")


async def test_of_sixty_four_checkouts_one_gets_what_covers_one(shop: Shop) -> None:
    card = await issue(shop, "14.90")
    item = await shop.item(stock=100, price="10.00")
    carts = [await shop.guest_cart(item) for _ in range(64)]

    answers = await asyncio.gather(*(shop.check_out(cart, gift_card=card["code"]) for cart in carts))

    codes = sorted((answer.status_code, answer.json().get("code", "")) for answer in answers)
    assert codes[0] == (201, "")
    assert set(codes[1:]) <= {(409, "gift_cards.empty"), (422, "gift_cards.unknown"), (429, "request.too_many")}
    assert await balance(shop, card) == "0.00"
    assert await shop.rows("SELECT status FROM orders") == [("paid",)]
    assert await shop.level(item) == (100, 1)
    await money_adds_up(shop)


async def test_nobody_pays_more_than_they_were_shown(shop: Shop) -> None:
    card = await issue(shop, "20.00")
    item = await shop.item(stock=100, price="10.00")
    carts = [await shop.guest_cart(item) for _ in range(8)]
    shown = {"gift_card": card["code"], "expected_due": euros("0.00")}

    answers = await asyncio.gather(*(shop.check_out(cart, **shown) for cart in carts))

    codes = sorted((answer.status_code, answer.json().get("code", "")) for answer in answers)
    assert codes == [(201, ""), *[(409, "checkout.due_changed")] * 7]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (refused["due"], refused["expected_due"]) == (euros("9.80"), euros("0.00"))
    assert await balance(shop, card) == "5.10"
    assert await shop.level(item) == (100, 1)
    await money_adds_up(shop)


async def test_what_is_due_without_a_card_is_the_total(shop: Shop) -> None:
    item = await shop.item(price="10.00")

    assert (await shop.order(item, expected_due=euros("14.90"))).status_code == 201
    assert (await shop.order(item, expected_due=euros("0.00"))).json()["code"] == "checkout.due_changed"


async def test_a_refused_order_takes_nothing(shop: Shop) -> None:
    card = await issue(shop, "50.00")
    item = await shop.item(stock=0)

    assert (await shop.order(item, gift_card=card["code"])).status_code == 409
    assert await balance(shop, card) == "50.00"
    await money_adds_up(shop)


@pytest.mark.parametrize("way", ["cancelled", "expired"])
async def test_an_order_that_ends_unpaid_gives_its_part_back_once(shop: Shop, way: str, work: Work) -> None:
    card = await issue(shop, "5.00")
    order = await bought(shop, card)
    if way == "expired":
        await shop.rows("UPDATE orders SET expires_at = now() - interval '1 hour' RETURNING id")
        await orders.jobs.expire_due(outbox.JobContext(shop.database, {}))
    else:
        answers = await asyncio.gather(*(shop.move(order["id"], "cancelled") for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    await work()

    assert await status(shop, order["id"]) == (way, "cancelled")
    assert await balance(shop, card) == "5.00"
    await money_adds_up(shop)


async def test_cancelling_a_paid_order_gives_to_each_what_came_from_it(shop: Shop, work: Work) -> None:
    card = await issue(shop, "5.00")
    order = await bought(shop, card, payment_method_id="test_approve")
    assert order["status"] == "paid"

    assert (await shop.move(order["id"], "cancelled")).status_code == 200
    await work()

    assert await status(shop, order["id"]) == ("cancelled", "refunded")
    assert await balance(shop, card) == "5.00"
    assert await shop.rows("SELECT amount_minor FROM test_returns") == [(990,)]
    await money_adds_up(shop)


async def test_refunding_a_gift_card_payment_fills_the_card_up_again(shop: Shop) -> None:
    card = await issue(shop, "50.00")
    order = await bought(shop, card)
    (payment,) = (await shop.rows("SELECT id::text FROM payments"))[0]

    part = await refund(shop, payment, amount="4.00")
    assert (part.status_code, part.json()["status"]) == (201, "succeeded")
    assert await balance(shop, card) == "39.10"
    await money_adds_up(shop)
    answers = await asyncio.gather(*(refund(shop, payment) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    assert await balance(shop, card) == "50.00"
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    await money_adds_up(shop)


async def test_a_part_is_not_refunded_while_the_rest_is_waited_for(shop: Shop) -> None:
    card = await issue(shop, "5.00")
    await bought(shop, card)
    (payment,) = (await shop.rows("SELECT id::text FROM payments WHERE provider = 'gift_card'"))[0]

    refused = await refund(shop, payment)

    assert (refused.status_code, refused.json()["code"]) == (409, "orders.illegal_transition")
    assert await balance(shop, card) == "0.00"


async def test_money_goes_back_to_a_card_that_was_blocked_meanwhile(shop: Shop) -> None:
    card = await issue(shop, "50.00")
    order = await bought(shop, card)
    await change(shop, card, blocked=True)

    assert (await shop.move(order["id"], "cancelled")).status_code == 200

    assert await balance(shop, card) == "50.00"
    await money_adds_up(shop)


async def test_paying_and_giving_back_at_the_same_moment(shop: Shop) -> None:
    card = await issue(shop, "100.00")
    item = await shop.item(stock=100, price="10.00")
    placed = [(await shop.order(item, gift_card=card["code"])).json()["id"] for _ in range(4)]

    answers = await asyncio.gather(
        *(shop.move(order_id, "cancelled") for order_id in placed),
        *(shop.order(item, gift_card=card["code"]) for _ in range(6)),
    )

    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    await money_adds_up(shop)
    await shop.stock_is_explained()


async def test_shops_do_not_see_how_an_order_was_paid(shop: Shop) -> None:
    seller, _ = await shop.seller("north-kiln")
    item = await shop.item(vendor="north-kiln")
    card = await issue(shop, "50.00")
    order = (await shop.order(item, gift_card=card["code"])).json()

    seen = await read(shop, order["id"], seller)

    assert (seen["paid_by_gift_card"], seen["due"]) == (euros("0.00"), euros("0.00"))
