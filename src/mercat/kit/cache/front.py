"""Anonymous hot answers from memory, before everything else that looks at a request.

An entry is served after its state was read for this very request (one small statement for all requests of a moment),
so other processes' changes count as soon as they are committed: there is nothing to be announced, and nothing runs out.
"""

import time
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.kit.cache.cache import OK, Cache, fingerprint
from mercat.kit.cache.counters import Outcome
from mercat.kit.cache.memory import Entry, Headers, Key, Page
from mercat.kit.cache.requests import PERSONAL, SLOT, Slot
from mercat.kit.conditional import HeldHead, matching, not_modified
from mercat.kit.edge import request_id_of
from mercat.kit.logs import logger
from mercat.kit.prepared import lines, sender

OF_ONE_REQUEST = frozenset(
    {b"x-request-id", b"server-timing", b"ratelimit-limit", b"ratelimit-remaining", b"ratelimit-reset", b"cache-status"}
)
"""Headers that are not kept with an answer."""
KEPT_BY_A_304 = frozenset({b"cache-control", b"vary", b"content-location", b"strict-transport-security"})
"""What a 304 repeats, beside what browsers of other origins need; the client keeps the rest as it has it."""
HIT = (b"cache-status", b"mercat; hit; detail=memory")
STATUS = {
    Outcome.redis: b"mercat; hit; detail=redis",
    Outcome.stale: b"mercat; hit; ttl=-1; detail=redis",
    Outcome.shared: b"mercat; hit; detail=collapsed",
    Outcome.miss: b"mercat; fwd=miss; stored",
}
"""As RFC 9211 says where an answer comes from."""
VARIES = frozenset({b"", b"accept-encoding", b"origin"})
"""What every key knows that an answer may vary by."""
Language = Callable[[bytes, Iterable[bytes]], bytes]
UNTOUCHED = PERSONAL | {b"content-length", b"transfer-encoding", b"range"}


class Front:
    """Pure ASGI, outermost: serves from memory what a route has let it keep, and answers 304 from there.

    Only paths that begin with one of `under` are looked at, and only of requests by nobody in particular. `language`
    says of a query and the `Accept-Language` headers which language is answered in: not how it was asked for, so that
    all ways to ask find the same entry. Without it no answer depends on the header.
    """

    def __init__(self, app: ASGIApp, *, cache: Cache, under: tuple[str, ...], language: Language | None = None) -> None:
        self.app = app
        self.cache = cache
        self.language = language
        self.varies = VARIES if language is None else VARIES | {b"accept-language"}
        self.under = under if cache.settings.cache else ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith(self.under) or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        asked_for = _asked_for(scope, self.language)
        if asked_for is None:
            await self.app(scope, receive, send)
            return
        key, asked = asked_for
        slot = Slot()
        entry = self.cache.memory.get(key)
        if entry is not None:
            started = time.perf_counter()
            state = await self._state(scope, entry)
            if state == entry.state:
                self.cache.counters.count(entry.policy.name, Outcome.memory)
                await _serve(scope, send, entry.page, asked, time.perf_counter() - started)
                return
            self.cache.memory.drop(key)
            if state is not None:
                slot.policy, slot.subject, slot.state = entry.policy, entry.subject, state
        if asked is not None:  # answered here, so that there is something to keep
            scope = {**scope, "headers": [header for header in scope["headers"] if header[0] != b"if-none-match"]}
        scope[SLOT] = slot
        await self.app(scope, receive, _Keeper(self, key, slot, asked, send))

    async def _state(self, scope: Scope, entry: Entry) -> bytes | None:
        try:
            return await self.cache.state(scope["app"].state.database, entry.policy, entry.subject)
        except Exception as error:  # noqa: BLE001 - the route meets the same and says so as it always does
            logger.warning("cache_state_unknown", error=type(error).__name__)
            return None


