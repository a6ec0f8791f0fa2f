"""The one place that asks what time it is, so that it can be moved: by tests, and for whoever writes down the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be this moment for what is called inside: history that is brought in gets the times that it had."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
