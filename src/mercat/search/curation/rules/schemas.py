"""Shapes of rules."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from mercat.i18n import DEFAULT_LOCALE
from mercat.kit.ids import parse_id
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Flag, Line, Moment, Shape
from mercat.search.curation.rules.effects import MOST_BURIED, MOST_PINNED, Kind
from mercat.search.curation.synonyms.schemas import SearchLocale
from mercat.search.text import words

EXAMPLE: JsonDict = {
    "query": "shipping costs",
    "match": "contains",
    "redirect": {"kind": "path", "to": "/help/shipping"},
}
_PATHS = re.compile(r"^/(?![/\\])[^\x00-\x20\x7f\\]*$")
"""Within the site: no host can be written so."""


def _words(text: str) -> str:
    if not 0 < len(list(words(text))) <= 8:
        raise PydanticCustomError("rule_query", "between one and eight words")
    return " ".join(text.split())


class RedirectTarget(Shape):
    """Where a query leads."""

    kind: Kind = Field(examples=["path"])
    to: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(examples=["/help/shipping"])
    """The id of a category, vendor or product; or a path, beginning with a slash."""

    @model_validator(mode="after")
    def _leads_inside(self) -> Self:
        if self.kind == "path":
            if not _PATHS.fullmatch(self.to):
                raise PydanticCustomError("redirect_path", "a path of this site, beginning with one slash")
        elif parse_id(self.to) is None:
            raise PydanticCustomError("redirect_id", "the id of what it leads to")
        return self


class RuleWrite(Shape):
    """A rule as it shall be."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    locale: SearchLocale = Field(DEFAULT_LOCALE, examples=["en"])
    """A language, or with a country: `en`, `de-AT`."""
    query: Annotated[Line, StringConstraints(max_length=100), AfterValidator(_words)] = Field(examples=["mug"])
    """The words it is about, in any form and order."""
    match: Literal["exact", "contains"] = "exact"
    """`exact`: these words and no others; `contains`: these words, whatever else was typed."""
    pinned: Annotated[list[UUID], Field(max_length=MOST_PINNED)] = Field(default_factory=list)
    """Products that come first, in this order."""
    buried: Annotated[list[UUID], Field(max_length=MOST_BURIED)] = Field(default_factory=list)
    """Products that come last."""
    redirect: RedirectTarget | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    is_active: Flag = True

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.pinned or self.buried or self.redirect):
            raise PydanticCustomError("rule_does_nothing", "it must pin, bury or redirect")
        if len({*self.pinned, *self.buried}) < len(self.pinned) + len(self.buried):
            raise PydanticCustomError("same_product", "every product only once")
        if self.starts_at is not None and self.ends_at is not None and self.starts_at >= self.ends_at:
            raise PydanticCustomError("starts_before_it_ends", "it must start before it ends")
        return self


class RuleRead(Shape):
    """A rule as it is kept."""

    id: UUID
    locale: str = Field(examples=["en"])
    query: str = Field(examples=["mug"])
    match: str = Field(examples=["exact"])
    pinned: list[UUID]
    buried: list[UUID]
    redirect: RedirectTarget | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class RuleListing(PageParams):
    """Which rules, and in which order."""

    locale: SearchLocale | None = Field(None, examples=["en"])
    """Only those of this locale."""
    q: Annotated[str, StringConstraints(max_length=100)] | None = Field(None, examples=["mug"])
    """Only those with this in their query."""
    is_active: bool | None = None
    """Only those that are switched on, or off."""
    sort: Literal["-created_at", "created_at", "query", "-query", "starts_at", "-starts_at", "ends_at", "-ends_at"] = (
        "-created_at"
    )
    """Order of the list: downward with a minus sign. What has no such moment comes last."""
