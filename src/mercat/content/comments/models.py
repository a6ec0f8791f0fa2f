"""Comments, and reports about them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.content.comments.lifecycle import Status
from mercat.kit.models import Base, Identified, Stamped

REASONS = ("spam", "offensive", "off_topic", "personal_data", "other")
"""Reasons of a report."""


class Comment(Identified, Stamped, Base):
    """A reader's comment on a post, as plain text.

    `text_key` is what the words are compared by, `signals` is why they were not let out at once, `reason` what a
    moderator wrote. `report_count` is of the unsettled reports.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("char_length(body) BETWEEN 1 AND 5000", name="body"),
        CheckConstraint(f"status IN ({', '.join(repr(status.value) for status in Status)})", name="status"),
        CheckConstraint("report_count >= 0", name="count_not_negative"),
        Index("ix_comments_newest", "post_id", "created_at", "id", postgresql_where=text("status = 'published'")),
        Index(None, "author_id", "created_at", "id"),
        Index(None, "status", "id"),
        Index("ix_comments_reported", "id", postgresql_where=text("report_count > 0")),
        Index(None, "text_key"),
    )
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str]
    text_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str]
    signals: Mapped[list[str]] = mapped_column(server_default="{}", default=list)
    reason: Mapped[str] = mapped_column(server_default="", default="")
    report_count: Mapped[int] = mapped_column(server_default="0", default=0)
    edited_at: Mapped[datetime | None]


class CommentReport(Base):
    """A report: a person asks for the moderation of a comment."""

    __tablename__ = "comment_reports"
    __table_args__ = (
        CheckConstraint(f"reason IN ({', '.join(repr(reason) for reason in REASONS)})", name="reason"),
        Index(None, "user_id"),
    )
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
