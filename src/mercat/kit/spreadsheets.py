"""Text that goes through spreadsheets: nothing of it may be taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

FORMULA = re.compile("'*[=+\\-@\t\r]")


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def restored(text: str) -> str:
    """Undo `neutral`."""
    return text[1:] if text[:1] == "'" and FORMULA.match(text) else text


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield each row as a line of CSV with its end, as RFC 4180 has it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")  # the module quotes only those line ends that it writes itself
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
