"""The last use of a coupon is one use, however many want it at the same moment."""

import asyncio

import pytest

from mercat import pricing
from pricing.operating import coupon
from shopping import Shop

pytestmark = pytest.mark.usefixtures("_fresh_counts")


async def test_of_sixty_four_checkouts_one_gets_the_last_use(shop: Shop) -> None:
    await coupon(shop, usage_limit=1)
    item = await shop.item(stock=100, price="10.00")
    carts = [await shop.guest_cart(item) for _ in range(64)]

    answers = await asyncio.gather(*(shop.check_out(cart, coupon="WELCOME10") for cart in carts))

    codes = sorted((answer.status_code, answer.json().get("code", "")) for answer in answers)
    assert codes[0] == (201, "")
    assert set(codes[1:]) <= {
        (409, "pricing.coupon_used_up"), (422, "pricing.unknown_coupon"), (429, "request.too_many")
    }  # fmt: skip
    assert await shop.rows("SELECT coupon, discount_minor, total_minor FROM orders") == [("WELCOME10", 100, 1390)]
    assert await shop.rows("SELECT used_count, usage_limit FROM promotions") == [(1, 1)]
    assert await shop.level(item) == (100, 1)
    await shop.stock_is_explained()


async def test_one_customer_at_the_same_moment_uses_it_once(shop: Shop) -> None:
    await coupon(shop, once_per_customer=True)
    item, buyer = await shop.item(stock=100), await shop.buyer()

    answers = await asyncio.gather(
        *(shop.order(item, coupon="WELCOME10", headers=buyer.headers) for _ in range(8)),
        *(shop.order(item, coupon="WELCOME10", email="g@example.com") for _ in range(8)),
    )

    codes = sorted((answer.status_code, answer.json().get("code", "")) for answer in answers)
    assert codes == [(201, "")] * 2 + [(409, "pricing.coupon_used_before")] * 14
    assert await shop.rows("SELECT used_count FROM promotions") == [(2,)]


async def test_a_use_is_given_back_once_by_however_many(shop: Shop) -> None:
    await coupon(shop, usage_limit=3)
    item = await shop.item(stock=10)
    orders = [(await shop.order(item, coupon="WELCOME10")).json()["id"] for _ in range(2)]

    async def give_back() -> None:
        async with shop.database.transaction() as session:
            await pricing.give_back(session, orders[0])

    await asyncio.gather(*(give_back() for _ in range(8)))
    cancelled = await asyncio.gather(*(shop.move(orders[1], "cancelled") for _ in range(4)))

    assert sorted(answer.status_code for answer in cancelled) == [200, 409, 409, 409]
    assert await shop.rows("SELECT used_count FROM promotions") == [(0,)]
    assert await shop.rows("SELECT count(*) FROM coupon_uses WHERE returned_at IS NOT NULL") == [(2,)]


async def test_placing_and_cancelling_at_the_same_moment_never_lock_each_other_out(shop: Shop) -> None:
    await coupon(shop, usage_limit=100)
    item = await shop.item(stock=1000)
    placed = [(await shop.order(item, coupon="WELCOME10")).json()["id"] for _ in range(8)]

    answers = await asyncio.gather(
        *(shop.move(order_id, "cancelled") for order_id in placed),
        *(shop.order(item, coupon="WELCOME10") for _ in range(8)),
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [201] * 8
    assert await shop.rows("SELECT used_count FROM promotions") == [(8,)]
    assert await shop.level(item) == (1000, 8)
