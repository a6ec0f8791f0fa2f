"""The benchmark can be run, and its yardsticks write what the product writes."""

import json
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from benchmarks import __main__ as command
from benchmarks import dataset, importing, ordering, raw_orders
from benchmarks.imported import bring_in

from conftest import cloned
from mercat.tables import metadata
from shopping import Shop

TABLES = (*metadata.tables, "procrastinate_jobs", "procrastinate_events")


async def rows(shop: Shop) -> Counter[str]:
    """Return how many rows each table has."""
    counts = [f"SELECT '{table}', count(*) FROM {table}" for table in TABLES]
    return Counter(dict(await shop.rows(" UNION ALL ".join(counts))))


@pytest.mark.parametrize("paid", [False, True])
async def test_an_order_by_the_driver_has_the_rows_of_one_by_the_product(shop: Shop, *, paid: bool) -> None:
    for vendor in ("alder", "birch", "cedar"):
        await shop.item(vendor=vendor, stock=1_000)
    url = shop.database.settings.database_url
    [basket] = ordering.baskets_in(url)
    buyer = await shop.buyer()
    body = json.loads(ordering.body_of(basket, ordering.PAID_AT_ONCE if paid else {}))
    before = await rows(shop)
    placed = await shop.client.post("/orders", json=body, headers={**buyer.headers, "Idempotency-Key": "one"})
    assert placed.status_code == 201, placed.text
    by_product = await rows(shop)
    shipping = round(float(placed.json()["shipping"]["amount"]) * 100)
    work = raw_orders.Work(url, [basket], [str(buyer.id)], placed.text, 1, 1.0, paid, shipping)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await raw_orders.write(connection, work, basket, str(buyer.id))
    assert dict(await rows(shop) - by_product) == dict(by_product - before)


def test_a_copy_has_the_rows_of_the_import(database_url: str, postgres: str, tmp_path: Path) -> None:
    imported = bring_in(database_url, dataset.write(tmp_path / "catalogue.csv", 20))
    assert imported.report.created == 20
    with cloned(postgres) as target:
        _, copied = importing.copy_seconds(database_url, target, tmp_path)
        with psycopg.connect(database_url) as source, psycopg.connect(target) as copy:
            for table in set(TABLES) - {"cache_generations"}:  # of which a transaction adds what it changes, once
                count = f"SELECT count(*) FROM {table}"
                assert source.execute(count).fetchone() == copy.execute(count).fetchone(), table
    assert copied > 20


def test_each_topic_can_be_measured() -> None:
    assert set(command.TOPICS) == set(command.Topic)
