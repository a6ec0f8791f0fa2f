"""Why an attempt failed is told to operators: enough to act upon, and nothing that is none of their business."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from mercat import outbox
from mercat.kit.database import Database
from mercat.outbox.config import JobSettings
from mercat.outbox.failures import note, sentence_of
from mercat.outbox.job_worker import POLL_SECONDS
from mercat.outbox.takeover import take_over

ID = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c58"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no route to host", "no route to host"),
        (f"order {ID} is gone", f"order {ID} is gone"),
        ("ada.lovelace+shop@example.com refused", "<address> refused"),
        ("{'ada@example.com': (550, b'no')}", "{'<address>': (550, b'no')}"),
        ("smtp://shop:hunter2@mail:25 is away", "smtp://***@mail:25 is away"),
        ("password=hunter2 is wrong", "password: ***"),
        ("Authorization: Bearer", "Authorization: ***"),
        ("its client_secret is 'x'", "its client_secret: ***"),
        ("key sk_live_4eC39HqLyjWDarjtT1zdp7dcAbCdEfGh", "key ***"),
        ("duplicate key\nDETAIL:  Key (email)=(ada@example.com) exists", "duplicate key"),
        ("", ""),
        ("a\0b \ud800", "ab ?"),
        ("x " * 600, ("x " * 600)[:500]),
    ],
)
def test_of_an_error_its_first_line_is_kept_without_people_and_secrets(said: str, kept: str) -> None:
    assert sentence_of(ValueError(said)) == ("ValueError", kept)


def test_of_several_errors_each_is_named() -> None:
    both = ExceptionGroup("event", [KeyError("a"), ExceptionGroup("more", [OSError("b")])])

    assert sentence_of(ExceptionGroup("event", [OSError("b")])) == ("OSError", "b")
    assert sentence_of(both) == ("KeyError", "KeyError: 'a'; OSError: b")


async def a_job(database: Database, status: str = "doing", attempts: int = 0, lock: str | None = None) -> int:
    async with database.transaction() as session:
        found = await session.scalar(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, queueing_lock) VALUES"
                " ('default', 'test.nothing', CAST(:status AS procrastinate_job_status), :attempts, :lock) RETURNING id"
            ),
            {"status": status, "attempts": attempts, "lock": lock},
        )
    assert isinstance(found, int)
    return found


async def states(database: Database) -> list[tuple[object, ...]]:
    return await database.primary.rows("SELECT id, status::text, attempts FROM procrastinate_jobs ORDER BY id")


async def test_only_the_last_failure_is_kept_and_goes_with_its_job(database: Database) -> None:
    job = await a_job(database)
    await note(database, job, 1, OSError("one"))
    await note(database, job, 2, OSError("two " * 1000))
    await note(database, job + 1, 1, OSError("of a job that is gone"))

    assert await database.primary.rows("SELECT job_id, attempt, length(message) FROM job_failures") == [(job, 2, 500)]
    await database.primary.note("DELETE FROM procrastinate_jobs", {})
    assert await database.primary.rows("SELECT 1 FROM job_failures") == []


async def test_a_job_of_a_dead_worker_is_given_back_once_however_many_take_over(database: Database) -> None:
    jobs = [await a_job(database) for _ in range(20)]

    await asyncio.gather(*(take_over(database) for _ in range(8)))

    assert await states(database) == [(job, "todo", 1) for job in jobs]
    assert await database.primary.rows("SELECT DISTINCT attempt, error FROM job_failures") == [(1, "WorkerLost")]


async def test_a_job_whose_workers_always_die_is_parked(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_JOB_MAX_ATTEMPTS", "3")
    poison, young = await a_job(database, attempts=2), await a_job(database, attempts=1)

    await take_over(database)

    assert await states(database) == [(poison, "failed", 3), (young, "todo", 2)]


async def test_a_job_that_lost_three_workers_is_parked_long_before_its_last_attempt(database: Database) -> None:
    poison = await a_job(database)
    seen = []
    for _ in range(3):
        await take_over(database)
        seen += [(status, attempts) for _, status, attempts in await states(database)]
        await note(database, poison, 1, OSError("in between"))  # an ordinary failure counts for itself
        await database.primary.note("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'", {})

    assert seen == [("todo", 1), ("todo", 2), ("failed", 3)]
    assert await database.primary.rows("SELECT workers_lost FROM job_failures") == [(3,)]


async def test_a_job_that_an_operator_runs_again_may_lose_as_many_workers_anew(database: Database) -> None:
    poison = await a_job(database)
    for _ in range(3):
        await take_over(database)
        await database.primary.note("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'", {})
    async with database.transaction() as session:
        await outbox.retry(session, poison)
    await database.primary.note("UPDATE procrastinate_jobs SET status = 'doing'", {})

    await take_over(database)

    assert await states(database) == [(poison, "todo", 1)]


def test_a_silent_worker_s_jobs_go_on_within_a_minute() -> None:
    settings = JobSettings()
    longest_between_two_looks = settings.worker_stalled_seconds / 2
    assert settings.worker_stalled_seconds + longest_between_two_looks + POLL_SECONDS < 60
    assert settings.worker_heartbeat_seconds < settings.worker_stalled_seconds / 2


async def test_a_job_of_the_living_is_left_to_them(database: Database) -> None:
    job = await a_job(database)
    await database.primary.note(
        "WITH w AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
        " UPDATE procrastinate_jobs SET worker_id = w.id FROM w",
        {},
    )

    await take_over(database)

    assert await states(database) == [(job, "doing", 0)]


async def test_a_tick_whose_next_one_waits_is_dropped_and_of_two_one_is_given_back(database: Database) -> None:
    await a_job(database, lock="waits")
    waiting = await a_job(database, "todo", lock="waits")
    first = await a_job(database, lock="two")
    await a_job(database, lock="two")

    await take_over(database)

    assert await states(database) == [(waiting, "todo", 0), (first, "todo", 1)]


async def test_the_database_bounds_what_is_kept(database: Database) -> None:
    job = await a_job(database)

    with pytest.raises(psycopg.errors.CheckViolation):
        await database.primary.note(
            "INSERT INTO job_failures (job_id, attempt, error, message) VALUES (%(job)s, 1, 'E', repeat('x', 501))",
            {"job": job},
        )
