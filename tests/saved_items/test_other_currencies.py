"""Wishlists, alerts, recent views and products of posts in the currency that a reader chooses or prefers."""

from typing import Any

import pytest

from catalog.test_currency_prices import costs, enable, set_prices, told
from catalog.test_preferred_currency import prefer
from pricing.operating import operate, sale
from shopping import Item, Person, Shop

Body = dict[str, Any]
LIST = "/users/me/wishlists/default"
ITEMS = f"{LIST}/items"


@pytest.fixture
async def mug(shop: Shop) -> Item:
    """A mug whose price in dollars is set, and whose price in yen is converted."""
    item = await shop.item(name="Mug", price="10.00")
    await enable(shop, "USD", "JPY")
    assert (await set_prices(shop, item, costs("12.34", "USD"))).status_code == 200
    await shop.handle_events()
    return item


async def filled(shop: Shop, buyer: Person, item: Item) -> dict[str, str]:
    """Put a product on a wishlist, watch and view it; return where each is read."""
    wished = {"product_id": item.product_id, "variant_id": item.variant_id}
    assert (await shop.client.post(ITEMS, json=wished, headers=buyer.headers)).status_code == 201
    assert (await shop.client.post(ITEMS, json={"product_id": item.product_id}, headers=buyer.headers)).is_success
    watched = f"/products/{item.product_id}/alerts"
    assert (await shop.client.post(watched, json={"kind": "price_drop"}, headers=buyer.headers)).status_code == 201
    assert (await shop.client.post(f"/products/{item.product_id}/views", headers=buyer.headers)).status_code == 204
    shared = (await shop.client.post(f"{LIST}/share", headers=buyer.headers)).json()
    return {
        "wishlist": LIST,
        "shared": shared["path"].removeprefix("/api/v1"),
        "alerts": "/users/me/alerts",
        "views": "/users/me/recently-viewed",
    }


def prices(answer: Any) -> set[str]:
    """Return every price of a product and a variant in an answer."""
    assert answer.status_code == 200, answer.text
    found = set()
    for one in answer.json()["items"]:
        found.add(told(one["product"]["price"]))
        if one.get("variant"):
            found.add(told(one["variant"]["price"]))
    return found


async def test_they_show_the_currency_that_is_asked_for_or_preferred(shop: Shop, mug: Item) -> None:
    buyer = await shop.buyer()
    paths = await filled(shop, buyer, mug)
    for path in paths.values():
        for code, price in (("USD", "12.34 USD"), ("JPY", "1630 JPY"), ("EUR", "10.00 EUR")):
            answer = await shop.client.get(path, params={"currency": code}, headers=buyer.headers)
            assert prices(answer) == {price}, path
        assert prices(await shop.client.get(path, headers=buyer.headers)) == {"10.00 EUR"}

    await prefer(shop, buyer, "JPY")
    for path in paths.values():
        own = await shop.client.get(path, headers=buyer.headers)
        assert prices(own) == {"1630 JPY"}
        assert "no-store" in own.headers["cache-control"]
        assert prices(await shop.client.get(path, params={"currency": "USD"}, headers=buyer.headers)) == {"12.34 USD"}
    assert prices(await shop.client.get(paths["shared"])) == {"10.00 EUR"}
    assert prices(await shop.client.get(paths["shared"], params={"currency": "USD"})) == {"12.34 USD"}

    # what alerts compare stays what is compared
    [alert] = (await shop.client.get(paths["alerts"], headers=buyer.headers)).json()["items"]
    assert told(alert["price_seen"]) == "10.00 EUR"


async def test_what_changes_a_list_answers_in_the_currency_too(shop: Shop, mug: Item) -> None:
    buyer = await shop.buyer()
    asked: Body = {"headers": buyer.headers, "params": {"currency": "USD"}}
    put = await shop.client.post(ITEMS, json={"product_id": mug.product_id}, **asked)
    assert put.status_code == 201
    [item] = put.json()["items"]
    noted = await shop.client.patch(f"{ITEMS}/{item['id']}", json={"note": "blue"}, **asked)
    renamed = await shop.client.patch(LIST, json={"name": "Mine"}, **asked)
    assert [told(one.json()["items"][0]["product"]["price"]) for one in (put, noted, renamed)] == ["12.34 USD"] * 3
    watched = await shop.client.post(f"/products/{mug.product_id}/alerts", json={"kind": "price_drop"}, **asked)
    assert told(watched.json()["product"]["price"]) == "12.34 USD"

    bowl = await shop.item(name="Bowl")
    refused: Body = {"headers": buyer.headers, "params": {"currency": "GBP"}}
    for path, body in ((ITEMS, {"product_id": bowl.product_id}), ("/users/me/wishlists", {"name": "Other"})):
        assert (await shop.client.post(path, json=body, **refused)).status_code == 422
    assert await shop.rows("SELECT count(*) FROM wishlist_items") == [(1,)]
    assert await shop.rows("SELECT count(*) FROM wishlists") == [(1,)]


async def test_products_of_posts_are_in_it(shop: Shop, mug: Item) -> None:
    new = {"title": "Mugs", "content": "All of them.", "product_ids": [mug.product_id], "published": True}
    post = await operate(shop, "POST", "/posts", new)
    assert post.status_code == 201, post.text
    path = f"/posts/{post.json()['id']}/products"
    buyer = await shop.buyer()
    await prefer(shop, buyer, "JPY")

    async def price(**asked: Any) -> tuple[str, str]:
        answer = await shop.client.get(path, **asked)
        [one] = answer.json()["items"]
        return told(one["price"]), answer.headers["cache-control"]

    assert (await price())[0] == "10.00 EUR"
    assert (await price(params={"currency": "USD"}))[0] == "12.34 USD"
    assert (await price(headers=buyer.headers))[0] == "1630 JPY"
    assert "private" in (await price(headers=buyer.headers))[1]


async def test_statements_do_not_grow_with_what_is_on_a_list(shop: Shop, mug: Item, asked: list[str]) -> None:
    buyer = await shop.buyer()
    paths = await filled(shop, buyer, mug)

    async def count(code: str) -> list[int]:
        counts = []
        for path in paths.values():
            asked.clear()
            answer = await shop.client.get(path, params={"currency": code}, headers=buyer.headers)
            assert answer.status_code == 200
            counts.append(len(asked))
        return counts

    few = {code: await count(code) for code in ("EUR", "USD")}
    assert min(few["EUR"]) > 0
    for n in range(12):
        item = await shop.item(name=f"Bowl {n}")
        wished = {"product_id": item.product_id, "variant_id": item.variant_id}
        assert (await shop.client.post(ITEMS, json=wished, headers=buyer.headers)).status_code == 201
        await shop.client.post(f"/products/{item.product_id}/views", headers=buyer.headers)
        await shop.client.post(
            f"/products/{item.product_id}/alerts", json={"kind": "price_drop"}, headers=buyer.headers
        )
    await shop.handle_events()
    assert {code: await count(code) for code in ("EUR", "USD")} == few


async def test_a_variant_costs_what_a_sale_leaves_as_its_product_does(shop: Shop, mug: Item) -> None:
    buyer = await shop.buyer()
    paths = await filled(shop, buyer, mug)
    await sale(shop, kind="percent", percent="10", applies_to="lines")
    await shop.handle_events()

    for path in (paths["wishlist"], paths["shared"]):
        for code, price in (("EUR", "9.00 EUR"), ("USD", "11.11 USD"), ("JPY", "1467 JPY")):
            answer = await shop.client.get(path, params={"currency": code}, headers=buyer.headers)
            assert prices(answer) == {price}, (path, code)
