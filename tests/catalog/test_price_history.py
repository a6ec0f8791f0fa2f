"""The lowest price of the 30 days before a reduction, shown wherever the reduction is."""

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, outbox
from mercat.catalog import applied_prices, feeds
from mercat.catalog.product_rows import ProductRow, VariantRow
from mercat.kit.database import Database, driver
from mercat.outbox import JobContext
from pricing.operating import operate, sale
from shopping import Person, Shop

Body = dict[str, Any]
DAY = timedelta(days=1)


async def make(shop: Shop, **fields: Any) -> Body:
    body = {"name": "Mug", "price": "100.00", "stock_quantity": 5, **fields}
    answer = await shop.client.post("/products", json=body, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    made: Body = answer.json()
    return made


async def change(shop: Shop, product: Body, **fields: Any) -> Body:
    headers = (await shop.admin()).headers
    answer = await shop.client.patch(f"/products/{product['id']}", json=fields, headers=headers)
    assert answer.status_code == 200, answer.text
    after: Body = answer.json()
    return after


async def later(shop: Shop, days: float) -> None:
    """Let days go by, as far as prices are concerned."""
    async with shop.database.transaction() as session:
        connection = await driver(session)
        await connection.execute("UPDATE applied_prices SET applied_at = applied_at - %s * interval '1 day'", (days,))


async def lowest(shop: Shop, product: Body) -> list[str | None]:
    """Return the lowest price that the product's page, its variant and the list show."""
    page = (await shop.client.get(f"/products/{product['id']}")).json()
    [listed] = [one for one in (await shop.client.get("/products")).json()["items"] if one["id"] == product["id"]]
    [variant] = page["variants"]
    found = [one["lowest_price_30d"] for one in (page, variant, listed)]
    return [one and one["amount"] for one in found]


async def test_a_price_that_is_not_reduced_shows_none(shop: Shop) -> None:
    mug = await make(shop)
    await change(shop, mug, price="80.00")

    assert await lowest(shop, mug) == [None] * 3


async def test_a_reduction_shows_the_lowest_price_of_the_thirty_days_before(shop: Shop) -> None:
    mug = await make(shop)
    await later(shop, 40)

    after = await change(shop, mug, price="80.00", compare_at_price="100.00")

    assert after["lowest_price_30d"] == {"amount": "100.00", "currency": "EUR"}
    assert await lowest(shop, mug) == ["100.00"] * 3


async def test_who_raises_before_lowering_shows_the_true_one(shop: Shop) -> None:
    mug = await make(shop, price="70.00")
    await later(shop, 60)
    await change(shop, mug, price="100.00")
    await later(shop, 29)

    await change(shop, mug, price="75.00", compare_at_price="100.00")

    assert await lowest(shop, mug) == ["70.00"] * 3


async def test_a_price_of_more_than_thirty_days_ago_does_not_count(shop: Shop) -> None:
    mug = await make(shop, price="70.00")
    await later(shop, 60)
    await change(shop, mug, price="100.00")
    await later(shop, 31)

    await change(shop, mug, price="75.00", compare_at_price="100.00")

    assert await lowest(shop, mug) == ["100.00"] * 3


async def test_raising_it_unseen_gains_nothing(shop: Shop) -> None:
    mug = await make(shop, price="70.00")
    await later(shop, 60)
    await change(shop, mug, status="draft")
    await change(shop, mug, price="100.00")
    await later(shop, 10)
    await change(shop, mug, status="active")

    await change(shop, mug, price="75.00", compare_at_price="100.00")

    assert await lowest(shop, mug) == ["70.00"] * 3


async def test_a_former_price_that_was_never_asked_is_shown_beside_the_price_itself(shop: Shop) -> None:
    mug = await make(shop)
    await later(shop, 10)

    await change(shop, mug, compare_at_price="150.00")

    assert await lowest(shop, mug) == ["100.00"] * 3


async def test_what_was_never_sold_before_has_no_former_price(shop: Shop) -> None:
    mug = await make(shop, price="80.00", compare_at_price="100.00")
    assert await lowest(shop, mug) == [None] * 3

    await change(shop, mug, description="<p>New words change no price.</p>")
    assert await lowest(shop, mug) == [None] * 3


async def test_a_second_step_down_is_measured_by_the_first(shop: Shop) -> None:
    mug = await make(shop)
    await later(shop, 40)
    await change(shop, mug, price="90.00", compare_at_price="100.00")
    await later(shop, 5)

    await change(shop, mug, price="80.00")

    assert await lowest(shop, mug) == ["90.00"] * 3


async def test_sales_are_reductions_too_and_count_as_prices_afterwards(shop: Shop) -> None:
    mug = await make(shop)
    await later(shop, 40)
    made = await sale(shop, kind="percent", percent="10", applies_to="lines")
    await work(shop)
    assert await lowest(shop, mug) == ["100.00"] * 3

    assert (await operate(shop, "DELETE", f"/promotions/{made['id']}")).status_code == 204
    await work(shop)
    assert await lowest(shop, mug) == [None] * 3

    await later(shop, 20)
    await change(shop, mug, price="95.00", compare_at_price="100.00")
    assert await lowest(shop, mug) == ["90.00"] * 3


async def work(shop: Shop) -> None:
    await outbox.run_worker(JobContext(shop.database, {}), wait=False, install_signal_handlers=False)


async def history(shop: Shop, product: Body, by: Person, **params: Any) -> Any:
    return await shop.client.get(f"/products/{product['id']}/price-history", params=params, headers=by.headers)


async def test_every_change_is_listed_for_those_who_may_edit_it(shop: Shop) -> None:
    seller, vendor_id = await shop.seller("clay")
    mug = await make(shop, vendor_id=str(vendor_id))
    await change(shop, mug, price="80.00", compare_at_price="100.00")
    await change(shop, mug, name="Cup")

    found = (await history(shop, mug, seller)).json()

    assert found["total"] == 2
    assert [(one["price"]["amount"], one["compare_at_price"]) for one in found["items"]] == [
        ("80.00", {"amount": "100.00", "currency": "EUR"}),
        ("100.00", None),
    ]
    assert {one["variant_id"] for one in found["items"]} == {mug["variants"][0]["id"]}
    assert len((await history(shop, mug, await shop.admin(), size=1, page=2)).json()["items"]) == 1
    upwards = (await history(shop, mug, seller, sort="applied_at")).json()["items"]
    assert upwards == found["items"][::-1]


async def test_others_do_not_see_what_it_cost(shop: Shop) -> None:
    _, vendor_id = await shop.seller("clay")
    mug = await make(shop, vendor_id=str(vendor_id))
    stranger, _ = await shop.seller("wood")

    assert (await history(shop, mug, stranger)).status_code == 404
    assert (await history(shop, {"id": uuid4()}, await shop.admin())).status_code == 404
    assert (await history(shop, mug, await shop.person(auth.Role.buyer))).status_code == 403
    assert (await shop.client.get(f"/products/{mug['id']}/price-history")).status_code == 401
    assert (await history(shop, mug, await shop.admin(), page=0)).status_code == 422


def naive(prices: list[tuple[datetime, int]]) -> int | None:
    """Return the lowest price in force at any moment of the 30 days before the last one, looking at all of them."""
    begin, _ = prices[-1]
    ends = [at for at, _ in prices[1:]]
    spans = zip(prices, ends, strict=False)  # the last price has no end
    in_force = [price for (_, price), end in spans if end > begin - 30 * DAY]
    return min(in_force, default=None)


@pytest.mark.parametrize("seed", range(4))
async def test_any_history_agrees_with_a_look_at_all_of_it(session: AsyncSession, seed: int) -> None:
    chance, now = random.Random(seed), datetime.now(UTC)
    connection = await driver(session)
    await connection.execute("SET LOCAL session_replication_role = replica")  # variants of nothing
    histories: dict[UUID, list[tuple[datetime, int]]] = {}
    for _ in range(150):
        moments = sorted(
            now - DAY * chance.choice([chance.randint(0, 70), 30, 0, chance.random() * 70]) for _ in range(9)
        )
        moments = sorted(set(moments))[: chance.randint(1, 9)]
        histories[uuid4()] = [(at, chance.randint(0, 12)) for at in moments]
    rows = [(variant, at, price) for variant, prices in histories.items() for at, price in prices]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO applied_prices (variant_id, currency, applied_at, price_minor) VALUES (%s, 'EUR', %s, %s)",
            rows,
        )
    variants = [row(variant, prices[-1][1], before=99) for variant, prices in histories.items()]

    await applied_prices.lowest_before(connection, [cast("ProductRow", SimpleNamespace(variants=variants))])

    assert {one.id: one.lowest_minor for one in variants} == {one: naive(prices) for one, prices in histories.items()}


