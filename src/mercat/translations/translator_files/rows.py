"""What stands in a translator's file: one row a text, whichever form the file has."""

from dataclasses import dataclass
from typing import Literal

State = Literal["missing", "translated", "outdated"]
SLUG = "slug"
"""The field of a row that is no text but an address."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A text to be translated; `text` is what there is, empty if nothing."""

    kind: str
    key: str
    field: str
    locale: str
    source: str
    text: str
    state: State
    html: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A text that came back. `done` is whether its translator says that it fits the source beside it."""

    line: int
    kind: str
    key: str
    field: str
    locale: str
    source: str
    text: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in a file that could not be taken over; the rest was."""

    line: int
    field: str
    message: str
    code: str


class BadFile(ValueError):
    """The file cannot be read any further; what was read before stays. The text says why, for people."""
