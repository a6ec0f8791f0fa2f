"""Carts that guests left behind go; whatever somebody may still come back for stays."""

import psycopg
import pytest

from mercat import outbox
from mercat.cart import jobs, retention
from mercat.worker import REACTIONS, SCHEDULED
from shopping import Person, Shop

CARTS = "SELECT id FROM carts"
IDLE = "UPDATE carts SET updated_at = now() - make_interval(days => %s) RETURNING id"


async def purge(shop: Shop) -> None:
    await jobs.purge_guests(outbox.JobContext(shop.database, REACTIONS))


async def left_behind(shop: Shop, days: int = 31) -> None:
    """Let all carts have been touched so many days ago."""
    assert await shop.rows(IDLE, days)


async def look(shop: Shop, product_id: str, headers: dict[str, str]) -> None:
    shop.client.cookies.clear()
    answer = await shop.client.post(f"/products/{product_id}/views", headers=headers)
    assert answer.is_success, answer.text


async def put_in(shop: Shop, by: Person, variant_id: str) -> None:
    shop.client.cookies.clear()
    answer = await shop.client.post("/cart/add", json={"variant_id": variant_id}, headers=by.headers)
    assert answer.status_code == 200, answer.text


async def test_a_cart_that_a_guest_left_behind_goes_with_all_that_is_in_it(shop: Shop) -> None:
    item, other = await shop.item(), await shop.item()
    old = await shop.guest_cart(item, other)
    await look(shop, item.product_id, old)
    await left_behind(shop)
    fresh = await shop.guest_cart(item)

    await purge(shop)

    assert await shop.rows("SELECT count(*)::int FROM carts") == [(1,)]
    assert await shop.rows("SELECT count(*)::int FROM cart_items") == [(1,)]
    assert await shop.rows("SELECT count(*)::int FROM recent_views") == [(0,)]
    shop.client.cookies.clear()
    assert (await shop.client.get("/cart", headers=fresh)).json()["item_count"] == 1
    assert (await shop.client.get("/cart", headers=old)).json()["item_count"] == 0
    again = await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=old)
    assert (again.status_code, again.json()["token"] is not None) == (200, True)


async def test_the_setting_says_after_how_long(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.guest_cart(await shop.item())
    await left_behind(shop, 29)
    await purge(shop)
    assert len(await shop.rows(CARTS)) == 1

    monkeypatch.setenv("MERCAT_GUEST_CART_DAYS", "7")
    await purge(shop)

    assert await shop.rows(CARTS) == []


async def test_the_cart_of_an_account_stays_and_what_it_has_adopted_goes(shop: Shop) -> None:
    item, buyer = await shop.item(), await shop.buyer()
    guest = await shop.guest_cart(item)
    await put_in(shop, buyer, item.variant_id)
    await shop.client.get("/cart", headers={**buyer.headers, **guest})
    assert await shop.rows("SELECT status FROM carts ORDER BY status") == [("active",), ("merged",)]
    await left_behind(shop, 4000)

    await purge(shop)

    assert await shop.rows("SELECT status, user_id FROM carts") == [("active", buyer.id)]
    assert (await shop.client.get("/cart", headers=buyer.headers)).json()["item_count"] == 2


async def test_what_was_ordered_stays_the_key_to_its_order(shop: Shop) -> None:
    item = await shop.item()
    headers = await shop.guest_cart(item)
    bought = await shop.check_out(headers)
    plain = await shop.order(item)
    assert (bought.status_code, plain.status_code) == (201, 201)
    await left_behind(shop, 4000)

    await purge(shop)

    shop.client.cookies.clear()
    tokens = (headers, {"X-Cart-Token": plain.json()["guest_token"]})
    for order, token in zip((bought.json()["order"], plain.json()), tokens, strict=True):
        assert (await shop.client.get(f"/orders/{order['id']}", headers=token)).status_code == 200


async def test_a_cart_that_somebody_holds_is_left_for_the_next_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    item = await shop.item()
    for _ in range(5):
        await shop.guest_cart(item)
    await left_behind(shop)
    ((held,),) = await shop.rows("SELECT id FROM carts ORDER BY id LIMIT 1")

    async with await psycopg.AsyncConnection.connect(shop.database.settings.database_url) as checkout:
        await checkout.execute("SELECT FROM carts WHERE id = %s FOR UPDATE", (held,))
        assert await retention.purge(shop.database) == 4
        assert await shop.rows(CARTS) == [(held,)]

    assert await retention.purge(shop.database) == 1


async def test_a_schedule_does_it() -> None:
    assert jobs in SCHEDULED
