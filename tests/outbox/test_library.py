"""What our claiming of single jobs relies on in procrastinate: its columns, and how it leaves a job that it settled."""

import psycopg
import pytest
from procrastinate.jobs import Job

from mercat import outbox
from mercat.kit.database import Database
from mercat.outbox.claims import perform

COLUMNS = {
    "procrastinate_jobs": {
        "id", "queue_name", "task_name", "priority", "lock", "queueing_lock", "args", "status", "scheduled_at",
        "attempts", "abort_requested", "worker_id",
    },
    "procrastinate_workers": {"id", "last_heartbeat"},
}  # fmt: skip
LEFT = """
SELECT status::text, attempts, worker_id, scheduled_at > now(), queue_name, priority, abort_requested,
    array(SELECT DISTINCT type::text FROM procrastinate_events e WHERE e.job_id = j.id ORDER BY 1)
FROM procrastinate_jobs j WHERE status <> 'doing' ORDER BY id
"""


@outbox.job("test.succeed", lane=outbox.Lane.bulk)
async def succeed(_context: outbox.JobContext) -> None:
    pass


@outbox.job("test.break")
async def break_down(_context: outbox.JobContext) -> None:
    raise LookupError("broken")


async def one(database: Database, task: object) -> int:
    async with database.transaction() as session:
        await outbox.defer(session, task)  # type: ignore[arg-type]  # a task
    row = await database.primary.row("SELECT max(id) FROM procrastinate_jobs")
    assert row is not None
    return int(row[0])


async def both_ways(database: Database, task: object) -> list[tuple[object, ...]]:
    """Let the library's worker settle a job, and then ours; return how each left it."""
    context = outbox.JobContext(database)
    left = []
    for ours in (False, True):
        job_id = await one(database, task)
        if ours:
            await perform(context, job_id)
        else:
            await outbox.run_worker(context, wait=False, install_signal_handlers=False)
        left.append(await database.primary.rows(LEFT))
        await database.primary.note("DELETE FROM procrastinate_jobs", {})
    return left


@pytest.mark.parametrize("table", COLUMNS)
async def test_its_tables_have_the_columns_that_we_write(database: Database, table: str) -> None:
    rows = await database.primary.rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", (table,)
    )
    assert {name for (name,) in rows} == COLUMNS[table]


async def test_its_states_are_the_ones_that_we_know(database: Database) -> None:
    rows = await database.primary.rows("SELECT unnest(enum_range(NULL::procrastinate_job_status))::text")
    assert {name for (name,) in rows} == {
        "todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted"
    }  # fmt: skip


def test_its_jobs_are_made_of_what_a_claim_reads() -> None:
    job = Job(
        id=1, queue="q", priority=2, lock=None, queueing_lock=None, task_name="t", task_kwargs={"a": 1}, attempts=3
    )
    assert (job.queue, job.priority, job.attempts, job.task_kwargs) == ("q", 2, 3, {"a": 1})


async def test_a_job_that_succeeds_is_gone_either_way(database: Database) -> None:
    assert await both_ways(database, succeed) == [[], []]


async def test_a_job_that_fails_is_left_for_its_next_attempt_alike(database: Database) -> None:
    theirs, ours = await both_ways(database, break_down)
    assert len(theirs) == 1
    assert ours == [(*theirs[0][:2], None, *theirs[0][3:])], "ours names no worker that is gone"


async def test_a_job_that_fails_for_the_last_time_is_parked_alike(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_JOB_MAX_ATTEMPTS", "1")
    theirs, ours = await both_ways(database, break_down)
    assert [row[:2] for row in theirs] == [("failed", 1)]
    assert ours == [(*theirs[0][:2], None, *theirs[0][3:])]


async def test_a_job_is_claimed_once_and_its_claim_has_a_heart(database: Database) -> None:
    job_id = await one(database, succeed)
    await database.primary.note("UPDATE procrastinate_jobs SET status = 'doing'", {})

    await perform(outbox.JobContext(database), job_id)

    assert await database.primary.rows("SELECT status::text FROM procrastinate_jobs") == [("doing",)]
    assert await database.primary.rows("SELECT 1 FROM procrastinate_workers") == []


async def test_jobs_of_one_queueing_lock_wait_once(database: Database) -> None:
    insert = "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('q', 't', 'l')"
    await database.primary.note(insert, {})
    with pytest.raises(psycopg.errors.UniqueViolation, match="queueing_lock"):
        await database.primary.note(insert, {})
