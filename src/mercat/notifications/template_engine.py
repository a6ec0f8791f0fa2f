"""Templates of mail: MJML becomes HTML once a process, Jinja fills both bodies when a message is written."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from mercat.notifications.links import without_marks

if TYPE_CHECKING:
    import jinja2

FOLDER = Path(str(files("mercat.notifications") / "templates"))
LONGEST_VALUE = 300
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INCLUDE = re.compile(r'<mj-include path="([^"]+)" />')
RUN_OF_BLANKS = re.compile(" {2,}")
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
UNSEEN = {"Cc", "Zl", "Zp", "Cs"}
"""Unicode's control characters, line and paragraph separators, and halves of pairs."""


@lru_cache(maxsize=1)
def templates() -> "jinja2.Environment":
    """Return the templates; those of HTML escape whatever is put into them."""
    import jinja2  # noqa: PLC0415 - most processes of the API write no mail

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html",), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        finalize=without_marks,
    )
    environment.filters["fill"] = fill
    return environment


def _source(template: str) -> str | None:
    """Return the source of `order_paid.txt` as it is, of `order_paid.html` made from its MJML and the layout.

    Jinja keeps what it makes of it for as long as the process lives.
    """
    import mjml  # noqa: PLC0415 - for those who write mail

    kind, _, form = template.partition(".")
    letter = FOLDER / (f"{kind}.mjml.j2" if form == "html" else template)
    if not letter.is_file():
        return None
    if form != "html":
        return letter.read_text(encoding="utf-8")
    return mjml.mjml2html(_joined("layout.mjml.j2", letter), fonts={})


def _joined(name: str, letter: Path) -> str:
    """Return a file with its parts in it; the library takes no part within a part."""
    text = (letter if name == "letter" else FOLDER / name).read_text(encoding="utf-8")
    return INCLUDE.sub(lambda found: _joined(found[1], letter), text)


def fill(template: str, **values: object) -> str:
    """Put values into the named places of a translated sentence; none breaks the line or turns what is around it."""
    return template.format_map({name: isolated(str(value)) for name, value in values.items()})


def one_line(value: str, *, keep_isolates: bool = False) -> str:
    """Return a value without line breaks, control characters and marks of direction, and no longer than is read."""
    kept = {ISOLATE, END_OF_ISOLATE} if keep_isolates else set()
    dropped = set(BIDI_CONTROLS) - kept
    seen = "".join(" " if unicodedata.category(c) in UNSEEN else c for c in value if c not in dropped)
    line = RUN_OF_BLANKS.sub(" ", seen).strip()
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"


def isolated(value: str) -> str:
    """Return a value as one line that does not turn what is around it, whatever direction its own letters have."""
    line = one_line(value)
    turned = any(unicodedata.bidirectional(c) in {"R", "AL", "AN"} for c in line)
    return f"{ISOLATE}{line}{END_OF_ISOLATE}" if turned else line
