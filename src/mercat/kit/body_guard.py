"""No route ever sees bytes that it cannot take: bodies are bounded, and JSON is checked before anybody parses it.

Refused here: bodies over their limit (also when the length is not announced), JSON of more values than anybody means,
with NaN or infinities, numbers beyond a float, duplicate keys, nesting that exhausts a stack, NUL characters and lone
surrogates (which PostgreSQL and UTF-8 cannot hold), and NUL in a URL. Values and depth are counted in the bytes, before
anything is made of them: a megabyte of `[[],[],...]` costs milliseconds. Routes that take uploads read their own: bytes
may be any, and larger. What a provider signed is checked after its signature, by whoever reads it.

The event loop stands still while a body is parsed. Ordinary ones cost less than a millisecond; large ones are checked
one at a time, with pauses, so that everybody else's requests take most of the loop, whoever sends large bodies.
"""

import asyncio
import json
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.kit.problems import Invalid, Malformed, Problem, TooLarge

UPLOAD = "multipart/form-data"
LARGE_BODY = {"x-large-body": True}
"""For the `openapi_extra` of routes whose body may be large: long texts, or many things at once."""
LONGEST_NUMBER = 40
PAUSE = 10.0
"""After a large body has been checked nothing happens to it, or to others like it, for so many times as long."""
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
ESCAPED = re.compile(rb"\\u(?:0000|[dD])")
"""What such a character may be written as in JSON."""
BRACKETS = b"[]{}"
NO_BRACKETS = bytes(byte for byte in range(256) if byte not in BRACKETS)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much a body may hold."""

    max_bytes: int = 65_536
    max_large_bytes: int = 1_048_576
    """For routes that are marked `LARGE_BODY`."""
    max_signed_bytes: int = 262_144
    """For what is signed by whoever sent it."""
    max_depth: int = 32
    max_values: int = 20_000
    """Values of JSON, all together: objects, lists, texts, numbers."""


def nowhere(_scope: Scope) -> bool:
    """Say that no route is of a kind."""
    return False


@dataclass(frozen=True, slots=True)
class BodyKinds:
    """Which requests go to routes whose bodies are not ordinary."""

    upload: Callable[[Scope], bool] = nowhere
    large: Callable[[Scope], bool] = nowhere
    signed: tuple[str, ...] = ()
    """What the paths begin with that take bodies with a signature."""


class BadText(Invalid):
    """NUL or half of a surrogate pair."""

    code = "request.bad_text"
    detail = "The request holds a character that cannot be stored (NUL or a lone surrogate)."


class BadJson(Malformed):
    """Not JSON as RFC 8259 and RFC 7493 (I-JSON) have it."""

    code = "request.malformed_json"
    detail = "The body is not valid JSON: {reason}."


class TooManyValues(Malformed):
    """More values than any route takes."""

    code = "request.too_many_values"
    detail = "The body holds more than {limit} values."


class BodyGuard:
    """Pure ASGI: reads the body once, refuses what is bad, hands the rest on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: BodyLimits,
        refuse: Callable[[Problem, Scope], ASGIApp],
        kinds: BodyKinds = BodyKinds(),
    ) -> None:
        self.app = app
        self.limits = limits
        self.refuse = refuse
        self.kinds = kinds
        self._large = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            _check_url(scope)
            if scope["method"] in {"GET", "HEAD", "OPTIONS"} or self._is_upload(scope):
                await self.app(scope, receive, send)
                return
            signed = scope["path"].startswith(self.kinds.signed)
            body = await self._read(scope, receive, signed=signed)
            if body is None:  # the client went away
                return
            if not signed:
                await self._check_in_turn(scope, body)
        except Problem as problem:
            await self.refuse(problem, scope)(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)

    async def _check_in_turn(self, scope: Scope, body: bytes) -> None:
        if len(body) <= self.limits.max_bytes:
            self._check(scope, body)
            return
        async with self._large:
            begun = time.perf_counter()
            try:
                self._check(scope, body)
            finally:
                await asyncio.sleep(PAUSE * (time.perf_counter() - begun))

    def _check(self, scope: Scope, body: bytes) -> None:
        if b"json" in _header(scope, b"content-type").lower():
            check_json(body, self.limits)
        elif b"%00" in body or b"\0" in body:
            raise BadText

    def _is_upload(self, scope: Scope) -> bool:
        """Whether the route bounds the body itself, as it comes, once it knows who sends it."""
        kind = _header(scope, b"content-type").partition(b";")[0].strip().lower()
        return kind == UPLOAD.encode() and self.kinds.upload(scope)

    def _most(self, scope: Scope, size: int, *, signed: bool) -> int:
        """Return the limit of a request of which this many bytes are known; routes are only asked beyond the lowest."""
        if signed:
            return self.limits.max_signed_bytes
        if size > self.limits.max_bytes and self.kinds.large(scope):
            return max(self.limits.max_bytes, self.limits.max_large_bytes)
        return self.limits.max_bytes

    async def _read(self, scope: Scope, receive: Receive, *, signed: bool) -> bytes | None:
        announced = _header(scope, b"content-length")
        size = int(announced) if announced.isdigit() and len(announced) < LONGEST_NUMBER else 0
        most = self._most(scope, size, signed=signed)
        if size > most:
            raise TooLarge(limit=most)
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > most:
                most = self._most(scope, size, signed=signed)
                if size > most:
                    raise TooLarge(limit=most)
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)


