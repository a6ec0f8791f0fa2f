"""Pictures to upload, good ones and bad ones, and what the tests about them share."""

import struct
import zlib
from io import BytesIO
from typing import Any

import httpx2
from PIL import Image, ImageDraw

from shopping import Person, Shop


def drawn(form: str = "JPEG", size: tuple[int, int] = (800, 600), **more: Any) -> bytes:
    """Return a picture: red on the left, blue on the right."""
    picture = Image.new("RGB", size, (200, 30, 20))
    ImageDraw.Draw(picture).rectangle((size[0] // 2, 0, *size), fill=(20, 30, 200))
    written = BytesIO()
    picture.save(written, form, **more)
    return written.getvalue()


def from_a_phone() -> bytes:
    """Return a JPEG that lies on its side and says where it was taken, by whom, and with what."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Unmistakable Cameras"
    exif[0x013B] = "Ada Quill"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return drawn(exif=exif, comment=b"taken at home")


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large; of its pixels there is little."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compressobj(9)
    line = bytes(1 + (width + 7) // 8)
    body = b"".join(rows.compress(line) for _ in range(min(height, 2_000))) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def webp_of(width: int, height: int) -> bytes:
    """Return a WebP whose canvas is so large, with a small picture in it."""
    small = drawn("WEBP", (16, 16))[12:]
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + small
    return b"RIFF" + struct.pack("<I", len(body)) + body


async def upload(shop: Shop, product_id: str, person: Person, *contents: bytes, **data: Any) -> httpx2.Response:
    """Upload pictures under names and types that say nothing true."""
    named = [("file", (f"../../{n}.html", content, "text/html")) for n, content in enumerate(contents)]
    return await shop.client.post(f"/products/{product_id}/images", files=named, data=data, headers=person.headers)


def opened(content: bytes) -> Image.Image:
    """Return a picture, decoded."""
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        return picture
