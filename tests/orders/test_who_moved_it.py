"""Who moved an order or the stock is written down by account: names are shown to those who may see them."""

from typing import Any

from mercat.auth import Role
from shopping import Person, Shop


async def moves(shop: Shop, order_id: str, who: Person) -> list[str]:
    order: dict[str, Any] = (await shop.client.get(f"/orders/{order_id}", headers=who.headers)).json()
    return [move["actor"] for move in order["history"]]


async def named(shop: Shop, person: Person, first: str, last: str) -> Person:
    names = {"first_name": first, "last_name": last}
    assert (await shop.client.patch("/users/me", json=names, headers=person.headers)).is_success
    return person


async def test_staff_see_names_buyers_and_shops_see_roles(shop: Shop) -> None:
    seller, _ = await shop.seller("clay")
    ada = await named(shop, await shop.person(), "Ada", "Lovelace")
    support = await named(shop, await shop.person(Role.support), "Grace", "Hopper")
    item = await shop.item(vendor="clay")
    order_id = (await shop.order(item, headers=ada.headers)).json()["id"]
    paid = {"status": "paid"}
    await shop.client.put(f"/orders/{order_id}/status", json=paid, headers=support.headers)

    assert await moves(shop, order_id, support) == ["Ada Lovelace", "Grace Hopper"]
    assert await moves(shop, order_id, ada) == ["buyer", "shop"]
    assert await moves(shop, order_id, seller) == ["buyer", "shop"]
    await named(shop, support, "Grace", "Murray")
    assert await moves(shop, order_id, support) == ["Ada Lovelace", "Grace Murray"]
    assert await shop.rows("SELECT actor FROM order_history ORDER BY id") == [(str(ada.id),), (str(support.id),)]


async def test_what_has_no_account_says_what_it_is(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()
    assert [move["actor"] for move in order["history"]] == ["guest"]
    admin = await shop.admin()
    assert await moves(shop, order["id"], admin) == ["guest"]


async def test_a_shop_learns_from_its_stock_who_counted_and_not_who_bought(shop: Shop) -> None:
    seller, _ = await shop.seller("clay")
    await named(shop, seller, "Ines", "Marsh")
    ada = await shop.person()
    item = await shop.item(vendor="clay", stock=3)
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    await shop.client.put(path, json={"available": 9}, headers=seller.headers)
    order_id = (await shop.order(item, headers=ada.headers)).json()["id"]
    await shop.client.delete(f"/orders/{order_id}", headers=ada.headers)
    await shop.order(item)

    found = (await shop.client.get(path, headers=seller.headers)).json()["movements"]

    assert [(move["kind"], move["actor"]) for move in found] == [
        ("reserved", "guest"),
        ("released", "somebody"),
        ("reserved", "somebody"),
        ("adjusted", "Ines Marsh"),
        ("received", "system"),
    ]
