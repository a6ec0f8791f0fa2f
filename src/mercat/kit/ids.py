"""Identifiers: UUIDv7, made in Python so that PostgreSQL 15 serves as well as 18."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh UUIDv7: unique, and ordered by the millisecond of its making."""
    return uuid7()


def made_at(made: UUID) -> datetime:
    """Return when one of our ids was made, to the millisecond: it begins with the moment."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def parse_id(text: str) -> UUID | None:
    """Read an id in its canonical 36-character form; anything else is no id."""
    if len(text) != 36 or text[8] != "-":
        return None
    try:
        found = UUID(text)
    except ValueError:
        return None
    # the constructor also takes hyphens elsewhere and underscores between digits
    return found if str(found) == text.lower() else None
