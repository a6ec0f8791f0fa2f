"""Every kind of mail in every language, to be looked at in a browser: as pages, or as files."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from mercat import i18n
from mercat.notifications.samples import sample
from mercat.notifications.table import SUBJECTS

KINDS = sorted(SUBJECTS)

INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail of this marketplace</title><style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ border-top: 1px solid #8886; padding: .4rem .8rem .4rem 0; text-align: start; vertical-align: top }}
a {{ margin-inline-end: .6rem }}
</style></head><body><h1>Mail of this marketplace</h1>
<p>With made-up data. Nobody gets any of it.</p>
<table><tr><th>Kind</th><th>Subject</th><th>HTML</th><th>Text</th></tr>
{rows}
</table></body></html>
"""


@dataclass(frozen=True, slots=True)
class PreviewFile:
    """A page of the preview: where it is below the folder or the address, and what is in it."""

    path: str
    content: str

    @property
    def media_type(self) -> str:
        """What a browser is told that it is."""
        return f"text/{'html' if self.path.endswith('.html') else 'plain'}; charset=utf-8"


def paths() -> list[str]:
    """Return the address of every page but the list of them."""
    return [f"{kind}.{locale}.{form}" for kind in KINDS for locale in i18n.LOCALES for form in ("html", "txt")]


def page(path: str) -> PreviewFile | None:
    """Return one page, written now, or None if there is none of that name; the list of all is `index.html`."""
    if path == "index.html":
        return PreviewFile(path, INDEX.format(rows="\n".join(_rows())))
    if path not in paths():
        return None
    kind, locale, form = path.split(".")
    letter = sample(kind, locale)
    return PreviewFile(path, letter.html if form == "html" else f"Subject: {letter.subject}\n\n{letter.text}")


def write_to(folder: Path) -> int:
    """Write all pages into a folder; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [found for path in ("index.html", *paths()) if (found := page(path)) is not None]
    for one in written:
        (folder / one.path).write_text(one.content, encoding="utf-8")
    return len(written)


def _rows() -> Iterator[str]:
    for kind in KINDS:
        links = [
            " ".join(f'<a href="{kind}.{locale}.{form}">{locale}</a>' for locale in i18n.LOCALES)
            for form in ("html", "txt")
        ]
        subject = escape(sample(kind, i18n.DEFAULT_LOCALE).subject)
        yield f"<tr><td>{kind}</td><td>{subject}</td><td>{links[0]}</td><td>{links[1]}</td></tr>"
