"""What one looked at lately: the last first, not for ever, and nobody else's."""

import asyncio
from uuid import uuid4

import pytest

from mercat import outbox
from mercat.saved_items.jobs import forget_guests
from mercat.worker import REACTIONS
from shopping import Item, Shop

SEEN = "/users/me/recently-viewed"


async def view(shop: Shop, item: Item, headers: dict[str, str]) -> None:
    answer = await shop.client.post(f"/products/{item.product_id}/views", headers=headers)
    assert answer.status_code == 204, answer.text


async def seen(shop: Shop, headers: dict[str, str]) -> list[str]:
    return [one["product"]["id"] for one in (await shop.client.get(SEEN, headers=headers)).json()["items"]]


async def test_the_last_comes_first_and_each_once(shop: Shop) -> None:
    mug, bowl, ada = await shop.item(), await shop.item(), await shop.person()
    for item in (mug, bowl, mug):
        await view(shop, item, ada.headers)

    assert await seen(shop, ada.headers) == [mug.product_id, bowl.product_id]
    assert await seen(shop, (await shop.person()).headers) == []
    assert (await shop.client.get(SEEN)).status_code == 401
    assert (await shop.client.delete(SEEN, headers=ada.headers)).status_code == 204
    assert await seen(shop, ada.headers) == []


async def test_only_the_latest_are_kept_whoever_looks_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mercat.saved_items.recent_views.KEPT", 3)
    items, ada = [await shop.item() for _ in range(6)], await shop.person()

    await asyncio.gather(*(view(shop, item, ada.headers) for item in items * 2))
    await view(shop, items[0], ada.headers)

    assert len(await shop.rows("SELECT 1 FROM recent_views")) == 3
    assert (await seen(shop, ada.headers))[0] == items[0].product_id


async def test_a_guest_takes_it_along_when_they_sign_in(shop: Shop) -> None:
    mug, bowl, ada = await shop.item(), await shop.item(), await shop.person()
    guest = await shop.guest_cart(mug)
    await view(shop, bowl, guest)
    await view(shop, mug, ada.headers)
    assert await seen(shop, ada.headers) == [mug.product_id]

    assert await seen(shop, {**ada.headers, **guest}) == [mug.product_id, bowl.product_id]
    assert await seen(shop, (await shop.person()).headers | guest) == []
    assert await seen(shop, ada.headers) == [mug.product_id, bowl.product_id]


async def test_of_a_guest_without_a_cart_nothing_is_kept(shop: Shop) -> None:
    item = await shop.item()
    await view(shop, item, {})
    await view(shop, item, {"X-Cart-Token": "made-up"})
    assert await shop.rows("SELECT 1 FROM recent_views") == []


async def test_what_is_not_on_sale_is_not_looked_at(shop: Shop) -> None:
    item, ada = await shop.item(), await shop.person()
    await view(shop, item, ada.headers)
    admin = await shop.admin()
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "archived"}, headers=admin.headers)

    assert await seen(shop, ada.headers) == []
    for product in (item.product_id, str(uuid4())):
        assert (await shop.client.post(f"/products/{product}/views", headers=ada.headers)).status_code == 404


async def test_what_guests_looked_at_long_ago_is_forgotten(shop: Shop) -> None:
    item, ada = await shop.item(), await shop.person()
    guest = await shop.guest_cart(item)
    await view(shop, item, guest)
    await view(shop, item, ada.headers)
    await shop.rows("UPDATE recent_views SET viewed_at = now() - interval '31 days' RETURNING 1")

    await forget_guests(outbox.JobContext(shop.database, REACTIONS))

    assert await shop.rows("SELECT user_id FROM recent_views") == [(ada.id,)]


async def test_what_people_looked_at_is_forgotten_too_after_the_time_that_is_set(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, ada = await shop.item(), await shop.item(), await shop.person()
    for item in (old, new):
        await view(shop, item, ada.headers)
    past = "UPDATE recent_views SET viewed_at = now() - interval '11 days' WHERE product_id = %s RETURNING 1"
    await shop.rows(past, old.product_id)
    context = outbox.JobContext(shop.database, REACTIONS)
    await forget_guests(context)
    assert len(await shop.rows("SELECT 1 FROM recent_views")) == 2

    monkeypatch.setenv("MERCAT_RECENT_VIEWS_DAYS", "10")
    await forget_guests(context)

    assert await seen(shop, ada.headers) == [new.product_id]
