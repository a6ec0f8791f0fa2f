"""What people wait for overtakes bulk work, and bulk work never has all hands of a worker."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.auth import Actor
from mercat.catalog.feeds import import_file
from mercat.catalog.vendor_imports import runner
from mercat.inventory.events import BackInStock
from mercat.kit.database import Database
from mercat.outbox.jobs import app
from mercat.outbox.lanes import Lane, current
from shopping import Shop

begun: list[str] = []
released: list[asyncio.Event] = []
PLACES = "SELECT task_name, queue_name, priority FROM procrastinate_jobs ORDER BY id"
BULK, NORMAL, URGENT = ("bulk", -10), ("default", 0), ("default", 10)


@outbox.job("test.note")
async def note(_context: outbox.JobContext, name: str) -> None:
    begun.append(f"{name} {current()}")


@outbox.job("test.note_in_bulk", lane=Lane.bulk)
async def note_in_bulk(context: outbox.JobContext, name: str) -> None:
    begun.append(f"{name} {current()}")
    async with context.database.transaction() as session:
        await outbox.defer(session, note, name=f"caused by {name}")


@outbox.job("test.hold", lane=Lane.bulk)
async def hold(_context: outbox.JobContext, name: str) -> None:
    begun.append(name)
    await released[0].wait()


class LampLit(outbox.DomainEvent):
    name = "test.lanes_lamp_lit"


class AlarmRung(outbox.DomainEvent):
    name = "test.lanes_alarm_rung"
    lane = Lane.urgent


@pytest.fixture(autouse=True)
def _nothing_begun() -> None:
    begun.clear()
    released[:] = [asyncio.Event()]


async def defer(database: Database, task: object, *names: str) -> None:
    async with database.transaction() as session:
        for name in names:
            await outbox.defer(session, task, name=name)  # type: ignore[arg-type]  # a task


async def work(database: Database) -> None:
    await outbox.run_worker(outbox.JobContext(database), wait=False, install_signal_handlers=False)


async def until(seen: Callable[[], Awaitable[object]]) -> None:
    with anyio.fail_after(60):
        while not await seen():  # noqa: ASYNC110 - what is waited for sets no event
            await anyio.sleep(0.02)


async def test_a_lane_holds_for_what_is_deferred_and_published_inside_alone(database: Database) -> None:
    async with database.transaction() as session:
        await outbox.defer(session, note, name="before")
        with outbox.lane(Lane.bulk):
            await outbox.defer(session, note, name="inside")
            await outbox.publish(session, LampLit())
            await outbox.publish(session, AlarmRung())
            with outbox.lane(Lane.urgent):
                await outbox.defer(session, note, name="inside")
                await outbox.defer(session, note_in_bulk, name="inside")
        await outbox.publish(session, LampLit())

    assert [row[1:] for row in await database.primary.rows(PLACES)] == [
        NORMAL, BULK, BULK, URGENT, URGENT, BULK, NORMAL,
    ]  # fmt: skip


async def test_what_bulk_work_causes_is_bulk_too(database: Database) -> None:
    await defer(database, note_in_bulk, "import")
    await work(database)

    assert begun == ["import bulk", "caused by import bulk"]


async def test_people_overtake_bulk_work(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_WORKER_CONCURRENCY", "1")
    with outbox.lane(Lane.bulk):
        await defer(database, note, *(f"row {number}" for number in range(50)))
    await defer(database, note, "mail")
    with outbox.lane(Lane.urgent):
        await defer(database, note, "reset")

    await work(database)

    assert begun[:2] == ["reset urgent", "mail normal"]
    assert begun[2:] == [f"row {number} bulk" for number in range(50)]


@pytest.mark.parametrize(("hands", "bulk", "most"), [(3, 2, 2), (4, 4, 3), (2, 2, 1)])
async def test_long_bulk_work_leaves_hands_for_people(
    database: Database, monkeypatch: pytest.MonkeyPatch, hands: int, bulk: int, most: int
) -> None:
    monkeypatch.setenv("MERCAT_WORKER_CONCURRENCY", str(hands))
    monkeypatch.setenv("MERCAT_WORKER_BULK_CONCURRENCY", str(bulk))
    await defer(database, hold, *(f"import {number}" for number in range(most + 2)))

    async def begun_so_far() -> bool:
        return len(begun) == most

    async def mail_left() -> bool:
        return "mail normal" in begun

    working = asyncio.create_task(outbox.run_worker(outbox.JobContext(database), install_signal_handlers=False))
    try:
        await until(begun_so_far)
        await defer(database, note, "mail")
        await until(mail_left)
        assert len(begun) == most + 1
    finally:
        released[0].set()
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def test_one_hand_does_everything(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_WORKER_CONCURRENCY", "1")
    await defer(database, note_in_bulk, "import")

    async def done() -> bool:
        return len(begun) == 2

    working = asyncio.create_task(outbox.run_worker(outbox.JobContext(database), install_signal_handlers=False))
    try:
        await until(done)
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


def test_ticks_of_schedules_overtake_what_waits_unless_they_are_bulk() -> None:
    found = {
        name: Lane.of(known.task.queue, known.task.priority)
        for (name, _), known in app.periodic_registry.periodic_tasks.items()
        if not name.startswith("test.")
    }

    assert found["orders.expire_due"] is found["payment_processing.look_after_payments"] is Lane.urgent
    assert found["cart.purge_guests"] is Lane.bulk
    assert Lane.normal not in found.values()


async def test_an_import_leaves_nothing_outside_of_bulk(shop: Shop, tmp_path: Path) -> None:
    await shop.admin()
    file = tmp_path / "feed.csv"
    header = "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty"

    async def bring(quantity: int) -> int:
        rows = [f"mug-{number},Mug {number},7,shopify,{quantity}" for number in range(20)]
        await anyio.Path(file).write_text("\n".join([header, *rows]))
        report = await import_file(shop.database, file, vendor_slug="green", actor=Actor.system())
        return report.created + report.updated

    assert await bring(0) == 20
    await shop.rows("DELETE FROM procrastinate_jobs RETURNING id")
    assert await bring(5) == 20
    places = await shop.rows(PLACES)
    assert places
    assert {row[1:] for row in places} == {BULK}


async def test_mail_overtakes_a_vendor_s_import_and_what_it_publishes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_WORKER_CONCURRENCY", "1")
    keeper, _ = await shop.seller("green")
    take_in = runner.take_in

    async def taken(database: Database, import_id: UUID, user_id: UUID) -> None:
        begun.append(f"import {current()}")
        await take_in(database, import_id, user_id)
        with outbox.lane(Lane.normal):
            await defer(database, note, "mail behind its events")

    @outbox.handler("test.note_restocked")
    async def restocked(_session: AsyncSession, _event_id: UUID, _event: BackInStock) -> None:
        begun.append(f"restocked {current()}")

    async def bring(quantity: int) -> None:
        lines = "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty"
        content = f"{lines}\nmug,Mug,7,shopify,{quantity}".encode()
        files = {"file": ("mugs.csv", content, "text/csv")}
        answer = await shop.client.post("/vendor/imports", files=files, headers=keeper.headers)
        assert answer.status_code == 202, answer.text

    monkeypatch.setattr(runner, "take_in", taken)
    context = outbox.JobContext(shop.database, {BackInStock: (restocked,)})
    await bring(0)
    await outbox.run_worker(context, wait=False, install_signal_handlers=False)
    begun.clear()
    await bring(5)
    await defer(shop.database, note, "mail behind the import")
    await outbox.run_worker(context, wait=False, install_signal_handlers=False)

    assert begun == [
        "mail behind the import normal",
        "import bulk",
        "mail behind its events normal",
        "restocked bulk",
    ]


async def test_the_way_to_a_new_password_is_urgent(shop: Shop) -> None:
    person = await shop.person()
    await shop.rows("DELETE FROM procrastinate_jobs RETURNING id")

    answer = await shop.client.post("/auth/forgot-password", json={"email": person.email})

    assert answer.status_code == 202
    assert await shop.rows(PLACES) == [("auth.send_reset", *URGENT)]
