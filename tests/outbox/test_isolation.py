"""One thing that fails keeps no other from its turn: it is tried again by itself, and an operator sees it."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import text

from catalog.test_visibility import make
from mercat import outbox
from mercat.catalog import jobs as catalog_jobs
from mercat.kit.database import Database
from mercat.orders import jobs as order_jobs
from mercat.orders.fulfillment import deliveries
from mercat.outbox.isolation import apart, in_parts
from mercat.saved_items.jobs import look_at_watched
from orders.streets import Street
from payouts import stories
from saved_items.test_alerts import watch
from shopping import Shop


async def poison(shop: Shop, table: str, key: object, column: str = "id") -> None:
    """Let every change of a row fail."""
    function = (
        "CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$"
    )
    trigger = f"CREATE TRIGGER poison BEFORE UPDATE OR INSERT ON {table} FOR EACH ROW WHEN (NEW.{column} = '{key}')"
    async with shop.database.transaction() as session:
        await session.execute(text(function))
        await session.execute(text(f"{trigger} EXECUTE FUNCTION poisoned()"))


async def cure(shop: Shop, table: str) -> None:
    async with shop.database.transaction() as session:
        await session.execute(text(f"DROP TRIGGER poison ON {table}"))
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"))


async def own_jobs(shop: Shop, task: str) -> list[tuple[object, ...]]:
    return await shop.rows("SELECT args, status::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", task)


async def work(shop: Shop) -> None:
    await outbox.run_worker(outbox.JobContext(shop.database), wait=False, install_signal_handlers=False)


async def test_an_order_that_cannot_expire_lets_the_others_expire(shop: Shop) -> None:
    item = await shop.item(stock=30)
    bad, *good = [(await shop.order(item)).json()["id"] for _ in range(4)]
    await shop.rows("UPDATE orders SET expires_at = now() - interval '1 minute' RETURNING id")
    await shop.rows("UPDATE orders SET expires_at = now() - interval '1 hour' WHERE id = %s RETURNING id", bad)
    await poison(shop, "orders", bad)
    context = outbox.JobContext(shop.database)

    for _ in range(2):
        await order_jobs.expire_due(context)
        await work(shop)

    found = {str(key): status for key, status in await shop.rows("SELECT id, status FROM orders")}
    assert found == {bad: "pending"} | dict.fromkeys(good, "expired")
    assert await shop.level(item) == (30, 1)
    assert await own_jobs(shop, "orders.expire_order") == [({"order_id": bad}, "todo")]
    assert await shop.rows("SELECT message FROM job_failures") != []

    await cure(shop, "orders")
    await work(shop)

    assert await shop.rows("SELECT DISTINCT status FROM orders") == [("expired",)]
    assert await own_jobs(shop, "orders.expire_order") == []
    await shop.stock_is_explained()


async def test_an_order_that_was_paid_meanwhile_is_not_expired_by_its_own_job(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()["id"]
    async with shop.database.transaction() as session:
        await outbox.defer(session, order_jobs.expire_order, order_id=order)
    await shop.move(order, "paid")

    await work(shop)

    assert await shop.rows("SELECT status FROM orders") == [("paid",)]


async def test_a_part_that_cannot_arrive_lets_the_others_arrive(shop: Shop) -> None:
    street = Street(shop)
    await street.open()
    await street.pay()
    assert (await street.send("pots")).status_code == 201
    order = await shop.order(item := await shop.item(stock=5))
    await shop.move(order.json()["id"], "paid")
    await shop.move(order.json()["id"], "shipped")
    for days, table in ((40, "shipments"), (40, "vendor_orders")):
        await shop.rows(f"UPDATE {table} SET shipped_at = now() - interval '{days} days' RETURNING id")
    bad = street.vendor_order("pots")["id"]
    await shop.rows("UPDATE vendor_orders SET shipped_at = now() - interval '99 days' WHERE id = %s RETURNING id", bad)
    await poison(shop, "vendor_orders", bad)

    assert await deliveries.assume_delivered(shop.database) == 1
    assert await deliveries.assume_delivered(shop.database) == 0

    assert [status for _, status in await own_jobs(shop, "orders.deliver_order")] == ["todo"]
    assert await shop.rows("SELECT status FROM orders WHERE id = %s", order.json()["id"]) == [("delivered",)]
    assert item
    await cure(shop, "vendor_orders")
    await work(shop)
    assert await shop.rows("SELECT status FROM vendor_orders WHERE id = %s", bad) == [("delivered",)]


async def test_an_order_that_cannot_clear_lets_the_others_clear(shop: Shop) -> None:
    vendor_id = await stories.a_shop(shop)
    bad = await stories.sold(shop, vendor_id, "100.00", days=30)
    await stories.sold(shop, vendor_id, "50.00", days=20)
    await poison(shop, "vendor_orders", bad, "order_id")

    assert await stories.cleared(shop) == 1
    assert await stories.cleared(shop) == 0

    assert await own_jobs(shop, "payouts.clear_order") == [({"order_id": str(bad)}, "todo")]
    await cure(shop, "vendor_orders")
    await work(shop)
    assert await shop.rows("SELECT count(*) FROM vendor_orders WHERE cleared_at IS NULL") == [(0,)]


async def test_a_vendor_that_cannot_be_paid_lets_the_others_be_paid(shop: Shop) -> None:
    bad, good = sorted([await stories.a_shop(shop), await stories.a_shop(shop, "wool")])
    for vendor_id in (bad, good):
        await stories.sold(shop, vendor_id, "100.00", days=30)
    await stories.cleared(shop)
    await poison(shop, "payouts", bad, "vendor_id")

    run_id = await stories.run(shop)

    assert await shop.rows("SELECT vendor_id FROM payouts") == [(good,)]
    assert await own_jobs(shop, "payouts.pay_vendor") == [({"vendor_id": str(bad), "run_id": str(run_id)}, "todo")]
    await cure(shop, "payouts")
    await work(shop)
    assert {row[0] for row in await shop.rows("SELECT vendor_id FROM payouts WHERE run_id = %s", run_id)} == {bad, good}


async def test_a_draft_that_cannot_be_published_lets_the_others_be(shop: Shop) -> None:
    admin = await shop.admin()
    past = "2020-01-01T00:00:00Z"
    drafts = [await make(shop, admin, name=f"Mug {number}", status="draft", publish_at=past) for number in range(5)]
    await poison(shop, "products", drafts[1]["id"])

    for _ in range(2):
        await catalog_jobs.publish_due(outbox.JobContext(shop.database))

    found = await shop.rows("SELECT name FROM products WHERE status = 'active' ORDER BY name")
    assert found == [("Mug 0",), ("Mug 2",), ("Mug 3",), ("Mug 4",)]
    assert await own_jobs(shop, "catalog.publish_product") == [({"product_id": drafts[1]["id"]}, "todo")]
    await cure(shop, "products")
    await work(shop)
    assert await shop.rows("SELECT count(*) FROM products WHERE status = 'active'") == [(5,)]


async def test_a_card_that_cannot_be_made_lets_the_others_be_made(shop: Shop) -> None:
    items = [await shop.item(name=f"Mug {number}") for number in range(3)]
    (vendor_id,) = {row[0] for row in await shop.rows("SELECT vendor_id FROM products")}
    await shop.rows("DELETE FROM product_projections RETURNING product_id")
    await poison(shop, "product_projections", items[1].product_id, "product_id")

    async with shop.database.transaction() as session:
        await outbox.defer(session, catalog_jobs.refresh_vendor, vendor_id=str(vendor_id))
    await work(shop)

    made = {str(row[0]) for row in await shop.rows("SELECT product_id FROM product_projections")}
    assert made == {items[0].product_id, items[2].product_id}
    assert await own_jobs(shop, "catalog.refresh_vendor") == [({"vendor_id": str(vendor_id)}, "todo")]


async def test_an_alert_that_cannot_come_true_lets_the_others(shop: Shop) -> None:
    people = [await shop.person() for _ in range(3)]
    item = await shop.item(price="20.00")
    for person in people:
        assert (await watch(shop, person, item, "price_drop")).is_success
    bad = (await shop.rows("SELECT id FROM product_alerts WHERE user_id = %s", people[0].id))[0][0]
    admin = await shop.admin()
    await shop.client.patch(f"/products/{item.product_id}", json={"price": "10.00"}, headers=admin.headers)
    await poison(shop, "product_alerts", bad)

    with pytest.raises(ExceptionGroup, match=str(bad)):
        await look_at_watched(outbox.JobContext(shop.database))

    assert await shop.rows("SELECT id FROM product_alerts WHERE told_at IS NULL") == [(bad,)]


async def test_what_fails_alone_is_found_by_halving() -> None:
    things = [UUID(int=number) for number in range(100)]
    done: list[UUID] = []

    async def work(some: Sequence[UUID]) -> None:
        if any(thing.int % 40 == 7 for thing in some):
            raise ValueError(len(some))
        done.extend(some)

    failed = await in_parts(things, work)

    assert {thing.int for thing in failed} == {7, 47, 87}
    assert sorted(done) == [thing for thing in things if thing not in failed]
    assert await in_parts([], work) == {}


@pytest.mark.parametrize("status", ["todo", "doing", "failed", "aborted"])
async def test_what_has_a_job_of_its_own_is_left_out_until_that_is_gone(database: Database, status: str) -> None:
    thing = UUID(int=7)
    async with database.transaction() as session:
        await outbox.defer(session, order_jobs.expire_order, order_id=str(thing))
        await session.execute(text(f"UPDATE procrastinate_jobs SET status = '{status}'"))

    assert (await apart(database, order_jobs.expire_order, "order_id")).ids == {thing}
    assert (await apart(database, deliveries.deliver_order, "order_id")).ids == set()
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM procrastinate_jobs"))
    assert (await apart(database, order_jobs.expire_order, "order_id")).ids == set()
