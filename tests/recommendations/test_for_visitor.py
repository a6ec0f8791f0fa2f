"""What is recommended to a visitor: trending to everybody, the rest only from what is their own."""

from datetime import timedelta
from typing import Any

import pytest

from mercat import outbox
from mercat.kit import clock
from mercat.recommendations import jobs
from mercat.worker import REACTIONS
from recommendations.test_counting import bought, bought_days_ago
from recommendations.test_of_product import ids, made
from shopping import Item, Shop

SCORES = (
    "SELECT product_id::text, score FROM trending_products WHERE category_id = '00000000-0000-0000-0000-000000000000'"
)
NO_PROFILE = {"personalized": False}


async def recommended(
    shop: Shop, kind: str, headers: dict[str, str] | None = None, **more: Any
) -> list[dict[str, Any]]:
    answer = await shop.client.get("/recommendations", params={"kind": kind, **more}, headers=headers or {})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def view(shop: Shop, item: Item, headers: dict[str, str]) -> None:
    answer = await shop.client.post(f"/products/{item.product_id}/views", headers=headers)
    assert answer.status_code == 204, answer.text


async def count_views(shop: Shop) -> None:
    await jobs.count_views(outbox.JobContext(shop.database, REACTIONS))


async def test_what_was_bought_lately_is_trending(shop: Shop) -> None:
    old, new = await shop.item(), await shop.item()
    for _ in range(2):
        await bought_days_ago(shop, 20, old)
    await bought(shop, new)
    await shop.handle_events()

    found = await recommended(shop, "trending")

    assert ids(found) == [new.product_id, old.product_id]
    assert found[0]["because"]["kind"] == "trending"
    assert ids(await recommended(shop, "trending", size=1)) == [new.product_id]


async def test_trending_in_a_category(shop: Shop) -> None:
    admin = (await shop.admin()).headers
    kitchen = (await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin)).json()
    mug, other = await made(shop, "Mug", kitchen["id"], "9.00"), await shop.item()
    await bought(shop, mug, other)
    await shop.handle_events()

    for named in (kitchen["id"], kitchen["slug"]):
        [found] = await recommended(shop, "trending", category=named)
        assert (found["id"], found["because"]["category"]["name"]) == (mug.product_id, "Kitchen")
    assert await recommended(shop, "trending", category="nowhere") == []

    await shop.client.patch(f"/products/{mug.product_id}", json={"category_id": None}, headers=admin)
    await shop.client.patch(f"/products/{other.product_id}", json={"category_id": kitchen["id"]}, headers=admin)
    await shop.handle_events()
    assert ids(await recommended(shop, "trending", category="kitchen")) == [other.product_id]
    refused = await shop.client.get("/recommendations", params={"kind": "for_you", "category": "kitchen"})
    assert refused.status_code == 422


async def test_a_view_counts_once_a_day_and_tells_of_nobody(shop: Shop) -> None:
    mug, ada, guest = await shop.item(), await shop.person(), await shop.guest_cart(await shop.item())
    yesterday = clock.now() - timedelta(days=1)
    for headers in (ada.headers, ada.headers, guest, guest, {}, {"X-Cart-Token": "made-up"}):
        with clock.standing_at(yesterday):
            await view(shop, mug, headers)
    assert await shop.rows("SELECT count(*) FROM uncounted_views") == [(2,)]
    await view(shop, mug, ada.headers)
    assert await shop.rows("SELECT count(*) FROM uncounted_views") == [(3,)]

    await count_views(shop)
    await count_views(shop)

    [(product_id, score)] = await shop.rows(SCORES)
    assert (product_id, score) == (mug.product_id, pytest.approx(0.3, rel=0.01))
    assert await shop.rows("SELECT 1 FROM uncounted_views") == []


async def test_recently_viewed_is_one_s_own(shop: Shop) -> None:
    mug, bowl, gone = await shop.item(), await shop.item(), await shop.item(stock=0)
    ada, guest = await shop.person(), await shop.guest_cart(mug)
    for item in (mug, gone, bowl):
        await view(shop, item, ada.headers)
    await view(shop, mug, guest)

    found = await recommended(shop, "recently_viewed", ada.headers)
    assert ids(found) == [bowl.product_id, mug.product_id]
    assert {item["because"]["kind"] for item in found} == {"recently_viewed"}
    assert ids(await recommended(shop, "recently_viewed", guest)) == [mug.product_id]
    assert await recommended(shop, "recently_viewed") == []
    assert await recommended(shop, "recently_viewed", (await shop.person()).headers) == []


