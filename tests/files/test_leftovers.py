"""Whatever dies between two steps leaves nothing behind for good, and takes nothing away that is in use."""

from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from starlette.datastructures import UploadFile

from mercat import catalog, files, outbox
from mercat.auth import Actor
from mercat.files import jobs
from mercat.files.exceptions import StorageAway, UploadExpired
from mercat.files.storage import Storage
from pictures import drawn, upload
from shopping import Item, Person, Shop

PURPOSE = files.Purpose("something")


@pytest.fixture
async def kiln(shop: Shop) -> tuple[Person, Item]:
    """Somebody who sells a mug."""
    seller, _ = await shop.seller("kiln")
    return seller, await shop.item(vendor="kiln", name="Mug")


async def accepted(shop: Shop) -> UUID:
    [file_id] = await files.accept(shop.database, Actor.system(), [UploadFile(BytesIO(drawn()))], PURPOSE)
    return file_id


def lying(folder: Path) -> int:
    """Count what is in the folder."""
    return sum(path.is_file() for path in folder.rglob("*"))


async def age(shop: Shop) -> None:
    """Let all files be of yesterday."""
    await shop.rows("UPDATE files SET updated_at = updated_at - interval '1 day' RETURNING 1")


async def sweep(shop: Shop) -> None:
    await jobs.sweep(outbox.JobContext(shop.database))
    await shop.handle_events()


async def test_what_was_never_kept_is_swept_after_an_hour(shop: Shop, folder: Path) -> None:
    file_id = await accepted(shop)
    await sweep(shop)
    assert lying(folder) == 1

    await age(shop)
    await sweep(shop)

    assert lying(folder) == 0
    assert await shop.rows("SELECT count(*) FROM files") == [(0,)]
    with pytest.raises(UploadExpired):
        async with shop.database.transaction() as session:
            await files.keep(session, file_id, uuid4())


async def test_an_upload_whose_storage_fails_leaves_a_row_that_is_swept(
    shop: Shop, kiln: tuple[Person, Item], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller, mug = kiln
    real, done = Storage.put, []

    async def put(self: Storage, key: str, content: bytes, media_type: str) -> None:
        if done:
            raise StorageAway
        done.append(key)
        await real(self, key, content, media_type)

    with monkeypatch.context() as broken:
        broken.setattr(Storage, "put", put)
        assert (await upload(shop, mug.product_id, seller, drawn(), drawn())).status_code == 503

    assert await shop.rows("SELECT state, count(*) FROM files GROUP BY 1") == [("incoming", 2)]
    assert lying(folder) == 1
    await age(shop)
    await sweep(shop)
    assert (lying(folder), await shop.rows("SELECT count(*) FROM files")) == (0, [(0,)])


async def test_what_is_kept_is_never_swept(shop: Shop, kiln: tuple[Person, Item], folder: Path) -> None:
    seller, mug = kiln
    await upload(shop, mug.product_id, seller, drawn(size=(100, 80)))
    await shop.handle_events()
    await age(shop)

    await sweep(shop)
    await catalog.jobs.release_pictures(outbox.JobContext(shop.database))
    await shop.handle_events()

    assert lying(folder) == 3
    assert await shop.rows("SELECT state FROM files") == [("kept",)]


async def test_a_picture_that_goes_while_it_is_drawn_leaves_nothing(
    shop: Shop, kiln: tuple[Person, Item], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller, mug = kiln
    [image] = (await upload(shop, mug.product_id, seller, drawn(size=(100, 80)))).json()["items"]
    real, gone = Storage.put, []

    async def put(self: Storage, key: str, content: bytes, media_type: str) -> None:
        if not gone:
            gone.append(1)
            path = f"/products/{mug.product_id}/images/{image['id']}"
            assert (await shop.client.delete(path, headers=seller.headers)).status_code == 204
            [(file_id, file_key)] = await shop.rows("SELECT id::text, key FROM files")
            await self.remove(file_key.rpartition("/")[0])
            await shop.rows("DELETE FROM files WHERE id = %s RETURNING 1", file_id)
        await real(self, key, content, media_type)

    monkeypatch.setattr(Storage, "put", put)
    await shop.handle_events()

    assert gone
    assert lying(folder) == 0


async def test_an_uploads_bytes_go_after_the_commit_and_again_if_that_fails(
    shop: Shop, kiln: tuple[Person, Item], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller, mug = kiln
    [image] = (await upload(shop, mug.product_id, seller, drawn(size=(100, 80)))).json()["items"]
    await shop.handle_events()

    async def away(_self: Storage, _folder: str) -> None:
        raise StorageAway

    with monkeypatch.context() as broken:
        broken.setattr(Storage, "remove", away)
        broken.setenv("MERCAT_JOB_MAX_ATTEMPTS", "1")
        path = f"/products/{mug.product_id}/images/{image['id']}"
        assert (await shop.client.delete(path, headers=seller.headers)).status_code == 204
        await shop.handle_events()
    assert lying(folder) == 3
    assert await shop.rows("SELECT state FROM files") == [("released",)]

    await age(shop)
    await sweep(shop)
    assert (lying(folder), await shop.rows("SELECT count(*) FROM files")) == (0, [(0,)])


async def test_what_a_purge_leaves_is_let_go_at_night(shop: Shop, kiln: tuple[Person, Item], folder: Path) -> None:
    seller, mug = kiln
    await upload(shop, mug.product_id, seller, drawn(size=(100, 80)))
    admin = await shop.admin()
    for method, path in (("DELETE", ""), ("DELETE", "/purge")):
        answer = await shop.client.request(method, f"/products/{mug.product_id}{path}", headers=admin.headers)
        assert answer.status_code == 204, answer.text

    await catalog.jobs.release_pictures(outbox.JobContext(shop.database))
    await shop.handle_events()

    assert (lying(folder), await shop.rows("SELECT count(*) FROM files")) == (0, [(0,)])
