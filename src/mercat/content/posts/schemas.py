"""Shapes of posts."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from mercat import i18n
from mercat.files import Picture
from mercat.kit.field_messages import AT_LEAST, refused
from mercat.kit.openapi import EXAMPLE_ID
from mercat.kit.pagination import BothWays
from mercat.kit.shapes import Flag, Moment, Shape
from mercat.users import UserPublic

SHORTEST_TITLE, LONGEST_TITLE, LONGEST_CONTENT = 3, 200, 50_000
MOST_TAGS = MOST_PRODUCTS = 20
Title = Annotated[str, StringConstraints(max_length=LONGEST_TITLE, pattern=r"^[^\x00-\x1f\x7f]*$")]
Content = Annotated[str, StringConstraints(max_length=LONGEST_CONTENT, pattern=r"^[^\x00]*$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS, examples=[["ceramics", "care"]])]
Products = Annotated[list[UUID], Field(max_length=MOST_PRODUCTS, examples=[[EXAMPLE_ID]])]
Sort = Literal["-published_at", "published_at", "-created_at", "created_at", "-updated_at", "updated_at"]
TITLE, CONTENT = "How to care for stoneware", "Stoneware likes **warm** water.\n\n- no steel wool\n- no sudden cold"
EXCERPT, HTML = (
    "Stoneware likes warm water. no steel wool no sudden cold",
    "<p>Stoneware likes <strong>warm</strong>...</p>",
)


def trimmed(text: str, shortest: int) -> str:
    """Return text without blanks around it; those that cannot be seen, such as zero-width ones, count as blanks.

    Raises:
        PydanticCustomError: less than `shortest` characters are left.
    """
    start, end = 0, len(text)
    while start < end and _blank(text[start]):
        start += 1
    while start < end and _blank(text[end - 1]):
        end -= 1
    if end - start < shortest:
        raise refused("string_too_short", AT_LEAST, min_length=shortest)
    return text[start:end]


def _blank(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Zs"}


class _Texts(Shape):
    """The rules of what is written, for posts that are new and for changes alike."""

    @field_validator("title", check_fields=False)
    @classmethod
    def _title(cls, value: str | None) -> str | None:
        return None if value is None else trimmed(value, SHORTEST_TITLE)

    @field_validator("content", check_fields=False)
    @classmethod
    def _content(cls, value: str | None) -> str | None:
        return None if value is None else trimmed(value, 1)


class PostCreate(_Texts):
    """A new post."""

    title: Title = Field(examples=[TITLE], min_length=SHORTEST_TITLE)
    content: Content = Field(examples=[CONTENT], min_length=1)
    """Markdown (CommonMark with tables). HTML in it is shown as text."""
    tags: Tags = Field(default_factory=list)
    published: Flag = False
    """False: a draft, which its author and staff see."""
    publish_at: Moment | None = None
    """A draft with this moment is published then."""
    product_ids: Products = Field(default_factory=list)
    """Products that the post is about, in the order in which they are shown."""


class PostReplace(PostCreate):
    """A post as it shall be; what is left out goes back to its default.

    Its picture stays, and whether and when it is published stays unless the body says so.
    """


class PostUpdate(_Texts):
    """Changes of a post; what is left out stays."""

    title: Title | None = Field(None, examples=[TITLE], min_length=SHORTEST_TITLE)
    content: Content | None = Field(None, examples=[CONTENT], min_length=1)
    tags: Tags | None = None
    published: Flag | None = None
    publish_at: Moment | None = None
    """Null: not at any moment."""
    product_ids: Products | None = None


class PostSummary(Shape):
    """A post in a list."""

    id: UUID
    slug: str = Field(examples=["how-to-care-for-stoneware"])
    slugs: dict[str, str] = Field(examples=[{"en": "how-to-care-for-stoneware", "de": "steinzeug-pflegen"}])
    """Its slug in each language; empty where there is one language."""
    title: str = Field(examples=[TITLE])
    excerpt: str = Field(examples=[EXCERPT])
    """How it begins, as plain text."""
    tags: list[str] = Field(examples=[["ceramics", "care"]])
    author_id: UUID | None
    """Null: the author's account is no more."""
    author: UserPublic | None
    image: Picture | None
    published: bool
    publish_at: datetime | None
    """When a draft will be published."""
    published_at: datetime | None
    """When it was published first."""
    created_at: datetime
    updated_at: datetime


class PostRead(PostSummary):
    """A post."""

    content: str = Field(examples=[CONTENT])
    """Markdown, as it was written."""
    content_html: str = Field(examples=[HTML])
    """The same as HTML without anything that could run or load from elsewhere."""
    product_ids: list[UUID] = Field(examples=[[EXAMPLE_ID]])
    """Products that it is about; `GET /posts/{id}/products` shows those on sale."""
    version: int = Field(examples=[1])
    """Counts edits: the ETag begins with it."""


class PostFilter(Shape):
    """Which posts."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(None, examples=["stoneware"])
    """Words that title, tags or text have, in any form; `-word` leaves out, quotation marks keep words in order."""
    tag: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(None, examples=["ceramics"])
    """Only those with this tag, by name or slug."""
    author: UUID | None = Field(None, examples=[EXAMPLE_ID])
    """Only those of this author."""


class PostListing(BothWays, PostFilter):
    """Which posts, in which order, and how to page through them."""

    published: bool = True
    """False: drafts that one may see, one's own or, for staff, all."""
    locale: Annotated[i18n.KnownLocale, StringConstraints(max_length=i18n.LONGEST_TAG)] | None = Field(
        None, examples=["de"]
    )
    """Language of the texts; without it, that which `Accept-Language` wants most. Drafts are shown as written."""
    sort: Sort = "-published_at"
    """Order of the list: downward with a minus sign. A draft that was never published counts from its making."""


class PostRecord(Shape):
    """A person's posts."""

    written: list[PostRead]
