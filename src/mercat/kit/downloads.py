"""Files that are made while they are sent."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from fastapi.responses import StreamingResponse


def attached(name: str, *, cache: str = "private, no-store") -> dict[str, str]:
    """Return the headers of a file that browsers keep under this name, and nobody else does."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": cache}


async def streamed(pieces: AsyncGenerator[bytes, None], media_type: str, headers: dict[str, str]) -> StreamingResponse:
    """Answer with a file, piece by piece. Whatever is wrong with its first piece is told before there is an answer."""
    first = await anext(pieces, b"")

    async def whole() -> AsyncIterator[bytes]:
        async with aclosing(pieces):
            yield first
            async for piece in pieces:
                yield piece

    return StreamingResponse(whole(), media_type=media_type, headers=headers)
