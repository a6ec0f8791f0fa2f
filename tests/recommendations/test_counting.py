"""Orders count once, in whatever order their events arrive, and what was cancelled or refunded is taken back."""

import asyncio
from typing import Any
from uuid import UUID

from mercat.recommendations import order_counts
from shopping import Item, Shop

PAIRS = "SELECT product_id::text, other_id::text, orders FROM product_pairs ORDER BY 1, 2"
PRODUCTS = "SELECT product_id::text, orders, weight FROM ordered_products ORDER BY 1"
ALL = str(order_counts.ALL)


async def bought(shop: Shop, *items: Item, **more: Any) -> dict[str, Any]:
    """Buy items and pay for them; what follows from that is still queued."""
    order = (await shop.order(*items, **more)).json()
    answer = await shop.move(order["id"], "paid")
    assert answer.status_code == 200, answer.text
    return dict(order)


async def bought_days_ago(shop: Shop, days: int, *items: Item) -> None:
    """Buy items and let it have been paid long ago; what follows from that is still queued."""
    order = await bought(shop, *items)
    past = "UPDATE orders SET paid_at = paid_at - %s * interval '1 day' WHERE id = %s RETURNING id"
    await shop.rows(past, days, order["id"])


async def count(shop: Shop, *order_ids: str) -> None:
    async with shop.database.transaction() as session:
        await order_counts.count(session, [UUID(one) for one in order_ids])


def both_ways(one: Item, other: Item, orders: int) -> list[tuple[str, str, int]]:
    ids = (one.product_id, other.product_id)
    return sorted([(*ids, orders), (*ids[::-1], orders)])


async def test_a_paid_order_counts_its_products_and_pairs(shop: Shop) -> None:
    mug, bowl, lamp = [await shop.item() for _ in range(3)]
    unpaid = (await shop.order(mug, lamp)).json()
    await bought(shop, mug, bowl)
    await bought(shop, lamp)
    await shop.handle_events()
    await count(shop, unpaid["id"])

    assert await shop.rows(PAIRS) == both_ways(mug, bowl, 1)
    orders = {row[0]: row[1] for row in await shop.rows(PRODUCTS)}
    assert orders == {ALL: 2, mug.product_id: 1, bowl.product_id: 1, lamp.product_id: 1}
    assert len(await shop.rows("SELECT 1 FROM counted_orders")) == 2


async def test_an_order_counts_once_however_often_it_is_told(shop: Shop) -> None:
    mug, bowl = await shop.item(), await shop.item()
    order = await bought(shop, mug, bowl)
    await shop.handle_events()
    once = await shop.rows(PRODUCTS)

    await asyncio.gather(*(count(shop, order["id"]) for _ in range(5)))

    assert await shop.rows(PRODUCTS) == once
    assert await shop.rows(PAIRS) == both_ways(mug, bowl, 1)


async def test_a_cancelled_order_is_taken_back(shop: Shop) -> None:
    mug, bowl = await shop.item(), await shop.item()
    await bought(shop, mug, bowl)
    order = await bought(shop, mug, bowl)
    await shop.handle_events()
    assert await shop.rows(PAIRS) == both_ways(mug, bowl, 2)

    await shop.move(order["id"], "cancelled")
    await shop.handle_events()
    assert await shop.rows(PAIRS) == both_ways(mug, bowl, 1)


async def test_when_nothing_is_left_no_row_is(shop: Shop) -> None:
    order = await bought(shop, await shop.item(), await shop.item())
    await shop.handle_events()
    await shop.move(order["id"], "cancelled")
    await shop.handle_events()

    for table in ("product_pairs", "ordered_products", "counted_orders"):
        assert await shop.rows(f"SELECT 1 FROM {table}") == []
    assert await shop.rows("SELECT 1 FROM trending_products WHERE score > 1e-9") == []


async def test_an_order_that_was_cancelled_before_it_was_counted_does_not_count(shop: Shop) -> None:
    order = await bought(shop, await shop.item(), await shop.item())
    await shop.move(order["id"], "cancelled")
    await shop.handle_events()

    assert await shop.rows(PAIRS) == []


async def test_a_line_that_was_refunded_is_taken_back_and_the_others_stay(shop: Shop) -> None:
    mug, bowl, lamp = [await shop.item() for _ in range(3)]
    order = (await shop.order(mug, bowl, lamp, payment_method="test", payment_method_id="test_approve")).json()
    await shop.handle_events()
    assert len(await shop.rows(PAIRS)) == 6

    lines = {line["product_id"]: line["id"] for line in order["items"]}
    body = {
        "payment_id": order["payment"]["id"],
        "items": [{"item_id": lines[lamp.product_id], "quantity": 1}],
        "reason": "Broken",
    }
    headers = {**(await shop.admin()).headers, "Idempotency-Key": "refund-of-the-lamp"}
    answer = await shop.client.post("/payments/refund", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    await shop.handle_events()

    assert await shop.rows(PAIRS) == both_ways(mug, bowl, 1)


async def test_a_large_order_makes_a_bounded_number_of_pairs(shop: Shop) -> None:
    items = [await shop.item() for _ in range(order_counts.MOST_PRODUCTS + 3)]
    await bought(shop, *items)
    await shop.handle_events()

    assert len(await shop.rows(PAIRS)) == order_counts.MOST_PRODUCTS * (order_counts.MOST_PRODUCTS - 1)


async def test_orders_counted_at_once_wait_for_each_other_and_lose_nothing(shop: Shop) -> None:
    items = [await shop.item(stock=50) for _ in range(4)]
    orders = [await bought(shop, *(items if n % 2 else items[::-1])) for n in range(8)]

    await asyncio.gather(*(count(shop, order["id"]) for order in orders for _ in range(2)))

    assert {row[2] for row in await shop.rows(PAIRS)} == {8}
    assert {row[1] for row in await shop.rows(PRODUCTS)} == {8}