async def test_for_you_follows_from_what_one_bought_saved_and_viewed(shop: Shop) -> None:
    names = ("Mug", "Saucer", "Tide lamp", "Tide shade", "Brush", "Dustpan", "Best seller")
    mug, saucer, lamp, shade, brush, dustpan, seller = [await shop.item(name=name, stock=99) for name in names]
    for _ in range(3):
        await bought(shop, mug, saucer)
        await bought(shop, brush, dustpan)
    for _ in range(9):
        await bought(shop, seller)
    ada = await shop.person()
    await bought(shop, mug, headers=ada.headers, email=ada.email)
    wished = {"product_id": lamp.product_id}
    await shop.client.post("/users/me/wishlists/default/items", json=wished, headers=ada.headers)
    await view(shop, brush, ada.headers)
    await shop.handle_events()

    found = await recommended(shop, "for_you", ada.headers)

    reasons = {item["id"]: item["because"] for item in found}
    assert set(ids(found[:3])) == {saucer.product_id, shade.product_id, dustpan.product_id}
    assert [(one["kind"], one["known"], one["product"] and one["product"]["name"]) for one in (
        reasons[saucer.product_id], reasons[shade.product_id], reasons[dustpan.product_id], reasons[seller.product_id],
    )] == [
        ("bought_together", "bought", "Mug"), ("similar", "saved", "Tide lamp"), ("bought_together", "viewed", "Brush"),
        ("trending", None, None),
    ]  # fmt: skip
    assert not set(reasons) & {mug.product_id, lamp.product_id, brush.product_id}
    assert len(ids(found)) == len(set(ids(found)))


async def test_for_you_is_trending_where_nothing_is_known(shop: Shop) -> None:
    await bought(shop, await shop.item())
    await shop.handle_events()
    trending = await recommended(shop, "trending")

    for headers in ({}, (await shop.person()).headers, {"X-Cart-Token": "made-up"}):
        assert await recommended(shop, "for_you", headers) == trending
    assert trending[0]["because"]["kind"] == "trending"


async def test_a_guest_is_known_by_their_token_unless_their_browser_objects(shop: Shop) -> None:
    mug, saucer = await shop.item(stock=99), await shop.item(stock=99)
    for _ in range(2):
        await bought(shop, mug, saucer)
    await bought(shop, await shop.item())
    await shop.handle_events()
    guest = await shop.guest_cart(await shop.item())
    await view(shop, mug, {**guest, "Sec-GPC": "1"})
    assert await shop.rows("SELECT 1 FROM recent_views") == []
    await view(shop, mug, guest)

    [first, *_] = await recommended(shop, "for_you", guest)
    assert (first["id"], first["because"]["known"]) == (saucer.product_id, "viewed")
    objecting = {**guest, "Sec-GPC": "1"}
    assert {one["because"]["kind"] for one in await recommended(shop, "for_you", objecting)} == {"trending"}
    assert await recommended(shop, "recently_viewed", objecting) == []


async def test_people_who_decline_are_not_followed(shop: Shop) -> None:
    mug, saucer, ada = await shop.item(stock=99), await shop.item(stock=99), await shop.person()
    for _ in range(2):
        await bought(shop, mug, saucer)
    await bought(shop, await shop.item())
    await view(shop, mug, ada.headers)
    await shop.handle_events()
    assert (await recommended(shop, "for_you", ada.headers))[0]["id"] == saucer.product_id

    answer = await shop.client.patch("/users/me", json=NO_PROFILE, headers=ada.headers)
    assert (answer.status_code, answer.json()["personalized"]) == (200, False)
    assert {one["because"]["kind"] for one in await recommended(shop, "for_you", ada.headers)} == {"trending"}
    assert await recommended(shop, "recently_viewed", ada.headers) == []
    await shop.handle_events()
    await view(shop, mug, ada.headers)
    assert await shop.rows("SELECT 1 FROM recent_views") == []
    assert (await shop.client.get("/users/me/recently-viewed", headers=ada.headers)).json()["items"] == []

    kept = await shop.client.patch("/users/me", json={"personalized": None, "first_name": "Ada"}, headers=ada.headers)
    assert kept.json()["personalized"] is False
    await shop.client.patch("/users/me", json={"personalized": True}, headers=ada.headers)
    await view(shop, mug, ada.headers)
    assert len(await recommended(shop, "recently_viewed", ada.headers)) == 1


async def test_what_is_one_s_own_is_kept_by_nobody(shop: Shop) -> None:
    ada = await shop.person()
    for kind in ("for_you", "recently_viewed"):
        answer = await shop.client.get("/recommendations", params={"kind": kind}, headers=ada.headers)
        assert "no-store" in answer.headers["cache-control"]
    public = await shop.client.get("/recommendations", params={"kind": "trending"}, headers=ada.headers)
    assert "public" in public.headers["cache-control"]
