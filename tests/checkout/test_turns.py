"""A crowd takes turns: whoever has begun to buy can finish, and a turn always ends."""

import asyncio
from collections import Counter

import pytest

from mercat.kit.database import Database, DatabaseSettings
from shopping import Shop


@pytest.fixture
def crowded(database: Database) -> Database:
    """The test's database, with one turn at a time."""
    database.bulkhead = asyncio.Semaphore(1)
    return database


async def test_a_crowd_buys_and_pays_one_after_the_other(shop: Shop, crowded: Database) -> None:
    item = await shop.item(stock=5)

    answers = await asyncio.gather(
        *(shop.order(item, payment_method="test", payment_method_id="test_approve") for _ in range(12))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 5, 409: 7}
    assert {answer.json()["status"] for answer in answers if answer.status_code == 201} == {"paid"}
    assert await shop.level(item) == (5, 5)
    assert not crowded.bulkhead.locked()


async def test_a_refused_request_gives_its_turn_back(shop: Shop, crowded: Database) -> None:
    item = await shop.item(stock=1)

    refused = [
        await shop.order(item, quantity=2),
        await shop.order(item, payment_method="bitcoin"),
        await shop.client.post("/orders", json={}),
        await shop.client.post("/payments/confirm", json={}),
    ]

    assert [answer.status_code for answer in refused] == [409, 422, 400, 422]
    assert not crowded.bulkhead.locked()
    assert (await shop.order(item)).status_code == 201


async def test_what_is_sold_out_is_refused_before_anything_is_written(shop: Shop) -> None:
    item = await shop.item(stock=3)
    numbers = "SELECT last_value, is_called FROM order_numbers"
    before = await shop.rows(numbers)

    answer = await shop.order(item, quantity=4)

    assert (answer.status_code, answer.json()["code"]) == (409, "inventory.insufficient_stock")
    assert answer.json()["lines"] == [{"variant_id": item.variant_id, "requested": 4, "available": 3}]
    assert await shop.rows(numbers) == before


def test_there_are_more_turns_than_connections() -> None:
    connections = Database(DatabaseSettings(database_pool_size=3))

    assert connections.bulkhead._value == 12  # noqa: SLF001 - nothing else says how many there are
