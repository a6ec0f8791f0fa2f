"""Typesetting of a document as PDF: the template places what a sheet says, and nothing else.

The fonts come along; those of the machine are not used. A character that none of them has is drawn as a box.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from datetime import date as calendar_date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from babel import Locale

from mercat.invoices.document import Party

if TYPE_CHECKING:
    import typst

ROOM = Path(str(files("mercat.invoices")))
UNDRAWABLE = dict.fromkeys((*range(32), 127, *range(0x2028, 0x202F), *range(0x2066, 0x206A)), " ")
"""Control characters, and marks that would reverse the text around them."""
ONE_AT_A_TIME = Lock()


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


def as_pdf(sheet: Sheet) -> bytes:
    """Return the PDF of a document; the same document is the same bytes."""
    return _compiled(sheet, "pdf")[0]


def as_pictures(sheet: Sheet, *, pixels_per_inch: float = 90) -> list[bytes]:
    """Return the pages of a document as PNG, to look at."""
    return _compiled(sheet, "png", pixels_per_inch)


def _compiled(sheet: Sheet, form: Literal["pdf", "png"], pixels_per_inch: float | None = None) -> list[bytes]:
    day = calendar_date.fromisoformat(sheet.issued_on)
    with ONE_AT_A_TIME:  # the compiler keeps its fonts from one document to the next
        made = _compiler().compile(
            format=form,
            ppi=pixels_per_inch,
            sys_inputs={"sheet": json.dumps(_said(sheet), ensure_ascii=False)},
            timestamp=datetime.combine(day, time(), UTC),
        )
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]


@lru_cache(maxsize=1)
def _compiler() -> "typst.Compiler":
    import typst  # noqa: PLC0415 - 30 MB, which only a process that draws needs

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(ROOM / "fonts")])
    return typst.Compiler(str(ROOM / "templates" / "invoice.typ"), root=str(ROOM / "templates"), font_paths=fonts)


def _said(sheet: Sheet) -> dict[str, Any]:
    """Return everything that the template places."""
    said = {
        "lang": sheet.locale,
        "direction": "rtl" if Locale.parse(sheet.locale).text_direction == "rtl" else "ltr",
        "title": sheet.title,
        "number": sheet.number,
        "fields": sheet.fields,
        "supplier": _party(sheet.supplier, sheet.tax_id_label),
        "buyer": {"label": sheet.buyer_label, **_party(sheet.buyer, sheet.tax_id_label)},
        "columns": sheet.columns,
        "rows": [{"name": row.name, "details": row.details, "cells": row.cells} for row in sheet.rows],
        "sums": sheet.sums,
        "total": sheet.total,
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