def _asked_for(scope: Scope, language: Language | None) -> tuple[Key, bytes | None] | None:
    """Return by what an answer is known, and what the client has of it; None if somebody known asks."""
    asked, host, origin, gzip = None, b"", b"", False
    languages: list[bytes] = []
    for name, value in scope["headers"]:
        if name in UNTOUCHED:
            return None
        if name == b"if-none-match":
            asked = value
        elif name == b"host":
            host = value
        elif name == b"origin":
            origin = value
        elif name == b"accept-encoding":
            gzip = b"gzip" in value
        elif name == b"accept-language":
            languages.append(value)
    spoken = b"" if language is None else language(scope["query_string"], languages)
    return (scope["path"], scope["query_string"], host, origin, scope["scheme"], gzip, spoken, fingerprint()), asked


class _Keeper(HeldHead):
    """Keeps head and body of an answer if the route allows."""

    def __init__(self, front: Front, key: Key, slot: Slot, asked: bytes | None, send: Send) -> None:
        super().__init__(send)
        self.cache, self.key, self.slot, self.asked = front.cache, key, slot, asked
        self.varies = front.varies

    async def answer(self, head: Message, message: Message) -> None:
        headers: Headers = list(head["headers"])
        found = dict(headers)
        if b"etag" not in found:
            await self.send(head)
            await self.send(message)
            return
        kept = [header for header in headers if header[0] not in OF_ONE_REQUEST]
        own = [header for header in headers if header[0] in OF_ONE_REQUEST]
        same = [one for one in kept if one[0] in KEPT_BY_A_304 or one[0].startswith(b"access-control")]
        body = message.get("body", b"")
        page = Page(kept, body, found[b"etag"], lines([*kept, HIT]), same, lines([*same, HIT]))
        if self.slot.shared and self.slot.policy is not None and may_be_kept(found, self.varies):
            seconds = self.slot.policy.seconds or self.cache.settings.cache_seconds
            entry = Entry(self.slot.policy, self.slot.subject, self.slot.state, page, time.monotonic() + seconds)
            self.cache.memory.put(self.key, entry)
            own.append((b"cache-status", STATUS.get(self.slot.outcome, b"mercat; fwd=bypass")))
        await _send(self.send, page, self.asked, own)


def may_be_kept(found: dict[bytes, bytes], known: AbstractSet[bytes]) -> bool:
    """Whether the head of an answer is that of a public one, the same for everybody who asks for it like this.

    `known` are the headers by which entries are told apart.
    """
    policy = found.get(b"cache-control", b"").lower()
    if b"set-cookie" in found or not policy.startswith(b"public") or b"no-store" in policy or b"private" in policy:
        return False
    varies = {name.strip().lower() for name in found.get(b"vary", b"").split(b",")}
    return varies <= known


async def _serve(scope: Scope, send: Send, page: Page, asked: bytes | None, seconds: float) -> None:
    """Answer from memory: all at once where the server can, else in messages."""
    own = [(b"x-request-id", request_id_of(scope).encode()), (b"server-timing", b"app;dur=%.1f" % (seconds * 1000))]
    known = matching(asked, page.etag) if asked is not None else None
    at_once = sender(scope)
    if at_once is not None:
        rest: tuple[bytes, ...]
        if known is None:
            status, rest = b"HTTP/1.1 200 OK\r\n", (page.head, lines(own), b"\r\n", page.body)
        else:
            status = b"HTTP/1.1 304 Not Modified\r\n"
            rest = (page.unchanged_head, lines([(b"etag", known), *own]), b"\r\n")
        if at_once(scope, status, rest):
            return
    await _send(send, page, asked, [*own, HIT])


async def _send(send: Send, page: Page, asked: bytes | None, own: Iterable[tuple[bytes, bytes]]) -> None:
    known = matching(asked, page.etag) if asked is not None else None
    if known is None:
        await send({"type": "http.response.start", "status": OK, "headers": [*page.headers, *own]})
        await send({"type": "http.response.body", "body": page.body})
        return
    await not_modified(send, [(b"etag", known), *page.unchanged, *own])
