"""Drawing what was uploaded anew, and in the sizes that pages show.

Nothing of an upload is ever served: its pixels are, encoded here. So whatever else was in the file - a script behind
the picture, the place where it was taken, the camera's number - is gone. Of a moving picture the first frame stays.
Everything here takes the processor for a while: `in_turn` is how the event loop asks.
"""

import asyncio
import contextlib
import ctypes
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Literal, TypeVar

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from mercat.files.exceptions import PictureBroken, TooManyPixels, UnknownKind
from mercat.files.kinds import HEAD, MOST_SCANS, PICTURES, TAKEN, Content, kind_of, scans, webp_size
from mercat.files.models import Drawn

Made = TypeVar("Made")
LONGEST = 2560
"""Pixels of the longer side of what is kept."""
WIDTHS = (160, 320, 640, 960, 1600)
FORMATS: tuple[Literal["webp", "avif"], ...] = ("webp", "avif")
# one at a time: a large picture takes a hundred megabytes while it is decoded
_LIBC = ctypes.CDLL(None)
_DRAWER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


async def in_turn(work: Callable[[], Made]) -> Made:
    """Do work with pictures beside the event loop, one after the other."""

    def tidily() -> Made:
        try:
            return work()
        finally:
            _give_back()

    return await asyncio.get_running_loop().run_in_executor(_DRAWER, tidily)


def _give_back() -> None:
    """Return what decoding took to the system: glibc would keep some hundred megabytes for the next picture."""
    trim = getattr(_LIBC, "malloc_trim", None)
    if trim is not None:
        trim(0)


def redraw(content: bytes, *, most_pixels: int) -> Content:
    """Return an upload as a clean picture: upright, in sRGB, not larger than pages need, with nothing but pixels.

    Raises:
        UnknownKind: it is no picture of a kind that is taken.
        TooManyPixels: nothing of it was decoded.
        PictureBroken: it cannot be decoded to its end.
    """
    kind = kind_of(content[:HEAD])
    if kind not in PICTURES:
        raise UnknownKind(kinds=TAKEN)
    declared = webp_size(content[:HEAD]) if kind == "image/webp" else None
    if declared is not None:
        _bound(declared, most_pixels)
    if kind == "image/jpeg" and scans(content) > MOST_SCANS:
        raise PictureBroken
    with _decoding(most_pixels), Image.open(BytesIO(content), formats=[PICTURES[kind]]) as opened:
        _bound(opened.size, most_pixels)
        opened.draft("RGB", (LONGEST, LONGEST))  # a JPEG need not be decoded larger than it is kept
        opened.load()
        return _encoded(_clean(opened))


def renditions(content: bytes) -> Iterator[tuple[Drawn, bytes]]:
    """Yield a kept picture in every size below its own, and in its own up to the largest; never larger than it is."""
    with Image.open(BytesIO(content)) as opened:
        picture = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    for width in widths_for(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        smaller = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        smaller.info.clear()
        for form in FORMATS:
            yield {"width": width, "height": height, "format": form}, _written(smaller, form)


def widths_for(width: int) -> list[int]:
    """Return the widths in which a picture of this width is drawn."""
    smaller = [one for one in WIDTHS if one < width]
    return [*smaller, width] if width <= WIDTHS[-1] else smaller


@contextlib.contextmanager
def _decoding(most_pixels: int) -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(limit=most_pixels) from None
    except UnidentifiedImageError:
        raise PictureBroken from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError) as error:
        raise PictureBroken from error


def _bound(size: tuple[int, int], most_pixels: int) -> None:
    if size[0] * size[1] > most_pixels:
        raise TooManyPixels(limit=most_pixels)


def _clean(opened: Image.Image) -> Image.Image:
    profile = opened.info.get("icc_profile")
    smaller = _in_full_colours(opened)
    smaller.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = _in_srgb(ImageOps.exif_transpose(smaller), profile)  # in this order: turning makes a copy
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    picture.info.clear()  # encoders would write comments and profiles from here
    return picture


def _in_full_colours(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey, of which screens show eight
        return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if picture.mode in {"RGB", "RGBA", "CMYK"}:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        # a profile that cannot be read, or is of another kind of picture: the colours stay as they are written
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            found = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, found, ImageCms.createProfile("sRGB"), outputMode=mode)
            if converted is not None:
                return converted
    return picture if picture.mode == mode else picture.convert(mode)


def _encoded(picture: Image.Image) -> Content:
    """Write a picture as JPEG, which everybody can show; WebP where something of it is transparent."""
    written = BytesIO()
    if picture.mode == "RGBA":
        picture.save(written, "WEBP", quality=90, method=4)
        return Content(written.getvalue(), "image/webp", "webp", *picture.size)
    picture.save(written, "JPEG", quality=90, optimize=True, progressive=True)
    return Content(written.getvalue(), "image/jpeg", "jpg", *picture.size)


def _written(picture: Image.Image, form: Literal["webp", "avif"]) -> bytes:
    written = BytesIO()
    if form == "webp":
        picture.save(written, "WEBP", quality=80, method=4)
    else:
        picture.save(written, "AVIF", quality=60, speed=8, max_threads=1)
    return written.getvalue()
