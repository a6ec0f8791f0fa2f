"""Handing files out. Public ones need no row to be found; private ones need a link that was made for them.

Served inert: the edge's content security policy lets nothing in them run or load, and their type is not guessed at.
"""

import re
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse

from mercat.auth import Public
from mercat.files import links
from mercat.files.exceptions import FileNotFound
from mercat.files.models import StoredFile
from mercat.files.storage import IMMUTABLE, PRIVATE, storage
from mercat.kit.database import get_database

TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}
A_FILE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}/[a-z0-9]+\.(jpg|webp|avif)")

router = APIRouter(include_in_schema=False)


@router.get("/media/files/{path:path}", dependencies=[Public])
async def picture(path: str) -> Response:
    """Return a public picture, which browsers and CDNs may keep for ever."""
    named = A_FILE.fullmatch(path)
    if named is None:
        raise FileNotFound
    return await _answer(f"media/files/{path}", TYPES[named[1]], {"Cache-Control": IMMUTABLE})


@router.get("/media/private/{file_id}", dependencies=[Public])
async def private_file(
    request: Request,
    file_id: UUID,
    expires: int,
    signature: Annotated[str, Query(max_length=64)],
) -> Response:
    """Return a private file to whoever has a link to it that is still valid."""
    async with get_database(request).transaction() as session:
        file = await session.get(StoredFile, file_id)
    if file is None or file.link_key is None or file.state != "kept":
        raise FileNotFound
    if not links.signed(file.id, file.link_key, expires, signature):
        raise FileNotFound
    headers = {"Cache-Control": PRIVATE, "Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"}
    return await _answer(file.key, file.media_type, headers)


async def _answer(key: str, media_type: str, headers: Mapping[str, str]) -> Response:
    path = storage().path(key)
    if path is not None:
        if not path.is_file():
            raise FileNotFound
        return FileResponse(path, media_type=media_type, headers=headers)
    size, content = await storage().stream(key)
    return StreamingResponse(content, media_type=media_type, headers={**headers, "Content-Length": str(size)})
