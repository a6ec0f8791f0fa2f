"""Typesetting of a document as PDF: the template places what a sheet says, and nothing else.

The fonts come along; those of the machine are not used. A character that none of them has is drawn as a box.
"""

import atexit
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Literal

from mercat import i18n
from mercat.invoices.document import Party

ROOM = Path(str(files("mercat.invoices")))
UNDRAWABLE = dict.fromkeys((*range(32), 127, *range(0x2028, 0x202F), *range(0x2066, 0x206A)), " ")
"""Control characters, and marks that would reverse the text around them."""
IDLE_SECONDS = 5.0
"""How long the typesetter's process outlives the last document: it costs 90 MB, and a quarter of a second to start."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a document: its subject, a note in small letters, and a cell for each column."""

    name: str
    details: Sequence[str]
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The contents of a document, in words; the first of the `columns` is for the rows' names."""

    locale: str
    issued_on: str
    title: str
    number: str
    fields: Sequence[tuple[str, str]]
    supplier: Party
    buyer: Party
    buyer_label: str
    tax_id_label: str
    columns: Sequence[str]
    rows: Sequence[Row]
    sums: Sequence[tuple[str, str]]
    total: tuple[str, str]
    notes: Sequence[str]
    below: Sequence[tuple[str, str]] = ()
    """What stands below the total."""


def as_pdf(sheet: Sheet) -> bytes:
    """Return the PDF of a document; the same document is the same bytes."""
    return _compiled(sheet, "pdf")[0]


def as_pictures(sheet: Sheet, *, pixels_per_inch: float = 90) -> list[bytes]:
    """Return the pages of a document as PNG, to look at."""
    return _compiled(sheet, "png", pixels_per_inch)


def _compiled(sheet: Sheet, form: Literal["pdf", "png"], pixels_per_inch: float | None = None) -> list[bytes]:
    content = json.dumps(_said(sheet), ensure_ascii=False)
    return TYPESETTER.draw({"form": form, "ppi": pixels_per_inch, "day": sheet.issued_on, "sheet": content})


class Typesetter:
    """The process that draws: started when it is needed, ended when it was not needed for a while."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ends: Timer | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process, while there is one."""
        return None if self._process is None else self._process.pid

    def draw(self, asked: Mapping[str, Any]) -> list[bytes]:
        """Return the pages of a document, once those before it are drawn. A process that was killed is replaced.

        Raises:
            RuntimeError: the document cannot be drawn.
        """
        line = json.dumps(asked).encode() + b"\n"
        with self._lock:
            if self._ends is not None:
                self._ends.cancel()
            try:
                return self._ask(line)
            except OSError:
                self._end()
                return self._ask(line)
            finally:
                self._ends = Timer(self._idle_seconds, self.end)
                self._ends.daemon = True
                self._ends.start()

    def end(self) -> None:
        """End the process, if there is one; the next document starts another."""
        with self._lock:
            self._end()

    def _ask(self, line: bytes) -> list[bytes]:
        if self._process is None:
            command = [sys.executable, "-I", str(ROOM / "typesetter.py")]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None  # noqa: S101 - both are pipes, as asked for
        assert answers is not None  # noqa: S101
        requests.write(line)
        requests.flush()
        answer = answers.readline()
        if not answer:
            raise BrokenPipeError
        said = json.loads(answer)
        if "error" in said:
            raise RuntimeError(f"a document could not be drawn: {said['error']}")
        return [answers.read(size) for size in said["sizes"]]

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.communicate()  # it ends with its input


TYPESETTER = Typesetter()
atexit.register(TYPESETTER.end)


def _said(sheet: Sheet) -> dict[str, Any]:
    """Return everything that the template places."""
    said = {
        "lang": sheet.locale.split("-", maxsplit=1)[0],
        "direction": "rtl" if i18n.is_right_to_left(sheet.locale) else "ltr",
        "title": sheet.title,
        "number": sheet.number,
        "fields": sheet.fields,
        "supplier": _party(sheet.supplier, sheet.tax_id_label),
        "buyer": {"label": sheet.buyer_label, **_party(sheet.buyer, sheet.tax_id_label)},
        "columns": sheet.columns,
        "rows": [{"name": row.name, "details": row.details, "cells": row.cells} for row in sheet.rows],
        "sums": sheet.sums,
        "total": sheet.total,
        "below": sheet.below,
        "notes": sheet.notes,
    }
    return {name: _drawable(value) for name, value in said.items()}


def _party(party: Party, tax_id_label: str) -> dict[str, Any]:
    tax_id = (f"{tax_id_label}: {party.tax_id}",) if party.tax_id else ()
    return {"name": party.name, "lines": (*party.lines, *tax_id)}


def _drawable(value: Any) -> Any:  # noqa: ANN401 - whatever JSON is
    if isinstance(value, str):
        return value.translate(UNDRAWABLE)
    if isinstance(value, dict):
        return {key: _drawable(one) for key, one in value.items()}
    return [_drawable(one) for one in value] if isinstance(value, list | tuple) else value
