"""Rows that wait for the end of a file."""

import tempfile

import orjson


class Spool:
    """Rows in a temporary file: memory holds where each of them lies."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="mercat-import-")  # noqa: SIM115 - closed by `close`
        self._end = 0

    def put(self, cells: list[str]) -> tuple[int, int]:
        """Keep a row; returns its place."""
        written = orjson.dumps(cells)
        self._file.write(written)
        place = (self._end, len(written))
        self._end += len(written)
        return place

    def get(self, place: tuple[int, int]) -> list[str]:
        """Return a row that was kept."""
        self._file.seek(place[0])
        cells: list[str] = orjson.loads(self._file.read(place[1]))
        return cells

    def close(self) -> None:
        """Let go of all rows."""
        self._file.close()
