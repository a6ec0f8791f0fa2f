"""Sellers order, describe and delete their pictures, and nobody else's."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from mercat import catalog
from mercat.catalog import picture_rows
from pictures import drawn, upload
from shopping import Item, Person, Shop

Kiln = tuple[Person, Item, list[dict[str, Any]]]


@pytest.fixture
async def kiln(shop: Shop) -> Kiln:
    """Somebody who sells a mug with three pictures."""
    seller, _ = await shop.seller("kiln")
    mug = await shop.item(vendor="kiln", name="Mug")
    added = await upload(shop, mug.product_id, seller, *[drawn(size=(60, 40))] * 3, alt=["one", "two", "three"])
    assert added.status_code == 201, added.text
    return seller, mug, added.json()["items"]


async def alts(shop: Shop, mug: Item) -> list[str]:
    return [image["alt"] for image in (await shop.client.get(f"/products/{mug.product_id}")).json()["images"]]


async def test_they_are_shown_in_the_order_asked_for(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    ids = [image["id"] for image in reversed(images)]

    answer = await shop.client.put(
        f"/products/{mug.product_id}/images/order", json={"image_ids": ids}, headers=seller.headers
    )

    assert [image["id"] for image in answer.json()["items"]] == ids
    assert await alts(shop, mug) == ["three", "two", "one"]
    listed = (await shop.client.get("/products")).json()["items"][0]
    assert listed["image"]["alt"] == "three"
    for wrong in (ids[:2], [*ids, str(uuid4())], [ids[0], ids[0], ids[1]]):
        refused = await shop.client.put(
            f"/products/{mug.product_id}/images/order", json={"image_ids": wrong}, headers=seller.headers
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "catalog.other_pictures")
    assert await alts(shop, mug) == ["three", "two", "one"]


async def test_replacing_a_product_without_a_word_about_pictures_keeps_them(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    path = f"/products/{mug.product_id}"

    replaced = await shop.client.put(path, json={"name": "Mug", "price": "12.00"}, headers=seller.headers)

    assert replaced.status_code == 200, replaced.text
    assert [image["id"] for image in replaced.json()["images"]] == [image["id"] for image in images]
    await shop.handle_events()  # leftovers would go now
    for image in (await shop.client.get(path)).json()["images"]:
        assert (await shop.client.get(f"http://shop.test{image['url']}")).status_code == 200
    gone = await shop.client.put(path, json={"name": "Mug", "price": "12.00", "images": []}, headers=seller.headers)
    assert gone.json()["images"] == []


async def test_a_text_and_the_variants_that_show_it(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    path = f"/products/{mug.product_id}/images/{images[1]['id']}"

    changed = await shop.client.patch(path, json={"alt": "From above"}, headers=seller.headers)
    assert changed.json()["alt"] == "From above"
    changes = {"variant_ids": [mug.variant_id]}
    assert (await shop.client.patch(path, json=changes, headers=seller.headers)).status_code == 200
    page = (await shop.client.get(f"/products/{mug.product_id}")).json()
    assert page["variants"][0]["image"]["url"] == images[1]["url"]
    cart = await shop.client.post("/cart/add", json={"variant_id": mug.variant_id, "quantity": 1})
    assert cart.json()["items"][0]["product"]["image"] == {
        "url": images[1]["url"], "alt": "Mug", **{name: images[1][name] for name in ("width", "height", "sizes")},
    }  # fmt: skip

    unknown = await shop.client.patch(path, json={"variant_ids": [str(uuid4())]}, headers=seller.headers)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "catalog.unknown_variant")
    assert (await shop.client.delete(path, headers=seller.headers)).status_code == 204
    page = (await shop.client.get(f"/products/{mug.product_id}")).json()
    assert (page["variants"][0]["image"], len(page["images"])) == (None, 2)


async def test_changes_are_guarded_by_the_version(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    stale = {**seller.headers, "If-Match": '"1"'}
    path = f"/products/{mug.product_id}/images"
    order = {"image_ids": [image["id"] for image in images]}

    answers = [
        await shop.client.post(path, files={"file": drawn(size=(20, 20))}, headers=stale),
        await shop.client.put(f"{path}/order", json=order, headers=stale),
        await shop.client.patch(f"{path}/{images[0]['id']}", json={"alt": "x"}, headers=stale),
        await shop.client.delete(f"{path}/{images[0]['id']}", headers=stale),
    ]

    assert [answer.status_code for answer in answers] == [412] * 4
    assert await alts(shop, mug) == ["one", "two", "three"]


async def test_drawing_the_sizes_is_no_edit(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    path = f"/products/{mug.product_id}/images/{images[0]['id']}"
    saved = await shop.client.patch(path, json={"alt": "first"}, headers=seller.headers)

    await shop.handle_events()

    again = {**seller.headers, "If-Match": saved.headers["etag"]}
    assert (await shop.client.patch(path, json={"alt": "second"}, headers=again)).status_code == 200


async def test_nobody_elses(shop: Shop, kiln: Kiln) -> None:
    _, mug, images = kiln
    other, _ = await shop.seller("other")
    theirs = await shop.item(vendor="other")
    order = {"image_ids": [image["id"] for image in images]}

    for product in (mug.product_id, theirs.product_id):
        path = f"/products/{product}/images"
        answers = [
            await shop.client.patch(f"{path}/{images[0]['id']}", json={"alt": "x"}, headers=other.headers),
            await shop.client.delete(f"{path}/{images[0]['id']}", headers=other.headers),
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
    ordered = await shop.client.put(f"/products/{mug.product_id}/images/order", json=order, headers=other.headers)
    assert ordered.status_code == 404
    assert await alts(shop, mug) == ["one", "two", "three"]


async def test_there_are_never_more_than_fifty(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    many = {"images": [{"url": images[0]["url"]}, *({"url": f"/media/demo/{n}.svg"} for n in range(47))]}
    saved = await shop.client.patch(f"/products/{mug.product_id}", json=many, headers=seller.headers)
    assert saved.status_code == 200

    answers = await asyncio.gather(
        *(upload(shop, mug.product_id, seller, *[drawn(size=(20, 20))] * 2) for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(await alts(shop, mug)) == 50


async def test_a_list_of_addresses_keeps_the_uploads_in_it_and_lets_the_others_go(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    body = {"images": [{"url": "https://elsewhere.example/mug.jpg"}, {"url": images[2]["url"], "alt": "kept"}]}

    saved = await shop.client.patch(f"/products/{mug.product_id}", json=body, headers=seller.headers)
    await shop.handle_events()

    shown = saved.json()["images"]
    assert [(image["id"] == images[2]["id"], image["alt"]) for image in shown] == [(False, ""), (True, "kept")]
    assert (await shop.client.get(f"http://shop.test{images[2]['url']}")).status_code == 200
    for image in images[:2]:
        assert (await shop.client.get(f"http://shop.test{image['url']}")).status_code == 404


async def test_a_picture_that_two_products_show_stays_until_both_let_it_go(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    cup = await shop.item(vendor="kiln", name="Cup")
    body = {"images": [{"url": images[0]["url"]}]}
    await shop.client.patch(f"/products/{cup.product_id}", json=body, headers=seller.headers)

    for product, status in ((mug, 200), (cup, 404)):
        page = (await shop.client.get(f"/products/{product.product_id}")).json()
        path = f"/products/{product.product_id}/images/{page['images'][0]['id']}"
        assert (await shop.client.delete(path, headers=seller.headers)).status_code == 204
        await shop.handle_events()
        assert (await shop.client.get(f"http://shop.test{images[0]['url']}")).status_code == status


async def test_a_picture_that_another_product_is_being_given_is_not_let_go(shop: Shop, kiln: Kiln) -> None:
    seller, mug, images = kiln
    cup = await shop.item(vendor="kiln", name="Cup")
    blocked = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with shop.database.transaction() as session:
        given = catalog.ImageWrite(url=images[0]["url"])
        await picture_rows.replace(session, UUID(cup.product_id), [given])
        path = f"/products/{mug.product_id}/images/{images[0]['id']}"
        deleting = asyncio.create_task(shop.client.delete(path, headers=seller.headers))
        while not await shop.rows(blocked):
            assert not deleting.done()
            await asyncio.sleep(0.01)
    assert (await deleting).status_code == 204
    await shop.handle_events()

    assert (await shop.client.get(f"http://shop.test{images[0]['url']}")).status_code == 200
    assert await shop.rows("SELECT DISTINCT state FROM files") == [("kept",)]


async def test_a_draft_has_pictures_before_anybody_sees_it(shop: Shop, kiln: Kiln) -> None:
    seller, _, _ = kiln
    new = {"name": "Jug", "price": "5", "status": "draft"}
    jug = (await shop.client.post("/products", json=new, headers=seller.headers)).json()

    added = await upload(shop, jug["id"], seller, drawn(size=(60, 40)))
    await shop.handle_events()

    assert added.status_code == 201
    mine = (await shop.client.get(f"/products/{jug['id']}", headers=seller.headers)).json()
    assert len(mine["images"][0]["sizes"]) == 2
