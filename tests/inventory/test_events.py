"""Who waits for stock is told once when it is back, and a shop once when it runs low."""

import asyncio
from uuid import UUID

import pytest

from mercat import inventory
from mercat.inventory import StockCount, config
from mercat.kit.ids import new_id
from shopping import Item, Shop

BACK = "SELECT jsonb_array_elements_text(payload->'variant_ids') FROM events WHERE name = 'inventory.back_in_stock'"
LOW = "SELECT payload->'variant_ids' FROM events WHERE name = 'inventory.stock_low' ORDER BY id"


async def order(shop: Shop, item: Item, quantity: int = 1) -> UUID:
    number = new_id()
    async with shop.database.transaction() as session:
        await inventory.reserve(session, number, {UUID(item.variant_id): quantity}, actor="test")
    return number


async def count(shop: Shop, item: Item, available: int, *, allow_backorder: bool | None = None) -> None:
    async with shop.database.transaction() as session:
        counted = StockCount(await shop.stocked(item), available, allow_backorder)
        await inventory.receive_counts(session, [counted], actor="test", note="count")


async def low_at(shop: Shop, item: Item, units: int) -> None:
    await shop.rows("INSERT INTO stock_thresholds VALUES (%s, %s) RETURNING 1", item.variant_id, units)


async def test_counting_up_from_nothing_is_told_once(shop: Shop) -> None:
    item, other = await shop.item(stock=0), await shop.item(stock=1)

    await count(shop, item, 0)
    assert await shop.rows(BACK) == []
    for available in (3, 5):
        await count(shop, item, available)
        await count(shop, other, available)

    assert await shop.rows(BACK) == [(item.variant_id,)]


async def test_what_is_given_back_is_back_in_stock(shop: Shop) -> None:
    item = await shop.item(stock=2)
    variant, first, second = UUID(item.variant_id), await order(shop, item), await order(shop, item)

    async with shop.database.transaction() as session:
        await inventory.release(session, first, actor="test")
        await inventory.release(session, first, actor="test")
        await inventory.release(session, second, actor="test", units={variant: 1})

    assert await shop.rows(BACK) == [(item.variant_id,)]


async def test_what_was_shipped_is_back_only_when_it_came_back(shop: Shop) -> None:
    item = await shop.item(stock=1)
    number = await order(shop, item)
    async with shop.database.transaction() as session:
        await inventory.ship(session, number, actor="test")
    assert await shop.rows(BACK) == []

    async with shop.database.transaction() as session:
        await inventory.take_back(session, number, {UUID(item.variant_id): 1}, actor="test")

    assert await shop.rows(BACK) == [(item.variant_id,)]
    await shop.stock_is_explained()


async def test_units_for_those_who_waited_already_are_not_back_in_stock(shop: Shop) -> None:
    item = await shop.item(stock=0)
    await count(shop, item, 0, allow_backorder=True)
    number = await order(shop, item, 3)

    await count(shop, item, 0)
    before = await shop.rows(BACK)
    async with shop.database.transaction() as session:
        await inventory.release(session, number, actor="test", units={UUID(item.variant_id): 2})

    assert before == [(item.variant_id,)]  # when back-orders were allowed
    assert await shop.rows(BACK) == [*before, (item.variant_id,)]


async def test_of_many_who_give_back_at_once_one_is_the_first(shop: Shop) -> None:
    item = await shop.item(stock=8)
    orders = [await order(shop, item) for _ in range(8)]

    async def give_back(number: UUID) -> None:
        async with shop.database.transaction() as session:
            await inventory.release(session, number, actor="test")

    await asyncio.gather(*(give_back(number) for number in orders))

    assert await shop.rows(BACK) == [(item.variant_id,)]


async def test_a_new_product_is_not_back(shop: Shop) -> None:
    await shop.item(stock=5)

    assert await shop.rows(BACK) == []


