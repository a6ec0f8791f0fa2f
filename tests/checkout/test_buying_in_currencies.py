"""What is ordered in a currency costs what the cart said in it, and nothing else."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from cart.test_cart_in_currencies import add, choose, chosen
from catalog.test_currency_prices import RATES, costs, enable, set_prices, told
from mercat.kit import clock
from pricing.operating import coupon, look, operate, rate, sale
from shopping import Item, Shop

Body = dict[str, Any]
MONEY = ("subtotal", "discount", "shipping", "tax", "included_tax", "total")


def amounts(order: Body) -> dict[str, Any]:
    return {name: order[name] for name in MONEY}


def placed(answer: httpx2.Response) -> Body:
    assert answer.status_code == 201, answer.text
    order: Body = answer.json()["order"]
    return order


def named(amount: str, currency: str) -> Body:
    return {"amount": amount, "currency": currency}


async def new_rate(shop: Shop, code: str, value: str) -> None:
    assert (await operate(shop, "POST", "/currencies/rates", {"rates": {code: value}})).status_code == 200


@pytest.mark.parametrize("code", ["USD", "JPY", "KWD", "CHF"])
async def test_an_order_costs_what_its_cart_said(shop: Shop, code: str) -> None:
    await enable(shop, code)
    await rate(shop, "GB", "0.2")
    await rate(shop, "DE", "0.2")
    items = [await shop.item(price=price, vendor=vendor) for price, vendor in (("19.99", "clay"), ("7.35", "kiln"))]
    await coupon(shop, "WELCOME10", kind="percent", percent="12.5", applies_to="order")
    await sale(shop, kind="fixed", amount="1.37", applies_to="lines")
    cart = await shop.guest_cart(*items, quantity=3)
    await chosen(shop, code, cart)
    assert (await shop.client.put("/cart/coupon", json={"code": "WELCOME10"}, headers=cart)).status_code == 200
    seen = await look(shop, cart)

    order = placed(await shop.check_out(cart, expected_total=seen["total"]))
    assert amounts(order) == amounts(seen)
    assert {money["currency"] for money in amounts(order).values()} == {code}
    for line, item in zip(seen["items"], order["items"], strict=True):
        assert (line["unit_price"], line["discount"]) == (item["unit_price"], item["discount"])
    kept = await shop.rows("SELECT currency, total_minor FROM orders")
    parts = await shop.rows("SELECT sum(total_minor)::bigint FROM vendor_orders")
    assert kept == [(code, parts[0][0])]

    frozen = order["exchange"]
    assert (Decimal(frozen["rate"]), frozen["source"]) == (Decimal(RATES[code]), "operator")
    assert frozen["total"]["currency"] == "EUR"
    assert await look(shop, cart) != seen
    await new_rate(shop, code, str(Decimal(RATES[code]) * 2))
    [kept_rate] = await shop.rows("SELECT exchange_rate, books_currency FROM orders")
    assert kept_rate == (Decimal(RATES[code]), "EUR")


async def test_an_order_without_a_cart_is_in_the_currency_that_is_asked_for(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item, own = await shop.item(price="19.99"), await shop.item(price="10.00")
    assert (await set_prices(shop, own, costs("12.34", "USD"))).status_code == 200
    buyer = await shop.buyer()

    guests = placed(await shop.order(item, own, currency="USD"))
    assert [told(line["unit_price"]) for line in guests["items"]] == ["21.99 USD", "12.34 USD"]
    assert told(guests["total"]) == "39.72 USD"
    theirs = placed(await shop.order(item, currency="JPY", headers=buyer.headers))
    assert told(theirs["total"]) == "4060 JPY"
    for more in ({}, {"currency": "EUR"}, {"currency": None}):
        plain = placed(await shop.order(item, **more))
        assert (told(plain["total"]), plain["exchange"]) == ("24.89 EUR", None)


async def test_a_total_in_another_currency_is_another_total(shop: Shop) -> None:
    await enable(shop, "USD")
    item = await shop.item(price="10.00")
    right, wrong = named("16.38", "USD"), (named("16.38", "EUR"), named("14.90", "EUR"), named("16.37", "USD"), "16.38")
    for expected in wrong:
        refused = await shop.order(item, currency="USD", expected_total=expected)
        assert (refused.status_code, refused.json()["code"]) == (409, "checkout.total_changed")
        refused = await shop.order(item, currency="USD", expected_due=expected)
        assert (refused.status_code, refused.json()["code"]) == (409, "checkout.due_changed")
        assert "16.38 USD" in refused.json()["detail"]
    assert await shop.rows("SELECT count(*) FROM orders") == [(0,)]
    placed(await shop.order(item, currency="USD", expected_total=right, expected_due=right))
    books = await shop.order(item, expected_total=named("14.90", "USD"))
    assert (books.status_code, books.json()["code"]) == (409, "checkout.total_changed")


async def test_a_rate_that_moves_before_the_checkout_is_told_with_both_prices(shop: Shop) -> None:
    await enable(shop, "USD")
    item = await shop.item(price="10.00")
    cart = await shop.guest_cart(item)
    seen = await chosen(shop, "USD", cart)
    await new_rate(shop, "USD", "1.30")

    stale = await shop.check_out(cart, expected_total=seen["total"])
    assert (stale.status_code, stale.json()["code"]) == (409, "checkout.total_changed")
    told_of = await shop.check_out(cart)
    assert (told_of.status_code, told_of.json()["code"]) == (409, "checkout.cart_changed")
    [difference] = told_of.json()["differences"]
    assert difference["code"] == "cart.price_changed"
    assert (told(difference["unit_price_shown"]), told(difference["unit_price"])) == ("10.99 USD", "12.99 USD")
    agreed = placed(await shop.check_out(cart))
    assert told(agreed["items"][0]["unit_price"]) == "12.99 USD"


async def test_a_rate_that_moves_leaves_orders_and_prices_that_are_set_alone(shop: Shop) -> None:
    await enable(shop, "USD")
    item = await shop.item(price="10.00")
    assert (await set_prices(shop, item, costs("12.34", "USD"))).status_code == 200
    cart = await shop.guest_cart(item)
    await chosen(shop, "USD", cart)
    before = await shop.order(item, currency="USD")
    await new_rate(shop, "USD", "1.90")

    order = placed(await shop.check_out(cart))  # the unit costs the same; only the fee is another
    assert told(order["items"][0]["unit_price"]) == "12.34 USD"
    assert (told(placed(before)["total"]), told(order["total"])) == ("17.73 USD", "21.65 USD")
    token = {"X-Cart-Token": before.json()["guest_token"]}
    again = await shop.client.get(f"/orders/{placed(before)['id']}", headers=token)
    assert told(again.json()["total"]) == "17.73 USD"


async def test_a_cart_that_changes_its_currency_during_a_checkout_is_ordered_in_one(
    shop: Shop, size: Callable[[int, int], int]
) -> None:
    await enable(shop, "USD", "JPY")
    item = await shop.item(price="10.00", stock=1000)
    seen = {"USD": "16.38 USD", "JPY": "2430 JPY"}
    for n in range(size(6, 60)):
        cart = await shop.guest_cart(item)
        before = await chosen(shop, "USD", cart)
        assert told(before["total"]) == seen["USD"]
        more = {"expected_total": before["total"]} if n % 2 else {}
        ordered, switched = await asyncio.gather(shop.check_out(cart, **more), choose(shop, "JPY", cart))
        if ordered.status_code == 201:
            order = placed(ordered)
            assert {money["currency"] for money in amounts(order).values()} == {order["currency"]}
            assert told(order["total"]) == seen[order["currency"]]
            assert not more or order["currency"] == "USD"
        else:
            assert (ordered.status_code, ordered.json()["code"]) == (409, "checkout.total_changed")
            assert more
            assert switched.status_code == 200


async def test_what_is_not_shown_is_not_sold(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await enable(shop, "USD")
    item = await shop.item(price="10.00")
    for currency, code in (("GBP", "exchange.unknown_currency"), ("XXX", "request.invalid"), (5, "request.invalid")):
        refused = await shop.order(item, currency=currency)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    key = uuid4().hex
    monkeypatch.setenv("MERCAT_RATES_URL", "http://127.0.0.1:1/rates.xml")
    await shop.rows(
        "INSERT INTO exchange_rates (id, base, currency, rate, dated, source, fetched_at) "
        "VALUES (gen_random_uuid(), 'EUR', 'USD', 1.1, %s, 'ecb', now()) RETURNING id",
        clock.now().date(),
    )
    with clock.standing_at(clock.now() + timedelta(days=11)):
        stopped = await shop.order(item, currency="USD", key=key)
        assert (stopped.status_code, stopped.json()["code"]) == (503, "exchange.conversion_stopped")
        assert told(placed(await shop.order(item))["total"]) == "14.90 EUR"
    # a refusal is no answer that would be repeated
    assert told(placed(await shop.order(item, currency="USD", key=key))["total"]) == "16.38 USD"


async def test_the_same_key_with_another_currency_is_another_request(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item, key = await shop.item(price="10.00"), uuid4().hex
    first, same = [await shop.order(item, currency="USD", key=key) for _ in range(2)]
    assert first.json() == same.json()
    other = await shop.order(item, currency="JPY", key=key)
    assert other.status_code == 422, other.text


async def test_what_was_ordered_goes_into_a_cart_of_any_currency_again(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item, buyer = await shop.item(price="10.00"), await shop.buyer()
    order = placed(await shop.order(item, quantity=2, currency="USD", headers=buyer.headers))
    await choose(shop, "JPY", buyer.headers)

    again = await shop.client.post(f"/orders/{order['id']}/reorder", headers=buyer.headers)
    assert again.status_code == 200, again.text
    found = again.json()["cart"]
    assert (told(found["subtotal"]), found["items"][0]["problem"]) == ("3260 JPY", None)


async def test_what_is_on_a_wishlist_goes_into_a_cart_of_any_currency(shop: Shop) -> None:
    await enable(shop, "USD")
    item, buyer = await shop.item(price="10.00"), await shop.buyer()
    await wish(shop, item, buyer.headers)
    other = await shop.item(price="20.00")
    await add(shop, other, buyer.headers, currency="USD")
    lists = (await shop.client.get("/users/me/wishlists/default", headers=buyer.headers)).json()
    path = f"/users/me/wishlists/default/items/{lists['items'][0]['id']}/move-to-cart"
    moved = await shop.client.post(path, headers=buyer.headers)
    assert moved.status_code == 200, moved.text
    assert told(moved.json()["subtotal"]) == "32.98 USD"


async def wish(shop: Shop, item: Item, headers: dict[str, str]) -> None:
    body = {"product_id": item.product_id}
    answer = await shop.client.post("/users/me/wishlists/default/items", json=body, headers=headers)
    assert answer.status_code in {200, 201}, answer.text
