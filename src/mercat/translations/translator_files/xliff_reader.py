"""XLIFF 2 as it comes back from a translator's tool, read as it streams by.

A document type is refused at its first character, and with it every entity: nothing is fetched and nothing expands.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat  # a document type is refused, see `_Reader`

from mercat.translations.translator_files.rows import BadFile, Refused, Row
from mercat.translations.translator_files.xliff_writer import NAMESPACE

CHUNK = 65_536
DEEPEST = 40
LONGEST_UNIT = 2_000_000
"""Characters of a text and its translation together."""
ESCAPED = re.compile(r"_([0-9a-f]{1,6})_")
DONE = frozenset({"translated", "reviewed", "final"})
PLACES = {f"{NAMESPACE} source": "source", f"{NAMESPACE} target": "target"}


def read(file: BinaryIO) -> Iterator[Row | Refused]:
    """Yield the texts of a document.

    Raises:
        BadFile: it is no XLIFF 2, names no language, is no well-formed XML, or has a document type.
    """
    reader = _Reader()
    while chunk := file.read(CHUNK):
        reader.take(chunk, final=False)
        yield from reader.taken()
    reader.take(b"", final=True)
    yield from reader.taken()


class _Reader:
    """What expat tells, as rows."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._rows: list[Row | Refused] = []
        self._depth = 0
        self._locale = ""
        self._unit: tuple[int, str] | None = None
        self._parts: dict[str, list[str]] = {}
        self._complete = self._done = True
        self._within: str | None = None
        self._length = 0

    def take(self, chunk: bytes, *, final: bool) -> None:
        """Read on."""
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise BadFile(f"the file is no XML at line {error.lineno}") from None

    def taken(self) -> list[Row | Refused]:
        """Return what was read since this was asked last."""
        rows, self._rows = self._rows, []
        return rows

    def _refuse(self, *_: object) -> None:
        raise BadFile("the file has a document type, which translations need not have")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFile("the file is nested too deeply")
        if self._depth == 1:
            self._open(name, attributes)
        if name == f"{NAMESPACE} unit":
            self._unit = (self._parser.CurrentLineNumber, attributes.get("id", ""))
            self._parts = {"source": [], "target": []}
            self._complete = self._done = True
            self._length = 0
        elif self._unit is None:
            return
        elif name == f"{NAMESPACE} segment":
            self._done = self._done and attributes.get("state", "initial") in DONE
            self._complete = False
        elif name == f"{NAMESPACE} cp" and self._within:
            self._say(_character(attributes.get("hex", "")))
        elif name in PLACES:
            self._within = PLACES[name]
            self._complete = self._complete or self._within == "target"

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name != f"{NAMESPACE} xliff" or not attributes.get("version", "").startswith("2."):
            raise BadFile("the file is no XLIFF 2")
        self._locale = attributes.get("trgLang", "")
        if not self._locale:
            raise BadFile("the file does not say which language it translates into (trgLang)")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name in PLACES:
            self._within = None
        elif name == f"{NAMESPACE} unit" and self._unit is not None:
            (line, unit_id), self._unit = self._unit, None
            self._rows.append(self._row(line, unit_id))

    def _say(self, text: str) -> None:
        if self._within is None:
            return
        self._length += len(text)
        if self._length > LONGEST_UNIT:
            raise BadFile(f"the text at line {self._parser.CurrentLineNumber} is too long")
        self._parts[self._within].append(text)

    def _row(self, line: int, unit_id: str) -> Row | Refused:
        parts = [ESCAPED.sub(_named, part) for part in unit_id.split(":")]
        if len(parts) != 3 or "\0" in unit_id:
            return Refused(line, unit_id[:100], "the unit is none of an export of ours", "unknown_unit")
        # a tool may cut a text into segments; one that lacks its translation leaves all of it untranslated
        target = "".join(self._parts["target"]) if self._complete else ""
        source = "".join(self._parts["source"])
        kind, key, field = parts
        return Row(line, kind, key, field, self._locale, source, target, self._done)


def _character(hexadecimal: str) -> str:
    number = int(hexadecimal, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", hexadecimal) else 0
    return chr(number) if 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""


def _named(found: re.Match[str]) -> str:
    return _character(found[1])
