"""Connections that do not go on are closed: heads and bodies that stop half-way, and answers that nobody takes.

uvicorn closes connections that are idle between two requests, and no others. This is its protocol with one timer per
connection, which only looks: what costs a request is a few attributes.
"""

import asyncio
from asyncio.events import TimerHandle
from collections.abc import Iterable

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from mercat.kit import prepared
from mercat.kit.edge import ConnectionSettings

TIMED_OUT = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 28\r\n"
    b"connection: close\r\n\r\nThe request took too long.\r\n"
)


class BoundedConnection(HttpToolsProtocol):
    """One connection, watched."""

    _look_later: TimerHandle | None = None
    _head_since: float | None = None
    _body_since: float | None = None
    _body_bytes = 0
    _held_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._head_since = self.loop.time()
        self._look_again(ConnectionSettings.read().header_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        self._stop_watch()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Leave it to the WebSocket, which asks its client whether it is still there."""
        self._stop_watch()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Note when a head begins, also one that never becomes a request."""
        if self._head_since is None and self._body_since is None:
            self._head_since = self.loop.time()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Wait for a head that came behind another request."""
        self._head_since = self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Wait for the body from now on."""
        self._head_since = None
        self._body_since, self._body_bytes = self.loop.time(), 0
        self.scope["extensions"] = {prepared.EXTENSION: self.send_prepared}  # type: ignore[dict-item]  # ours
        super().on_headers_complete()

    def send_prepared(self, scope: Scope, status: bytes, rest: Iterable[bytes]) -> bool:
        """Write a whole answer at once; False if it is not that request's turn, or has to be sent with more care."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.scope is not scope or cycle.response_started or cycle.disconnected:
            return False
        if not cycle.keep_alive or self.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join((status, prepared.lines(cycle.default_headers), *rest)))
        cycle.message_event.set()
        cycle.on_response()
        return True

    def on_body(self, body: bytes) -> None:
        """Count what came."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for nothing."""
        self._body_since = None
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Note since when the receiver takes nothing."""
        self._held_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Note that it does again."""
        self._held_since = None
        super().resume_writing()

    def _look_again(self, seconds: float) -> None:
        self._look_later = self.loop.call_later(seconds, self._look)

    def _stop_watch(self) -> None:
        if self._look_later is not None:
            self._look_later.cancel()
            self._look_later = None

    def _look(self) -> None:
        """Close what is overdue, else come back when the next thing could be."""
        bounds, now = ConnectionSettings.read(), self.loop.time()
        left = [bounds.header_timeout]
        if self._head_since is not None:
            left.append(self._head_since + bounds.header_timeout - now)
        if self._body_since is not None and not self.flow.read_paused:  # paused: it is we who take nothing
            left.append(self._body_since + bounds.body_timeout + self._body_bytes / bounds.body_min_rate - now)
        if self._held_since is not None:
            left.append(self._held_since + bounds.send_timeout - now)
        if self.transport.is_closing():
            return
        if min(left) > 0:
            self._look_again(max(min(left), 0.01))
            return
        if self._held_since is not None:
            self.transport.abort()  # what is written does not leave
            return
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self._say_too_late(cycle)
        self.transport.close()

    def _say_too_late(self, cycle: RequestResponseCycle | None) -> None:
        under_way = cycle is not None and not cycle.response_complete
        if cycle is not None and under_way:
            cycle.disconnected = True  # whoever waits for the rest of the body is told that it does not come
            cycle.message_event.set()
        if self._body_since is None or under_way:
            self.transport.write(TIMED_OUT)
