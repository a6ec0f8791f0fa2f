"""Languages: which one a reader wants, and our own words in it.

Owns: the locales of the marketplace's texts (a setting); our own messages in others (gettext, `locales/*/messages.po`).
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.i18n.amounts import in_words
from mercat.i18n.cldr import cldr
from mercat.i18n.locales import (
    LONGEST_TAG,
    ancestry,
    canonical,
    content_locale,
    content_locales,
    fallbacks,
    is_right_to_left,
    other_locale,
    preferences,
    source_locale,
)
from mercat.i18n.messages import (
    DEFAULT_LOCALE,
    LOCALES,
    Translator,
    negotiate,
    readers_locale,
    spoken,
    translate,
    written,
)
from mercat.i18n.negotiation import (
    AnswerLocale,
    ContentLanguage,
    KnownLocale,
    ReaderLocale,
    content_language,
    front_language,
)
from mercat.i18n.territories import countries_of, currency_of

__all__ = [
    "DEFAULT_LOCALE",
    "LOCALES",
    "LONGEST_TAG",
    "AnswerLocale",
    "ContentLanguage",
    "KnownLocale",
    "ReaderLocale",
    "Translator",
    "ancestry",
    "canonical",
    "cldr",
    "content_language",
    "content_locale",
    "content_locales",
    "countries_of",
    "currency_of",
    "fallbacks",
    "front_language",
    "in_words",
    "is_right_to_left",
    "negotiate",
    "other_locale",
    "preferences",
    "readers_locale",
    "source_locale",
    "spoken",
    "translate",
    "written",
]
