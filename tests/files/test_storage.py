"""The same promises, whether files lie in a folder or at a server that speaks S3."""

import re
import socket
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx2
import pytest
import time_machine
from starlette.datastructures import UploadFile

from mercat import files
from mercat.auth import Actor
from mercat.files.exceptions import FileNotFound, StorageAway
from mercat.files.storage import storage
from mercat.kit.settings_memory import read_anew
from pictures import drawn, upload
from s3_server import S3Server
from shopping import Item, Person, Shop

KEY = "media/files/00/" + "0" * 32 + "/picture.jpg"


@pytest.fixture
async def kiln(shop: Shop) -> tuple[Person, Item]:
    """Somebody who sells a mug."""
    seller, _ = await shop.seller("kiln")
    return seller, await shop.item(vendor="kiln", name="Mug")


async def test_what_is_put_can_be_got_until_it_is_removed(wherever: str) -> None:
    assert wherever
    beside = KEY.replace("picture.jpg", "640.webp")
    other = KEY.replace("/00/", "/01/")
    for key in (KEY, beside, other):
        await storage().put(key, b"first", "image/jpeg")
    await storage().put(KEY, b"second", "image/jpeg")
    assert await storage().get(KEY) == b"second"
    size, pieces = await storage().stream(KEY)
    assert (size, b"".join([piece async for piece in pieces])) == (6, b"second")

    await storage().remove(KEY.rpartition("/")[0])
    await storage().remove(KEY.rpartition("/")[0])

    for key in (KEY, beside):
        with pytest.raises(FileNotFound):
            await storage().get(key)
    assert await storage().get(other) == b"first"
    assert (await files.whereabouts())[1]


async def test_a_whole_life(shop: Shop, kiln: tuple[Person, Item], wherever: str) -> None:
    assert wherever
    seller, mug = kiln
    added = await upload(shop, mug.product_id, seller, drawn(size=(200, 100)))
    await shop.handle_events()
    [image] = (await shop.client.get(f"/products/{mug.product_id}")).json()["images"]
    addresses = [image["url"], *(size["url"] for size in image["sizes"])]
    assert len(addresses) == 5
    for address in addresses:
        shown = await shop.client.get(f"http://shop.test{address}")
        assert shown.status_code == 200
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert int(shown.headers["content-length"]) == len(shown.content) > 0

    path = f"/products/{mug.product_id}/images/{added.json()['items'][0]['id']}"
    assert (await shop.client.delete(path, headers=seller.headers)).status_code == 204
    assert (await shop.client.get(f"http://shop.test{image['url']}")).status_code == 200, "not before it is committed"
    await shop.handle_events()

    for address in addresses:
        assert (await shop.client.get(f"http://shop.test{address}")).status_code == 404
    assert await shop.rows("SELECT count(*) FROM files") == [(0,)]


