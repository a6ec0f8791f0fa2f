"""A wire between two processes that can be cut at any byte, in a thread and at a port of its own.

Each new connection takes the next of `faults`; when none is left, everything passes.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections import deque
from dataclasses import dataclass
from typing import Self

from mercat.embedded import free_port

CHUNK = 65_536
AT_ONCE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Fault:
    """What happens to a connection. Both limits count bytes that pass before it is reset."""

    latency: float = 0
    """Seconds that each piece takes, in either direction."""
    black_hole: bool = False
    """Take everything and pass nothing on."""
    request: int | None = None
    answer: int | None = None
    """With 0 the server has done what it was asked, and nobody hears of it."""


PASS = Fault()
RESET = Fault(request=0)
LOST = Fault(answer=0)
HOLE = Fault(black_hole=True)


class FaultProxy:
    """Passes bytes on to a port of this computer. Use as a context manager."""

    def __init__(self, to: int) -> None:
        self.port = free_port()
        self.faults: deque[Fault] = deque()
        self.connections = 0
        self._to = to
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self._ready.set()
        await self._over.wait()
        server.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        fault = self.faults.popleft() if self.faults else PASS
        try:
            with contextlib.suppress(OSError):
                if fault.black_hole:
                    while await reader.read(CHUNK):
                        pass
                else:
                    await self._join(fault, reader, writer)
        finally:  # also when the proxy ends before the connection does
            _reset(writer)

    async def _join(self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection("127.0.0.1", self._to)
        ways = [
            _pass(reader, server, fault.request, fault.latency),
            _pass(answers, writer, fault.answer, fault.latency),
        ]
        tasks = [asyncio.ensure_future(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            _reset(server)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None, latency: float) -> None:
    """Pass bytes on, up to a limit if there is one; ends when either side does, or when the limit is met."""
    passed = 0
    while piece := await reader.read(CHUNK):
        await asyncio.sleep(latency)
        kept = piece if limit is None else piece[: limit - passed]
        writer.write(kept)
        await writer.drain()
        passed += len(kept)
        if len(kept) < len(piece):
            return


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a crash does: without a word, and nothing more is delivered."""
    end = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    writer.transport.abort()
