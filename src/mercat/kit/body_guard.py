"""No route ever sees bytes that it cannot take: bodies are bounded, and JSON is checked before anybody parses it.

Refused here: bodies over the limit (also when the length is not announced), JSON with NaN or infinities, numbers
beyond a float, duplicate keys, nesting that exhausts a stack, NUL characters and lone surrogates (which PostgreSQL and
UTF-8 cannot hold), and NUL in a URL. Routes that take uploads read their own: bytes may be any, and larger.
"""

import json
import math
import re
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.kit.problems import Invalid, Malformed, Problem, TooLarge

UPLOAD = "multipart/form-data"
SUSPICIOUS_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class BadText(Invalid):
    """NUL or half of a surrogate pair."""

    code = "request.bad_text"
    detail = "The request holds a character that cannot be stored (NUL or a lone surrogate)."


class BadJson(Malformed):
    """Not JSON as RFC 8259 and RFC 7493 (I-JSON) have it."""

    code = "request.malformed_json"
    detail = "The body is not valid JSON: {reason}."


class BodyGuard:
    """Pure ASGI: reads the body once, refuses what is bad, hands the rest on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: int,
        max_depth: int,
        refuse: Callable[[Problem, Scope], ASGIApp],
        takes_uploads: Callable[[Scope], bool] = lambda _: False,
    ) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.max_depth = max_depth
        self.refuse = refuse
        self.takes_uploads = takes_uploads

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
            body = await self._read(scope, receive)
            if body is None:  # the client went away
                return
            if b"json" in _header(scope, b"content-type").lower():
                check_json(body, self.max_depth)
            elif b"%00" in body or b"\0" in body:
                raise BadText
        except Problem as problem:
            await self.refuse(problem, scope)(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)

    def _is_upload(self, scope: Scope) -> bool:
        """Whether the route bounds the body itself, as it comes, once it knows who sends it."""
        kind = _header(scope, b"content-type").partition(b";")[0].strip().lower()
        return kind == UPLOAD.encode() and self.takes_uploads(scope)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        announced = _header(scope, b"content-length")
        if announced.isdigit() and int(announced) > self.max_bytes:
            raise TooLarge(limit=self.max_bytes)
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self.max_bytes:
                raise TooLarge(limit=self.max_bytes)
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)


def check_json(body: bytes, max_depth: int) -> None:
    """Raise a `Problem` unless `body` is JSON that every layer below can hold. An empty body is left to the route."""
    if not body.strip():
        return
    if body.count(b"[") + body.count(b"{") > max_depth:
        _check_depth(body, max_depth)
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
    if b"\0" in body or SUSPICIOUS_ESCAPE.search(body):
        _check_text(value)


def _check_depth(body: bytes, max_depth: int) -> None:
    depth = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            if depth > max_depth:
                raise BadJson(reason="nested too deeply")
        elif byte in b"]}":
            depth -= 1


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _refuse(_constant: str) -> None:
    raise ValueError("numbers must be finite")


def _finite(literal: str) -> float:
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
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
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
