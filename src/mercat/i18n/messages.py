"""Messages by gettext catalogues whose keys are the English sentences; a missing translation is the English one."""

import re
from functools import lru_cache
from importlib.resources import files

DEFAULT_LOCALE = "en"
LOCALES = ("en", "de", "fr")
QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


@lru_cache(maxsize=256)
def negotiate(accept_language: str) -> str:
    """Return our best locale for an `Accept-Language` header (RFC 9110, section 12.5.4)."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language[:500].split(",")):
        tag, _, parameters = part.strip().partition(";")
        quality = parameters.strip().lower().removeprefix("q=") or "1"
        if QUALITY.fullmatch(quality):
            wanted.append((-float(quality), position, tag.strip().split("-")[0].lower()))
    return next((tag for weight, _, tag in sorted(wanted) if weight < 0 and tag in LOCALES), DEFAULT_LOCALE)


@lru_cache(maxsize=len(LOCALES))
def _catalogue(locale: str) -> dict[str, str]:
    if locale == DEFAULT_LOCALE:
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415 - 20 MB that an English-speaking process never needs

    with (files("mercat.i18n") / "locales" / f"{locale}.po").open("rb") as file:
        found = read_po(file, locale=locale)
    return {str(message.id): str(message.string) for message in found if message.id and message.string}


def translate(locale: str, text: str) -> str:
    """Return `text` in a locale, or as it is."""
    return _catalogue(locale).get(text, text)


class Translator:
    """What the error renderer needs to know of languages."""

    def locale(self, accept_language: str) -> str:
        """Return the locale for a header."""
        return negotiate(accept_language)

    def text(self, locale: str, template: str) -> str:
        """Return a template in a locale."""
        return translate(locale, template)
