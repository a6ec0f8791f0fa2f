"""Guards that end the reading of a file before its end: limits, and a reader that has gone."""

import threading

from mercat.catalog.feeds.config import settings


class Stopped(Exception):
    """The reader has gone."""


class Guard:
    """Counts what comes out of a file. A thread cannot be stopped from outside: it asks here, for every line."""

    def __init__(self, most_bytes: int | None = None, most_rows: int | None = None) -> None:
        self.most_bytes = most_bytes or settings().import_max_bytes
        self.most_rows = most_rows or settings().import_max_rows
        self.broken = ""
        self._stopped = threading.Event()
        self._left = self.most_bytes

    def stop(self) -> None:
        """Let the reader end as soon as it asks."""
        self._stopped.set()

    def check(self) -> None:
        """End the reader if it was told to.

        Raises:
            Stopped: it was.
        """
        if self._stopped.is_set():
            raise Stopped

    def room(self, wanted: int) -> int:
        """Return how many bytes may be read next; none when the limit is reached, and `broken` says so."""
        self.check()
        if self._left <= 0:
            self.broken = f"the file is larger than {self.most_bytes} bytes unpacked; the rest was not read"
        return min(wanted, self._left)

    def took(self, count: int) -> None:
        """Count what was read."""
        self._left -= count
