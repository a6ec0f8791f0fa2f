"""A product of a few jobs, run by processes that the tests start: `python -m outbox.fleet_jobs forward`.

Not imported by tests, whose own workers would then have its schedule.
"""

import asyncio
import os
import signal
import sys

import procrastinate
from sqlalchemy import text

from mercat import outbox
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.logs import configure
from mercat.outbox import forwarder, jobs

ROLE = os.environ.get("ROLE", "")


async def write(context: outbox.JobContext, table: str, name: str) -> None:
    async with context.database.transaction() as session:
        sql = text(f"INSERT INTO {table} (name, role, pid) VALUES (:name, :role, :pid)")
        await session.execute(sql, {"name": name, "role": ROLE, "pid": os.getpid()})


@outbox.job("test.mark")
async def mark(context: outbox.JobContext, name: str) -> None:
    await write(context, "effects", name)


@outbox.job("test.wait")
async def wait(context: outbox.JobContext, name: str) -> None:
    """Begin, wait until the test lets it go on, and be done."""
    await write(context, "begun", name)
    while not await context.database.primary.row("SELECT 1 FROM released"):  # noqa: ASYNC110 - a table sets no event
        await asyncio.sleep(0.05)
    await write(context, "effects", name)


@outbox.job("test.fail")
async def fail(context: outbox.JobContext, name: str) -> None:
    await write(context, "begun", name)
    raise LookupError(f"nobody is called {name}@example.com, password=hunter2\nrow: {name}")


@outbox.job("test.hang")
async def hang(context: outbox.JobContext, name: str) -> None:
    await write(context, "begun", name)
    await asyncio.Event().wait()


@outbox.job("test.kill")
async def kill(context: outbox.JobContext, name: str) -> None:
    await write(context, "begun", name)
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.app.periodic(cron="* * * * * *")
@jobs.app.task(name="test.tick", pass_context=True, queueing_lock="test.tick")
async def tick(context: procrastinate.JobContext, timestamp: int) -> None:
    await write(context.additional_context["mercat"], "ticks", str(timestamp))


@jobs.app.periodic(cron=outbox.seconds(2).cron)
@jobs.app.task(name="test.every_other_second", pass_context=True)
async def every_other_second(context: procrastinate.JobContext, timestamp: int) -> None:
    await write(context.additional_context["mercat"], "paced", str(timestamp))


async def main(role: str) -> None:
    if os.environ.get("SCHEDULES") == "off":  # where a test counts what is in a queue
        jobs.app.periodic_registry.periodic_tasks.clear()
        jobs.app.periodic(cron="0 0 1 1 *")(tick)  # without any schedule the forwarder would end
    context = outbox.JobContext(Database(DatabaseSettings()))
    if role == "forward":
        await outbox.forward(context)
    elif role == "work":
        await outbox.run_worker(context)
    elif role == "drain":
        await outbox.run_worker(context, wait=False)
    elif await forwarder.take(context.database):  # taken, and ended before anything is sent
        os.kill(os.getpid(), signal.SIGKILL)
    await context.database.close()


def __getattr__(name: str) -> object:
    if name != "celery":
        raise AttributeError(name)
    return outbox.fleet({})


if __name__ == "__main__":
    configure("INFO")
    asyncio.run(main(sys.argv[1]))
