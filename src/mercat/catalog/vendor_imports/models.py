"""Imports of vendors: a file that waits for its job, then its outcome."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified


class CatalogImport(Identified, Base):
    """`content` is the uploaded file, deleted once it was read or cannot be; `report` exists when it was read.

    `failed` is an import of a vendor that was suspended meanwhile. One whose job was given up still waits here, since
    an operator may run it again; readers see it as failed.
    """

    __tablename__ = "catalog_imports"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'done') = (report IS NOT NULL)", name="report_when_done"),
        CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name="content_while_waiting"),
        Index(None, "vendor_id", "id"),
    )
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    size: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
