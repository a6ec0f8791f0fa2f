"""ETags: 304 when nothing changed, 412 when somebody else was faster.

Every successful GET gets an ETag, its own or a digest of the body. Public answers that are kept in memory are confirmed
there, before routing: see `kit.cache`.
"""

from abc import ABC, abstractmethod
from hashlib import blake2b
from typing import Annotated, Protocol, TypeVar

from fastapi import Header, Response
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.kit.problems import PreconditionFailed

PUBLIC = b"public, max-age=0, must-revalidate"
CHECKED = b"public, no-cache"
"""Public, and kept by whoever asks again each time."""
PRIVATE = b"private, no-store"
"""What everything is that does not say otherwise: nobody keeps it, on no disk."""


IfMatch = Annotated[str | None, Header(description="The ETag that the change is based on; another one now is a 412.")]
"""A change that names what it is based on does not overwrite somebody else's."""
Shown = TypeVar("Shown", bound=BaseModel)
Fields = set[str] | dict[str, bool | set[str]]


class Versioned(Protocol):
    """Something shown that says which version it is: it counts its edits, or has a name for its state."""

    @property
    def version(self) -> int | str:
        """Another one after each edit."""


WithVersion = TypeVar("WithVersion", bound=Versioned)


def digest(body: bytes) -> str:
    """Return an ETag made of the body."""
    return f'"{_hashed(body)}"'


def _hashed(body: bytes) -> str:
    return blake2b(body, digest_size=10).hexdigest()


def version_etag(version: int | str, shown: BaseModel | None = None) -> str:
    """Return the ETag of something that has a version, with a digest of what is shown if more than that moves."""
    return f'"{version}"' if shown is None else f'"{version}.{_hashed(shown.model_dump_json().encode())}"'


def etag_of(shown: BaseModel, edited: Fields | None = None) -> str:
    """Return the ETag of what is shown; `edited` are the fields that an edit is based on.

    The others, say a balance, move without being anybody's edit: they follow behind the dot, see `require_match`.
    """
    whole = _hashed(shown.model_dump_json().encode())
    if edited is None:
        return f'"{whole}"'
    return f'"{_hashed(shown.model_dump_json(include=edited).encode())}.{whole}"'


def tagged(response: Response, shown: Shown, edited: Fields | None = None) -> Shown:
    """Give an answer its `etag_of`; returns what is shown."""
    response.headers["ETag"] = etag_of(shown, edited)
    return shown


def versioned(response: Response, shown: WithVersion) -> WithVersion:
    """Give an answer the `version_etag` of what is shown; returns that."""
    response.headers["ETag"] = version_etag(shown.version)
    return shown


def require_match(if_match: str | None, etag: str) -> None:
    """Refuse an update that was based on another version. No `If-Match` means the client does not mind.

    Of a product's ETag only the part before the dot, its version, guards edits: the part after it follows the stock,
    which moves with every sale and is nobody's edit. The caller has locked what `etag` is of.

    Raises:
        PreconditionFailed: the resource has changed since the client read it.
    """
    if if_match is None or if_match.strip() == "*":
        return
    wanted = {_opaque(tag).split(".")[0] for tag in if_match.split(",")}
    if _opaque(etag).split(".")[0] not in wanted:
        raise PreconditionFailed


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/").strip('"')


class Conditional:
    """Pure ASGI, close in: gives GET answers an ETag, and answers 304.

    Whatever does not say who may keep it is kept by nobody: answers to POST, tokens in them, and refusals too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, _kept_by_nobody(send))
        else:
            await self.app(scope, receive, _Tagger(_asked(scope), _kept_by_nobody(send)))


class HeldHead(ABC):
    """Holds back the head of a successful answer until its one body message is there; streams go by as they come."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self._head: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Take a message of the answer."""
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._head = message
            return
        head, self._head = self._head, None
        if head is None:
            await self.send(message)
        elif message.get("more_body", False):
            await self.send(head)
            await self.send(message)
        else:
            await self.answer(head, message)

    @abstractmethod
    async def answer(self, head: Message, message: Message) -> None:
        """Send an answer whose head and whole body are there. The head's list of headers is the response's own."""


class _Tagger(HeldHead):
    """Makes an ETag of the body of an answer that has none, and answers 304 if the client has that."""

    def __init__(self, asked: bytes | None, send: Send) -> None:
        super().__init__(send)
        self.asked = asked

    async def answer(self, head: Message, message: Message) -> None:
        # a copy: the list belongs to the response, which may be served again
        headers: list[tuple[bytes, bytes]] = list(head["headers"])
        head = {**head, "headers": headers}
        found = dict(headers)
        etag = found.get(b"etag")
        if etag is None:
            etag = digest(message.get("body", b"")).encode()
            headers.append((b"etag", etag))
        known = matching(self.asked, etag) if self.asked is not None else None
        if known is not None:
            kept = [(k, v) for k, v in headers if k in {b"cache-control", b"vary", b"content-location"}]
            await not_modified(self.send, [(b"etag", known), *kept])
            return
        await self.send(head)
        await self.send(message)


def _asked(scope: Scope) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == b"if-none-match"), None)


def _kept_by_nobody(send: Send) -> Send:
    async def send_with_policy(message: Message) -> None:
        if message["type"] == "http.response.start" and all(name != b"cache-control" for name, _ in message["headers"]):
            message = {**message, "headers": [*message["headers"], (b"cache-control", PRIVATE)]}
        await send(message)

    return send_with_policy


def matching(asked: bytes, etag: bytes) -> bytes | None:
    """Return the ETag by which the client knows what it has, if that is still so; gzipped, it is the weak one."""
    if asked in (etag, b"*"):
        return etag
    bare = etag.removeprefix(b"W/")
    return next((tag for part in asked.split(b",") if (tag := part.strip()).removeprefix(b"W/") == bare), None)


async def not_modified(send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    """Answer 304 with these headers."""
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
