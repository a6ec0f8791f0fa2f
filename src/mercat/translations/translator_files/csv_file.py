"""Texts as CSV: written so that no spreadsheet takes one for a formula, and read back to the same."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from mercat.kit.spreadsheets import csv_lines, neutral, restored
from mercat.translations.translator_files import shopify
from mercat.translations.translator_files.rows import BadFile, Exported, Refused, Row

COLUMNS = ("kind", "key", "field", "locale", "source", "translation", "state")
SEPARATORS = ",;\t"
"""Spreadsheets of some countries write the second."""
LONGEST_HEAD = 4_000


def written(rows: Iterable[Exported], *, header: bool = False) -> str:
    """Return rows as lines of CSV."""
    cells = [(row.kind, row.key, row.field, row.locale, row.source, row.text, row.state) for row in rows]
    return "".join(csv_lines([*([COLUMNS] * header), *(tuple(map(neutral, row)) for row in cells)]))


def read(file: BinaryIO) -> Iterator[Row | Refused]:
    """Yield the rows of a file in this form, or in that of Shopify.

    Raises:
        BadFile: it is none of these, is not UTF-8, or is broken at some line.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        head = text.readline(LONGEST_HEAD)
        separator = max(SEPARATORS, key=head.count)
        columns = next(csv.reader([head], delimiter=separator), [])
        rows = csv.reader(text, delimiter=separator, strict=True)
        if shopify.is_header(columns):
            yield from shopify.read(columns, _numbered(rows, 1))
        else:
            yield from _read(columns, _numbered(rows, 1))
    except UnicodeDecodeError:
        raise BadFile("the file is not UTF-8") from None
    except csv.Error as error:
        raise BadFile(f"the file is no CSV: {error}") from None
    finally:
        text.detach()


def _numbered(rows: Iterator[list[str]], before: int) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the lines that they begin at."""
    line = before + 1
    for row in rows:
        yield line, row
        line = before + 1 + rows.line_num  # type: ignore[attr-defined]  # csv's reader counts lines


def _read(columns: Sequence[str], rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row | Refused]:
    places = {name.strip().casefold(): place for place, name in enumerate(columns)}
    absent = [name for name in COLUMNS[:6] if name not in places]
    if absent:
        raise BadFile(f"the file has no columns {', '.join(absent)}")
    for line, cells in rows:
        if not any(cells):
            continue
        if len(cells) < len(columns):
            yield Refused(line, "", "the line has fewer cells than the first one", "short_line")
            continue
        found = {name: restored(cells[place]) for name, place in places.items()}
        if any("\0" in cell for cell in found.values()):
            yield Refused(line, "", "the line has a NUL character", "bad_character")
            continue
        yield Row(
            line=line,
            kind=found["kind"],
            key=found["key"],
            field=found["field"],
            locale=found["locale"],
            source=found["source"],
            text=found["translation"],
            done=found.get("state", "").strip().casefold() == "translated",
        )
