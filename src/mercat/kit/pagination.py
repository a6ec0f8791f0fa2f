"""Lists: numbered pages with totals, or keyset pages by an opaque cursor."""

import base64
import binascii
from typing import Annotated, Generic, Self, TypeVar

import orjson
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.kit.problems import FieldError, Invalid
from mercat.kit.shapes import Shape, WholeNumber

Item = TypeVar("Item")

MAX_PAGE = 100_000
MAX_SIZE = 100
MAX_CURSOR = 4000
"""Room for a position by name, which may be 255 letters that are each spelt in many bytes."""


class Page(Shape, Generic[Item]):
    """A numbered page."""

    items: list[Item]
    page: int = Field(examples=[1])
    size: int = Field(examples=[20])
    total: int = Field(examples=[240])
    pages: int = Field(examples=[12])


class CursorPage(Shape, Generic[Item]):
    """A page by cursor; `next_cursor` is null on the last one."""

    items: list[Item]
    next_cursor: str | None


class PageParams(Shape):
    """Which numbered page of a list."""

    page: WholeNumber = Field(1, ge=1, le=MAX_PAGE)
    """Page number, from 1."""
    size: WholeNumber = Field(20, ge=1, le=MAX_SIZE)
    """Rows per page."""

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.size


class BothWays(Shape):
    """How to page through a list that goes both ways: by number with totals, or by cursor."""

    page: WholeNumber | None = Field(None, ge=1, le=MAX_PAGE)
    """Numbered page, from 1 (the default way)."""
    size: WholeNumber = Field(20, ge=1, le=MAX_SIZE)
    """Rows per numbered page."""
    cursor: Annotated[str, StringConstraints(max_length=MAX_CURSOR)] | None = None
    """Page by cursor instead: empty to begin, then each answer's `next_cursor`."""
    limit: WholeNumber = Field(20, ge=1, le=MAX_SIZE)
    """Rows per page by cursor."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.cursor is not None and self.page is not None:
            raise PydanticCustomError("page_and_cursor", "page and cursor are two ways; choose one")
        return self

    @property
    def numbered(self) -> PageParams:
        """The numbered page that is asked for."""
        return PageParams(page=self.page or 1, size=self.size)


def pages(total: int, size: int) -> int:
    """Return how many pages `total` rows fill."""
    return -(-total // size)


def envelope(items: list[Item], params: PageParams, total: int) -> Page[Item]:
    """Put one numbered page into its envelope."""
    return Page(items=items, page=params.page, size=params.size, total=total, pages=pages(total, params.size))


def complete(items: list[Item]) -> Page[Item]:
    """Put a short list that is never paged into the same envelope: all of it, on one page."""
    return Page(items=items, page=1, size=len(items), total=len(items), pages=min(len(items), 1))


class BadCursor(Invalid):
    """The cursor was not made by this list with this sort."""

    code = "pagination.bad_cursor"
    detail = "This cursor does not belong to this list."


def encode_cursor(sort: str, *position: str | float) -> str:
    """Write a row's position under `sort` as an opaque, URL-safe string."""
    return base64.urlsafe_b64encode(orjson.dumps([sort, *position])).decode().rstrip("=")


def decode_cursor(cursor: str, sort: str, *kinds: type) -> list[str | int | float]:
    """Read a position back; it must have been made under the same sort and with the same kinds of values.

    Raises:
        BadCursor: forged, damaged, or of another sort.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        decoded = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        decoded = None
    if not isinstance(decoded, list) or len(decoded) != len(kinds) + 1 or decoded[0] != sort:
        raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),))
    position = decoded[1:]
    fits = all(type(value) is kind for value, kind in zip(position, kinds, strict=True))
    if not fits or any(
        (isinstance(v, int) and abs(v) >= 2**63) or (isinstance(v, str) and "\0" in v) for v in position
    ):
        raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),))
    return position
