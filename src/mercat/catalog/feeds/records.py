"""Rows of a CSV file with the physical line each starts on, however damaged the file is.

A quote that is never closed would swallow everything behind it. Here the row is given up as soon as the text inside it
contradicts a quoted cell, the file ends or a limit is reached, and reading resumes on the line after the row's first.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from mercat.catalog.feeds.shapes import RowError
from mercat.catalog.feeds.sources import Source

CELL_LIMIT = 131_072
"""Characters of one cell: the csv module's own default, which is process-wide and not ours to change."""
SEPARATOR = re.compile(r"sep=.?")
"""A first line by which Excel knows what separates cells."""
LINE_LIMIT = 1 << 20
RECORD_LIMIT = 1 << 21


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its cells, or with a `fault` as many of them as could be read."""

    line: int
    cells: list[str]
    fault: RowError | None = None


class _TooLong(Exception):
    """A row outgrew `RECORD_LIMIT`."""


class _Lines:
    """Feeds the CSV parser lines, counts them, and remembers those of the current row for another try."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self.size = 0
        self.rows = 0
        self.fault: tuple[str, str] | None = None

    def begin(self) -> int:
        """Start a new row; returns the line it starts on."""
        self.taken.clear()
        self.size = 0
        self.fault = None
        self._source.guard.check()
        return self.number + 1

    def give_back(self) -> None:
        """Let all lines of the current row but its first be read once more."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self._source.guard.check()
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self.size += len(line)
        if "\0" in line:
            self.fault = ("nul_character", "the row holds NUL characters")
        elif self._source.damaged(line):
            self.fault = ("wrong_encoding", "the row is not UTF-8 text")
        if self.size > RECORD_LIMIT:
            raise _TooLong
        return line

    def _read(self) -> str:
        line = self._source.readline(LINE_LIMIT)
        if len(line) < LINE_LIMIT or line.endswith(("\n", "\r")):
            return line
        while (more := self._source.readline(LINE_LIMIT)) and not more.endswith(("\n", "\r")):
            pass
        self.fault = ("line_too_long", f"the line is longer than {LINE_LIMIT} characters")
        return "\n"


def records(source: Source) -> Iterator[Record]:
    """Yield the rows that are not blank. The first one that can be read is the header and sets the number of cells.

    A row with a fault is yielded where it was found; one with an unclosed quote when reading has found its way again.
    """
    lines = _Lines(source)
    parser = csv.reader(lines, delimiter=source.delimiter, strict=True)
    width = 0
    lost: Record | None = None
    while True:
        record = _next(lines, parser, source)
        if record is None or (record.fault and record.fault.code == "broken_file"):
            if lost:
                yield _lost(lost, lines.number)
            if record:
                yield record
            return
        if record.fault and record.fault.code == "unclosed_quote":
            lost = lost or record
            continue
        if not record.fault and (not record.cells or (not width and SEPARATOR.fullmatch(record.cells[0]))):
            continue
        width = width or len(record.cells)
        if record.fault is None and len(record.cells) != width:
            record = _miscounted(record, width)
        if lost:
            if record.fault:
                continue
            yield _lost(lost, record.line - 1)
            lost = None
        yield record


def _next(lines: _Lines, parser: Iterator[list[str]], source: Source) -> Record | None:
    start = lines.begin()
    cells: list[str] = []
    fault: tuple[str, str] | None = None
    try:
        cells = next(parser)
    except StopIteration:
        return _fault(start, "broken_file", source.broken) if source.broken else None
    except csv.Error as error:
        fault = _explained(error)
    except _TooLong:
        fault = ("unclosed_quote", "the row has no end")
    lines.rows += bool(cells)
    if lines.rows > source.guard.most_rows + 1:  # and the header
        message = f"the file has more than {source.guard.most_rows} rows; the rest was not read"
        return _fault(start, "broken_file", message)
    if source.broken and not lines.taken[-1].endswith(("\n", "\r")):
        return _fault(start, "broken_file", source.broken)
    if fault is None and lines.fault is None:
        return Record(start, cells)
    if fault and len(lines.taken) > 1:
        lines.give_back()
        return _fault(start, "unclosed_quote", "the quote opened in this row is not closed")
    code, message = lines.fault or fault or ("", "")
    return _fault(start, code, message, cells)


def _explained(error: csv.Error) -> tuple[str, str]:
    if "field limit" in str(error):
        return "cell_too_long", f"a cell is longer than {CELL_LIMIT} characters"
    if "end of data" in str(error):
        return "unclosed_quote", "the quote opened in this row is not closed"
    return "bad_quotes", "a quoted cell goes on after its closing quote"


def _fault(line: int, code: str, message: str, cells: list[str] | None = None) -> Record:
    return Record(line, cells or [], RowError(line, "", message, code))


def _miscounted(record: Record, width: int) -> Record:
    count = len(record.cells)
    code = "too_few_cells" if count < width else "too_many_cells"
    return _fault(record.line, code, f"{count} cells where the header has {width}", record.cells)


def _lost(first: Record, last: int) -> Record:
    lines = f"line {first.line}" if last <= first.line else f"lines {first.line} to {last}"
    return _fault(
        first.line, "unclosed_quote", f"the quote opened in this row is not closed; {lines} could not be read"
    )