def row(variant_id: UUID, price: int, *, before: int | None) -> VariantRow:
    return VariantRow(variant_id, uuid4(), None, [], "EUR", price, before, None, None, None, None, None, None)


async def test_two_who_write_the_same_price_keep_it_once(shop: Shop, database: Database) -> None:
    mug = await make(shop)
    async with database.transaction() as session:
        connection = await driver(session)
        same = row(UUID(mug["variants"][0]["id"]), 10_000, before=None)
        for _ in range(2):
            await applied_prices.record(connection, [cast("ProductRow", SimpleNamespace(variants=[same]))])

    assert (await history(shop, mug, await shop.admin())).json()["total"] == 1


async def test_an_export_tells_it_for_the_reduced_variant_and_an_import_leaves_it(shop: Shop, tmp_path: Path) -> None:
    mug = await make(shop)
    await make(shop, name="Bowl")
    await later(shop, 10)
    await change(shop, mug, price="90.00")
    await later(shop, 10)
    await change(shop, mug, price="80.00", compare_at_price="100.00")

    file = tmp_path / "out.csv"
    await feeds.export_file(shop.database, file)
    with file.open(encoding="utf-8", newline="") as lines:
        told = {row["Handle"]: row["Lowest Price 30 Days"] for row in csv.DictReader(lines)}
    assert told == {"mug": "90.00", "bowl": ""}
    before = await shop.rows("SELECT id, version, updated_at FROM products ORDER BY id")
    actor = auth.Actor.system()
    report = await feeds.import_file(shop.database, file, vendor_slug="marketplace", actor=actor)
    assert report.errors == []
    assert await shop.rows("SELECT id, version, updated_at FROM products ORDER BY id") == before
