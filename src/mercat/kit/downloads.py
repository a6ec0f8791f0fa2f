"""Files that are made while they are sent.

The file is written to disk as fast as PostgreSQL gives it and sent from there as fast as its reader takes it: a slow
reader holds a temporary file, never a connection. How many are read from PostgreSQL at a time is bounded per process
(`Database.streaming`), how many somebody may have open is bounded per account, and a reader who takes nothing is cut.
"""

import asyncio
import os
import tempfile
import weakref
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from uuid import UUID

from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from mercat.kit.problems import TooMany

OPEN_PER_ACCOUNT = 3
PAUSE_SECONDS = 60.0
"""A reader that takes nothing for so long is cut."""
CHUNK = 256 * 1024

_open: Counter[UUID | None] = Counter()


class TooManyDownloads(TooMany):
    """An account has as many files open as it may have."""

    code = "request.too_many_downloads"
    detail = "You have too many downloads open. Finish one first."


def attached(name: str, *, cache: str = "private, no-store") -> dict[str, str]:
    """Return the headers of a file that browsers keep under this name, and nobody else does."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": cache}


class Spool:
    """A temporary file that is written and read at the same time."""

    def __init__(self, content: AsyncGenerator[bytes, None]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._size = 0
        self._over = False
        self._failed: Exception | None = None
        self._grown = asyncio.Event()
        self.made = asyncio.create_task(self._write(content))

    async def begun(self) -> None:
        """Wait for the first chunk. Whatever was wrong with it is raised here."""
        await self._grown.wait()
        if self._failed is not None and not self._size:
            raise self._failed

    async def read(self) -> AsyncIterator[bytes]:
        """Yield the file from its beginning; what failed behind it is raised at that point."""
        at = 0
        while True:
            self._grown.clear()
            if at < self._size:
                chunk = await asyncio.to_thread(os.pread, self._file.fileno(), min(CHUNK, self._size - at), at)
                at += len(chunk)
                yield chunk
            elif self._failed is not None:
                raise self._failed
            elif self._over:
                return
            else:
                await self._grown.wait()

    async def close(self) -> None:
        """Stop making it, if need be, and give the file back."""
        self.made.cancel()
        await asyncio.wait([self.made])
        self._file.close()

    async def _write(self, content: AsyncGenerator[bytes, None]) -> None:
        try:
            async with aclosing(content):
                async for chunk in content:
                    await asyncio.to_thread(self._append, chunk)
                    self._grown.set()
        except Exception as error:  # noqa: BLE001 - raised again where the file is read
            self._failed = error
        finally:
            self._over = True
            self._grown.set()

    def _append(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        while rest:
            count = os.pwrite(self._file.fileno(), rest, self._size)
            self._size += count
            rest = rest[count:]


class Download(StreamingResponse):
    """Sends a spool, and gives back what it held whatever becomes of it."""

    def __init__(self, spool: Spool, account: UUID | None, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(spool.read(), media_type=media_type, headers=headers)
        self.spool = spool
        self._leave = weakref.finalize(self, _left, account)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file; a reader that takes nothing counts as gone."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(PAUSE_SECONDS):  # a TimeoutError is an OSError: Starlette takes it for a hang-up
                await send(message)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            await self.spool.close()
            self._leave()


async def streamed(
    content: AsyncGenerator[bytes, None], account: UUID | None, media_type: str, headers: dict[str, str]
) -> Download:
    """Answer with a file that is made meanwhile. Whatever is wrong with its first chunk is raised here.

    Raises:
        TooManyDownloads: the account has others open.
    """
    if _open[account] >= OPEN_PER_ACCOUNT:
        raise TooManyDownloads(limit=OPEN_PER_ACCOUNT, retry_after=10)
    _open[account] += 1
    spool = Spool(content)
    try:
        await spool.begun()
    except BaseException:
        await spool.close()
        _left(account)
        raise
    return Download(spool, account, media_type, headers)


def _left(account: UUID | None) -> None:
    _open[account] -= 1
    if _open[account] <= 0:
        del _open[account]
