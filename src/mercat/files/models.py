"""Files: what lies in the storage, and what for."""

from typing import Literal, TypedDict
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped


class Drawn(TypedDict):
    """A picture in another size, beside the one it was drawn from."""

    width: int
    height: int
    format: Literal["webp", "avif"]


class StoredFile(Identified, Stamped, Base):
    """One file. The row comes before its bytes and goes after them, so that nothing in the storage is unknown.

    `incoming`: its bytes are on their way, nothing refers to it. `kept`: something does. `released`: nothing does any
    more, and its bytes are being deleted. `key` is its path in the storage, with nothing in it of what the uploader
    said; what was drawn from it lies in the same folder.
    """

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint("state IN ('incoming', 'kept', 'released')", name="state"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("(link_key IS NOT NULL) = (key LIKE 'private/%')", name="private_by_link"),
        UniqueConstraint("key"),
        Index("ix_files_leaving", "updated_at", postgresql_where=text("state <> 'kept'")),
        Index(None, "uploaded_by"),
        Index(None, "purpose", "belongs_to"),
    )
    key: Mapped[str]
    purpose: Mapped[str]
    belongs_to: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="incoming", default="incoming")
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int | None]
    height: Mapped[int | None]
    renditions: Mapped[list[Drawn]] = mapped_column(JSONB, server_default="[]", default=list)
    link_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Signs the links to a private file, which die with it."""
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    @property
    def folder(self) -> str:
        """Where the file lies, and whatever was drawn from it."""
        return self.key.rpartition("/")[0]
