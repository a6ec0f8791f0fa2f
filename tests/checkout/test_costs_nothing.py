"""Orders that cost nothing are paid as they are placed: no payment waits for money that nobody owes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mercat.kit.settings_memory import read_anew
from payment_processing.books import books_balance
from pricing.operating import coupon, made
from shopping import Shop

FREE = {"kind": "percent", "percent": "100"}
HOME = {"name": "Home", "areas": [{"country": "GB"}]}
POSTAGE = {"code": "standard", "name": "Standard", "price": "0.00"}
NOTHING = {"amount": "0.00", "currency": "EUR"}


@pytest.fixture(autouse=True)
async def _nothing_to_pay(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("MERCAT_TEST_PAYMENTS", "true")
    read_anew()
    await coupon(shop, "GRATIS", **FREE)
    zone = await made(shop, "/shipping/zones", HOME)
    await made(shop, f"/shipping/zones/{zone['id']}/methods", POSTAGE)
    yield
    read_anew()


@pytest.mark.parametrize("method", [{}, {"payment_method": "test", "payment_method_id": "test_approve"}])
async def test_an_order_that_costs_nothing_is_paid_at_once(shop: Shop, method: dict[str, str]) -> None:
    item = await shop.item()

    answer = await shop.order(item, coupon="GRATIS", expected_total=NOTHING, expected_due=NOTHING, **method)

    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert (order["status"], order["payment_status"], order["payment"]) == ("paid", "paid", None)
    assert (order["total"], order["due"], order["expires_at"]) == (NOTHING, NOTHING, None)
    assert [move["to"] for move in order["history"]] == ["pending", "paid"]
    assert await shop.rows("SELECT id FROM payments") == []
    assert await shop.rows("SELECT id FROM ledger_entries") == []
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'orders.order_paid'") == [(1,)]
    assert await shop.rows("SELECT state FROM stock_reservations") == [("confirmed",)]
    await books_balance(shop)


async def test_a_cart_that_costs_nothing_is_paid_once(shop: Shop) -> None:
    item = await shop.item()
    cart = await shop.guest_cart(item)

    answers = await asyncio.gather(*(shop.check_out(cart, key="same", coupon="GRATIS") for _ in range(8)))
    again = await shop.check_out(cart, key="same", coupon="GRATIS")

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert (again.json()["order"]["status"], again.json()["payment"]) == ("paid", None)
    assert await shop.level(item) == (10, 1)
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'orders.order_paid'") == [(1,)]


async def test_it_goes_on_like_any_other(shop: Shop) -> None:
    item = await shop.item()
    sent, kept = [(await shop.order(item, coupon="GRATIS")).json()["id"] for _ in range(2)]

    moved = [(await shop.move(sent, status)).status_code for status in ("shipped", "delivered")]
    cancelled = await shop.move(kept, "cancelled")

    assert moved == [200, 200]
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert await shop.level(item) == (9, 0)
    await books_balance(shop)
    await shop.stock_is_explained()


async def test_a_gift_card_is_not_touched_by_what_costs_nothing(shop: Shop) -> None:
    card = await made(shop, "/gift-cards", {"amount": "50.00"})

    order = (await shop.order(await shop.item(), coupon="GRATIS", gift_card=card["code"])).json()

    assert (order["status"], order["paid_by_gift_card"]) == ("paid", NOTHING)
    assert await shop.rows("SELECT balance_minor FROM gift_cards") == [(5000,)]


async def test_without_stock_it_is_refused_like_any_other(shop: Shop) -> None:
    answer = await shop.order(await shop.item(stock=0), coupon="GRATIS")

    assert answer.status_code == 409
    assert await shop.rows("SELECT id FROM orders") == []
