"""The last piece is sold once, whoever comes at the same moment."""

import asyncio
import random
from collections import Counter

from shopping import Shop


async def test_sixty_four_buyers_want_the_last_unit(shop: Shop) -> None:
    item = await shop.item(stock=1)

    answers = await asyncio.gather(*(shop.order(item) for _ in range(64)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 63}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"inventory.insufficient_stock"}
    page = (await shop.client.get(f"/products/{item.slug}")).json()
    assert (page["stock_quantity"], page["in_stock"]) == (0, False)
    assert await shop.level(item) == (1, 1)
    assert len(await shop.rows("SELECT id FROM orders")) == 1
    assert len(await shop.rows("SELECT id FROM payments")) == 1
    await shop.stock_is_explained()


async def test_carts_that_want_the_same_things_crosswise_never_deadlock(shop: Shop) -> None:
    first, second = await shop.item(stock=150), await shop.item(stock=150)

    async def round_of_two() -> list[int]:
        answers = await asyncio.gather(shop.order(first, second), shop.order(second, first))
        return [answer.status_code for answer in answers]

    outcomes = Counter(code for codes in await asyncio.gather(*(round_of_two() for _ in range(200))) for code in codes)

    assert outcomes == {201: 150, 409: 250}
    assert await shop.level(first) == await shop.level(second) == (150, 150)
    await shop.stock_is_explained()


async def test_all_or_nothing(shop: Shop) -> None:
    plenty, little = await shop.item(stock=10), await shop.item(stock=1)

    refused = await shop.order(plenty, little, quantity=2)

    assert refused.status_code == 409
    assert refused.json()["lines"] == [{"variant_id": little.variant_id, "requested": 2, "available": 1}]
    assert await shop.level(plenty) == (10, 0)
    assert await shop.rows("SELECT id FROM orders") == []
    assert await shop.rows("SELECT id FROM events") == []


async def test_two_lines_of_one_variant_are_one_of_their_sum(shop: Shop) -> None:
    item = await shop.item(stock=3)

    assert (await shop.order(item, item, quantity=2)).status_code == 409
    assert (await shop.order(item, item, quantity=1)).json()["items"][0]["quantity"] == 2
    assert await shop.level(item) == (3, 2)


async def test_buying_paying_cancelling_and_restocking_at_once_keeps_every_unit(shop: Shop) -> None:
    items = [await shop.item(stock=20) for _ in range(3)]
    admin = await shop.admin()
    chance = random.Random(20260101)

    async def one(number: int) -> None:
        wanted = chance.sample(items, 2)
        placed = await shop.order(*wanted, quantity=chance.randint(1, 3))
        assert placed.status_code in {201, 409}
        if placed.status_code == 201:
            order_id = placed.json()["id"]
            match number % 3:
                case 0:
                    both = await asyncio.gather(shop.move(order_id, "paid"), shop.move(order_id, "cancelled"))
                    assert {answer.status_code for answer in both} <= {200, 409}
                case 1:
                    both = await asyncio.gather(shop.move(order_id, "cancelled"), shop.move(order_id, "cancelled"))
                    assert sorted(answer.status_code for answer in both) == [200, 409]
        else:
            item = chance.choice(items)
            answer = await shop.client.put(
                f"/products/{item.product_id}/variants/{item.variant_id}/stock",
                json={"available": 5},
                headers=admin.headers,
            )
            assert answer.status_code == 200

    await asyncio.gather(*(one(number) for number in range(90)))

    await shop.stock_is_explained()
    broken = await shop.rows("SELECT variant_id FROM stock_levels WHERE reserved > on_hand OR on_hand < 0")
    assert broken == []


async def test_who_comes_too_late_with_a_cart_hears_how_many_are_left(shop: Shop) -> None:
    item = await shop.item(stock=1)
    carts = [await shop.guest_cart(item) for _ in range(16)]

    answers = await asyncio.gather(*(shop.check_out(cart) for cart in carts))

    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert len(refused) == 15
    assert {one["code"] for one in refused} == {"inventory.insufficient_stock"}
    line = {"variant_id": item.variant_id, "requested": 1, "available": 0}
    assert [one["lines"] for one in refused] == [[line]] * 15
