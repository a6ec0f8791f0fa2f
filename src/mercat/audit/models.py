"""The log of what changed, and beside it what of that is about people.

Triggers of the database keep both: `audit_log` takes new rows and nothing else, `audit_personal` is not changed either
but loses the rows of a person who is forgotten.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified


class LoggedEntry(Identified, Base):
    """One change. It holds ids and values of the marketplace, never a person's name, address or IP.

    `actor` names who has no account: the system, an import, a guest. `changes` maps a field to its `before` and
    `after`, or to null if the values are about a person and lie in `audit_personal`.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        CheckConstraint(r"action ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'", name="action"),
        CheckConstraint("(actor_id IS NULL) <> (actor IS NULL)", name="one_actor"),
        Index(None, "at", "id"),
        Index("ix_audit_log_actor_id", "actor_id", "at", "id", postgresql_where=text("actor_id IS NOT NULL")),
        Index("ix_audit_log_actor", "actor", "at", "id", postgresql_where=text("actor IS NOT NULL")),
        Index(None, "action", "at", "id"),
        Index(None, "target_id", "at", "id"),
        Index("ix_audit_log_request_id", "request_id", postgresql_where=text("request_id <> ''")),
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor: Mapped[str | None]
    action: Mapped[str] = mapped_column(Text(collation="C"))
    target_id: Mapped[UUID | None]
    changes: Mapped[dict[str, object]] = mapped_column(JSONB)
    request_id: Mapped[str]


class PersonalDetails(Base):
    """What of an entry is about a person: who acted from where, or the values of the one whom it was done to.

    `person_id` is the account. What a guest left is filed under what they did it to, such as their order.
    """

    __tablename__ = "audit_personal"
    __table_args__ = (CheckConstraint("part IN ('actor', 'target')", name="part"), Index(None, "person_id"))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("audit_log.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    name: Mapped[str | None]
    ip: Mapped[str | None]
    changes: Mapped[dict[str, object] | None] = mapped_column(JSONB)
