"""Lines of CSV are read back to the same cells, whatever these hold."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from mercat.kit.spreadsheets import csv_lines

CELLS = st.lists(st.lists(st.text(alphabet='a,;"\r\n\té'), min_size=1))


@given(rows=CELLS)
def test_lines_are_read_back_to_the_same_cells(rows: list[list[str]]) -> None:
    lines = list(csv_lines(rows))
    assert len(lines) == len(rows)
    assert all(line.endswith("\r\n") for line in lines)
    assert list(csv.reader(io.StringIO("".join(lines), newline=""))) == rows
