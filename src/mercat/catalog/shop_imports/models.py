"""Imports of shops: a file that waits for its job, then what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified


class CatalogImport(Identified, Base):
    """`content` is the file as it came, gone once it was read; `report` is there from then on."""

    __tablename__ = "catalog_imports"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done')", name="state"),
        CheckConstraint("(state = 'done') = (report IS NOT NULL)", name="report_when_done"),
        CheckConstraint("(state = 'done') = (content IS NULL)", name="content_until_done"),
        Index(None, "vendor_id", "id"),
    )
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    size: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
