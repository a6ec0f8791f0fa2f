"""An extension of ASGI between our server and the cache: an answer whose bytes are ready is written as it is.

Header by header, checked and joined anew for each request, an answer from memory costs half as much again.
"""

from collections.abc import Callable, Iterable

from starlette.types import Scope

EXTENSION = "mercat.prepared"
"""The key in a scope's `extensions`; a server that has it not is sent messages."""

Send = Callable[[Scope, bytes, Iterable[bytes]], bool]
"""(scope, status line, what follows the server's own headers): writes it at once, or says that it cannot."""


def sender(scope: Scope) -> Send | None:
    """Return how to send a prepared answer, if the server knows how."""
    found: Send | None = scope.get("extensions", {}).get(EXTENSION)
    return found


def lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return headers as they are written."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])
