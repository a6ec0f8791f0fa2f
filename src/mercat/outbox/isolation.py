"""Loops over what is due, of which one thing that fails must not keep the others waiting.

What fails becomes a job of its own: tried again with pauses, parked in the end, seen by operators. While that job is
there, the loop leaves the thing to it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID

import procrastinate
from procrastinate.tasks import Task
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import Database, driver
from mercat.kit.logs import logger
from mercat.outbox import jobs

APART = """
SELECT (args->>%(argument)s)::uuid FROM procrastinate_jobs
WHERE task_name = %(task)s AND status IN ('todo', 'doing', 'failed', 'aborted') AND args ? %(argument)s
"""
AnyTask = Task[..., object, ...]


class Due(Protocol):
    """How a loop finds what is due."""

    async def __call__(self, session: AsyncSession, *, leaving: Collection[UUID], after: UUID | None) -> Sequence[UUID]:
        """Return the next things in the order of their ids: those behind `after`, without `leaving`."""
        ...


class Apart:
    """Things that failed and have a job of their own: `ids` is what a loop leaves out."""

    def __init__(self, database: Database, task: AnyTask, argument: str, ids: set[UUID]) -> None:
        self.ids = ids
        self._database = database
        self._task = task
        self._argument = argument

    @asynccontextmanager
    async def one(self, thing: UUID, **arguments: procrastinate.types.JSONValue) -> AsyncIterator[None]:
        """Do something with one thing; if that fails, log why, queue the thing's own job, and go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            await self.set_aside(thing, error, **arguments)

    async def set_aside(self, thing: UUID, error: Exception, **arguments: procrastinate.types.JSONValue) -> None:
        """Queue a job of its own for something that failed."""
        self.ids.add(thing)
        logger.error("set_aside", task=self._task.name, thing=str(thing), exc_info=error)
        async with self._database.transaction() as session:
            await jobs.defer(session, self._task, **{self._argument: str(thing)}, **arguments)


async def apart(database: Database, task: AnyTask, argument: str) -> Apart:
    """Return what has a job of its own already; jobs of `task` get the id of their thing as `argument`."""
    async with database.transaction() as session:
        found = await (await driver(session)).execute(APART, {"argument": argument, "task": task.name})
        return Apart(database, task, argument, {row[0] async for row in found})


async def in_parts(things: Sequence[UUID], work: Callable[[Sequence[UUID]], Awaitable[None]]) -> dict[UUID, Exception]:
    """Work on all things at once, and if that fails on each half, down to single things; returns those that fail.

    `work` opens its own transaction, so that what failed leaves nothing behind.
    """
    if not things:
        return {}
    try:
        await work(things)
    except Exception as error:  # noqa: BLE001 - told by whoever asked
        if len(things) == 1:
            return {things[0]: error}
        half = len(things) // 2
        return await in_parts(things[:half], work) | await in_parts(things[half:], work)
    return {}


async def work_off(
    database: Database,
    task: AnyTask,
    argument: str,
    due: Due,
    work: Callable[[AsyncSession, Sequence[UUID]], Awaitable[object]],
) -> None:
    """Work on all that is due, a batch a transaction; what fails is set aside as a job of `task`, by its `argument`."""

    async def work_on(things: Sequence[UUID]) -> None:
        async with database.transaction() as session:
            await work(session, things)

    failed = await apart(database, task, argument)
    things: Sequence[UUID] = ()
    while True:
        async with database.transaction() as session:
            things = await due(session, leaving=failed.ids, after=things[-1] if things else None)
        for thing, error in (await in_parts(things, work_on)).items():
            await failed.set_aside(thing, error)
        if not things:
            return
