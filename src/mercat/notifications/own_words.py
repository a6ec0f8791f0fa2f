"""Operators' own words in mail: Markdown with named places, made into both bodies.

Markdown becomes HTML first, and values are put into that: no value can become markup, Markdown or another place. There
is nothing to look up in a value and nothing to compute.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urljoin

from mercat.kit.markup import render
from mercat.kit.problems import FieldError
from mercat.notifications.links import origin, without_marks
from mercat.notifications.placeholders import OPENING
from mercat.notifications.plain_text import plain_text
from mercat.notifications.template_engine import isolated, one_line

OPENING_PLACE = f"{{{OPENING}}}"
PLACE = re.compile(r"\{([^{}\n]*)\}")
BRACE = re.compile(r"[{}]")
ADDRESS = re.compile(r'\b(href|src)="([^"]*)"')
PLACE_IN_ADDRESS = re.compile(r'\b(?:href|src)="[^"]*%7B', re.IGNORECASE)
OPENING_ALONE = re.compile(r"(?:\A|\n[ \t]*\n)[ \t]*\{" + OPENING + r"\}[ \t]*(?=\n[ \t]*\n|\s*\Z)")


@dataclass(frozen=True, slots=True)
class OwnText:
    """What an operator wrote: a subject, Markdown instead of the opening sentences, and Markdown for the end."""

    subject: str = ""
    introduction: str = ""
    closing: str = ""

    def over(self, further: "OwnText") -> "OwnText":
        """Return this text; what it leaves empty is that of another."""
        return OwnText(
            self.subject or further.subject,
            self.introduction or further.introduction,
            self.closing or further.closing,
        )


NONE = OwnText()


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in both bodies."""

    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What templates ask for: own words before and after the shipped opening, whether that is there, and the end."""

    subject: str = ""
    before: Passage | None = None
    opening: bool = True
    after: Passage | None = None
    closing: Passage | None = None


def worded(own: OwnText, values: Mapping[str, str]) -> Wording:
    """Return own words with values in their places."""
    before, opening, after = own.introduction, True, ""
    if own.introduction:
        found = OPENING_ALONE.search(own.introduction)
        opening = found is not None
        if found is not None:
            before, after = own.introduction[: found.start()], own.introduction[found.end() :]
    return Wording(
        subject=one_line(_filled(own.subject, values, isolated), keep_isolates=True),
        before=_passage(before, values),
        opening=opening,
        after=_passage(after, values),
        closing=_passage(own.closing, values),
    )


def faults(own: OwnText, known: Collection[str]) -> Iterator[FieldError]:
    """Yield what keeps a text from being taken: places that its mail does not know, or where they cannot be."""
    for field, text in (("subject", own.subject), ("introduction", own.introduction), ("closing", own.closing)):
        for place in dict.fromkeys(found[0] for found in PLACE.finditer(text) if found[1] not in known):
            named = {"place": place, "known": ", ".join(f"{{{name}}}" for name in known)}
            yield FieldError(field, "{place} is no placeholder of this mail: use {known}", "unknown_placeholder", named)
        if BRACE.search(PLACE.sub("", text)):
            yield FieldError(field, "has a brace that is part of no placeholder", "lone_brace")
        if field != "subject" and PLACE_IN_ADDRESS.search(render(text)):
            yield FieldError(field, "has a placeholder in the address of a link", "placeholder_in_address")
        allowed = len(OPENING_ALONE.findall(text)) if field == "introduction" else 0
        if OPENING in known and text.count(OPENING_PLACE) > min(allowed, 1):
            yield FieldError(
                field,
                "{place} may stand once in the introduction, in a paragraph of its own",
                "opening_not_alone",
                {"place": OPENING_PLACE},
            )


def _passage(markdown: str, values: Mapping[str, str]) -> Passage | None:
    """Return a passage, or None where nothing was written."""
    if not markdown.strip():
        return None
    html = ADDRESS.sub(_absolute, render(markdown))
    html = _filled(html, values, lambda value: escape(isolated(value)))
    return Passage(str(without_marks(html)), str(without_marks(plain_text(html))))


def _filled(text: str, values: Mapping[str, str], shown: Callable[[str], str]) -> str:
    """Put values into their places, in one pass. One that is empty takes the comma and blank before it along."""
    for name in sorted(name for name, value in values.items() if not value.strip()):
        place = r"\{" + re.escape(name) + r"\}"
        text = re.sub(rf"(?:(?<![^>\n]){place},?\s*|,?[ \t\u00a0]*{place})", "", text)
    return PLACE.sub(lambda found: shown(values[found[1]]) if found[1] in values else found[0], text)


def _absolute(found: re.Match[str]) -> str:
    """Return an attribute whose address is one of the world: mail is read elsewhere than on the marketplace's pages."""
    return f'{found[1]}="{escape(urljoin(f"{origin()}/", unescape(found[2])))}"'
