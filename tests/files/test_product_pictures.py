"""From an upload to the product's page."""

from pathlib import Path

import pytest

from pictures import drawn, opened, upload
from shopping import Item, Person, Shop


@pytest.fixture
async def kiln(shop: Shop) -> tuple[Person, Item]:
    """Somebody who sells a mug."""
    seller, _ = await shop.seller("kiln")
    return seller, await shop.item(vendor="kiln", name="Mug")


async def test_an_upload_becomes_a_picture_in_all_sizes(shop: Shop, kiln: tuple[Person, Item], folder: Path) -> None:
    seller, mug = kiln

    added = await upload(shop, mug.product_id, seller, drawn(size=(1000, 750)), alt="A mug")

    assert added.status_code == 201, added.text
    [image] = added.json()["items"]
    assert (image["alt"], image["sizes"]) == ("A mug", [])
    page = await shop.client.get(f"/products/{mug.slug}")
    assert {"id": image["id"], **page.json()["image"]} == image
    assert page.json()["images"] == [image]

    await shop.handle_events()

    later = await shop.client.get(f"/products/{mug.slug}", headers={"If-None-Match": page.headers["etag"]})
    assert later.status_code == 200, "the sizes must not hide behind an ETag"
    sizes = later.json()["images"][0]["sizes"]
    assert [(size["width"], size["height"], size["format"]) for size in sizes] == [
        (width, round(width * 0.75), form) for width in (160, 320, 640, 960, 1000) for form in ("avif", "webp")
    ]
    for size in sizes:
        shown = await shop.client.get(f"http://shop.test{size['url']}")
        assert shown.status_code == 200
        assert shown.headers["content-type"] == f"image/{size['format']}"
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert opened(shown.content).size == (size["width"], size["height"])
    listed = (await shop.client.get("/products")).json()["items"][0]
    assert {"id": image["id"], **listed["image"], "sizes": []} == image
    assert len(list((folder / "media" / "files").rglob("*.*"))) == 11
