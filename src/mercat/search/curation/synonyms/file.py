"""Synonyms as a CSV file: `id,locale,terms,finds`, with ` | ` between the terms of a cell."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from mercat.kit.errors import from_validation
from mercat.kit.ids import parse_id
from mercat.kit.spreadsheets import csv_lines, neutral, restored
from mercat.search.curation.models import SearchSynonym
from mercat.search.curation.synonyms.exceptions import NoSynonymFile
from mercat.search.curation.synonyms.schemas import SynonymRowError, SynonymWrite

COLUMNS = ("id", "locale", "terms", "finds")
MEDIA = "text/csv"
BETWEEN = " | "
MOST_LINES = 5_000
"""Lines of a file that are read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file that can be taken; without an `id` it is new, or known by what it says."""

    line: int
    id: UUID | None
    new: SynonymWrite


def written(kept: Iterable[SearchSynonym]) -> bytes:
    """Return synonyms as a file. Reading it again changes nothing."""
    rows = [
        (str(row.id), row.locale, neutral(BETWEEN.join(row.terms)), neutral(BETWEEN.join(row.finds))) for row in kept
    ]
    return "".join(csv_lines([COLUMNS, *rows])).encode()


def read(content: bytes) -> tuple[Sequence[Row], Sequence[SynonymRowError]]:
    """Return the lines that can be taken, and what is wrong with the others.

    Raises:
        NoSynonymFile: it is no text in UTF-8, or its first line does not name the columns.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoSynonymFile from None
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names = [name.strip().lower() for name in next(lines, [])]
    if not {"locale", "terms"} <= set(names) <= set(COLUMNS) or len(set(names)) < len(names) or "\0" in text:
        raise NoSynonymFile
    rows: list[Row] = []
    errors: list[SynonymRowError] = []
    while True:
        begins = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error:
            errors.append(SynonymRowError(line=begins, field="", message="not a line of a CSV file", code="bad_line"))
            continue
        if cells is None:
            return rows, errors
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) + len(errors) >= MOST_LINES:
            told = "this line and what follows: a file can have 5000 lines"
            errors.append(SynonymRowError(line=begins, field="", message=told, code="too_many"))
            return rows, errors
        found = _row(begins, names, cells)
        if isinstance(found, Row):
            rows.append(found)
        else:
            errors.append(found)


def _row(line: int, names: Sequence[str], cells: Sequence[str]) -> Row | SynonymRowError:
    if len(cells) > len(names):
        return SynonymRowError(line=line, field="", message="more cells than columns", code="too_many_cells")
    given = {name: restored(cell).strip() for name, cell in zip(names, cells, strict=False)}
    row_id = parse_id(given.get("id", "")) if given.get("id") else None
    if given.get("id") and row_id is None:
        return SynonymRowError(line=line, field="id", message="not an id; leave it empty for a new one", code="bad_id")
    terms = {
        name: [" ".join(term.split()) for term in given.get(name, "").split("|") if term.strip()]
        for name in COLUMNS[2:]
    }
    try:
        return Row(line, row_id, SynonymWrite.model_validate({"locale": given.get("locale", ""), **terms}))
    except ValidationError as error:
        wrong = from_validation(error.errors()).errors[0]
        return SynonymRowError(line=line, field=wrong.field.partition(".")[0], message=wrong.told(), code=wrong.code)
