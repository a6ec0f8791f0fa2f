"""Texts as XLIFF 2.1, one file element a kind and one unit a text; HTML is escaped, so that tools show it as it is."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr  # only writes

from mercat.translations.translator_files.rows import Exported

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
"""Of all versions 2.x."""
OUTDATED = "mercat:outdated"
PLAIN = re.compile(r"[A-Za-z0-9.-]")
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even as a reference: XLIFF has an element for it."""


def head(source_locale: str, locale: str) -> str:
    """Return the beginning of a document."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xliff xmlns="{NAMESPACE}" version="2.1" srcLang="{source_locale}" trgLang="{locale}" xml:space="preserve">\n'
    )


def opening(kind: str) -> str:
    """Return the beginning of a kind."""
    return f'<file id="{kind}">\n'


CLOSING = "</file>\n"
TAIL = "</xliff>\n"
NOTHING = '<file id="none"><unit id="none"><segment><source/></segment></unit></file>\n'
"""A document has one file at least."""


def written(rows: Iterable[Exported]) -> str:
    """Return rows as units."""
    return "".join(map(_unit, rows))


def unit_id(kind: str, key: str, field: str) -> str:
    """Return the id of a unit, an NMTOKEN: every other character is written as its number between underscores."""
    return ":".join("".join(c if PLAIN.match(c) else f"_{ord(c):x}_" for c in part) for part in (kind, key, field))


def _unit(row: Exported) -> str:
    name = NO_XML.sub("\ufffd", f"{row.kind}/{row.key}/{row.field}")
    notes = '<notes><note category="format">HTML</note></notes>' if row.html else ""
    state = ' state="translated"' if row.state == "translated" else ' state="initial"'
    if row.state == "outdated":
        state += f' subState="{OUTDATED}"'
    target = f"<target>{_text(row.text)}</target>" if row.text else ""
    return (
        f'<unit id="{unit_id(row.kind, row.key, row.field)}" name={quoteattr(name)}>{notes}'
        f"<segment{state}><source>{_text(row.source)}</source>{target}</segment></unit>\n"
    )


def _text(text: str) -> str:
    # a bare carriage return would be read as a line feed
    escaped = escape(text, {"\r": "&#13;"})
    return NO_XML.sub(lambda found: f'<cp hex="{ord(found[0]):04X}"/>', escaped)