async def test_objects_say_what_they_are_and_that_they_never_change(
    shop: Shop, kiln: tuple[Person, Item], s3: S3Server
) -> None:
    seller, mug = kiln
    await upload(shop, mug.product_id, seller, drawn(size=(200, 100)))
    await shop.handle_events()

    keys = s3.keys()
    assert sorted(key.rpartition("/")[2] for key in keys) == [
        "160.avif", "160.webp", "200.avif", "200.webp", "picture.jpg",
    ]  # fmt: skip
    for key in keys:
        head = httpx2.get(await storage().sign(key, 60) or "").headers
        assert head["content-type"] == {"jpg": "image/jpeg"}.get(key[-3:], f"image/{key[-4:]}")
        assert head["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_cdn_is_put_in_front_when_pictures_are_shown(
    shop: Shop, kiln: tuple[Person, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    seller, mug = kiln
    [image] = (await upload(shop, mug.product_id, seller, drawn(size=(200, 100)))).json()["items"]
    monkeypatch.setenv("MERCAT_MEDIA_URL", "https://cdn.example/")
    read_anew()
    await shop.handle_events()

    [shown] = (await shop.client.get(f"/products/{mug.product_id}")).json()["images"]
    assert shown["url"] == f"https://cdn.example{image['url']}"
    assert all(size["url"].startswith("https://cdn.example/media/files/") for size in shown["sizes"])
    path = f"/products/{mug.product_id}"
    sent_back = {"images": [{"url": shown["url"], "alt": "again"}, {"url": "https://elsewhere.example/a.jpg"}]}
    saved = (await shop.client.patch(path, json=sent_back, headers=seller.headers)).json()["images"]
    assert (saved[0]["id"], saved[0]["alt"], saved[0]["url"]) == (image["id"], "again", shown["url"])
    assert (saved[1]["url"], saved[1]["sizes"]) == ("https://elsewhere.example/a.jpg", [])
    assert await shop.rows("SELECT url FROM product_images WHERE file_id IS NOT NULL") == [(image["url"],)]


@pytest.mark.parametrize("broken", ["folder", "s3"])
async def test_without_the_storage_nothing_but_uploads_suffers(
    shop: Shop, kiln: tuple[Person, Item], folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    seller, mug = kiln
    [image] = (await upload(shop, mug.product_id, seller, drawn(size=(200, 100)))).json()["items"]
    if broken == "s3":
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        nowhere = S3Server(f"http://127.0.0.1:{port}")
        for name, value in {**nowhere.settings, "MERCAT_STORAGE_TIMEOUT": "1"}.items():
            monkeypatch.setenv(name, value)
        read_anew()
    else:
        for path in sorted((folder / "media").rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        (folder / "media").rmdir()
        (folder / "media").write_text("a file where the folder should be")

    refused = await upload(shop, mug.product_id, seller, drawn())

    assert (refused.status_code, refused.json()["code"]) == (503, "files.storage_away")
    assert refused.headers["retry-after"] == "15"
    page = await shop.client.get(f"/products/{mug.product_id}")
    assert [one["id"] for one in page.json()["images"]] == [image["id"]]
    removed = await shop.client.delete(f"/products/{mug.product_id}/images/{image['id']}", headers=seller.headers)
    assert removed.status_code == 204
    assert (await shop.order(mug)).status_code == 201
    with pytest.raises(StorageAway):
        await storage().put(KEY, b"", "image/jpeg")
    if broken == "s3":
        assert await files.whereabouts() == (f"the bucket pictures at {nowhere.url}", False)


async def kept_privately(shop: Shop, content: bytes) -> UUID:
    sent = UploadFile(BytesIO(content), filename="../../etc/passwd")
    [file_id] = await files.accept(shop.database, Actor.system(), [sent], files.Purpose("document", private=True))
    async with shop.database.transaction() as session:
        kept = await files.keep(session, file_id, uuid4())
    assert (kept.url, kept.renditions) == ("", [])
    return file_id


async def test_a_private_file_is_reached_by_a_link_that_expires(shop: Shop) -> None:
    pdf = b"%PDF-1.7\n" + b"<script>" * 10
    file_id = await kept_privately(shop, pdf)
    async with shop.database.transaction() as session:
        link = await files.private_url(session, file_id, seconds=60)

    got = await shop.client.get(f"http://shop.test{link}")

    assert (got.status_code, got.content) == (200, pdf)
    assert got.headers["content-disposition"] == "attachment"
    assert got.headers["content-security-policy"] == "sandbox"
    assert got.headers["cache-control"] == "private, no-store"
    asked = parse_qs(urlsplit(link).query)
    later = link.replace(asked["expires"][0], str(int(asked["expires"][0]) + 1))
    for wrong in (later, link[:-1] + ("0" if link[-1] != "0" else "1"), link.partition("?")[0], link + "0"):
        assert (await shop.client.get(f"http://shop.test{wrong}")).status_code in {404, 422}
    assert (await shop.client.get(f"http://shop.test{link.replace(str(file_id), str(uuid4()))}")).status_code == 404
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61), tick=True):
        assert (await shop.client.get(f"http://shop.test{link}")).status_code == 404
    async with shop.database.transaction() as session:
        await files.release(session, [file_id])
    assert (await shop.client.get(f"http://shop.test{link}")).status_code == 404


async def test_no_private_file_lies_where_public_ones_do(shop: Shop, folder: Path) -> None:
    await kept_privately(shop, drawn())
    [(key,)] = await shop.rows("SELECT key FROM files")
    assert re.fullmatch(r"private/[0-9a-f]{2}/[0-9a-f]{32}/picture\.jpg", key)
    assert (folder / key).is_file()
    for path in (f"/media/{key}", f"/media/files/../../{key}", f"/media/files/%2e%2e/%2e%2e/{key}"):
        assert (await shop.client.get(f"http://shop.test{path}")).status_code == 404


async def test_a_private_file_in_a_bucket_is_reached_by_a_link_of_the_bucket(shop: Shop, s3: S3Server) -> None:
    file_id = await kept_privately(shop, drawn())
    async with shop.database.transaction() as session:
        link = await files.private_url(session, file_id, seconds=60)

    assert link.startswith(f"{s3.url}/pictures/private/")
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["60"]
    got = httpx2.get(link)
    assert (got.status_code, got.headers["content-disposition"]) == (200, "attachment")
