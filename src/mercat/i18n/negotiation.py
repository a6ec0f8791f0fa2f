"""Which language of the marketplace's texts a reader gets: the one that is asked for, or the best of those they read.

A language that is asked for in the address wins; else the header decides, and what is neither is the source. Where
there is one language, nobody looks at the header.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from starlette.requests import HTTPConnection

from mercat.i18n.locales import LONGEST_TAG, content_locale, content_locales, preferences, source_locale
from mercat.kit.settings_memory import by_settings

ANY_LENGTH = 1_000
"""Characters of a header that are looked at."""
VARY = "Accept-Language"


@dataclass(frozen=True, slots=True)
class ContentLanguage:
    """The language in which somebody reads, and what the answer's headers say about it."""

    locale: str
    is_source: bool
    headers: Mapping[str, str]
    """To be given to every answer that is in this language; not to be changed."""

    @property
    def other(self) -> str | None:
        """The language, if it is another than what texts are written in."""
        return None if self.is_source else self.locale


def _kept(tag: str) -> str:
    locale = content_locale(tag)
    if locale is None:
        raise PydanticCustomError("unknown_locale", "is no language of this marketplace")
    return locale


KnownLocale = Annotated[str, AfterValidator(_kept)]
"""A tag of any spelling that a language is kept for; it becomes that language."""
EXAMPLES = ["de"]
DESCRIPTION = "Language of the texts; without it, that which `Accept-Language` wants most."
LocaleParameter = Annotated[
    KnownLocale | None, Query(max_length=LONGEST_TAG, examples=EXAMPLES, description=DESCRIPTION)
]


@by_settings
def _language(locale: str, *, by_header: bool) -> ContentLanguage:
    headers = {"Content-Language": locale, **({"Vary": VARY} if by_header else {})}
    return ContentLanguage(locale, locale == source_locale(), headers)


def content_language(connection: HTTPConnection, asked: str | None = None) -> ContentLanguage:
    """Return in which language a request is answered; `asked` is a language that its address names."""
    if asked is not None:
        return _language(asked, by_header=False)
    known = content_locales()
    if len(known) == 1:
        return _language(known[0], by_header=False)
    wanted = best(value for name, value in connection.scope["headers"] if name == b"accept-language")
    return _language(wanted, by_header=True)


def best(headers: Iterable[bytes]) -> str:
    """Return the language for the `Accept-Language` headers of a request: the source if they want none that is kept."""
    return _best(content_locales(), b",".join(headers)[:ANY_LENGTH])


@lru_cache(maxsize=1_024)
def _best(known: tuple[str, ...], header: bytes) -> str:
    wanted = preferences(header.decode("latin-1"))
    for tag in wanted:
        if (found := content_locale(tag)) is not None:
            return found
        nearest = next((one for one in known if one.lower().startswith(f"{tag.lower()}-")), None)
        if nearest is not None:  # who reads Portuguese gets that of Brazil where there is no other
            return nearest
    return known[0]


def front_language(query: bytes, headers: Iterable[bytes]) -> bytes:
    """Return what an answer in memory is known by besides its address: nothing if the address names the language."""
    if query.startswith(b"locale=") or b"&locale=" in query:
        return b""
    return best(headers).encode()


def _of_request(connection: HTTPConnection, locale: LocaleParameter = None) -> ContentLanguage:
    return content_language(connection, locale)


ReaderLocale = Annotated[ContentLanguage, Depends(_of_request)]
"""For routes whose texts are kept in several languages."""


async def _of_answer(language: ReaderLocale, response: Response) -> str | None:
    response.headers.update(language.headers)
    return language.other


AnswerLocale = Annotated[str | None, Depends(_of_answer)]
"""The same for routes that return a shape: None for the source. The answer's headers say which language it is in."""
