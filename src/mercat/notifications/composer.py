"""Writing mail: templates in HTML and plain text, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mercat import i18n
from mercat.kit.config import ProcessSettings
from mercat.notifications.account_messages import ACCOUNT_MESSAGES
from mercat.notifications.links import CAN_BE_ENDED, UNSUBSCRIBE
from mercat.notifications.own_words import NONE, OwnText, worded
from mercat.notifications.placeholders import values_of
from mercat.notifications.template_engine import fill, templates


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and the two bodies of a message."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject in English, and what fills its places."""

    title: str
    places: Mapping[str, str] = field(default_factory=dict)


def compose(kind: str, locale: str, subject: Subject, values: Mapping[str, Any], own: OwnText = NONE) -> Letter:
    """Render a kind of mail: an account message, or one that has templates of its own; with an operator's own words.

    The templates say what `values` they need. What is technically needed is in them, and stays whatever is `own`.
    """
    places = {"marketplace": ProcessSettings.read().marketplace_name, **subject.places}
    money = partial(i18n.in_words, locale=locale)
    wording = worded(own, values_of(kind, values, places, money))
    title = wording.subject or fill(i18n.translate(locale, subject.title), **places)
    language = i18n.written(locale) if own == NONE else locale
    context = {**_context(kind, locale, values, language), "subject": title, "title": title, "own": wording}
    html = templates().get_template(f"{_template(kind)}.html").render(context)
    return Letter(title, templates().get_template(f"{_template(kind)}.txt.j2").render(context), html)


def opening(kind: str, locale: str, values: Mapping[str, Any]) -> str:
    """Return the shipped sentences that an own introduction takes the place of, or nothing where there are none."""
    template = templates().get_template(f"{_template(kind)}.txt.j2")
    block = template.blocks.get("opening")
    return "".join(block(template.new_context(_context(kind, locale, values, locale)))).strip() if block else ""


def _template(kind: str) -> str:
    return "account_message" if kind in ACCOUNT_MESSAGES else kind


def _context(kind: str, locale: str, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    leftwards = i18n.is_right_to_left(language)
    return {
        "words": {},
        "money": partial(i18n.in_words, locale=locale),
        **values,
        "_": partial(i18n.translate, locale),
        "locale": language,
        "direction": "rtl" if leftwards else "ltr",
        "start": "right" if leftwards else "left",
        "end": "left" if leftwards else "right",
        "marketplace": ProcessSettings.read().marketplace_name,
        "message": ACCOUNT_MESSAGES.get(kind),
        "unsubscribe": UNSUBSCRIBE if kind in CAN_BE_ENDED else "",
    }
