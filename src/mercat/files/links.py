"""Addresses of files: public ones that hold for ever, and private ones that expire.

What is stored is always the path on the marketplace itself, `/media/files/...`. Where a CDN serves it is put in front
when it is shown, so that the CDN can change.
"""

import hmac
import re
from hashlib import sha256
from uuid import UUID

from mercat.files.config import settings
from mercat.files.models import Drawn, StoredFile
from mercat.files.schemas import FileRead, Picture, Rendition
from mercat.kit import clock

PUBLIC_PATH = "/media/files/"
PRIVATE_PATH = "/media/private/"
STORED = re.compile(r"/media/files/[0-9a-f]{2}/[0-9a-f]{32}/[a-z0-9]+\.(?:jpg|webp|avif)")


def public_url(written: str) -> str:
    """Return where browsers find what is written down as `/media/files/...`; every other address stays as it is."""
    return settings().media_url.rstrip("/") + written if written.startswith(PUBLIC_PATH) else written


def written_url(shown: str) -> str:
    """Return how to write down an address that was shown: the opposite of `public_url`."""
    front = settings().media_url.rstrip("/")
    rest = shown.removeprefix(front) if front else shown
    return rest if STORED.fullmatch(rest) else shown


def renditions_of(written: str, drawn: list[Drawn]) -> list[dict[str, object]]:
    """Return the sizes of a picture as clients get them, the smallest first."""
    folder = public_url(written).rpartition("/")[0]
    ordered = sorted(drawn, key=lambda one: (one["width"], one["format"]))
    return [{**one, "url": f"{folder}/{one['width']}.{one['format']}"} for one in ordered]


def picture_of(
    written: str, alt: str, width: int | None = None, height: int | None = None, drawn: list[Drawn] | None = None
) -> dict[str, object]:
    """Return a picture as clients get it, a `Picture`; only one that was uploaded has a size and is drawn in others."""
    sizes = renditions_of(written, drawn or [])
    return {"url": public_url(written), "alt": alt, "width": width, "height": height, "sizes": sizes}


def picture(
    written: str, alt: str, width: int | None = None, height: int | None = None, drawn: list[Drawn] | None = None
) -> Picture:
    """Return the same as a shape."""
    return Picture.model_validate(picture_of(written, alt, width, height, drawn))


def shown(file: StoredFile) -> FileRead:
    """Return a file as other rooms and clients get it."""
    private = file.link_key is not None
    sizes = [] if private else [Rendition.model_validate(one) for one in renditions_of(f"/{file.key}", file.renditions)]
    return FileRead(
        id=file.id,
        media_type=file.media_type,
        size=file.size,
        width=file.width,
        height=file.height,
        url="" if private else public_url(f"/{file.key}"),
        renditions=sizes,
    )


def signed_path(file_id: UUID, key: bytes, *, seconds: int) -> str:
    """Return a path that leads to a private file for so long."""
    expires = int(clock.now().timestamp()) + seconds
    return f"{PRIVATE_PATH}{file_id}?expires={expires}&signature={_signature(file_id, key, expires)}"


def signed(file_id: UUID, key: bytes, expires: int, signature: str) -> bool:
    """Whether a link was made here for this file, and has not expired."""
    made_here = hmac.compare_digest(_signature(file_id, key, expires).encode(), signature.encode())
    return made_here and clock.now().timestamp() < expires


def _signature(file_id: UUID, key: bytes, expires: int) -> str:
    return hmac.digest(key, f"{file_id} {expires}".encode(), sha256).hex()