def check_json(body: bytes, limits: BodyLimits) -> None:
    """Raise a `Problem` unless `body` is JSON that every layer below can hold. An empty body is left to the route."""
    if not body.strip():
        return
    _count(body, limits)
    try:
        # decoded here and strictly: given bytes, json takes UTF-16 as well, and raw surrogates
        text = body.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite, parse_int=_int)
    except UnicodeDecodeError:
        raise BadJson(reason="not UTF-8") from None
    except RecursionError:
        raise BadJson(reason="nested too deeply") from None
    except ValueError as error:
        raise BadJson(reason=str(error).split(":")[0].lower()) from None
    if b"\0" in body or (b"\\u" in body and ESCAPED.search(body)):
        _check_text(value)


def _count(body: bytes, limits: BodyLimits) -> None:
    """Bound values and depth by what stands outside of texts; what is not JSON is found by whoever parses it."""
    separators = body.count(b",") + body.count(b"[") + body.count(b"{")
    if separators < limits.max_values and separators <= limits.max_depth:
        return
    if b"\\" in body:  # what is escaped ends no text
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    if body.count(b'"') > 4 * limits.max_values:  # a text has two, and every value one name at most
        raise TooManyValues(limit=limits.max_values)
    outside = b'"'.join(body.split(b'"')[::2]).translate(None, b" \t\r\n")
    filled = outside.count(b"[") + outside.count(b"{") - outside.count(b"[]") - outside.count(b"{}")
    if 1 + filled + outside.count(b",") > limits.max_values:
        raise TooManyValues(limit=limits.max_values)
    depth = 0
    for bracket in outside.translate(None, NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > limits.max_depth:
            raise BadJson(reason="nested too deeply")
        if depth < 0:
            return


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _refuse(_constant: str) -> None:
    raise ValueError("numbers must be finite")


def _finite(literal: str) -> float:
    if len(literal) > LONGEST_NUMBER:
        raise ValueError("number too long")
    number = float(literal)
    if not math.isfinite(number):
        raise ValueError("numbers must be finite")
    return number


def _int(literal: str) -> int:
    if len(literal) > 20:
        raise ValueError("number too long")
    return int(literal)


def _check_text(value: object) -> None:
    if isinstance(value, str):
        if UNSTORABLE.search(value):
            raise BadText
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)


def _check_url(scope: Scope) -> None:
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise BadText


def _header(scope: Scope, name: bytes) -> bytes:
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return b""


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
