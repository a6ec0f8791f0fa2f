"""Reviews with their photos, votes, reports, and vendors' replies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped
from mercat.reviews.lifecycle import Status

PUBLISHED = text("status = 'published'")
REASONS = ("spam", "offensive", "wrong_product", "personal_data", "other")
"""Reasons of a report."""


class Review(Identified, Stamped, Base):
    """A person's review of a product. One from elsewhere has a name instead of an author.

    `text_key` is what the words are compared by, `signals` is why they were not let out at once, `reason` what a
    moderator wrote. Counts are of the rows that say the same; `report_count` of the unsettled ones.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint(f"status IN ({', '.join(repr(status.value) for status in Status)})", name="status"),
        CheckConstraint("helpful_count >= 0 AND report_count >= 0", name="counts_not_negative"),
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="reply_has_its_moment"),
        UniqueConstraint("author_id", "product_id"),
        Index("ix_reviews_newest", "product_id", "created_at", "id", postgresql_where=PUBLISHED),
        Index("ix_reviews_helpful", "product_id", "helpful_count", "id", postgresql_where=PUBLISHED),
        Index("ix_reviews_rating", "product_id", "rating", "id", postgresql_where=PUBLISHED),
        Index(None, "vendor_id", "created_at", "id"),
        Index(None, "status", "id"),
        Index("ix_reviews_reported", "id", postgresql_where=text("report_count > 0")),
        Index(None, "text_key"),
    )
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendors.id"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(server_default="", default="")
    rating: Mapped[int]
    title: Mapped[str] = mapped_column(server_default="", default="")
    body: Mapped[str]
    text_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    verified: Mapped[bool] = mapped_column(server_default="false", default=False)
    status: Mapped[str]
    signals: Mapped[list[str]] = mapped_column(server_default="{}", default=list)
    reason: Mapped[str] = mapped_column(server_default="", default="")
    helpful_count: Mapped[int] = mapped_column(server_default="0", default=0)
    report_count: Mapped[int] = mapped_column(server_default="0", default=0)
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]


class ReviewPhoto(Identified, Base):
    """A photo that the author of a review shows with it."""

    __tablename__ = "review_photos"
    __table_args__ = (Index(None, "review_id"), UniqueConstraint("file_id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    alt: Mapped[str] = mapped_column(server_default="", default="")
    position: Mapped[int]


class ReviewVote(Base):
    """A vote that a review is helpful."""

    __tablename__ = "review_votes"
    __table_args__ = (Index(None, "user_id"),)
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ReviewReport(Base):
    """A report: a person asks for the moderation of a review."""

    __tablename__ = "review_reports"
    __table_args__ = (
        CheckConstraint(f"reason IN ({', '.join(repr(reason) for reason in REASONS)})", name="reason"),
        Index(None, "user_id"),
    )
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
