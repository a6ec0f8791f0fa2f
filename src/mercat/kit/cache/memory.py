"""Answers in a process's memory."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from mercat.kit.cache.policy import Policy

Headers = list[tuple[bytes, bytes]]
Key = tuple[str, bytes, bytes, bytes, str, bool, bytes, bytes]
"""Path, query, host, origin, scheme, whether it may be gzipped, the language, and under which settings."""
OVERHEAD = 1_000
"""Bytes that an entry takes beside its body, about."""


@dataclass(frozen=True, slots=True)
class Page:
    """A successful answer as it was sent, without what belongs to one request."""

    headers: Headers
    body: bytes
    etag: bytes
    head: bytes
    """The headers as they are written, with what says that they come from memory."""
    unchanged: Headers
    """What a 304 repeats of them, beside the ETag."""
    unchanged_head: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer in memory and the state in which it is right."""

    policy: Policy
    subject: str
    state: bytes
    page: Page
    until: float


class Memory:
    """Entries by what was asked; bounded in bytes, what was not used for longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Entry | None:
        """Return an entry whose lifetime has not ended."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.until < time.monotonic():
            self.drop(key)
            return None
        self._entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry; one that would push out most others is not kept."""
        self.drop(key)
        if _size(entry) > self._most_bytes // 8:
            return
        self._entries[key] = entry
        self.size += _size(entry)
        while self.size > self._most_bytes:
            _, gone = self._entries.popitem(last=False)
            self.size -= _size(gone)

    def entries(self) -> list[Entry]:
        """Return all entries, those first that were not used for longest."""
        return list(self._entries.values())

    def drop(self, key: Key) -> None:
        """Forget an entry."""
        gone = self._entries.pop(key, None)
        if gone is not None:
            self.size -= _size(gone)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.size = 0


def _size(entry: Entry) -> int:
    return len(entry.page.body) + OVERHEAD
