"""Jobs that failed elsewhere for good: written down as they stood, for the operator to see and to run again."""

from typing import Any

import procrastinate
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.outbox import failures
from mercat.outbox.jobs import DEFER, row_of

PARKED = "UPDATE procrastinate_jobs SET status = 'failed', attempts = %s WHERE id = %s"


async def record_parked(
    session: AsyncSession,
    task: procrastinate.tasks.Task[Any, Any, Any],
    arguments: dict[str, procrastinate.types.JSONValue],
    *,
    attempts: int,
    failure: tuple[str, str],
) -> None:
    """Write a parked job; `failure` is the kind of its last error and what that said."""
    connection = await driver(session)
    row = await (await connection.execute(DEFER, row_of(task, arguments))).fetchone()
    if row is None:
        raise LookupError(task.name)
    ((job_id,),) = row
    await connection.execute(PARKED, (attempts, job_id))
    await failures.write(connection, job_id, attempts, failure)
