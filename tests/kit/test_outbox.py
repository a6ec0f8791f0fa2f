"""Events and jobs exist if and only if their transaction did, and are effective once."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import anyio
import pytest
from procrastinate.jobs import Job
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.kit.database import Database
from mercat.kit.logs import request_id_var
from mercat.outbox import DomainEvent, Handler, JobContext, jobs, publish, run_worker
from mercat.outbox.events import dispatch_event
from mercat.outbox.jobs import BackOff, JobSettings, defer


@dataclass
class Reader:
    """Handlers that write what they saw into a table, in the transaction they are given."""

    database: Database
    event: type[DomainEvent]
    failing: set[str] = field(default_factory=set)
    tried: list[str] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    handlers: list[Handler] = field(default_factory=list)

    def handler(self, name: str) -> None:
        async def handle(session: AsyncSession, event_id: UUID, event: DomainEvent) -> None:
            self.tried.append(name)
            self.request_ids.append(request_id_var.get())
            await session.execute(
                text("INSERT INTO effects VALUES (:by, :id, :payload)"),
                {"by": name, "id": event_id, "payload": event.model_dump_json()},
            )
            if name in self.failing:
                raise RuntimeError(name)

        self.handlers.append(outbox.handler(name)(handle))

    async def publish(self, **values: object) -> UUID:
        async with self.database.transaction() as session:
            return await publish(session, self.event.model_validate(values))

    async def work(self) -> None:
        context = JobContext(self.database, {self.event: self.handlers})
        await run_worker(context, wait=False, install_signal_handlers=False)

    async def effects(self) -> list[str]:
        return [row[0] for row in await self.database.primary.rows("SELECT by FROM effects ORDER BY by")]

    async def jobs(self) -> list[tuple[str, int]]:
        rows = await self.database.primary.rows(
            "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = %s ORDER BY id",
            (dispatch_event.name,),
        )
        return [(status, attempts) for status, attempts in rows]

    async def count(self, table: str) -> int:
        row = await self.database.primary.row(f"SELECT count(*) FROM {table}")
        assert row is not None
        return int(row[0])


@pytest.fixture
async def reader(database: Database, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(DomainEvent, "by_name", dict(DomainEvent.by_name))
    monkeypatch.setattr(jobs, "FIRST_PAUSE", jobs.LONGEST_PAUSE)  # a second attempt is due when the test says so

    class LampLit(DomainEvent):
        name = "test.lamp_lit"
        lamp: int
        lit_at: datetime | None = None

    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE effects (by text, event_id uuid, payload jsonb)"))
    return Reader(database, LampLit)


async def test_an_event_and_its_job_are_committed_together(reader: Reader) -> None:
    token = request_id_var.set("r-1")
    event_id = await reader.publish(lamp=7, lit_at="2026-11-01T10:00:00Z")
    request_id_var.reset(token)

    assert await reader.database.primary.rows("SELECT id, name, payload, request_id FROM events") == [
        (event_id, "test.lamp_lit", {"lamp": 7, "lit_at": "2026-11-01T10:00:00Z"}, "r-1")
    ]
    assert await reader.jobs() == [("todo", 0)]


async def test_of_a_transaction_rolled_back_there_is_neither_event_nor_job(reader: Reader) -> None:
    async def fail() -> None:
        async with reader.database.transaction() as session:
            await publish(session, reader.event.model_validate({"lamp": 7}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await reader.count("events") == 0
    assert await reader.jobs() == []
    reader.handler("lights")
    await reader.work()
    assert reader.tried == []


async def test_nothing_is_seen_before_the_commit(reader: Reader) -> None:
    reader.handler("lights")
    async with reader.database.transaction() as session:
        await publish(session, reader.event.model_validate({"lamp": 7}))
        await reader.work()
        assert reader.tried == []

    await reader.work()
    assert reader.tried == ["lights"]


async def test_every_handler_gets_the_event_as_it_was(reader: Reader) -> None:
    reader.handler("books")
    reader.handler("lights")
    token = request_id_var.set("r-1")
    event_id = await reader.publish(lamp=7, lit_at="2026-11-01T10:00:00Z")
    request_id_var.reset(token)

    await reader.work()

    assert reader.tried == ["books", "lights"]
    assert reader.request_ids == ["r-1", "r-1"]
    assert (
        await reader.database.primary.rows("SELECT event_id, payload FROM effects")
        == [(event_id, {"lamp": 7, "lit_at": "2026-11-01T10:00:00Z"})] * 2
    )
    assert await reader.jobs() == []
    assert await reader.count("handled_events") == 2


async def test_an_event_dispatched_twice_is_effective_once(reader: Reader) -> None:
    reader.handler("lights")
    event_id = await reader.publish(lamp=7)
    async with reader.database.transaction() as session:
        await defer(session, dispatch_event, event_id=str(event_id))
        await defer(session, dispatch_event, event_id=str(event_id))

    await reader.work()
    await reader.work()

    assert reader.tried == ["lights"]
    assert await reader.effects() == ["lights"]
    assert await reader.jobs() == []


async def due(reader: Reader) -> None:
    async with reader.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 second'"))


async def test_a_handler_that_fails_is_tried_again_and_the_others_are_not(reader: Reader) -> None:
    for name in ("books", "fails", "lights"):
        reader.handler(name)
    reader.failing = {"fails"}
    await reader.publish(lamp=7)

    await reader.work()
    assert reader.tried == ["books", "fails", "lights"]
    assert await reader.effects() == ["books", "lights"]
    assert await reader.jobs() == [("todo", 1)]

    await due(reader)
    await reader.work()
    assert reader.tried == ["books", "fails", "lights", "fails"]
    assert await reader.effects() == ["books", "lights"]
    assert await reader.jobs() == [("todo", 2)]

    reader.failing = set()
    await due(reader)
    await reader.work()
    assert reader.tried[4:] == ["fails"]
    assert await reader.effects() == ["books", "fails", "lights"]
    assert await reader.jobs() == []


async def test_a_handler_that_moved_between_two_attempts_is_not_repeated(reader: Reader) -> None:
    for name in ("books", "fails"):
        reader.handler(name)
    reader.failing = {"fails"}
    await reader.publish(lamp=7)
    await reader.work()

    async def books_elsewhere(*_: object) -> None:
        reader.tried.append("books_elsewhere")

    async def somebody_elses(*_: object) -> None:
        reader.tried.append("somebody_elses")

    reader.handlers[0] = outbox.handler("books")(books_elsewhere)
    reader.handlers.append(outbox.handler("somebody_elses")(somebody_elses))
    await due(reader)
    await reader.work()

    assert reader.tried == ["books", "fails", "fails", "somebody_elses"]
    assert await reader.database.primary.rows("SELECT handler FROM handled_events ORDER BY handler") == [
        ("books",),
        ("somebody_elses",),
    ]


async def test_after_its_last_attempt_a_job_is_parked_in_sight(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_JOB_MAX_ATTEMPTS", "2")
    reader.handler("fails")
    reader.failing = {"fails"}
    await reader.publish(lamp=7)

    for _ in range(3):
        await reader.work()
        await due(reader)

    assert reader.tried == ["fails", "fails"]
    assert await reader.jobs() == [("failed", 2)]
    assert await reader.effects() == []


async def test_an_event_nobody_listens_to_is_kept_and_done(reader: Reader) -> None:
    await reader.publish(lamp=7)

    await reader.work()

    assert await reader.jobs() == []
    assert await reader.count("events") == 1
    assert await reader.count("handled_events") == 0


async def test_a_job_whose_event_is_missing_is_tried_again(reader: Reader) -> None:
    reader.handler("lights")
    async with reader.database.transaction() as session:
        await defer(session, dispatch_event, event_id=str(uuid4()))

    await reader.work()

    assert reader.tried == []
    assert await reader.jobs() == [("todo", 1)]


async def test_what_an_event_no_longer_says_is_left_out(reader: Reader) -> None:
    reader.handler("lights")
    await reader.publish(lamp=7)
    async with reader.database.transaction() as session:
        await session.execute(text("""UPDATE events SET payload = '{"lamp": 7, "of_an_older_version": 1}'"""))

    await reader.work()

    assert await reader.effects() == ["lights"]


async def test_jobs_of_a_dead_worker_are_taken_over(reader: Reader) -> None:
    reader.handler("lights")
    await reader.publish(lamp=7)
    async with reader.database.transaction() as session:
        await session.execute(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 hour') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
            )
        )

    await reader.work()

    assert await reader.effects() == ["lights"]
    assert await reader.jobs() == []


def attempt(number: int) -> Job:
    return Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=number)


def test_attempts_move_apart_and_end() -> None:
    decisions = [
        BackOff().get_retry_decision(exception=ValueError(), job=attempt(number))
        for number in range(JobSettings().job_max_attempts)
    ]

    assert decisions[-1] is None
    assert all(decision is not None for decision in decisions[:-1])


async def until(seen: Callable[[], Awaitable[object]]) -> None:
    while not await seen():  # noqa: ASYNC110 - what is waited for is in the database, which sets no event
        await anyio.sleep(0.05)


async def test_a_worker_that_does_not_wait_fires_no_schedule(reader: Reader) -> None:
    reader.handler("lights")
    await reader.publish(lamp=7)

    await reader.work()

    assert await reader.effects() == ["lights"]
    assert await reader.count("procrastinate_periodic_defers") == 0


async def test_a_worker_that_does_not_wait_fires_what_is_due_when_asked(reader: Reader) -> None:
    reader.handler("lights")
    await reader.publish(lamp=7)
    context = JobContext(reader.database, {reader.event: reader.handlers})

    await run_worker(context, wait=False, due_schedules=True, install_signal_handlers=False)

    assert await reader.effects() == ["lights"]
    fired = await reader.database.primary.rows("SELECT task_name FROM procrastinate_periodic_defers")
    assert {"catalog.publish_due", "orders.expire_due"} <= {name for (name,) in fired}
    assert await reader.count("procrastinate_jobs") == 0


async def test_a_waiting_worker_outlasts_connections_that_are_cut(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_WORKER_HEARTBEAT_SECONDS", "0.05")
    reader.handler("lights")
    context = JobContext(reader.database, {reader.event: reader.handlers})

    async def workers() -> set[int]:
        rows = await reader.database.primary.rows("SELECT id FROM procrastinate_workers")
        return {number for (number,) in rows}

    async def at_rest() -> bool:
        """Whether no job is at work or due: one that is cut off while it ends is another test's business."""
        rows = await reader.database.primary.rows(
            "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"
            " OR (status = 'todo' AND coalesce(scheduled_at <= now(), true))"
        )
        return not rows

    working = asyncio.create_task(run_worker(context, install_signal_handlers=False))
    try:
        with anyio.fail_after(60):
            await until(workers)
            before = await workers()
            await until(at_rest)
            await reader.database.primary.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query ILIKE '%%procrastinate%%' AND pid <> pg_backend_pid()"
            )
            await reader.publish(lamp=7)
            await until(reader.effects)
        assert not working.done()
        assert before
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def test_a_waiting_worker_goes_on_and_keeps_the_schedules(reader: Reader) -> None:
    reader.handler("lights")
    context = JobContext(reader.database, {reader.event: reader.handlers})

    working = asyncio.create_task(run_worker(context, install_signal_handlers=False))
    try:
        with anyio.fail_after(30):
            await until(lambda: reader.count("procrastinate_periodic_defers"))
            await reader.publish(lamp=7)
            await until(reader.effects)
        assert not working.done(), "a worker that waits does not end by itself"
    finally:
        working.cancel()  # once: it finishes what it is at
        with contextlib.suppress(asyncio.CancelledError):
            await working

    assert reader.tried == ["lights"]
