"""What the log says about a person, for that person."""

from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row
from pydantic import Field, JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.kit.shapes import Shape

# of the values that are about people only those about this one, and no name of a colleague who did it
ABOUT = """
SELECT l.at, l.action, l.actor_id IS NOT DISTINCT FROM %(person)s AS by_person, l.target_id,
       l.changes || coalesce(t.changes, '{}') AS changes, a.ip, l.request_id
FROM audit_log l
LEFT JOIN audit_personal a ON a.entry_id = l.id AND a.part = 'actor' AND a.person_id = %(person)s
LEFT JOIN audit_personal t ON t.entry_id = l.id AND t.part = 'target' AND t.person_id = %(person)s
WHERE l.actor_id = %(person)s OR l.target_id = %(person)s
ORDER BY l.at, l.id
"""


class AuditRecord(Shape):
    """Something that was done, by a person or to them."""

    at: datetime
    action: str = Field(examples=["user.updated"])
    by_person: bool
    """Whether they did it themselves."""
    target_id: UUID | None
    changes: dict[str, JsonValue]
    """By field; null where the values are about another person."""
    ip: str | None = Field(examples=["203.0.113.7"])
    """Where they did it from."""
    request_id: str


async def record_of(session: AsyncSession, person_id: UUID) -> list[AuditRecord]:
    """Return what the log says about an account: what its owner did, and what was done to it; the oldest first."""
    connection = await driver(session)
    cursor = connection.cursor(row_factory=class_row(AuditRecord))
    return await (await cursor.execute(ABOUT, {"person": person_id})).fetchall()
