"""What nobody pays for is not kept from everybody else: not in any number, and not for long."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import httpx2
import pytest

from mercat import auth
from shopping import Shop

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _ten_units_and_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_UNPAID_UNITS_PER_BUYER", "10")
    monkeypatch.setenv("MERCAT_UNPROVEN_HOLD_HOURS", "24")


def kept(order: httpx2.Response) -> timedelta:
    """Return for how long an order that was just placed is kept."""
    body = order.json()
    return datetime.fromisoformat(body["expires_at"]) - datetime.fromisoformat(body["placed_at"])


async def verified(shop: Shop) -> dict[str, str]:
    buyer = await shop.person()
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING id", buyer.id)
    return buyer.headers


async def test_a_guest_cannot_take_everything_off_sale_without_paying(shop: Shop) -> None:
    item, other = await shop.item(stock=500), await shop.item(stock=500)

    all_of_it = await shop.order(item, quantity=500)
    some = await shop.order(item, quantity=6)
    more = await shop.order(item, quantity=5)
    rest = await shop.order(item, quantity=4)
    another = await shop.order(other, quantity=10)

    assert (all_of_it.status_code, all_of_it.json()["code"]) == (409, "orders.too_many_on_hold")
    assert all_of_it.json()["lines"] == [{"variant_id": item.variant_id, "on_hold": 500, "limit": 10}]
    assert more.json()["lines"] == [{"variant_id": item.variant_id, "on_hold": 11, "limit": 10}]
    assert [answer.status_code for answer in (some, more, rest, another)] == [201, 409, 201, 201]
    assert await shop.level(item) == (500, 10)
    await shop.stock_is_explained()


@pytest.mark.parametrize("again", ["ada+2@example.com", "ADA@example.com"])
async def test_an_address_written_in_another_way_is_no_other_buyer(shop: Shop, again: str) -> None:
    item = await shop.item(stock=500)
    await shop.order(item, quantity=10)

    same = await shop.order(item, email=again)
    somebody_else = await shop.order(item, email="bea@example.com")

    assert (same.status_code, somebody_else.status_code) == (409, 201)


async def test_of_many_orders_at_once_as_many_are_taken_as_the_limit_allows(shop: Shop) -> None:
    item = await shop.item(stock=500)
    buyer = await shop.buyer()

    answers = await asyncio.gather(*(shop.order(item, quantity=3, headers=buyer.headers) for _ in range(12)))

    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 9}
    assert await shop.level(item) == (500, 9)


async def test_what_was_paid_or_called_off_holds_nothing_any_more(shop: Shop) -> None:
    item = await shop.item(stock=500)
    for end in ("paid", "cancelled"):
        placed = await shop.order(item, quantity=10)
        assert (await shop.move(placed.json()["id"], end)).status_code == 200

    assert (await shop.order(item, quantity=10)).status_code == 201


async def test_only_who_has_shown_their_address_may_take_the_time_that_a_transfer_needs(shop: Shop) -> None:
    item = await shop.item(stock=500)
    unknown = await shop.buyer()

    guest, account = await shop.order(item), await shop.order(item, headers=unknown.headers)
    known = await shop.order(item, headers=await verified(shop))
    card = await shop.order(item, payment_method="test")

    assert [kept(order) for order in (guest, account, known)] == [DAY, DAY, 7 * DAY]
    assert kept(card) == timedelta(hours=1)


async def test_choosing_another_way_to_pay_keeps_it_no_longer(shop: Shop) -> None:
    item = await shop.item(stock=500)
    placed = await shop.order(item, payment_method="test")
    headers = {"X-Cart-Token": placed.json()["guest_token"], "Idempotency-Key": "another way"}

    chosen = {"order_id": placed.json()["id"], "provider": "manual"}
    answer = await shop.client.post("/payments/create", json=chosen, headers=headers)

    assert answer.status_code == 201, answer.text
    [(waits,)] = await shop.rows("SELECT expires_at - placed_at FROM orders")
    assert waits == DAY


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        ("Ada+shop@Example.com", "ada@example.com"),
        ("a.d.a+x@googlemail.com", "ada@gmail.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("+only@example.com", "+only@example.com"),
    ],
)
def test_a_mailbox_has_one_name(written: str, mailbox: str) -> None:
    assert auth.mailbox_of(written) == mailbox
