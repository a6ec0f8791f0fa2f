"""Lanes of the queue: what people wait for overtakes what a machine does in bulk.

`urgent` is for somebody who waits in front of a page (a link to sign in, say). `normal` is everything else that people
and money wait for. `bulk` is what may take its time: imports, exports, pictures, maintenance.

What a job defers and publishes is in the job's own lane unless it says otherwise, so the mail that an import causes is
bulk too. Bulk jobs have a queue of their own: a worker runs at most `MERCAT_WORKER_BULK_CONCURRENCY` of them at a time
and keeps its other hands for people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from procrastinate.jobs import DEFAULT_QUEUE

BULK_QUEUE = "bulk"


class Lane(StrEnum):
    """How soon something is to be done."""

    urgent = "urgent"
    normal = "normal"
    bulk = "bulk"

    @property
    def priority(self) -> int:
        """The priority of its jobs; of two that wait the higher one is first."""
        return {Lane.urgent: 10, Lane.normal: 0, Lane.bulk: -10}[self]

    @property
    def queue(self) -> str:
        """The queue of its jobs."""
        return BULK_QUEUE if self is Lane.bulk else DEFAULT_QUEUE

    @classmethod
    def of(cls, queue: str, priority: int) -> "Lane":
        """Return the lane that a job is in."""
        if queue == BULK_QUEUE:
            return cls.bulk
        return cls.urgent if priority > cls.normal.priority else cls.normal


_current = ContextVar("lane", default=Lane.normal)


def current() -> Lane:
    """Return the lane of what is deferred and published here."""
    return _current.get()


@contextmanager
def lane(chosen: Lane) -> Iterator[None]:
    """Put what is deferred and published inside into a lane: `with outbox.lane(outbox.Lane.bulk): ...`."""
    token = _current.set(chosen)
    try:
        yield
    finally:
        _current.reset(token)
