"""Shapes of synonyms."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from mercat.i18n import DEFAULT_LOCALE
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Line, Shape
from mercat.search.text import words

MOST_TERMS = 12
MOST_WORDS = 6
EXAMPLE: JsonDict = {"locale": "en", "terms": ["couch", "sofa"]}

SearchLocale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""A language, or with a country: `en`, `de-AT`. What is kept for a language holds for its countries, too."""


def _term(text: str) -> str:
    if not 0 < len(list(words(text))) <= MOST_WORDS or "|" in text or '"' in text:
        raise PydanticCustomError("search_term", "between one and six words, without quotes and bars")
    return " ".join(text.split())


Term = Annotated[Line, StringConstraints(max_length=100), AfterValidator(_term)]


def folded(term: str) -> str:
    """Return a term as it is compared."""
    return " ".join(spellings[0] for spellings in words(term))


class SynonymWrite(Shape):
    """Synonyms as they shall be."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    locale: SearchLocale = Field(DEFAULT_LOCALE, examples=["en"])
    """A language, or with a country: `en`, `de-AT`. What is kept for a language holds for its countries, too."""
    terms: Annotated[list[Term], Field(min_length=1, max_length=MOST_TERMS)] = Field(examples=[["couch", "sofa"]])
    """Words, or several with blanks between them. Without `finds`, who types one of them finds all of them."""
    finds: Annotated[list[Term], Field(max_length=MOST_TERMS)] = Field([], examples=[["bicycle"]])
    """Who types one of `terms` finds these as well, and not the other way round."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        said = [folded(term) for term in (*self.terms, *self.finds)]
        if len(set(said)) < len(said):
            raise PydanticCustomError("same_term", "every term only once")
        if len(said) < 2:
            raise PydanticCustomError("one_term", "two terms, or one and what it finds")
        return self

    @property
    def key(self) -> str:
        """What it says, whatever the order and spelling."""
        return ">".join("|".join(sorted(map(folded, terms))) for terms in (self.terms, self.finds))


class SynonymRead(Shape):
    """Synonyms as they are kept."""

    id: UUID
    locale: str = Field(examples=["en"])
    terms: list[str] = Field(examples=[["bike"]])
    finds: list[str] = Field(examples=[["bicycle"]])
    version: int
    created_at: datetime
    updated_at: datetime


class SynonymListing(PageParams):
    """Which synonyms, and in which order."""

    locale: SearchLocale | None = Field(None, examples=["en"])
    """Only those of this locale."""
    q: Annotated[str, StringConstraints(max_length=100)] | None = Field(None, examples=["sofa"])
    """Only those with this in a term, whatever its capitals and accents."""
    sort: Literal["-created_at", "created_at", "updated_at", "-updated_at", "locale", "-locale"] = "-created_at"
    """Order of the list: downward with a minus sign."""


class SynonymRowError(Shape):
    """A line of a file that was not taken; the others were."""

    line: int = Field(examples=[17])
    """Line of the file, from 1."""
    field: str = Field(examples=["terms"])
    """The column, empty when the line as a whole is meant."""
    message: str = Field(examples=["two terms, or one and what it finds"])
    code: str = Field(examples=["one_term"])


class SynonymImport(Shape):
    """What an import did, in entries."""

    read: int = Field(examples=[120])
    created: int = Field(examples=[100])
    updated: int = Field(examples=[15])
    unchanged: int = Field(examples=[4])
    error_count: int = Field(examples=[1])
    errors: list[SynonymRowError]
    """The first hundred, by line."""
