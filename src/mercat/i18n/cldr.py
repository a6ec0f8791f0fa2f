"""What CLDR knows of a language, by the tags that we keep."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from mercat.i18n.locales import ancestry
from mercat.i18n.messages import DEFAULT_LOCALE


@lru_cache(maxsize=64)
def cldr(locale: str) -> Locale:
    """Return how a language writes numbers, days and countries: that of `de-AT`, else of `de`, else of English."""
    for tag in ancestry(locale):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(DEFAULT_LOCALE)
