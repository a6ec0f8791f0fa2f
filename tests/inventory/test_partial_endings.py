"""Promises end in part: what left leaves its row, the rest stays promised, and every number is explained."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest

from mercat import inventory
from mercat.inventory import NotPromised
from mercat.kit.ids import new_id
from shopping import Item, Shop

PROMISES = "SELECT state, quantity FROM stock_reservations ORDER BY state, quantity"
REPEATS = 6


async def promise(shop: Shop, *wanted: tuple[Item, int]) -> UUID:
    order = new_id()
    async with shop.database.transaction() as session:
        quantities = {UUID(item.variant_id): quantity for item, quantity in wanted}
        await inventory.reserve(session, order, quantities, actor="test")
        await inventory.confirm(session, order)
    return order


async def ship(shop: Shop, order: UUID, *units: tuple[Item, int]) -> int:
    async with shop.database.transaction() as session:
        return await inventory.ship(session, order, actor="test", units={UUID(i.variant_id): n for i, n in units})


async def release(shop: Shop, order: UUID, *units: tuple[Item, int], expired: bool = False) -> int:
    async with shop.database.transaction() as session:
        return await inventory.release(
            session, order, actor="test", expired=expired, units={UUID(i.variant_id): n for i, n in units}
        )


async def left(shop: Shop, order: UUID) -> list[int]:
    async with shop.database.primary_session() as session:
        return list((await inventory.promised(session, order)).values())


async def test_shipping_two_of_three_leaves_one_promised(shop: Shop) -> None:
    item = await shop.item(stock=5)
    order = await promise(shop, (item, 3))

    assert await ship(shop, order, (item, 2)) == 1

    assert await shop.level(item) == (3, 1)
    assert await shop.rows(PROMISES) == [("confirmed", 1), ("shipped", 2)]
    assert await left(shop, order) == [1]
    await shop.stock_is_explained()


@pytest.mark.parametrize("expired", [False, True])
async def test_giving_back_some_leaves_the_others_promised(shop: Shop, *, expired: bool) -> None:
    item = await shop.item(stock=5)
    order = await promise(shop, (item, 3))

    assert await release(shop, order, (item, 1), expired=expired) == 1

    assert await shop.level(item) == (5, 2)
    assert await shop.rows(PROMISES) == [("confirmed", 2), ("expired" if expired else "released", 1)]
    await shop.stock_is_explained()


async def test_unit_by_unit_until_nothing_is_promised(shop: Shop) -> None:
    item = await shop.item(stock=3)
    order = await promise(shop, (item, 3))

    assert await ship(shop, order, (item, 1)) == 1
    assert await release(shop, order, (item, 1)) == 1
    assert await ship(shop, order, (item, 1)) == 1
    with pytest.raises(NotPromised):
        await ship(shop, order, (item, 1))

    assert (await shop.level(item), await left(shop, order)) == ((1, 0), [])
    assert await shop.rows(PROMISES) == [("released", 1), ("shipped", 1), ("shipped", 1)]
    await shop.stock_is_explained()


async def test_the_whole_rest_ends_after_a_part(shop: Shop) -> None:
    item = await shop.item(stock=5)
    order = await promise(shop, (item, 4))
    await ship(shop, order, (item, 1))

    async with shop.database.transaction() as session:
        assert await inventory.release(session, order, actor="test") == 1
        assert await inventory.release(session, order, actor="test") == 0

    assert await shop.level(item) == (4, 0)
    assert await shop.rows(PROMISES) == [("released", 3), ("shipped", 1)]
    await shop.stock_is_explained()


async def test_one_variant_of_several_ends(shop: Shop) -> None:
    cup, lamp = await shop.item(stock=5), await shop.item(stock=5)
    order, other = await promise(shop, (cup, 2), (lamp, 3)), await promise(shop, (lamp, 1))

    assert await ship(shop, order, (lamp, 3), (cup, 0)) == 1

    assert (await shop.level(cup), await shop.level(lamp)) == ((5, 2), (2, 1))
    assert (await left(shop, order), await left(shop, other)) == ([2], [1])
    await shop.stock_is_explained()


@pytest.mark.parametrize("too_many", [4, -1])
async def test_more_than_is_promised_ends_nothing_at_all(shop: Shop, too_many: int) -> None:
    cup, lamp = await shop.item(stock=9), await shop.item(stock=9)
    order = await promise(shop, (cup, 3), (lamp, 3))

    with pytest.raises(NotPromised) as refused:
        await ship(shop, order, (lamp, 1), (cup, too_many))

    line = {"variant_id": cup.variant_id, "requested": too_many, "promised": 3}
    assert refused.value.extras["lines"] == [line]
    assert (await shop.level(cup), await shop.level(lamp)) == ((9, 3), (9, 3))
    assert await left(shop, order) == [3, 3]


async def test_nothing_of_nothing_and_of_strangers(shop: Shop) -> None:
    item, stranger = await shop.item(stock=5), await shop.item(stock=5)
    order = await promise(shop, (item, 2))

    assert await release(shop, order) == 0
    with pytest.raises(NotPromised):
        await release(shop, order, (stranger, 1))
    with pytest.raises(NotPromised):
        await release(shop, new_id(), (item, 1))

    assert (await shop.level(item), await shop.level(stranger)) == ((5, 2), (5, 0))


async def test_parts_that_end_at_the_same_moment_never_exceed_the_promise(shop: Shop) -> None:
    item = await shop.item(stock=20)
    order = await promise(shop, (item, 5))

    async def one(number: int) -> str:
        try:
            await (ship if number % 2 else release)(shop, order, (item, 2))
        except NotPromised:
            return "refused"
        return "shipped" if number % 2 else "released"

    ended = Counter(await asyncio.gather(*(one(number) for number in range(REPEATS))))

    assert ended["refused"] == REPEATS - 2
    assert await left(shop, order) == [1]
    assert await shop.level(item) == (20 - 2 * ended["shipped"], 1)
    await shop.stock_is_explained()


async def test_a_part_and_the_whole_at_the_same_moment(shop: Shop) -> None:
    item = await shop.item(stock=40)
    orders = [await promise(shop, (item, 3)) for _ in range(REPEATS)]

    async def part(order: UUID) -> None:
        try:
            await ship(shop, order, (item, 2))
        except NotPromised:
            return

    async def whole(order: UUID) -> None:
        async with shop.database.transaction() as session:
            await inventory.release(session, order, actor="test")

    await asyncio.gather(*(verb(order) for order in orders for verb in (part, whole)))

    states = dict(await shop.rows("SELECT state, sum(quantity)::int FROM stock_reservations GROUP BY 1"))  # type: ignore[arg-type]  # two columns
    assert sum(states.values()) == 3 * REPEATS
    assert set(states) <= {"released", "shipped"}
    assert await shop.level(item) == (40 - states.get("shipped", 0), 0)
    await shop.stock_is_explained()
