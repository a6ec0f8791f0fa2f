"""Who moved an order or the stock is written down by account: names are shown to those who may see them."""

from typing import Any

from mercat.auth import Role
from orders.streets import Street
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
    assert await shop.rows("SELECT actor FROM order_history WHERE vendor_order_id IS NULL ORDER BY id") == [
        (str(ada.id),),
        (str(support.id),),
    ]


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


async def test_what_a_shop_does_the_buyer_did_not(street: Street) -> None:
    await street.pay()
    for slug in ("pots", "wool"):
        assert (await street.send(slug)).status_code == 201
        assert (await street.put(slug, "delivered")).status_code == 200

    order = await street.seen()

    assert [(move["to"], move["actor"]) for move in order["history"]] == [
        ("pending", "buyer"), ("paid", "shop"), ("processing", "shop"), ("shipped", "shop"), ("delivered", "shop"),
    ]  # fmt: skip


async def test_a_shop_that_bought_from_itself_sends_as_a_shop(shop: Shop) -> None:
    seller, _ = await shop.seller("clay")
    placed = (await shop.order(await shop.item(vendor="clay"), headers=seller.headers)).json()
    await shop.move(placed["id"], "paid")
    vendor_order = placed["vendor_orders"][0]["id"]
    headers = {**seller.headers, "Idempotency-Key": "sent"}
    sent = await shop.client.post(f"/vendor/orders/{vendor_order}/shipments", json={"carrier": "DHL"}, headers=headers)
    assert sent.status_code == 201, sent.text

    assert await moves(shop, placed["id"], seller) == ["buyer", "shop", "shop"]


async def test_a_part_tells_its_moves_whoever_moves_the_whole(street: Street) -> None:
    for status in ("paid", "processing", "shipped", "delivered"):
        assert (await street.shop.move(street.order["id"], status)).status_code == 200

    order = await street.seen()

    for vendor_order in order["vendor_orders"]:
        assert [(move["from"], move["to"], move["actor"]) for move in vendor_order["history"]] == [
            ("pending", "paid", "shop"), ("paid", "processing", "shop"), ("processing", "shipped", "shop"),
            ("shipped", "delivered", "shop"),
        ]  # fmt: skip


async def test_no_order_was_changed_before_it_was_placed(shop: Shop) -> None:
    placed = (await shop.order(await shop.item())).json()

    assert placed["updated_at"] >= placed["placed_at"]
    [(late,)] = await shop.rows("SELECT updated_at >= placed_at FROM orders")
    assert late is True
