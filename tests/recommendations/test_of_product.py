"""What is recommended beside a product: related, in stock, each once, and with the reason."""

from typing import Any
from uuid import uuid4

import pytest

from mercat.recommendations import co_purchases
from recommendations.test_counting import bought
from shopping import Item, Shop


async def beside(shop: Shop, item: Item, kind: str = "bought_together", **more: Any) -> list[dict[str, Any]]:
    answer = await shop.client.get(f"/products/{item.product_id}/recommendations", params={"kind": kind, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


async def test_what_is_bought_in_the_same_orders_is_recommended_with_the_reason(shop: Shop) -> None:
    mug, bowl, lamp = await shop.item(name="Mug"), await shop.item(name="Bowl"), await shop.item(name="Lamp")
    for items in ((mug, bowl), (mug, bowl), (mug, lamp), (lamp,), (await shop.item(),)):
        await bought(shop, *items)
    await shop.handle_events()

    [found] = await beside(shop, mug)

    assert (found["id"], found["name"], found["in_stock"]) == (bowl.product_id, "Bowl", True)
    assert found["because"] == {
        "kind": "bought_together",
        "product": {"id": mug.product_id, "slug": mug.slug, "name": "Mug"},
        "known": None,
        "category": None,
        "brand": None,
        "vendor": None,
    }
    assert ids(await beside(shop, bowl)) == [mug.product_id]
    assert await beside(shop, lamp) == []  # in one order only


async def test_a_best_seller_is_not_what_everything_is_bought_with(shop: Shop) -> None:
    stamp, mug, saucer = await shop.item(stock=99), await shop.item(stock=99), await shop.item(stock=99)
    for _ in range(3):
        await bought(shop, mug, saucer)
    for _ in range(3):
        await bought(shop, mug, stamp)
    for _ in range(12):
        await bought(shop, stamp)
    await shop.handle_events()

    assert ids(await beside(shop, mug)) == [saucer.product_id]


def test_the_measure_is_dunning_s() -> None:
    """The example of his paper: 110 bigrams "the swiss" among 31,777; and what is independent says nothing."""
    assert co_purchases.log_likelihood(110, 2552, 221, 31777) == pytest.approx(270.72, abs=3)
    assert co_purchases.log_likelihood(10, 100, 100, 1000) == pytest.approx(0, abs=1e-9)


async def test_what_cannot_be_bought_is_not_recommended(shop: Shop) -> None:
    mug = await shop.item(stock=50)
    gone = await shop.item(stock=2)
    draft, unlisted, fine = [await shop.item() for _ in range(3)]
    suspended = await shop.item(vendor="kiln")
    for _ in range(2):
        await bought(shop, mug, gone, draft, unlisted, suspended, fine)
    await bought(shop, await shop.item())
    admin = (await shop.admin()).headers
    await shop.client.patch(f"/products/{draft.product_id}", json={"status": "draft"}, headers=admin)
    await shop.client.patch(f"/products/{unlisted.product_id}", json={"listed": False}, headers=admin)
    [(vendor_id,)] = await shop.rows("SELECT id FROM vendors WHERE slug = 'kiln'")
    answer = await shop.client.post(f"/vendors/{vendor_id}/suspend", json={"reason": "tests"}, headers=admin)
    assert answer.status_code == 200, answer.text
    await shop.handle_events()

    assert ids(await beside(shop, mug)) == [fine.product_id]


@pytest.mark.parametrize("kind", ["bought_together", "similar"])
async def test_what_is_unknown_is_a_404_and_what_has_none_an_empty_list(shop: Shop, kind: str) -> None:
    item = await shop.item(name="Qwertz")
    assert await beside(shop, item, kind) == []
    unknown = await shop.client.get(f"/products/{uuid4()}/recommendations", params={"kind": kind})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "catalog.product_not_found")
    admin = (await shop.admin()).headers
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "draft"}, headers=admin)
    assert (await shop.client.get(f"/products/{item.product_id}/recommendations")).status_code == 404


async def test_a_wrong_parameter_is_a_422(shop: Shop) -> None:
    item = await shop.item()
    path = f"/products/{item.product_id}/recommendations"
    for params in ({"kind": "for_you"}, {"size": "0"}, {"size": "51"}, {"page": "1"}, {"kind": ""}):
        assert (await shop.client.get(path, params=params)).status_code == 422, params


async def test_similar_shares_words_category_and_price(shop: Shop) -> None:
    admin = (await shop.admin()).headers
    kitchen = (await shop.client.post("/products/categories", json={"name": "Mugs"}, headers=admin)).json()["id"]
    mug = await made(shop, "Tide mug blue", kitchen, "20.00")
    near = await made(shop, "Tide mugs red", kitchen, "22.00")
    far = await made(shop, "Garden mug", kitchen, "400.00")
    await made(shop, "Leather boots", None, "20.00")
    await shop.handle_events()

    found = await beside(shop, mug, "similar")

    assert ids(found) == [near.product_id, far.product_id]
    because = found[0]["because"]
    assert (because["kind"], because["product"]["name"], because["category"]["name"]) == (
        "similar", "Tide mug blue", "Mugs",
    )  # fmt: skip
    assert because["vendor"] is not None
    assert ids(await beside(shop, mug, "similar", size=1)) == [near.product_id]


async def test_similar_follows_changes(shop: Shop) -> None:
    mug, other = await made(shop, "Tide mug", None, "20.00"), await made(shop, "Boots", None, "20.00")
    await shop.handle_events()
    assert await beside(shop, mug, "similar") == []

    admin = (await shop.admin()).headers
    await shop.client.patch(f"/products/{other.product_id}", json={"name": "Tide teapot"}, headers=admin)
    await shop.handle_events()
    assert ids(await beside(shop, mug, "similar")) == [other.product_id]

    await shop.client.delete(f"/products/{other.product_id}", headers=admin)
    await shop.handle_events()
    assert await beside(shop, mug, "similar") == []
    assert await shop.rows("SELECT 1 FROM product_terms WHERE product_id = %s", other.product_id) == []


async def made(shop: Shop, name: str, category_id: str | None, price: str) -> Item:
    body = {"name": name, "price": price, "stock_quantity": 9, "status": "active", "category_id": category_id}
    answer = await shop.client.post("/products", json=body, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    return Item(found["id"], found["variants"][0]["id"], found["slug"])
