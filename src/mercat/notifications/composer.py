"""Writing mail: templates in HTML and plain text, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from babel import Locale

from mercat import i18n
from mercat.kit.config import ProcessSettings
from mercat.notifications.account_messages import ACCOUNT_MESSAGES
from mercat.notifications.links import CAN_BE_ENDED, UNSUBSCRIBE
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


def compose(kind: str, locale: str, subject: Subject, values: Mapping[str, Any]) -> Letter:
    """Render a kind of mail: an account message, or one that has templates of its own.

    The templates say what `values` they need.
    """
    translate = partial(i18n.translate, locale)
    marketplace = ProcessSettings.read().marketplace_name
    message = ACCOUNT_MESSAGES.get(kind)
    title = fill(translate(subject.title), **{"marketplace": marketplace, **subject.places})
    leftwards = Locale.parse(locale).text_direction == "rtl"
    context = {
        "words": {},
        **values,
        "_": translate,
        "locale": locale,
        "direction": "rtl" if leftwards else "ltr",
        "start": "right" if leftwards else "left",
        "end": "left" if leftwards else "right",
        "marketplace": marketplace,
        "subject": title,
        "title": title,
        "message": message,
        "unsubscribe": UNSUBSCRIBE if kind in CAN_BE_ENDED else "",
        "money": partial(i18n.in_words, locale=locale),
    }
    template = "account_message" if message else kind
    html = templates().get_template(f"{template}.html").render(context)
    return Letter(title, templates().get_template(f"{template}.txt.j2").render(context), html)
