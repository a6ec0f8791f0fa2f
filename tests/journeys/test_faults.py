"""Processes die and servers go away at the worst moment: nothing is lost, nothing is doubled."""

import random
import signal
import threading
from collections import Counter
from pathlib import Path
from uuid import uuid4

import httpx2
import psycopg
import pytest

from journeys.conftest import Letterbox, Product, until
from mercat.embedded import Postgres
from mercat.kit import migrations
from shopping import ADDRESS, Shop

pytestmark = pytest.mark.long

SEED = 20_261_121


def rows(product: Product, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(product.environment["MERCAT_DATABASE_URL"], autocommit=True) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[arg-type]  # a test's own SQL


def order(client: httpx2.Client, variant_id: str, key: str) -> httpx2.Response:
    body = {
        "items": [{"variant_id": variant_id, "quantity": 1}],
        "email": f"{key}@example.com",
        "shipping_address": ADDRESS,
    }
    return client.post("/orders", json=body, headers={"Idempotency-Key": key})


async def test_mail_leaves_once_for_each_order_though_workers_are_killed(
    product: Product, shop: Shop, letterbox: tuple[Letterbox, str]
) -> None:
    # the same job may be in the hands of every worker that is killed, which is no fault of its own
    product.environment["MERCAT_JOB_MAX_LOST_WORKERS"] = "10"
    item = await shop.item(stock=1000)
    for _ in range(25):
        assert (await shop.order(item)).status_code == 201
    chance = random.Random(SEED)
    print(f"seed {SEED}")

    for _ in range(4):
        worker = product.run("worker")
        sent = len(letterbox[0].letters)
        wanted = min(sent + chance.randint(1, 6), 25)
        until(lambda wanted=wanted: len(letterbox[0].letters) >= wanted, "some mail leaves")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    product.run("worker")
    until(lambda: rows(product, "SELECT count(*) FROM mails WHERE status = 'sent'") == [(25,)], "all mail leaves")

    # a worker that dies between the server's 250 and our note sends again: the same message, by the same Message-ID
    received = {letter["Message-ID"] for letter in letterbox[0].letters}
    assert received == {row[0] for row in rows(product, "SELECT message_id FROM mails")}
    assert len(received) == 25
    assert rows(product, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [(0,)]


async def test_a_server_killed_while_it_takes_orders_takes_each_once(product: Product, shop: Shop) -> None:
    item = await shop.item(stock=1000)
    server = product.serve()
    keys = [uuid4().hex for _ in range(60)]
    answered: Counter[int] = Counter()
    chance = random.Random(SEED)

    def buy(mine: list[str]) -> None:
        with product.client() as client:
            for key in mine:
                for _ in range(200):
                    try:
                        answer = order(client, item.variant_id, key)
                    except httpx2.TransportError:  # the server died under us: ask again, with the same key
                        until(product.answers, "the server is back")
                        continue
                    if answer.status_code == 409 and answer.json()["code"] == "idempotency.in_progress":
                        continue
                    answered[answer.status_code] += 1
                    break

    buyers = [threading.Thread(target=buy, args=(keys[n::6],)) for n in range(6)]
    for buyer in buyers:
        buyer.start()
    for _ in range(3):
        wanted = sum(answered.values()) + chance.randint(3, 10)
        until(lambda wanted=wanted: sum(answered.values()) >= min(wanted, 60), "some orders are taken")
        server.send_signal(signal.SIGKILL)
        server.wait()
        server = product.serve()
    for buyer in buyers:
        buyer.join()

    assert answered == {201: 60}
    assert rows(product, "SELECT count(*), count(DISTINCT email) FROM orders") == [(60, 60)]
    assert rows(product, "SELECT count(*) FROM events WHERE name = 'orders.order_placed'") == [(60,)]
    assert await shop.level(item) == (1000, 60)
    await shop.stock_is_explained()


def test_postgresql_gone_is_a_503_and_service_again_by_itself(product: Product, tmp_path: Path) -> None:
    with Postgres(tmp_path / "engine", settings={"fsync": "off"}) as engine:
        port = engine.port
        migrations.upgrade(engine.url)
        product.environment["MERCAT_DATABASE_URL"] = engine.url
        product.environment["MERCAT_DATABASE_POOL_TIMEOUT"] = "1"
        product.serve()
        with product.client() as client:
            assert client.get("/products").status_code == 200
            engine.stop()
            for path in ("/products", "/vendors", f"/orders/{uuid4()}"):
                away = client.get(path)
                assert (away.status_code, away.headers["content-type"]) == (503, "application/problem+json")
                assert int(away.headers["retry-after"]) >= 1
                assert "Traceback" not in away.text
            assert client.get(f"{product.url}/health/live").status_code == 200
            assert client.get(f"{product.url}/health/ready").status_code == 503
            again = Postgres(tmp_path / "engine", settings={"fsync": "off"}, port=port)
            with again:
                until(lambda: client.get("/products").status_code == 200, "service again")
                assert client.get("/vendors").status_code == 200
                assert client.get(f"{product.url}/health/ready").json()["checks"]["redis"] == "away"


def test_a_worker_outlives_an_outage_and_goes_on_with_what_waits(
    product: Product, letterbox: tuple[Letterbox, str], tmp_path: Path
) -> None:
    with Postgres(tmp_path / "engine", settings={"fsync": "off"}) as engine:
        port = engine.port
        migrations.upgrade(engine.url)
        product.environment["MERCAT_DATABASE_URL"] = engine.url
        worker = product.run("worker")
        until(lambda: rows(product, "SELECT id FROM procrastinate_workers") != [], "the worker works")
        engine.stop()
        until(lambda: "worker_waits_for_database" in product.logs(), "the worker has noticed")
        with Postgres(tmp_path / "engine", settings={"fsync": "off"}, port=port):
            product.serve()
            feed = tmp_path / "feed.csv"
            feed.write_text("Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\nmug,Mug,M,5.00,3\n")
            assert product.run("import", str(feed)).wait() == 0
            with product.client() as client:
                variant = client.get("/products/mug").json()["variants"][0]["id"]
                assert order(client, variant, "after").status_code == 201
            until(lambda: len(letterbox[0].letters) == 1, "the mail leaves")
            assert worker.poll() is None


async def test_an_unpaid_order_expires_and_gives_back_once_though_workers_die(product: Product, shop: Shop) -> None:
    items = [await shop.item(stock=5) for _ in range(4)]
    placed = [(await shop.order(*items)).json()["id"] for _ in range(5)]
    paid = placed[0]
    assert (await shop.move(paid, "paid")).status_code == 200
    async with shop.database.transaction() as session:
        await (await session.connection()).exec_driver_sql(
            "UPDATE orders SET expires_at = now() WHERE status = 'pending'"
        )

    first = product.run("worker")
    until(lambda: rows(product, "SELECT count(*) FROM orders WHERE status = 'expired'") != [(0,)], "the first expires")
    first.send_signal(signal.SIGKILL)
    product.run("worker")
    product.run("worker")
    until(lambda: rows(product, "SELECT count(*) FROM orders WHERE status = 'expired'") == [(4,)], "all of them expire")

    for item in items:
        assert await shop.level(item) == (5, 1)
    await shop.stock_is_explained()
    assert rows(product, "SELECT kind, count(*) FROM stock_movements GROUP BY 1 ORDER BY 1") == [
        ("expired", 16), ("received", 4), ("reserved", 20),
    ]  # fmt: skip
    assert (await shop.move(placed[1], "paid")).json()["code"] == "orders.illegal_transition"
    assert rows(product, "SELECT DISTINCT status FROM payments ORDER BY 1") == [("cancelled",), ("captured",)]
