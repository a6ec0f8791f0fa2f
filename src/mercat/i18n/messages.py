"""Messages by gettext catalogues whose keys are the English sentences; a missing translation is the English one.

A language is a folder in `locales` with a `messages.po`: it is there as soon as the folder is.
"""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from mercat.i18n.locales import content_locale, content_locales, preferences

DEFAULT_LOCALE = "en"
FOLDER = Path(str(files("mercat.i18n") / "locales"))


def languages(folder: Path) -> tuple[str, ...]:
    """Return the languages that a folder has messages in, the one that they are written in first."""
    return (DEFAULT_LOCALE, *sorted(found.parent.name for found in folder.glob("*/messages.po")))


LOCALES = languages(FOLDER)


@lru_cache(maxsize=256)
def negotiate(accept_language: str) -> str:
    """Return the best locale of our own messages for an `Accept-Language` header (RFC 9110, section 12.5.4)."""
    tags = (tag.split("-")[0].lower() for tag in preferences(accept_language))
    return next((tag for tag in tags if tag in LOCALES), DEFAULT_LOCALE)


@lru_cache(maxsize=len(LOCALES))
def _catalogue(locale: str) -> dict[str, str]:
    if locale == DEFAULT_LOCALE:
        return {}
    return read(FOLDER, locale)


def read(folder: Path, locale: str) -> dict[str, str]:
    """Return the messages of a language that are translated, by the English one."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - 20 MB that an English-speaking process never needs

    with (folder / locale / "messages.po").open("rb") as file:
        found = read_po(file, locale=locale)
    return {str(message.id): str(message.string) for message in found if message.id and message.string}


def spoken(locale: str) -> str:
    """Return the language in which our own messages reach readers of a language of the marketplace."""
    language = locale.split("-", maxsplit=1)[0]
    return language if language in LOCALES else DEFAULT_LOCALE


def written(locale: str) -> str:
    """Return the language of what is in our own words for a reader: theirs, with its region, where we speak it."""
    language = spoken(locale)
    return locale if language == locale.split("-", maxsplit=1)[0] else language


def translate(locale: str, text: str) -> str:
    """Return `text` for readers of a language, which may be none of our messages'; then it is as it is."""
    return _catalogue(spoken(locale)).get(text, text)


def readers_locale(accept_language: str) -> str:
    """Return the language in which somebody gets mail, of an `Accept-Language` header.

    That is the best one of those that texts are kept in and those of our own messages: `de-AT` where it is kept.
    """
    for tag in preferences(accept_language):
        kept = content_locale(tag)
        nearest = next((one for one in content_locales() if one.lower().startswith(f"{tag.lower()}-")), None)
        language = tag.split("-", maxsplit=1)[0].lower()
        found = kept or (language if language in LOCALES else nearest)
        if found is not None:
            return found
    return DEFAULT_LOCALE


class Translator:
    """What the error renderer needs to know of languages."""

    def locale(self, accept_language: str) -> str:
        """Return the locale for a header."""
        return negotiate(accept_language)

    def text(self, locale: str, template: str) -> str:
        """Return a template in a locale."""
        return translate(locale, template)