async def test_nothing_is_told_of_what_was_rolled_back(shop: Shop) -> None:
    item = await shop.item(stock=0)

    async def count_and_fail() -> None:
        async with shop.database.transaction() as session:
            counted = StockCount(await shop.stocked(item), 5)
            await inventory.receive_counts(session, [counted], actor="test", note="count")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await count_and_fail()

    assert await shop.rows(BACK) == []


async def test_running_low_is_told_once_per_fall(shop: Shop) -> None:
    item = await shop.item(stock=5, vendor="north-kiln")
    await low_at(shop, item, 3)

    for _ in range(4):
        await order(shop, item)
    assert await shop.rows(LOW) == [([item.variant_id],)]

    await count(shop, item, 3)
    await order(shop, item)
    assert len(await shop.rows(LOW)) == 1
    await count(shop, item, 4)
    await count(shop, item, 2)
    assert len(await shop.rows(LOW)) == 2


async def test_without_a_threshold_nobody_is_told(shop: Shop) -> None:
    item = await shop.item(stock=2)

    await order(shop, item, 2)

    assert await shop.rows(LOW) == []


async def test_the_default_holds_where_the_shop_says_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, own = await shop.item(stock=4), await shop.item(stock=4)
    await low_at(shop, own, 0)
    monkeypatch.setattr("mercat.inventory.changes.settings", lambda: config.StockSettings(low_stock_at=3))

    for item in (plain, own):
        await order(shop, item, 2)

    assert await shop.rows(LOW) == [([plain.variant_id],)]


async def test_the_number_of_a_shop_holds_for_what_it_says_nothing_of(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mercat.inventory.changes.settings", lambda: config.StockSettings(low_stock_at=3))
    _, vendor_id = await shop.seller("north-kiln")
    plain, own = [await shop.item(stock=4, vendor="north-kiln") for _ in range(2)]
    elsewhere = await shop.item(stock=4, vendor="south-mill")
    await low_at(shop, own, 1)
    async with shop.database.transaction() as session:
        await inventory.set_vendor_threshold(session, vendor_id, 2)

    for item in (plain, own, elsewhere):
        await order(shop, item)
    assert await shop.rows(LOW) == [([elsewhere.variant_id],)]
    for item in (plain, own):
        await order(shop, item)
    assert (await shop.rows(LOW))[1:] == [([plain.variant_id],)]

    # counting and giving back go the same way
    await count(shop, plain, 9)
    await count(shop, plain, 2)
    assert (await shop.rows(LOW))[2:] == [([plain.variant_id],)]


async def test_what_one_order_takes_of_a_shop_is_one_event(shop: Shop) -> None:
    cup, lamp = await shop.item(stock=2, vendor="north-kiln"), await shop.item(stock=2, vendor="north-kiln")
    wool = await shop.item(stock=2, vendor="south-mill")
    for item in (cup, lamp, wool):
        await low_at(shop, item, 1)

    async with shop.database.transaction() as session:
        wanted = {UUID(item.variant_id): 1 for item in (cup, lamp, wool)}
        await inventory.reserve(session, new_id(), wanted, actor="test")

    assert sorted(await shop.rows(LOW), key=str) == sorted(
        [([cup.variant_id, lamp.variant_id],), ([wool.variant_id],)], key=str
    )


async def test_of_many_who_buy_at_once_one_takes_it_low(shop: Shop) -> None:
    item = await shop.item(stock=12)
    await low_at(shop, item, 5)

    await asyncio.gather(*(order(shop, item) for _ in range(12)))

    assert await shop.rows(LOW) == [([item.variant_id],)]


async def test_what_is_back_together_is_told_together(shop: Shop) -> None:
    items = [await shop.item(stock=0) for _ in range(3)]
    before = await shop.rows("SELECT count(*) FROM procrastinate_jobs")
    async with shop.database.transaction() as session:
        counted = [StockCount(await shop.stocked(item), 4) for item in items]
        await inventory.receive_counts(session, counted, actor="test", note="feed")

    assert {row[0] for row in await shop.rows(BACK)} == {item.variant_id for item in items}
    assert await shop.rows("SELECT count(*) FROM procrastinate_jobs") == [(before[0][0] + 1,)]
