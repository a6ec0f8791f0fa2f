"""What a file is, by its bytes alone, and how large a picture will be before anything of it is decoded."""

from dataclasses import dataclass

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
"""Type -> name of the one decoder that may look at it. No AVIF: its header may lie about what decoding costs."""
TAKEN = ", ".join(sorted(PICTURES.values()))
PDF = "application/pdf"
HEAD = 4096
MOST_SCANS = 100
"""A progressive JPEG has about ten; each of a thousand costs as much time as the whole picture."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is kept; a picture has a width and a height."""

    content: bytes
    media_type: str
    extension: str
    width: int | None = None
    height: int | None = None


def kind_of(head: bytes) -> str | None:
    """Return the type that a file's first bytes say, if it is one of those that can be taken."""
    import puremagic  # noqa: PLC0415 - its table of all types, for those who take files

    try:
        found = puremagic.magic_string(head[:HEAD])
    except (puremagic.PureError, ValueError):
        return None
    # the surest of ours: a few bytes further on may by chance look like something that nobody takes
    return next((one.mime_type for one in found if one.mime_type in PICTURES or one.mime_type == PDF), None)


def webp_size(head: bytes) -> tuple[int, int] | None:
    """Return width and height of a WebP; its decoder would make room for two pictures before telling them."""
    kind = head[12:16]
    if kind == b"VP8 " and len(head) >= 30:
        return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
    if kind == b"VP8L" and len(head) >= 25:
        bits = _little(head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X" and len(head) >= 30:
        return _little(head[24:27]) + 1, _little(head[27:30]) + 1
    return None


def scans(content: bytes) -> int:
    """Return how often a JPEG goes over its picture; within the picture's data this marker cannot stand."""
    return content.count(b"\xff\xda")


def _little(some: bytes) -> int:
    return int.from_bytes(some, "little")
