"""Files as text: plain or gzipped, UTF-8 or UTF-16, whole or broken."""

import codecs
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mercat.catalog.feeds.guard import Guard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 16
DELIMITERS = (",", ";", "\t", "|")
GZIP_MAGIC = b"\x1f\x8b"
WITH_HEADER = 31
"""zlib's window size for a stream in gzip's wrapping, checksum included."""


class _Counting(io.RawIOBase):
    """A file that tells how much of it has been read."""

    def __init__(self, file: io.FileIO, on_bytes: Callable[[int], None]) -> None:
        self._file, self._on_bytes = file, on_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = self._file.readinto(buffer) or 0
        self._on_bytes(count)
        return count


class _Inflating(io.RawIOBase):
    """Gunzips what it can. Where the data break off or are damaged it ends like a file, and `broken` says why."""

    def __init__(self, raw: io.BufferedIOBase) -> None:
        self._raw = raw
        self._member = zlib.decompressobj(WITH_HEADER)
        self._input = b""
        self._output = b""
        self._ended = False
        self.broken = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        while not self._output and not self._ended:
            self._output = self._more()
        count = min(len(view), len(self._output))
        view[:count] = self._output[:count]
        self._output = self._output[count:]
        return count

    def _more(self) -> bytes:
        if self._member.eof and not self._next_member():
            return b""
        self._input = self._input or self._raw.read(CHUNK)
        if not self._input:
            rest = self._member.flush()
            if not self._member.eof:
                self._end("the compressed data break off")
            return rest
        before = self._member.copy()
        try:
            output = self._member.decompress(self._input, CHUNK)
        except zlib.error:
            self._end("the compressed data are damaged")
            return _salvage(before, self._input)
        self._input = self._member.unconsumed_tail
        return output

    def _next_member(self) -> bool:
        """Go on with what follows a finished gzip member: another one, padding, or nothing."""
        rest = self._member.unused_data.lstrip(b"\0")
        while not rest:
            read = self._raw.read(CHUNK)
            if not read:
                self._ended = True
                return False
            rest = read.lstrip(b"\0")
        self._member, self._input = zlib.decompressobj(WITH_HEADER), rest
        return True

    def _end(self, why: str) -> None:
        self.broken, self._ended = why, True


def _salvage(member: "zlib._Decompress", data: bytes) -> bytes:
    """Return what comes out before the first byte that does not fit."""
    output = bytearray()
    for position in range(len(data)):
        try:
            output += member.decompress(data[position : position + 1])
        except zlib.error:
            break
    return bytes(output)


class _Guarded(io.RawIOBase):
    """Bytes as they come out of a file, as many as its guard lets through."""

    def __init__(self, raw: io.BufferedIOBase, guard: Guard) -> None:
        self._raw, self._guard = raw, guard

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        room = self._guard.room(len(view))
        if not room:
            if not self._raw.read(1):  # it ends just here
                self._guard.broken = ""
            return 0
        count = self._raw.readinto1(view[:room])
        self._guard.took(count)
        return count


class Source:
    """An open file as lines of text.

    Bytes that are no UTF-8 arrive as lone surrogates, characters that are no UTF-16 as U+FFFD: `damaged` finds both.
    """

    def __init__(self, text: io.TextIOWrapper, inflating: _Inflating | None, guard: Guard, *, wide: bool) -> None:
        self.readline = text.readline
        self.guard = guard
        self.delimiter = ","
        self._inflating = inflating
        self._wide = wide

    @property
    def broken(self) -> str:
        """Why the file ended before its end; empty if it did not, or has not yet."""
        return self.guard.broken or (self._inflating.broken if self._inflating else "")

    def damaged(self, line: str) -> bool:
        """Whether a line holds bytes that are not text."""
        if line.isascii():
            return False
        if self._wide:
            return "\ufffd" in line
        try:
            line.encode()
        except UnicodeEncodeError:
            return True
        return False


def _delimiter(beginning: str) -> str:
    """Return what separates the cells of the first line: what is there most often outside of quotes, else a comma."""
    header = beginning.lstrip().partition("\n")[0]
    plain = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=plain.count)


@contextmanager
def opened(path: Path, on_bytes: Callable[[int], None], guard: Guard) -> Iterator[Source]:
    """Open a file by what is in it: gzip by its magic bytes, UTF-16 by its byte order mark, else UTF-8."""
    with path.open("rb", buffering=0) as file:
        buffered: io.BufferedReader = io.BufferedReader(_Counting(file, on_bytes), CHUNK)
        inflating = None
        if buffered.peek(2)[:2] == GZIP_MAGIC:
            inflating = _Inflating(buffered)
            buffered = io.BufferedReader(inflating, CHUNK)
        buffered = io.BufferedReader(_Guarded(buffered, guard), CHUNK)
        wide = buffered.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        encoding, errors = ("utf-16", "replace") if wide else ("utf-8-sig", "surrogateescape")
        # newline="": line ends inside quotes reach the parser as they are
        with io.TextIOWrapper(buffered, encoding, errors, newline="") as text:
            source = Source(text, inflating, guard, wide=wide)
            source.delimiter = _delimiter(buffered.peek(CHUNK).decode(encoding, "replace"))
            yield source
