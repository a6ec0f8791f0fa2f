"""Promising stock, keeping and ending promises: each ends once, whatever is repeated and whoever comes together."""

import asyncio
from collections import Counter
from uuid import UUID

import psycopg
import pytest

from mercat import inventory
from mercat.inventory import InsufficientStock, StockCount
from mercat.kit.ids import new_id
from shopping import Item, Shop


async def reserve(shop: Shop, order: UUID, *items: Item, quantity: int = 1) -> bool:
    """Promise in a transaction of its own, as a request does; False if there is not enough."""
    wanted = {UUID(item.variant_id): quantity for item in items}
    try:
        async with shop.database.transaction() as session:
            await inventory.reserve(session, order, wanted, actor="test")
    except InsufficientStock:
        return False
    return True


async def release(shop: Shop, order: UUID, *, expired: bool = False) -> int:
    async with shop.database.transaction() as session:
        return await inventory.release(session, order, actor="test", expired=expired)


async def ship(shop: Shop, order: UUID) -> int:
    async with shop.database.transaction() as session:
        return await inventory.ship(session, order, actor="test")


async def confirm(shop: Shop, order: UUID) -> None:
    async with shop.database.transaction() as session:
        await inventory.confirm(session, order)


async def states(shop: Shop) -> dict[str, int]:
    return dict(await shop.rows("SELECT state, count(*)::int FROM stock_reservations GROUP BY 1"))  # type: ignore[arg-type]  # two columns


@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize("expired", [False, True])
async def test_giving_back_twice_gives_back_once(shop: Shop, *, confirmed: bool, expired: bool) -> None:
    item, order, other = await shop.item(stock=5), new_id(), new_id()
    await reserve(shop, order, item, quantity=3)
    await reserve(shop, other, item, quantity=1)
    if confirmed:
        await confirm(shop, order)

    assert [await release(shop, order, expired=expired) for _ in range(2)] == [1, 0]
    assert await release(shop, order, expired=not expired) == 0
    assert await ship(shop, order) == 0

    assert await shop.level(item) == (5, 1)
    assert await states(shop) == {"expired" if expired else "released": 1, "held": 1}
    await shop.stock_is_explained()


async def test_shipping_twice_takes_once(shop: Shop) -> None:
    item, order = await shop.item(stock=5), new_id()
    await reserve(shop, order, item, quantity=2)

    for _ in range(2):
        await confirm(shop, order)
    assert [await ship(shop, order) for _ in range(2)] == [1, 0]
    assert await release(shop, order) == 0
    await confirm(shop, order)

    assert await shop.level(item) == (3, 0)
    assert await states(shop) == {"shipped": 1}
    await shop.stock_is_explained()


async def test_an_order_that_promised_nothing_ends_nothing(shop: Shop) -> None:
    item = await shop.item(stock=5)

    assert (await release(shop, new_id()), await ship(shop, new_id())) == (0, 0)
    await confirm(shop, new_id())

    assert await shop.level(item) == (5, 0)
    assert await shop.rows("SELECT count(*) FROM stock_movements") == [(1,)]


async def test_few_units_and_many_hands(shop: Shop) -> None:
    item = await shop.item(stock=7)

    got = await asyncio.gather(*(reserve(shop, new_id(), item, quantity=2) for _ in range(20)))

    assert Counter(got) == {True: 3, False: 17}
    assert await shop.level(item) == (7, 6)
    assert await states(shop) == {"held": 3}
    await shop.stock_is_explained()


async def test_paid_cancelled_and_expired_at_the_same_moment_ends_once(shop: Shop) -> None:
    item = await shop.item(stock=50)
    orders = [new_id() for _ in range(6)]
    for order in orders:
        await reserve(shop, order, item, quantity=3)

    ended = await asyncio.gather(
        *(
            verb
            for order in orders
            for verb in (release(shop, order), release(shop, order, expired=True), ship(shop, order))
        ),
        *(confirm(shop, order) for order in orders),
    )

    assert sum(number for number in ended if number) == len(orders)
    found = await states(shop)
    assert sum(found.values()) == len(orders)
    assert set(found) <= {"released", "expired", "shipped"}
    assert await shop.level(item) == (50 - 3 * found.get("shipped", 0), 0)
    await shop.stock_is_explained()


async def test_all_or_nothing_and_the_shortage_is_named(shop: Shop) -> None:
    plenty, little, none = await shop.item(stock=9), await shop.item(stock=1), await shop.item(stock=0)
    wanted = {UUID(item.variant_id): 2 for item in (plenty, little, none)}

    with pytest.raises(InsufficientStock) as refused:
        async with shop.database.transaction() as session:
            await inventory.reserve(session, new_id(), wanted, actor="test")

    lines = {line["variant_id"]: (line["requested"], line["available"]) for line in refused.value.extras["lines"]}  # type: ignore[attr-defined]  # the problem's own extra
    assert lines == {little.variant_id: (2, 1), none.variant_id: (2, 0)}
    assert [await shop.level(item) for item in (plenty, little, none)] == [(9, 0), (1, 0), (0, 0)]
    assert await states(shop) == {}


