"""Reading an upload as it comes: after it is known who sends it, and no further than it may go.

A route that takes uploads declares no body of its own, which FastAPI would read before asking who a person is. It says
`openapi_extra=form(...)`, asks its rights, and then `async with received(request, actor, most=10) as form`. The ring
that bounds bodies (`kit.body_guard`) knows these routes by that description and leaves the reading to them.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from mercat.auth import Actor
from mercat.files.config import settings
from mercat.files.exceptions import BadUpload, NoFile
from mercat.kit.body_guard import UPLOAD, BadText
from mercat.kit.field_messages import AT_MOST
from mercat.kit.limits import Policy
from mercat.kit.problems import FieldError, Invalid, TooLarge, UnsupportedMedia
from mercat.kit.throttle import get_limiter

FIELD = "file"
AROUND = 65_536
"""Bytes of a form that are not in its files: boundaries, names, short texts."""
LONGEST_TEXT = 2_000
LONGEST_ALT = 500
BY_ONE_ACCOUNT = Policy("uploads.account", "600/hour")


@dataclass(frozen=True, slots=True)
class Form:
    """What came: files, on disk where they are large, and the texts beside them."""

    files: list[UploadFile]
    texts: dict[str, list[str]]

    def alts(self) -> list[str]:
        """Return the alt text of each file, in the order of the files; empty where none came.

        Raises:
            Invalid: a text is too long, or there are more of them than files.
        """
        alts = self.texts.get("alt", [])
        if len(alts) > len(self.files):
            raise Invalid(errors=(FieldError("alt", "more texts than files", "too_many"),))
        for place, alt in enumerate(alts):
            if len(alt) > LONGEST_ALT:
                raise Invalid(errors=(FieldError(f"alt.{place}", AT_MOST, "too_long", {"max_length": LONGEST_ALT}),))
        return alts + [""] * (len(self.files) - len(alts))


def form(*, several: bool, texts: dict[str, str]) -> dict[str, Any]:
    """Describe the body of a route that takes uploads; `texts` are further fields and what they mean."""
    one = {"type": "string", "format": "binary"}
    listed = {"type": "array", "items": one, "description": "One picture or several; the field may be repeated."}
    file = listed if several else one
    written = {name: {"type": "array", "items": {"type": "string"}, "description": of} for name, of in texts.items()}
    schema = {"type": "object", "required": [FIELD], "properties": {FIELD: file, **written}, "example": {FIELD: "..."}}
    return {"requestBody": {"required": True, "content": {UPLOAD: {"schema": schema}}}}


@asynccontextmanager
async def received(request: Request, actor: Actor, *, most: int) -> AsyncIterator[Form]:
    """Read a form with at most so many files; they are gone when the context ends.

    Raises:
        TooMany: more than anybody does by hand; nothing was read.
        UnsupportedMedia: no multipart form.
        TooLarge: a file, or all of it, is larger than the settings say; the rest was not read.
        BadUpload, NoFile, BadText: what the names say.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != UPLOAD:
        raise UnsupportedMedia
    await get_limiter(request).hit(BY_ONE_ACCOUNT, actor.reference)
    largest = settings().upload_max_bytes
    parser = _Parser(request, most, largest)
    try:
        parsed = await parser.parse()
    except (MultiPartException, ClientDisconnect):
        raise BadUpload(most=most) from None
    try:
        files = [value for name, value in parsed.multi_items() if isinstance(value, UploadFile) and name == FIELD]
        if not files:
            raise NoFile
        yield Form(files, _texts(parsed.multi_items()))
    finally:
        await parsed.close()


class _Parser(MultiPartParser):
    """Starlette's, which refuses in the middle of a file what is too large, and a form that ends in the middle."""

    def __init__(self, request: Request, most: int, largest: int) -> None:
        super().__init__(
            request.headers, self._chunks(), max_files=most, max_fields=2 * most + 10, max_part_size=LONGEST_TEXT
        )
        self._request, self._most, self._largest = request, most, largest
        self._size = 0
        self._ended = False

    def on_part_begin(self) -> None:
        self._size = 0
        super().on_part_begin()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self._largest:
            raise TooLarge(limit=self._largest)
        super().on_part_data(data, start, end)

    def on_end(self) -> None:
        self._ended = True
        super().on_end()

    async def _chunks(self) -> AsyncGenerator[bytes]:
        whole = self._most * self._largest + AROUND
        announced = self._request.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > whole:
            raise TooLarge(limit=self._largest)
        size = 0
        async for chunk in self._request.stream():
            size += len(chunk)
            if size > whole:
                raise TooLarge(limit=self._largest)
            yield chunk
        if not self._ended:  # said from here, so that the parser closes what it had opened
            raise MultiPartException("The form is cut off.")


def _texts(items: list[tuple[str, UploadFile | str]]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for name, value in items:
        if isinstance(value, str):
            if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
                raise BadText
            texts.setdefault(name, []).append(value.strip())
    return texts
