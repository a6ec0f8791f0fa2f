"""What operators see of jobs: read from the queue itself, whoever runs them."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg.rows import TupleRow
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.database import Reads, driver
from mercat.outbox.exceptions import JobNotFound
from mercat.outbox.jobs import app
from mercat.outbox.numbers import FIRED, PARKED
from mercat.outbox.schemas import JobFilter, JobRead, JobState, LastFailure, ScheduleRead

HIDDEN = "***"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STATE = """
CASE WHEN j.status = 'doing' THEN 'running' WHEN j.status IN ('failed', 'aborted') THEN 'parked'
    WHEN j.attempts > 0 THEN 'failed' WHEN j.scheduled_at > now() THEN 'scheduled' ELSE 'queued' END
"""
UNFINISHED = "j.status IN ('todo', 'doing', 'failed', 'aborted')"
WANTED = f"""
{UNFINISHED} AND (%(status)s::text[] IS NULL OR {STATE} = ANY(%(status)s))
AND (%(task)s::text[] IS NULL OR j.task_name = ANY(%(task)s))
"""
READ = f"""
SELECT j.id, j.task_name, {STATE}, j.attempts,
    (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred'),
    CASE WHEN j.status = 'todo' THEN j.scheduled_at END,
    CASE WHEN j.status = 'doing' THEN
        (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started') END,
    EXISTS (SELECT FROM forwarded_jobs w WHERE w.job_id = j.id AND w.attempts = j.attempts),
    j.args, f.error, f.message, f.attempt, f.failed_at
FROM procrastinate_jobs j LEFT JOIN job_failures f ON f.job_id = j.id
"""  # noqa: S608 - made of constants
LIST = f"{READ} WHERE {WANTED} ORDER BY {{order}} LIMIT %(size)s OFFSET %(offset)s"
ORDERS: dict[str, LiteralString] = {
    "-queued_at": "j.id DESC",
    "queued_at": "j.id",
    "-attempts": "j.attempts DESC, j.id DESC",
    "attempts": "j.attempts, j.id",
}
COUNT = f"SELECT count(*) FROM procrastinate_jobs j WHERE {WANTED}"  # noqa: S608 - made of constants
ONE = f"{READ} WHERE {UNFINISHED} AND j.id = %s"


async def listing(session: AsyncSession, wanted: JobFilter) -> tuple[list[JobRead], int]:
    """Return a page of jobs, and how many there are."""
    values = {
        "status": wanted.status or None,
        "task": wanted.task or None,
        "size": wanted.size,
        "offset": wanted.offset,
    }
    connection = await driver(session)
    rows = await (await connection.execute(LIST.format(order=ORDERS[wanted.sort]), values)).fetchall()
    total = await (await connection.execute(COUNT, values)).fetchone()
    return [_read(row) for row in rows], total[0] if total else 0


async def find(session: AsyncSession, job_id: int) -> JobRead:
    """Return a job.

    Raises:
        JobNotFound: there is none, or it is done.
    """
    row = await (await (await driver(session)).execute(ONE, (job_id,))).fetchone()
    if row is None:
        raise JobNotFound
    return _read(row)


async def parked(reads: Reads) -> int:
    """Return how many jobs wait for an operator."""
    row = await reads.row(PARKED)
    return int(row[0]) if row else 0


async def schedules(session: AsyncSession) -> list[ScheduleRead]:
    """Return what is done again and again, by name. A process knows the schedules of the rooms that it has loaded."""
    rows = await (await (await driver(session)).execute(FIRED)).fetchall()
    fired = {task: datetime.fromtimestamp(at, UTC) for task, at in rows}
    now = clock.now().timestamp()
    found = [
        ScheduleRead(
            task=name,
            cron=known.cron,
            last_fired_at=fired.get(name),
            next_at=datetime.fromtimestamp(known.croniter.get_next(ret_type=float, start_time=now), UTC),
        )
        for (name, _), known in app.periodic_registry.periodic_tasks.items()
    ]
    return sorted(found, key=lambda schedule: schedule.task)


def _read(row: TupleRow) -> JobRead:
    job_id, task, state, attempts, queued_at, due_at, started_at, forwarded, arguments, *failure = row
    error, message, attempt, at = failure
    return JobRead(
        id=job_id,
        task=task,
        status=JobState(state),
        attempts=attempts,
        queued_at=queued_at,
        due_at=due_at,
        started_at=started_at,
        forwarded=forwarded,
        arguments=shown(arguments),
        last_failure=None if error is None else LastFailure(error=error, message=message, attempt=attempt, at=at),
    )


def shown(arguments: Mapping[str, Any] | Sequence[Any]) -> dict[str, JsonValue]:
    """Return arguments with everything hidden that is no id: an address of somebody, say, or a secret."""
    named = arguments if isinstance(arguments, Mapping) else {}
    return {name: value if _is_id(name, value) else HIDDEN for name, value in named.items()}


def _is_id(name: str, value: object) -> bool:
    if isinstance(value, str):
        return name.endswith("_id") and ID.fullmatch(value) is not None
    return value is None or (type(value) is int and (name.endswith("_id") or name == "timestamp"))
