"""Shapes of pages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from mercat.content.posts import trimmed
from mercat.kit.shapes import Flag, Shape

LONGEST_TITLE, LONGEST_CONTENT = 200, 200_000
Slug = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Title = Annotated[str, StringConstraints(min_length=3, max_length=LONGEST_TITLE, pattern=r"^[^\x00-\x1f\x7f]*$")]
Content = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CONTENT, pattern=r"^[^\x00]*$")]
Note = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
TITLE, CONTENT = "Terms and conditions", "## 1. Scope\n\nThese terms apply to every order."
HTML = "<h2>1. Scope</h2>\n<p>These terms apply to every order.</p>"


class VersionWrite(Shape):
    """What a page shall say from now on, or once it is published."""

    title: Title = Field(examples=[TITLE])
    content: Content = Field(examples=[CONTENT])
    """Markdown (CommonMark with tables). HTML in it is shown as text."""
    note: Note = Field("", examples=["Delivery times made clearer."])
    """What is different, for readers who compare."""
    published: Flag = True
    """False: a draft, which operators see."""

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        return trimmed(value, 3)

    @field_validator("content")
    @classmethod
    def _content(cls, value: str) -> str:
        return trimmed(value, 1)


class PageCreate(VersionWrite):
    """A new page, and its first version."""

    slug: Slug = Field(examples=["terms"])


class PageSummary(Shape):
    """A page in a list."""

    slug: str = Field(examples=["terms"])
    title: str = Field(examples=[TITLE])
    version: int = Field(examples=[3])
    published_at: datetime | None


class VersionSummary(PageSummary):
    """A version of a page in a list."""

    id: UUID
    note: str = Field(examples=["Delivery times made clearer."])
    is_current: bool
    created_at: datetime


class PageRead(VersionSummary):
    """A page, in one of its versions."""

    content: str = Field(examples=[CONTENT])
    content_html: str = Field(examples=[HTML])
