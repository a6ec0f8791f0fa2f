"""Shapes of the search log."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Shape

Sort = Literal[
    "-searches", "searches", "-found_nothing", "found_nothing", "-corrected", "corrected", "-results", "results",
    "-last_searched_on", "last_searched_on", "term", "-term",
]  # fmt: skip


class TermFilter(Shape):
    """Which searches."""

    since: date | None = Field(None, examples=["2026-11-01"])
    """First day, UTC. Left out: 30 days ago."""
    until: date | None = Field(None, examples=["2026-11-30"])
    """Last day. Left out: today."""
    locale: Annotated[str, StringConstraints(max_length=10)] | None = Field(None, examples=["en"])
    """Only searches in this language."""
    q: Annotated[str, StringConstraints(max_length=100)] | None = Field(None, examples=["mug"])
    """Only searches with this in them, whatever its capitals and accents."""
    found: bool | None = None
    """Only what found something the last time, or only what found nothing."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise PydanticCustomError("since_until", "the first day must not be after the last one")
        return self


class TermListing(PageParams, TermFilter):
    """Which searches, in which order."""

    sort: Sort = "-searches"
    """Order of the list: downward with a minus sign."""


class TermExport(TermFilter):
    """Which searches, in which order."""

    sort: Sort = "-searches"
    """Order of the lines: downward with a minus sign."""


class TermRead(Shape):
    """What was searched for in these days."""

    term: str = Field(examples=["stoneware mug"])
    """As it was typed, without capitals and accents."""
    locale: str = Field(examples=["en"])
    searches: int = Field(examples=[42])
    """How often."""
    found_nothing: int = Field(examples=[0])
    """How often of these nothing was found."""
    corrected: int = Field(examples=[0])
    """How often of these something was found only with other words (`did_you_mean`)."""
    results: int = Field(examples=[17])
    """Products that were found the last time."""
    last_searched_on: date
