"""Pages, and every version that they ever had."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified


class ContentPage(Identified, Base):
    """A page, by its slug. What it says is in its versions."""

    __tablename__ = "pages"
    __table_args__ = (CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),)
    slug: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PageVersion(Identified, Base):
    """What a page says, or said. The published one with the highest number is current.

    A published version stays as it is: buyers have agreed to it. A trigger sees to that.
    """

    __tablename__ = "page_versions"
    __table_args__ = (
        UniqueConstraint("page_id", "version"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("char_length(title) BETWEEN 3 AND 200", name="title"),
        CheckConstraint("content <> ''", name="content"),
        Index("ix_page_versions_published", "page_id", "version", postgresql_where=text("published_at IS NOT NULL")),
    )
    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id"))
    version: Mapped[int]
    title: Mapped[str]
    content: Mapped[str]
    content_html: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
