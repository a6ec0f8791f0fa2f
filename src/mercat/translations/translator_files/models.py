"""Imports of translations: a file that waits for its job, then its outcome."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified


class TranslationImport(Identified, Base):
    """`content` is the uploaded file, deleted once it was read; `scopes` says whose texts it may set, by kind.

    A kind that is not in it is none of the uploader's business; null in its place means everybody's. `vendors` are
    the vendors whose people may see the outcome, null if only operators may.
    """

    __tablename__ = "translation_imports"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done')", name="state"),
        CheckConstraint("(state = 'done') = (report IS NOT NULL)", name="report_when_done"),
        CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name="content_while_waiting"),
    )
    vendors: Mapped[list[UUID] | None]
    scopes: Mapped[dict[str, list[str] | None]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="waiting")
    size: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