async def test_what_has_no_level_cannot_be_promised(shop: Shop) -> None:
    item = await shop.item(stock=3)
    await shop.rows("DELETE FROM stock_levels RETURNING 1")

    assert not await reserve(shop, new_id(), item)
    assert not await reserve(shop, new_id(), Item("", str(new_id()), ""))


async def count(shop: Shop, *counts: StockCount) -> set[UUID]:
    async with shop.database.transaction() as session:
        return set(await inventory.receive_counts(session, counts, actor="test", note="count"))


async def test_counts_change_what_differs_and_nothing_else(shop: Shop) -> None:
    items = [await shop.item(stock=5) for _ in range(4)]
    _same, lower, higher, unknown = (UUID(item.variant_id) for item in items)
    await reserve(shop, new_id(), items[1], quantity=4)
    await shop.rows("DELETE FROM stock_levels WHERE variant_id = %s RETURNING 1", unknown)
    await shop.rows("DELETE FROM stock_movements WHERE variant_id = %s RETURNING 1", unknown)

    said = zip(items, (5, 0, 9, 2), strict=True)
    changed = await count(shop, *[StockCount(await shop.stocked(item), units) for item, units in said])

    assert changed == {lower, higher, unknown}
    assert [await shop.level(item) for item in items] == [(5, 0), (4, 4), (9, 0), (2, 0)]
    kinds = await shop.rows(
        "SELECT variant_id, kind, on_hand_delta FROM stock_movements WHERE note = 'count' ORDER BY id"
    )
    assert sorted(kinds) == sorted([(lower, "adjusted", -1), (higher, "adjusted", 4), (unknown, "received", 2)])
    await shop.stock_is_explained()
    assert await count(shop) == set()


async def test_of_a_variant_counted_twice_the_last_count_holds(shop: Shop) -> None:
    item = await shop.item(stock=5)
    variant = await shop.stocked(item)

    await count(shop, StockCount(variant, 1), StockCount(variant, 8))

    assert await shop.level(item) == (8, 0)
    await shop.stock_is_explained()


async def test_what_a_count_does_not_say_stays(shop: Shop) -> None:
    item = await shop.item(stock=5)
    variant = await shop.stocked(item)

    assert await count(shop, StockCount(variant, None)) == set()
    assert await count(shop, StockCount(variant, None, allow_backorder=True)) == {variant.id}
    assert await count(shop, StockCount(variant, 4)) == {variant.id}

    assert await shop.rows("SELECT on_hand, allow_backorder FROM stock_levels") == [(4, True)]
    await shop.stock_is_explained()


async def test_back_orders_go_below_nothing_and_are_available_to_nobody_else(shop: Shop) -> None:
    item, order = await shop.item(stock=1), new_id()
    variant = UUID(item.variant_id)
    await count(shop, StockCount(await shop.stocked(item), None, allow_backorder=True))

    assert await reserve(shop, order, item, quantity=4)

    async with shop.database.primary_session() as session:
        found = (await inventory.availability(session, [variant]))[variant]
    assert (found.available, found.covers(100)) == (0, True)
    assert await shop.level(item) == (1, 4)
    with pytest.raises(Exception, match="ck_stock_levels_on_hand_not_negative"):
        await ship(shop, order)
    await release(shop, order)
    assert await shop.level(item) == (1, 0)
    await shop.stock_is_explained()


async def test_who_asks_for_nothing_and_for_strangers_gets_nothing(shop: Shop) -> None:
    stranger = new_id()
    async with shop.database.primary_session() as session:
        assert await inventory.availability(session, []) == {}
        assert await inventory.availability(session, [stranger]) == {stranger: inventory.Availability(0)}
        assert await inventory.levels(session, [stranger]) == []
        assert await inventory.movements(session, stranger) == []


IMPOSSIBLE = {
    "UPDATE stock_levels SET reserved = on_hand + 1": "reserved_within_stock",
    "UPDATE stock_levels SET on_hand = -1": "stock_levels",
    "UPDATE stock_levels SET on_hand = -1, reserved = -1, allow_backorder = true": "not_negative",
    "UPDATE stock_levels SET reserved = -1": "reserved_not_negative",
    "UPDATE stock_levels SET on_hand = 2": "reserved_within_stock",
    "UPDATE stock_reservations SET quantity = 0": "quantity_positive",
    "UPDATE stock_reservations SET state = 'lost'": "stock_reservations_state",
    "INSERT INTO stock_movements (variant_id, location_id, kind) SELECT variant_id, location_id, 'stolen' FROM"
    " stock_levels": "stock_movements_kind",
}


async def test_the_database_itself_refuses_what_cannot_be(shop: Shop) -> None:
    item = await shop.item(stock=5)
    await reserve(shop, new_id(), item, quantity=3)

    for statement, constraint in IMPOSSIBLE.items():
        with pytest.raises(psycopg.errors.CheckViolation, match=constraint):
            await shop.rows(statement)
    assert await shop.level(item) == (5, 3)
