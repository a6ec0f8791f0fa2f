"""Files of products name uploads by their addresses, and an import keeps or drops them like any other."""

from pathlib import Path

from mercat import catalog, outbox
from mercat.auth import Actor
from mercat.catalog.feeds import export_file, import_file
from pictures import drawn, upload
from shopping import Shop


async def test_a_round_trip_keeps_uploads_and_an_import_without_them_lets_them_go(shop: Shop, tmp_path: Path) -> None:
    seller, _ = await shop.seller("kiln")
    mug = await shop.item(vendor="kiln", name="Mug")
    added = await upload(shop, mug.product_id, seller, drawn(size=(60, 40)), drawn(size=(50, 40)))
    first, second = added.json()["items"]
    await shop.handle_events()
    feed = tmp_path / "kiln.csv"
    await export_file(shop.database, feed, vendor_slug="kiln")

    again = await import_file(shop.database, feed, vendor_slug="kiln", actor=Actor.system())
    assert (again.unchanged, again.updated) == (1, 0)
    assert len(await shop.rows("SELECT 1 FROM product_images WHERE file_id IS NOT NULL")) == 2

    changed = feed.read_text(encoding="utf-8").replace(first["url"], "https://elsewhere.example/mug.jpg")
    feed.write_text(changed, encoding="utf-8")
    other = await import_file(shop.database, feed, vendor_slug="kiln", actor=Actor.system())
    assert other.updated == 1
    await catalog.jobs.release_pictures(outbox.JobContext(shop.database))
    await shop.handle_events()

    page = (await shop.client.get(f"/products/{mug.product_id}")).json()
    assert [image["url"] for image in page["images"]] == ["https://elsewhere.example/mug.jpg", second["url"]]
    assert len(page["images"][1]["sizes"]) == 2
    assert (await shop.client.get(f"http://shop.test{first['url']}")).status_code == 404
    assert (await shop.client.get(f"http://shop.test{second['url']}")).status_code == 200
