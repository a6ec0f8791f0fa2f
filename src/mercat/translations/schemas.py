"""Shapes of translations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from mercat.kit.pagination import MAX_SIZE
from mercat.kit.shapes import Shape, WholeNumber
from mercat.translations.kinds import LONGEST_TEXT

LONGEST_FIELD = 1_100
"""A value of an attribute is part of a field's name."""
MOST_FIELDS = 6_000
LONGEST_CURSOR = 5_000
"""Room for a position in a value of 900 letters spelt in four bytes; percent-encoded, it still fits an address."""
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_FIELD)]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Locale = Annotated[str, StringConstraints(min_length=2, max_length=35)]
KindName = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class TranslationWrite(Shape):
    """The texts of a thing in one language, all of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"texts": {"name": "Steingutbecher"}}]})
    texts: dict[FieldName, Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] | None] = Field(
        default_factory=dict, max_length=MOST_FIELDS, examples=[{"name": "Steingutbecher", "seo_title": None}]
    )
    """By field; one that is left out, null or empty falls back to the next language."""
    slug: Slug | None = None
    """Left out: the one that it has in this language, or one made of its name, where the kind has slugs."""


class FieldRead(Shape):
    """One text: as it was written, and translated."""

    source: str = Field(examples=["Stoneware mug"])
    text: str | None = Field(examples=["Steingutbecher"])
    """Null: not translated."""
    outdated: bool
    """Whether the source was changed since this was translated."""
    html: bool
    longest: int = Field(examples=[255])


class TranslationRead(Shape):
    """The texts of a thing in one language, beside what they translate."""

    kind: str = Field(examples=["product"])
    key: str = Field(examples=["0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"])
    locale: str = Field(examples=["de"])
    version: int
    """Counts edits; 0 if nothing was translated."""
    slug: str | None
    """Its address in this language; null where it is the source's, or the kind has none."""
    fields: dict[str, FieldRead]
    missing: int
    """Fields in which something is written and that are not translated."""
    outdated: int
    updated_at: datetime | None


class TranslationSummary(Shape):
    """How far the translation of a thing into one language is."""

    locale: str = Field(examples=["de"])
    translated: int
    missing: int
    outdated: int
    slug: str | None
    version: int
    updated_at: datetime | None


class MissingText(Shape):
    """A text that is not translated, or that was changed since it was."""

    kind: str = Field(examples=["product"])
    key: str
    vendor_id: UUID | None
    """Whose it is; null: the marketplace's, or a person's."""
    field: str = Field(examples=["name"])
    locale: str = Field(examples=["de"])
    source: str = Field(examples=["Stoneware mug"])
    """How the source begins, at most 200 characters."""
    outdated: bool
    """Whether there is a translation, of another source."""


class MissingFilter(Shape):
    """Which missing texts, and which page of them."""

    locale: Locale | None = None
    """One language; left out, all of them."""
    kind: KindName | None = None
    """One kind of things; left out, all of them."""
    cursor: Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)] | None = None
    """Empty or left out to begin, then each answer's `next_cursor`."""
    limit: WholeNumber = Field(20, ge=1, le=MAX_SIZE)
    """Texts per page."""


class KindSummary(Shape):
    """How far the translation of a kind of things into one language is, in texts."""

    kind: str = Field(examples=["product"])
    locale: str = Field(examples=["de"])
    texts: int = Field(examples=[1200])
    """Texts that something is written in."""
    translated: int = Field(examples=[900])
    """Translated, outdated ones too; and those for which the language falls back to a translation."""
    missing: int = Field(examples=[300])
    outdated: int = Field(examples=[12])
