"""Which form a translator's file has, by how it begins."""

from collections.abc import Iterator
from typing import BinaryIO

from mercat.translations.translator_files import csv_file, xliff_reader
from mercat.translations.translator_files.rows import Refused, Row

BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"


def open_rows(file: BinaryIO) -> Iterator[Row | Refused]:
    """Yield the rows of a file from its beginning: XLIFF if it begins with `<`, CSV otherwise.

    Raises:
        BadFile: see the readers.
    """
    start = file.read(200).lstrip(BYTE_ORDER_MARKS).lstrip(b"\0 \r\n\t")
    file.seek(0)
    return xliff_reader.read(file) if start.startswith(b"<") else csv_file.read(file)
