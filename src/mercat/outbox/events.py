"""Publishing an event and bringing it to its handlers, at least once each, effective exactly once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import Database, driver
from mercat.kit.ids import new_id
from mercat.kit.logs import request_id_var
from mercat.outbox import jobs, lanes
from mercat.outbox.lanes import Lane
from mercat.outbox.numbers import HAPPENED


class DomainEvent(BaseModel):
    """A fact in the past tense; subclasses are frozen values with a stable `name`."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    name: ClassVar[str]
    lane: ClassVar[Lane | None] = None
    """How soon it is brought to its handlers; None is the lane that it is published in."""
    by_name: ClassVar[dict[str, type["DomainEvent"]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Make the event readable again by its name."""
        DomainEvent.by_name[cls.name] = cls


class EventMissing(LookupError):
    """A job that was written together with an event does not find it: something is wrong, and nothing was done."""


Fact = TypeVar("Fact", bound=DomainEvent)
HandlerFunction = Callable[[AsyncSession, UUID, Fact], Awaitable[None]]
"""(session, event id, event): runs in a transaction of its own, which also holds the inbox row."""


@dataclass(frozen=True, slots=True)
class Handler(Generic[Fact]):
    """A reaction to an event, known to the inbox by its name."""

    name: str
    function: HandlerFunction[Fact]

    async def __call__(self, session: AsyncSession, event_id: UUID, event: Fact) -> None:
        """React, whether or not it was done before."""
        await self.function(session, event_id, event)


def handler(name: str) -> Callable[[HandlerFunction[Fact]], Handler[Fact]]:
    """Name a handler. The name stays when the code moves: the inbox holds it, and a new one would handle anew."""
    return lambda function: Handler(name, function)


Reactions = Mapping[type[DomainEvent], Sequence[Handler[Any]]]

INSERT = "INSERT INTO events (id, name, payload, request_id) VALUES (%s, %s, %s, %s)"
CLAIM = "INSERT INTO handled_events (event_id, handler) VALUES (%s, %s) ON CONFLICT DO NOTHING"


async def publish(session: AsyncSession, event: DomainEvent) -> UUID:
    """Write the event and the job that brings it to its handlers, in the caller's transaction."""
    event_id = new_id()
    connection = await driver(session)
    await connection.execute(
        INSERT, (event_id, event.name, Jsonb(event.model_dump(mode="json")), request_id_var.get()), prepare=True
    )
    with lanes.lane(event.lane or lanes.current()):
        await jobs.defer(session, dispatch_event, event_id=str(event_id))
    return event_id


@jobs.job("outbox.dispatch_event")
async def dispatch_event(context: jobs.JobContext, event_id: str) -> None:
    """Run every handler of one event, each in its own transaction with its inbox row.

    A handler that fails is tried again with the job's back-off; those that succeeded are not repeated.

    Raises:
        EventMissing: there is no such event; the job is tried again and parked in the end.
    """
    async with context.database.primary_session() as session:
        row = await (
            await (await driver(session)).execute(
                "SELECT name, payload, request_id FROM events WHERE id = %s", (event_id,)
            )
        ).fetchone()
    if row is None:
        raise EventMissing(event_id)
    event = DomainEvent.by_name[row[0]].model_validate(row[1])
    HAPPENED.labels(event.name).inc()
    token = request_id_var.set(row[2])
    try:
        failures = [
            error
            for reaction in context.reactions.get(type(event), ())
            if (error := await _handle(context.database, UUID(event_id), event, reaction)) is not None
        ]
    finally:
        request_id_var.reset(token)
    if failures:
        raise ExceptionGroup(f"{row[0]} {event_id}", failures)


async def _handle(database: Database, event_id: UUID, event: DomainEvent, reaction: Handler[Any]) -> Exception | None:
    try:
        async with database.transaction() as session:
            claimed = await (await driver(session)).execute(CLAIM, (event_id, reaction.name))
            if claimed.rowcount:
                await reaction(session, event_id, event)
    except Exception as error:  # noqa: BLE001 - one failing handler must not keep the others from the event
        return error
    return None
