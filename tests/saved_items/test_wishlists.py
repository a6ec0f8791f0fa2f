"""Wishlists: one's own, moved to the cart, and shown to whoever has a link."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from shopping import Item, Person, Shop

MINE = "/users/me/wishlists"


async def put(shop: Shop, person: Person, item: Item, on: str = "default", **more: Any) -> httpx2.Response:
    body = {"product_id": item.product_id, **more}
    return await shop.client.post(f"{MINE}/{on}/items", json=body, headers=person.headers)


async def names(shop: Shop, person: Person) -> list[tuple[str, bool, int]]:
    lists = (await shop.client.get(MINE, headers=person.headers)).json()["items"]
    return [(one["name"], one["is_default"], one["item_count"]) for one in lists]


async def test_a_wish_begins_the_default_list_and_shows_what_is_now(shop: Shop) -> None:
    ada, item = await shop.person(), await shop.item(price="18.50", stock=1, name="Mug")

    answer = await put(shop, ada, item, note="in blue")

    assert answer.status_code == 201, answer.text
    (shown,) = answer.json()["items"]
    assert (shown["product"]["name"], shown["product"]["price"]["amount"], shown["note"]) == ("Mug", "18.50", "in blue")
    assert (shown["product"]["in_stock"], shown["variant"]) == (True, None)
    await shop.rows("UPDATE stock_levels SET on_hand = 0 RETURNING 1")
    admin = await shop.admin()
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "archived"}, headers=admin.headers)
    (shown,) = (await shop.client.get(f"{MINE}/default", headers=ada.headers)).json()["items"]
    assert (shown["product"]["on_sale"], shown["product"]["in_stock"], shown["product"]["price"]) == (
        False,
        False,
        None,
    )


async def test_a_variant_is_wished_for_by_itself(shop: Shop) -> None:
    ada, item = await shop.person(), await shop.item()

    shown = (await put(shop, ada, item, variant_id=item.variant_id)).json()["items"]
    assert shown[0]["variant"]["id"] == item.variant_id
    again = await put(shop, ada, item, variant_id=item.variant_id)
    assert (again.status_code, again.json()["code"]) == (409, "saved_items.already_on_wishlist")
    assert (await put(shop, ada, item)).status_code == 201
    other = await shop.item()
    assert (await put(shop, ada, other, variant_id=item.variant_id)).status_code == 404
    assert (await put(shop, ada, other, variant_id=str(uuid4()))).status_code == 404


async def test_at_once_one_default_list_and_one_wish(shop: Shop) -> None:
    ada, item = await shop.person(), await shop.item()

    answers = await asyncio.gather(*(put(shop, ada, item) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert await names(shop, ada) == [("Wishlist", True, 1)]


async def test_several_lists_and_one_of_them_is_the_default(shop: Shop) -> None:
    ada = await shop.person()
    made = [(await shop.client.post(MINE, json={"name": name}, headers=ada.headers)).json() for name in ("A", "B", "C")]
    assert await names(shop, ada) == [("A", True, 0), ("B", False, 0), ("C", False, 0)]

    changed = [
        shop.client.patch(f"{MINE}/{one['id']}", json={"is_default": True}, headers=ada.headers) for one in made[1:]
    ]
    assert [answer.status_code for answer in await asyncio.gather(*changed)] == [200, 200]
    assert sum(is_default for _, is_default, _ in await names(shop, ada)) == 1
    await shop.client.patch(f"{MINE}/{made[2]['id']}", json={"is_default": True, "name": "Z"}, headers=ada.headers)
    assert (await names(shop, ada))[0] == ("Z", True, 0)
    assert (await shop.client.delete(f"{MINE}/default", headers=ada.headers)).status_code == 204
    assert await names(shop, ada) == [("A", True, 0), ("B", False, 0)]
    assert (await shop.client.patch(f"{MINE}/default", json={"name": ""}, headers=ada.headers)).status_code == 422


async def test_moving_to_the_cart_is_both_or_neither(shop: Shop) -> None:
    ada, item = await shop.person(), await shop.item(stock=1)
    found = (await put(shop, ada, item)).json()
    path = f"{MINE}/{found['id']}/items/{found['items'][0]['id']}/move-to-cart"
    await shop.rows("UPDATE stock_levels SET on_hand = 0 RETURNING 1")

    refused = await shop.client.post(path, headers=ada.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "inventory.insufficient_stock")
    assert await names(shop, ada) == [("Wishlist", True, 1)]
    await shop.rows("UPDATE stock_levels SET on_hand = 1 RETURNING 1")
    moved = await asyncio.gather(*(shop.client.post(path, headers=ada.headers) for _ in range(3)))
    assert sorted(answer.status_code for answer in moved) == [200, 404, 404]
    cart = (await shop.client.get("/cart", headers=ada.headers)).json()
    assert [(line["variant_id"], line["quantity"]) for line in cart["items"]] == [(item.variant_id, 1)]
    assert await names(shop, ada) == [("Wishlist", True, 0)]


async def test_a_shared_list_says_nothing_about_its_owner_and_can_be_taken_back(shop: Shop) -> None:
    ada, item = await shop.person(), await shop.item(name="Mug")
    found = (await put(shop, ada, item, note="my size is M")).json()
    path = f"{MINE}/{found['id']}/share"

    links = [(await shop.client.post(path, headers=ada.headers)).json() for _ in range(2)]

    former, link = (f"http://shop.test{one['path']}" for one in links)
    assert (await shop.client.get(former)).status_code == 404
    seen = await shop.client.get(link)
    assert [one["product"]["name"] for one in seen.json()["items"]] == ["Mug"]
    for private in (ada.email, str(ada.id), "Test", "my size", found["items"][0]["id"], found["id"]):
        assert private not in seen.text
    assert links[1]["token"] not in str(await shop.rows("SELECT t::text FROM wishlists t"))
    assert (await shop.client.get(f"{MINE}/default", headers=ada.headers)).json()["shared_at"] is not None
    assert (await shop.client.delete(path, headers=ada.headers)).status_code == 204
    assert (await shop.client.get(link)).json()["code"] == "saved_items.wishlist_not_found"


async def test_strangers_reach_nothing(shop: Shop) -> None:
    ada, eve, item = await shop.person(), await shop.person(), await shop.item()
    found = (await put(shop, ada, item)).json()
    await put(shop, eve, item)
    own = (await shop.client.get(f"{MINE}/default", headers=eve.headers)).json()["id"]
    one, thing = f"{MINE}/{found['id']}", found["items"][0]["id"]
    tries: list[tuple[str, str, Any]] = [
        ("GET", one, None), ("PATCH", one, {"name": "Mine"}), ("DELETE", one, None), ("POST", f"{one}/share", None),
        ("DELETE", f"{one}/share", None), ("POST", f"{one}/items", {"product_id": item.product_id}),
        ("DELETE", f"{one}/items/{thing}", None), ("PATCH", f"{one}/items/{thing}", {"note": "x"}),
        ("POST", f"{one}/items/{thing}/move-to-cart", None), ("DELETE", f"{MINE}/{own}/items/{thing}", None),
        ("POST", f"{MINE}/default/items/{thing}/move-to-cart", None),
    ]  # fmt: skip

    for method, path, body in tries:
        assert (await shop.client.request(method, path, json=body, headers=eve.headers)).status_code == 404, path
        assert (await shop.client.request(method, path, json=body)).status_code == 401, path
    assert await names(shop, ada) == [("Wishlist", True, 1)]


@pytest.mark.parametrize("limit", ["MOST_WISHLISTS", "MOST_WISHLIST_ITEMS"])
async def test_there_are_bounds(shop: Shop, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"mercat.saved_items.wishlists.{limit}", 1)
    ada, item = await shop.person(), await shop.item()
    await put(shop, ada, item)

    if limit == "MOST_WISHLISTS":
        refused = await shop.client.post(MINE, json={"name": "B"}, headers=ada.headers)
    else:
        refused = await put(shop, ada, await shop.item())

    assert refused.status_code == 409
    assert await names(shop, ada) == [("Wishlist", True, 1)]


async def test_at_once_no_more_lists_than_there_may_be(shop: Shop) -> None:
    ada, bob = await shop.person(), await shop.person()
    for name in ("A", "B", "C"):
        await shop.client.post(MINE, json={"name": name}, headers=ada.headers)
    await shop.rows(
        "INSERT INTO wishlists (id, user_id, name) SELECT gen_random_uuid(), %s, 'X' FROM generate_series(4, 48)"
        " RETURNING 1",
        ada.id,
    )

    asked = [shop.client.post(MINE, json={"name": f"N{n}"}, headers=ada.headers) for n in range(6)]
    others = [shop.client.post(MINE, json={"name": f"N{n}"}, headers=bob.headers) for n in range(2)]
    answers = await asyncio.gather(*asked, *others)

    assert sorted(answer.status_code for answer in answers[:6]) == [201, 201, 409, 409, 409, 409]
    assert {answer.status_code for answer in answers[6:]} == {201}
    assert await shop.rows("SELECT count(*) FROM wishlists WHERE user_id = %s", ada.id) == [(50,)]
