"""Where an order's pieces come from, and that several locations together never sell more than they have."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest

from mercat import auth, inventory
from mercat.inventory import InsufficientStock, LevelCount
from mercat.inventory.locations import LocationCreate, create
from mercat.inventory.models import MAIN_LOCATION
from mercat.kit.ids import new_id
from shopping import Item, Shop

RESERVED = """
SELECT l.code, s.reserved FROM stock_levels s JOIN stock_locations l ON l.id = s.location_id
WHERE s.variant_id = %s AND s.reserved > 0 ORDER BY l.priority
"""


class Places:
    """A shop with locations, and what lies there."""

    def __init__(self, shop: Shop, **priorities: int) -> None:
        self.shop = shop
        self._priorities = priorities
        self.ids: dict[str, UUID] = {"main": MAIN_LOCATION}

    async def open(self, **countries: str) -> None:
        _, vendor_id = await self.shop.seller("north-kiln")
        async with self.shop.database.transaction() as session:
            for code, priority in self._priorities.items():
                new = LocationCreate(code=code, name=code, priority=priority, country=countries.get(code))
                self.ids[code] = (await create(session, auth.Actor.system(), vendor_id, new)).id

    async def item(self, *, backorder_at: str = "", **stock: int) -> Item:
        item = await self.shop.item(stock=0, vendor="north-kiln")
        variant = await self.shop.stocked(item)
        counts = [
            LevelCount(variant, self.ids[code], units, allow_backorder=code == backorder_at)
            for code, units in stock.items()
        ]
        async with self.shop.database.transaction() as session:
            await inventory.count_levels(session, counts, actor="test", note="")
        return item

    async def take(self, *wanted: tuple[Item, int], country: str | None = None) -> UUID | None:
        order = new_id()
        units = {UUID(item.variant_id): quantity for item, quantity in wanted}
        try:
            async with self.shop.database.transaction() as session:
                await inventory.reserve(session, order, units, actor="test", country=country)
        except InsufficientStock:
            return None
        return order

    async def reserved(self, item: Item) -> dict[str, int]:
        return dict(await self.shop.rows(RESERVED, item.variant_id))  # type: ignore[arg-type]  # two columns


@pytest.fixture
async def places(shop: Shop) -> Places:
    made = Places(shop, berlin=10, leipzig=20, wien=30)
    await made.open(berlin="DE", leipzig="DE", wien="AT")
    return made


async def test_one_that_has_all_units_comes_before_the_shops_order(places: Places) -> None:
    item = await places.item(berlin=1, leipzig=3, wien=5)

    await places.take((item, 3))

    assert await places.reserved(item) == {"leipzig": 3}


async def test_of_several_that_have_all_the_shops_order_decides(places: Places) -> None:
    item = await places.item(main=3, berlin=3, leipzig=3, wien=3)

    await places.take((item, 2))
    await places.take((item, 2), country="US")

    assert await places.reserved(item) == {"berlin": 2, "leipzig": 2}


async def test_the_buyers_country_comes_before_the_shops_order(places: Places) -> None:
    item = await places.item(berlin=3, leipzig=3, wien=3)

    await places.take((item, 2), country="AT")
    assert await places.reserved(item) == {"wien": 2}
    await places.take((item, 3), country="AT")

    assert await places.reserved(item) == {"berlin": 3, "wien": 2}


async def test_what_none_has_is_taken_from_several(places: Places) -> None:
    item = await places.item(berlin=2, leipzig=2, wien=2)

    order = await places.take((item, 5))

    assert await places.reserved(item) == {"berlin": 2, "leipzig": 2, "wien": 1}
    ids = [row[0] for row in await places.shop.rows("SELECT id FROM stock_reservations WHERE order_id = %s", order)]
    assert len(ids) == 3
    assert {made.version for made in ids} == {7}
    assert await places.take((item, 2)) is None
    assert await places.take((item, 1)) is not None
    await places.shop.stock_is_explained()


async def test_what_is_missing_is_promised_where_back_orders_are_allowed(places: Places) -> None:
    item = await places.item(berlin=2, leipzig=1, backorder_at="leipzig")

    order = await places.take((item, 7))

    assert await places.reserved(item) == {"berlin": 2, "leipzig": 5}
    assert order is not None
    async with places.shop.database.transaction() as session:
        await inventory.release(session, order, actor="test", units={UUID(item.variant_id): 5})
        assert await inventory.promised(session, order) == {UUID(item.variant_id): 2}
    assert await places.reserved(item) == {"berlin": 2}
    await places.shop.stock_is_explained()


async def test_parts_leave_from_where_they_lie(places: Places) -> None:
    item = await places.item(berlin=0, leipzig=2, backorder_at="berlin")
    order = await places.take((item, 4))
    assert await places.reserved(item) == {"berlin": 2, "leipzig": 2}
    assert order is not None

    async with places.shop.database.transaction() as session:
        await inventory.ship(session, order, actor="test", units={UUID(item.variant_id): 2})

    assert await places.reserved(item) == {"berlin": 2}
    await places.shop.stock_is_explained()


async def test_what_comes_back_goes_where_it_came_from(places: Places) -> None:
    item = await places.item(main=1, wien=5)
    order = await places.take((item, 3))
    assert order is not None
    async with places.shop.database.transaction() as session:
        await inventory.ship(session, order, actor="test")
        await inventory.take_back(session, order, {UUID(item.variant_id): 2}, actor="test")

    levels = await places.shop.rows(
        "SELECT l.code, on_hand FROM stock_levels s JOIN stock_locations l ON l.id = s.location_id"
        " WHERE variant_id = %s ORDER BY code",
        item.variant_id,
    )
    assert levels == [("main", 1), ("wien", 4)]
    await places.shop.stock_is_explained()


async def test_what_comes_back_to_a_closed_shop_can_be_sold(places: Places) -> None:
    item = await places.item(wien=3)
    order = await places.take((item, 3))
    assert order is not None
    async with places.shop.database.transaction() as session:
        await inventory.ship(session, order, actor="test")
    await places.shop.rows("UPDATE stock_levels SET active = false RETURNING 1")

    async with places.shop.database.transaction() as session:
        await inventory.take_back(session, order, {UUID(item.variant_id): 2}, actor="test")

    async with places.shop.database.primary_session() as session:
        found = await inventory.availability(session, [UUID(item.variant_id)])
    assert found[UUID(item.variant_id)].available == 2
    await places.shop.stock_is_explained()


async def test_sixty_four_buyers_and_three_locations(places: Places) -> None:
    item = await places.item(main=7, berlin=5, leipzig=9)

    got = await asyncio.gather(*(places.take((item, 2), country="DE") for _ in range(64)))

    assert Counter(order is not None for order in got) == {True: 10, False: 54}
    assert sum((await places.reserved(item)).values()) == 20
    await places.shop.stock_is_explained()


async def test_crosswise_over_locations_nobody_waits_forever(places: Places) -> None:
    first = await places.item(main=30, berlin=20, wien=25)
    second = await places.item(berlin=25, leipzig=20, main=30)

    async def both() -> list[bool]:
        got = await asyncio.gather(
            places.take((first, 1), (second, 1), country="AT"), places.take((second, 1), (first, 1), country="DE")
        )
        return [order is not None for order in got]

    outcomes = Counter(done for pair in await asyncio.gather(*(both() for _ in range(50))) for done in pair)

    assert outcomes == {True: 75, False: 25}
    await places.shop.stock_is_explained()


async def test_buying_moving_counting_and_cancelling_at_once_keeps_every_unit(places: Places) -> None:
    item = await places.item(main=10, berlin=10, wien=10)
    variant, stocked = UUID(item.variant_id), await places.shop.stocked(item)

    async def one(number: int) -> None:
        order = await places.take((item, 1 + number % 4), country="AT")
        try:
            async with places.shop.database.transaction() as session:
                match number % 4:
                    case 0 if order:
                        await inventory.release(session, order, actor="test")
                    case 1 if order:
                        await inventory.ship(session, order, actor="test", units={variant: 1})
                    case 2:
                        units = {variant: 3}
                        await inventory.transfer(
                            session, MAIN_LOCATION, places.ids["leipzig"], units, actor="t", note=""
                        )
                    case _:
                        count = LevelCount(stocked, places.ids["berlin"], available=4)
                        await inventory.count_levels(session, [count], actor="test", note="")
        except inventory.NotThere:
            return

    await asyncio.gather(*(one(number) for number in range(40)))

    await places.shop.stock_is_explained()
