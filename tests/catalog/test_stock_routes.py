"""A variant's stock over HTTP: set, read, and explained by its movements."""

import asyncio
from typing import Any

import httpx2

from mercat import auth
from shopping import Item, Person, Shop


async def put(shop: Shop, item: Item, by: Person, **body: Any) -> httpx2.Response:
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    return await shop.client.put(path, json=body, headers=by.headers)


async def stock(shop: Shop, item: Item, by: Person) -> dict[str, Any]:
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    answer = await shop.client.get(path, headers=by.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_stock_is_what_was_counted_and_the_movements_say_why(shop: Shop) -> None:
    owner, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=5, vendor="north-kiln")
    order = (await shop.order(item, quantity=2)).json()

    answer = await put(shop, item, owner, available=8, note="stock take")

    assert answer.status_code == 200
    found = answer.json()
    assert found == await stock(shop, item, owner)
    assert (found["variant_id"], found["available"]) == (item.variant_id, 8)
    [level] = found["levels"]
    assert (level["on_hand"], level["reserved"], level["allow_backorder"]) == (10, 2, False)
    told = [(m["kind"], m["on_hand_delta"], m["reserved_delta"], m["actor"]) for m in found["movements"]]
    assert told == [("adjusted", 5, 0, "Test Person"), ("reserved", 0, 2, "guest"), ("received", 5, 0, "system")]
    assert found["movements"][0]["note"] == "stock take"
    assert found["movements"][1]["order_id"] == order["id"]
    assert (await shop.client.get(f"/products/{item.slug}")).json()["stock_quantity"] == 8
    await shop.stock_is_explained()


async def test_the_same_count_again_moves_nothing(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=5)

    for _ in range(2):
        assert (await put(shop, item, admin, available=3)).json()["available"] == 3

    assert len((await stock(shop, item, admin))["movements"]) == 2
    await shop.stock_is_explained()


async def test_a_count_below_what_is_promised_keeps_the_promise(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=5)
    await shop.order(item, quantity=4)

    found = (await put(shop, item, admin, available=0)).json()

    assert (found["available"], found["levels"][0]["on_hand"], found["levels"][0]["reserved"]) == (0, 4, 4)
    assert (await shop.order(item)).status_code == 409
    await shop.stock_is_explained()


async def test_what_stock_cannot_be_is_refused(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=5)
    bad: list[dict[str, Any]] = [
        {}, {"available": None}, {"available": -1}, {"available": 1.5}, {"available": True}, {"available": "1"},
        {"available": 2**31}, {"available": 2**63}, {"available": 1, "on_hand": 5}, {"available": 1, "reserved": 0},
        {"available": 1, "note": "x" * 501}, {"available": 1, "allow_backorder": "yes"},
    ]  # fmt: skip

    answers = [await put(shop, item, admin, **body) for body in bad]

    assert [answer.status_code for answer in answers] == [422] * len(bad)
    assert await shop.level(item) == (5, 0)
    assert await shop.rows("SELECT count(*) FROM stock_movements") == [(1,)]


async def test_only_those_who_sell_it_see_and_keep_the_stock(shop: Shop) -> None:
    item = await shop.item(stock=5, vendor="north-kiln")
    rival, _ = await shop.seller("south-mill")
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"

    support = await shop.person(auth.Role.support)
    refusals = [(None, 401), (await shop.buyer(), 403), (support, 403), (rival, 404)]
    for person, status in refusals:
        headers = person.headers if person else {}
        assert (await shop.client.get(path, headers=headers)).status_code == status
        assert (await shop.client.put(path, json={"available": 0}, headers=headers)).status_code == status
    assert await shop.level(item) == (5, 0)
    owner, _ = await shop.seller("north-kiln")
    moderator = await shop.person(auth.Role.moderator)
    for number, person in enumerate((owner, moderator, await shop.admin())):
        assert (await put(shop, item, person, available=number)).json()["available"] == number


async def test_back_orders_are_promised_and_leave_only_when_they_came(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=1)
    assert (await put(shop, item, admin, available=1, allow_backorder=True)).json()["levels"][0]["allow_backorder"]
    order = (await shop.order(item, quantity=3)).json()
    assert order["items"][0]["backordered"] == 2
    page = (await shop.client.get(f"/products/{item.slug}")).json()
    assert (page["stock_quantity"], page["in_stock"]) == (0, True)
    await shop.move(order["id"], "paid")

    early = await shop.move(order["id"], "shipped")

    assert (early.status_code, early.json()["code"]) == (409, "inventory.pieces_missing")
    assert await shop.level(item) == (1, 3)
    assert (await shop.client.get(f"/orders/{order['id']}", headers=admin.headers)).json()["status"] == "paid"
    assert (await put(shop, item, admin, available=0)).status_code == 200
    assert (await shop.move(order["id"], "shipped")).status_code == 200
    assert await shop.level(item) == (0, 0)
    await shop.stock_is_explained()


async def test_who_ordered_first_is_served_first(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=2)
    await put(shop, item, admin, available=2, allow_backorder=True)
    early, late, last = [(await shop.order(item, quantity=quantity)).json() for quantity in (1, 3, 1)]

    async def waits_for(order: dict[str, Any]) -> int:
        shown = (await shop.client.get(f"/orders/{order['id']}", headers=admin.headers)).json()
        return int(shown["items"][0]["backordered"])

    assert [order["items"][0]["backordered"] for order in (early, late, last)] == [0, 2, 1]
    await shop.move(early["id"], "cancelled")
    assert [await waits_for(order) for order in (early, late, last)] == [0, 1, 1]
    await put(shop, item, admin, available=0)
    assert [await waits_for(order) for order in (late, last)] == [0, 0]


async def test_back_orders_cannot_be_forbidden_while_some_are_promised(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=0)
    await put(shop, item, admin, available=0, allow_backorder=True)
    await shop.order(item, quantity=2)

    variants = {"variants": [{"allow_backorder": False}]}
    answer = await shop.client.patch(f"/products/{item.product_id}", json=variants, headers=admin.headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "inventory.insufficient_stock")
    assert await shop.rows("SELECT reserved, allow_backorder FROM stock_levels") == [(2, True)]


async def test_counting_while_people_buy_loses_no_piece(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=10)

    await asyncio.gather(
        *(shop.order(item) for _ in range(12)), *(put(shop, item, admin, available=n) for n in (3, 7, 5))
    )

    await shop.stock_is_explained()
    on_hand, reserved = await shop.level(item)
    assert 0 <= reserved <= on_hand
