"""Languages that the marketplace's own texts are kept in: a setting, the first is what every text is written in."""

import re
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

from mercat.kit.config import Settings
from mercat.kit.settings_memory import by_settings

TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""Language, perhaps script, perhaps region (BCP 47), as `canonical` writes them."""
MOST_LOCALES = 40
LONGEST_TAG = 35
RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "khw", "ks", "ku", "ps", "sd", "syr", "ug", "ur", "yi"}
)
"""Languages written from right to left unless the tag says another script (CLDR, characterOrder)."""
RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"})
QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def canonical(tag: str) -> str:
    """Write a tag as BCP 47 recommends: `de-AT`, `zh-Hant-TW`. Any text may be given; see `TAG` for what is one."""
    language, *rest = tag.strip().replace("_", "-").split("-")
    return "-".join([language.lower(), *(part.title() if len(part) == len("Latn") else part.upper() for part in rest)])


def _known(given: str) -> str:
    tags = [canonical(part) for part in given.split(",") if part.strip()]
    if not tags or len(tags) > MOST_LOCALES or len(set(tags)) < len(tags):
        raise ValueError(f"name 1 to {MOST_LOCALES} different languages")
    for tag in tags:
        if TAG.fullmatch(tag) is None:
            raise ValueError(f"{tag!r} is no language tag: write de, pt-BR or zh-Hant")
    return ",".join(tags)


class LocaleSettings(Settings):
    """The languages of a marketplace."""

    locales: Annotated[str, AfterValidator(_known)] = Field(
        "en",
        description="Languages of products, pages and posts, comma separated; the first is what they are written in.",
    )


@by_settings
def content_locales() -> tuple[str, ...]:
    """Return the languages that texts can be kept in, the one that they are written in first."""
    return tuple(LocaleSettings.read().locales.split(","))


def source_locale() -> str:
    """Return the language that texts are written in, and fall back to."""
    return content_locales()[0]


def ancestry(locale: str) -> list[str]:
    """Return a tag and those that are less exact, in this order: `de-AT`, `de`."""
    return [locale.rsplit("-", dropped)[0] for dropped in range(locale.count("-") + 1)]


@by_settings
def fallbacks(locale: str) -> tuple[str, ...]:
    """Return where to look for a text, best first: `de-AT`, `de`, and what it was written in."""
    known = content_locales()
    return tuple(dict.fromkeys([*(tag for tag in ancestry(locale) if tag in known), source_locale()]))


def content_locale(wanted: str) -> str | None:
    """Return the language of texts for a tag of any spelling, or None if nothing near it is kept: de-CH is de here."""
    if len(wanted) > LONGEST_TAG or TAG.fullmatch(tag := canonical(wanted)) is None:
        return None
    known = content_locales()
    return next((one for one in ancestry(tag) if one in known), None)


def other_locale(wanted: str) -> str | None:
    """Return the language of texts for a tag, or None if that is the source, or nothing nearer is kept."""
    locale = content_locale(wanted)
    return None if locale == source_locale() else locale


def is_right_to_left(locale: str) -> bool:
    """Return whether a language is written from right to left."""
    language, *rest = locale.split("-")
    script = next((part for part in rest if len(part) == len("Latn")), None)
    return script in RIGHT_TO_LEFT_SCRIPTS if script else language in RIGHT_TO_LEFT


@lru_cache(maxsize=256)
def preferences(accept_language: str) -> tuple[str, ...]:
    """Return the tags of an `Accept-Language` header, most wanted first (RFC 9110, section 12.5.4)."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language[:500].split(",")):
        tag, _, parameters = part.strip().partition(";")
        quality = parameters.strip().lower().removeprefix("q=") or "1"
        if QUALITY.fullmatch(quality) and float(quality) > 0:
            wanted.append((-float(quality), position, tag.strip()))
    return tuple(tag for _, _, tag in sorted(wanted))
