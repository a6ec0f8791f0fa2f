"""Sliding windows in this process's memory: a count costs a microsecond, and no other process knows of it."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

KEPT = 100_000
"""Keys counted at a time. Whoever has more addresses than that has as many budgets anyway."""


class Window(NamedTuple):
    """Where somebody stands: how often in all, how often still, and seconds until there is room for more."""

    limit: int
    remaining: int
    reset: int

    def fields(self) -> list[tuple[bytes, bytes]]:
        """Return the header fields that tell a client."""
        return [
            (b"ratelimit-limit", b"%d" % self.limit),
            (b"ratelimit-remaining", b"%d" % self.remaining),
            (b"ratelimit-reset", b"%d" % self.reset),
        ]


class Windows:
    """The counts of one rule, at most `amount` in `seconds`.

    Time from now on is cut into windows of that length, the same for all keys, and two of them are kept. What counts
    is everything of this window and, of the one before, the share that the last `seconds` still cover. So nothing is
    ever cleaned up key by key: the older window is dropped as a whole.
    """

    def __init__(self, amount: int, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.amount = amount
        self.seconds = seconds
        self._clock = clock
        self._began = clock()
        self._number = 0
        self._now: OrderedDict[str, int] = OrderedDict()
        self._before: OrderedDict[str, int] = OrderedDict()

    def hit(self, key: str) -> tuple[bool, Window]:
        """Count one more if there is room; says whether there was, and where the key stands afterwards."""
        left = self._turn()
        before, count = self._before.get(key, 0), self._now.get(key, 0)
        admitted = int(before * left / self.seconds) + count < self.amount
        if admitted:
            count += 1
            self._now[key] = count
            if len(self._now) > KEPT:
                self._now.popitem(last=False)
        return admitted, self._window(before, count, left)

    def look(self, key: str) -> Window:
        """Return the count of a key and its limit."""
        left = self._turn()
        return self._window(self._before.get(key, 0), self._now.get(key, 0), left)

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._now.pop(key, None)
        self._before.pop(key, None)

    def _turn(self) -> float:
        """Begin a new window if it is time; returns the seconds that are left of this one."""
        number, gone = divmod(self._clock() - self._began, self.seconds)
        if number != self._number:
            self._before = self._now if number == self._number + 1 else OrderedDict()
            self._now = OrderedDict()
            self._number = int(number)
        return self.seconds - gone

    def _window(self, before: int, count: int, left: float) -> Window:
        remaining = max(self.amount - int(before * left / self.seconds) - count, 0)
        reset = left % (self.seconds / before) if before else left
        return Window(self.amount, remaining, int(reset) + 1)
