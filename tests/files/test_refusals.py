"""What is not taken, and that nothing is left of it."""

import asyncio
import resource
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from mercat.files import picture_encoder, upload_reader
from mercat.files.exceptions import PictureBroken, TooManyPixels, UnknownKind
from mercat.files.kinds import Content
from mercat.kit.drain import MOST_BYTES
from mercat.kit.limits import Policy
from mercat.kit.settings_memory import read_anew
from pictures import drawn, from_a_phone, opened, png_of, upload, webp_of
from shopping import Item, Person, Shop

PIXELS = 30_000_000
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
CUT_OFF = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ncut'
SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<!doctype html><html>" + SCRIPT,
        b"%PDF-1.7\n" + SCRIPT,
        b"MZ\x90\x00" + bytes(100),
        b"GIF",
        b"",
        b"\0" * 5000,
        SVG + drawn("PNG"),
        drawn("TIFF"),
        drawn("BMP"),
        drawn("AVIF"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(UnknownKind):
        picture_encoder.redraw(content, most_pixels=PIXELS)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_is_cut_off_is_refused(form: str) -> None:
    whole = drawn(form, (400, 300))
    for end in (len(whole) // 2, len(whole) // 4, 40):
        with pytest.raises(PictureBroken):
            picture_encoder.redraw(whole[:end], most_pixels=PIXELS)


@pytest.mark.parametrize("head", [b"GIF89a", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBPVP8 "])
def test_what_only_begins_like_a_picture_is_refused(head: bytes) -> None:
    with pytest.raises((PictureBroken, TooManyPixels, UnknownKind)):
        picture_encoder.redraw(head + SCRIPT * 50, most_pixels=PIXELS)


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    whole = drawn("JPEG", progressive=True)
    at = whole.rindex(b"\xff\xda")
    with pytest.raises(PictureBroken):
        picture_encoder.redraw(whole[:at] + whole[at:-2] * 1000 + whole[-2:], most_pixels=PIXELS)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_nothing_behind_or_within_a_picture_survives(form: str) -> None:
    more = {"comment": SCRIPT} if form in {"JPEG", "GIF"} else {}
    made = picture_encoder.redraw(drawn(form, **more) + SCRIPT, most_pixels=PIXELS)

    assert b"script" not in made.content
    assert opened(made.content).size == (800, 600)


def test_nothing_of_what_a_phone_wrote_survives_and_it_stands_upright() -> None:
    raw = from_a_phone()
    assert b"Unmistakable" in raw

    made = picture_encoder.redraw(raw, most_pixels=PIXELS)

    assert not any(word in made.content for word in (b"Unmistakable", b"Quill", b"Exif", b"taken at home"))
    picture = opened(made.content)
    assert (picture.size, dict(picture.getexif()), picture.info.get("comment")) == ((600, 800), {}, None)
    top, bottom = picture.getpixel((300, 100)), picture.getpixel((300, 700))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > bottom[0], "what was on the left is above"


def test_of_a_moving_picture_the_first_frame_stays() -> None:
    frames = [opened(drawn("PNG", (60, 40))), opened(drawn("PNG", (60, 40))).rotate(180)]
    for form in ("GIF", "WEBP", "PNG"):
        written = BytesIO()
        frames[0].save(written, form, save_all=True, append_images=frames[1:], duration=100)
        picture = opened(picture_encoder.redraw(written.getvalue(), most_pixels=PIXELS).content)
        assert getattr(picture, "n_frames", 1) == 1
        left = picture.convert("RGB").getpixel((5, 5))
        assert isinstance(left, tuple)
        assert left[0] > 150


def test_a_transparent_picture_stays_so() -> None:
    written = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(written, "PNG")
    made = picture_encoder.redraw(written.getvalue(), most_pixels=PIXELS)
    assert (made.media_type, opened(made.content).mode) == ("image/webp", "RGBA")


def test_no_size_is_larger_than_the_picture() -> None:
    made = picture_encoder.redraw(drawn(size=(200, 100)), most_pixels=PIXELS)
    sizes = [(one["width"], one["height"]) for one, _ in picture_encoder.renditions(made.content)]
    assert sizes == [(160, 80), (160, 80), (200, 100), (200, 100)]
    assert picture_encoder.widths_for(100) == [100]
    assert picture_encoder.widths_for(2560) == list(picture_encoder.WIDTHS)


def test_what_is_kept_is_no_larger_than_pages_need() -> None:
    made = picture_encoder.redraw(drawn(size=(6000, 300)), most_pixels=PIXELS)
    assert (made.width, made.height) == (2560, 128)


REFUSE = """
import resource, sys
from mercat.files.exceptions import TooManyPixels
from mercat.files.picture_encoder import redraw
content = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    redraw(content, most_pixels=30_000_000)
except TooManyPixels:
    print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_does(kind: str, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(png_of(50_000, 50_000) if kind == "png" else webp_of(16_000, 16_000))
    assert bomb.stat().st_size < 1_000_000

    limits = (resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
    told = subprocess.run(
        [sys.executable, "-c", REFUSE, str(bomb)],
        env={"PYTHONPATH": str(SOURCE), "MALLOC_ARENA_MAX": "1"},
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(*limits),
    )

    before, peak = map(int, told.stdout.split())
    assert peak - before < 16 * 1024, "kibibytes"


def test_the_size_of_a_webp_is_known_before_its_decoder_is_asked() -> None:
    with pytest.raises(TooManyPixels):
        picture_encoder.redraw(webp_of(16_000, 16_000), most_pixels=PIXELS)
    with pytest.raises(TooManyPixels):
        picture_encoder.redraw(drawn("WEBP", (300, 200)), most_pixels=300 * 200 - 1)
    with pytest.raises(TooManyPixels):
        picture_encoder.redraw(drawn("WEBP", (300, 200), lossless=True), most_pixels=300 * 200 - 1)


async def nothing_is_left(shop: Shop, item: Item, folder: Path) -> None:
    assert await shop.rows("SELECT count(*) FROM files") == [(0,)]
    assert not (folder / "media" / "files").exists()
    assert (await shop.client.get(f"/products/{item.slug}")).json()["images"] == []


async def test_one_bad_picture_refuses_all(shop: Shop, folder: Path) -> None:
    seller, _ = await shop.seller("kiln")
    item = await shop.item(vendor="kiln")

    refused = await upload(shop, item.product_id, seller, drawn(), SVG, drawn())

    assert (refused.status_code, refused.json()["code"]) == (422, "files.unknown_kind")
    assert [error["field"] for error in refused.json()["errors"]] == ["file.1"]
    await nothing_is_left(shop, item, folder)


async def test_strangers_are_refused_whatever_they_send(shop: Shop, folder: Path) -> None:
    await shop.seller("kiln")
    item = await shop.item(vendor="kiln")
    other, _ = await shop.seller("other")
    buyer = await shop.person()
    nobody = Person(buyer.id, "", {})
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while True:
            sent += 10_000
            yield b"x" * 10_000

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    for person, status in ((nobody, 401), (buyer, 403), (other, 404)):
        path = f"/products/{item.product_id}/images"
        sent = 0
        answer = await shop.client.post(path, content=body(), headers={**person.headers, **kind})
        assert answer.status_code == status
        assert sent <= MOST_BYTES + 10_000  # thrown away, for a client that reads no answer while it sends
        assert (await upload(shop, item.product_id, person, drawn())).status_code == status
    await nothing_is_left(shop, item, folder)


async def test_a_file_is_refused_in_the_middle_when_it_is_too_large(
    shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_UPLOAD_MAX_BYTES", "50000")
    read_anew()
    seller, _ = await shop.seller("kiln")
    item = await shop.item(vendor="kiln")
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while True:
            sent += 10_000
            yield b"x" * 10_000

    headers = {**seller.headers, "Content-Type": "multipart/form-data; boundary=x"}
    answer = await shop.client.post(f"/products/{item.product_id}/images", content=body(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
    assert sent <= MOST_BYTES + 70_000
    await nothing_is_left(shop, item, folder)


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{}", "application/json", 415, "request.unsupported_media_type"),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 422, "files.no_file"),
        (b"nonsense", "multipart/form-data; boundary=x", 400, "files.bad_upload"),
        (b"nonsense", "multipart/form-data", 400, "files.bad_upload"),
        (CUT_OFF, "multipart/form-data; boundary=x", 400, "files.bad_upload"),
    ],
)
async def test_what_is_no_upload_is_refused(
    shop: Shop, folder: Path, content: bytes, kind: str, status: int, code: str
) -> None:
    seller, _ = await shop.seller("kiln")
    item = await shop.item(vendor="kiln")
    headers = {**seller.headers, "Content-Type": kind}

    answer = await shop.client.post(f"/products/{item.product_id}/images", content=content, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    await nothing_is_left(shop, item, folder)


async def test_texts_that_cannot_be_stored_are_refused(shop: Shop, folder: Path) -> None:
    seller, _ = await shop.seller("kiln")
    item = await shop.item(vendor="kiln")

    for alt, code in (("a\0b", "request.bad_text"), ("x" * 501, "request.invalid")):
        answer = await upload(shop, item.product_id, seller, drawn(), alt=alt)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    too_many = await upload(shop, item.product_id, seller, drawn(), alt=["a", "b"])
    assert too_many.status_code == 422
    crowd = await upload(shop, item.product_id, seller, *[drawn(size=(20, 20))] * 11)
    assert (crowd.status_code, crowd.json()["code"]) == (400, "files.bad_upload")
    await nothing_is_left(shop, item, folder)


async def test_nobody_fills_the_storage(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_reader, "BY_ONE_ACCOUNT", Policy("uploads.test", "2/hour"))
    seller, _ = await shop.seller("kiln")
    other, _ = await shop.seller("other")
    item, theirs = await shop.item(vendor="kiln"), await shop.item(vendor="other")

    answers = [await upload(shop, item.product_id, seller, drawn(size=(20, 20))) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert (await upload(shop, theirs.product_id, other, drawn(size=(20, 20)))).status_code == 201


async def test_other_routes_take_no_more_than_before(shop: Shop) -> None:
    seller, _ = await shop.seller("kiln")
    item = await shop.item(vendor="kiln")
    large = b"x" * 1_100_000
    kind = {**seller.headers, "Content-Type": "multipart/form-data; boundary=x"}

    for method, path in (("POST", "/products"), ("POST", "/auth/token"), ("PUT", f"/products/{item.product_id}")):
        answer = await shop.client.request(method, path, content=large, headers=kind)
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large"), path
    plain = {**seller.headers, "Content-Type": "application/json"}
    answer = await shop.client.post(f"/products/{item.product_id}/images", content=large, headers=plain)
    assert answer.status_code == 413


async def test_pictures_that_come_at_once_are_decoded_one_after_the_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await shop.item()
    admin = await shop.admin()
    inside, most, calls = 0, 0, 0
    first, go = threading.Event(), threading.Event()
    real = picture_encoder.redraw

    def watched(content: bytes, *, most_pixels: int) -> Content:
        nonlocal inside, most, calls
        inside, calls = inside + 1, calls + 1
        most = max(most, inside)
        first.set()
        go.wait()
        try:
            return real(content, most_pixels=most_pixels)
        finally:
            inside -= 1

    monkeypatch.setattr(picture_encoder, "redraw", watched)
    uploads = [asyncio.create_task(upload(shop, str(item.product_id), admin, drawn())) for _ in range(4)]
    await asyncio.to_thread(first.wait)
    go.set()

    answers = await asyncio.gather(*uploads)

    assert [answer.status_code for answer in answers] == [201] * 4
    assert (calls, most) == (4, 1)
