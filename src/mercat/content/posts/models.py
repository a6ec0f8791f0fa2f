"""Posts, every slug they had, their tags and related products, and the words by which they are found."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from mercat.files import Drawn
from mercat.kit.models import Base, Identified, Stamped

PUBLISHED = text("published")


class Post(Identified, Stamped, Base):
    """A post. `content` is Markdown as it was written; `content_html` and `excerpt` are made of it.

    `version` counts edits and guards them. The texts are of the marketplace's default language.
    """

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("char_length(title) BETWEEN 3 AND 200", name="title"),
        CheckConstraint("content <> ''", name="content"),
        CheckConstraint("NOT published OR (published_at IS NOT NULL AND publish_at IS NULL)", name="published"),
        CheckConstraint("(image_file_id IS NULL) = (image_url IS NULL)", name="image"),
        Index("ix_posts_newest", "published_at", "id", postgresql_where=PUBLISHED),
        Index("ix_posts_publish_at", "publish_at", postgresql_where=text("publish_at IS NOT NULL")),
        Index(None, "created_at", "id"),
        Index(None, "author_id"),
    )
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    content: Mapped[str]
    content_html: Mapped[str]
    excerpt: Mapped[str]
    published: Mapped[bool] = mapped_column(server_default="false", default=False)
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    image_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"), unique=True)
    image_url: Mapped[str | None]
    image_alt: Mapped[str] = mapped_column(server_default="", default="")
    image_width: Mapped[int | None]
    image_height: Mapped[int | None]
    image_sizes: Mapped[list[Drawn]] = mapped_column(JSONB, server_default="[]", default=list)
    version: Mapped[int] = mapped_column(server_default="1", default=1)


class PostSlug(Base):
    """Every slug a post ever had; the old ones redirect and are never given to another post."""

    __tablename__ = "post_slugs"
    __table_args__ = (Index(None, "post_id"),)
    slug: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))


class PostTag(Identified, Base):
    """A tag of posts: names that differ in capitals or punctuation only are one tag."""

    __tablename__ = "post_tags"
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class PostTagging(Base):
    """Which posts have which tag."""

    __tablename__ = "post_taggings"
    __table_args__ = (Index(None, "tag_id"),)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("post_tags.id"), primary_key=True)
    position: Mapped[int]


class PostProduct(Base):
    """Which products a post is about."""

    __tablename__ = "post_products"
    __table_args__ = (Index(None, "product_id"),)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]


class PostSearch(Base):
    """The words of a published post in a language: that of the source, and each that any of its texts is translated to.

    Rows exist while it is published, from soon after on. `languages` are those of the marketplace when it was written.
    """

    __tablename__ = "post_search"
    __table_args__ = (Index("ix_post_search_words", "words", postgresql_using="gin"),)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    languages: Mapped[str]
    words: Mapped[str] = mapped_column(TSVECTOR)
