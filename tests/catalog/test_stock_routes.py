"""A variant's stock over HTTP: set, read, and explained by its movements."""

import asyncio
import secrets
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

    assert (early.status_code, early.json()["code"]) == (409, "inventory.units_missing")
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


async def test_counting_while_people_buy_loses_no_unit(shop: Shop) -> None:
    admin = await shop.admin()
    item = await shop.item(stock=10)

    await asyncio.gather(
        *(shop.order(item) for _ in range(12)), *(put(shop, item, admin, available=n) for n in (3, 7, 5))
    )

    await shop.stock_is_explained()
    on_hand, reserved = await shop.level(item)
    assert 0 <= reserved <= on_hand


async def adjust(shop: Shop, item: Item, by: Person, delta: int, **more: str) -> httpx2.Response:
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock/adjust"
    headers = {**by.headers, "Idempotency-Key": more.pop("key", secrets.token_hex(8))}
    return await shop.client.post(path, json={"delta": delta, "reason": "Broken", **more}, headers=headers)


async def test_many_relative_changes_at_once_all_count(shop: Shop) -> None:
    owner, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=100, vendor="north-kiln")
    at_portal = f"/vendor/stock/{item.variant_id}/adjust"

    async def from_the_portal(delta: int) -> httpx2.Response:
        headers = {**owner.headers, "Idempotency-Key": secrets.token_hex(8)}
        return await shop.client.post(at_portal, json={"delta": delta, "reason": "Delivered"}, headers=headers)

    answers = await asyncio.gather(
        *(adjust(shop, item, owner, -2) for _ in range(5)), *(from_the_portal(3) for _ in range(5)),
        *(shop.order(item) for _ in range(5)),
    )  # fmt: skip

    assert {answer.status_code for answer in answers} == {200, 201}
    assert await shop.level(item) == (105, 5)
    moved = (await stock(shop, item, owner))["movements"]
    assert {(one["note"], one["kind"]) for one in moved if one["on_hand_delta"] in {-2, 3}} == {
        ("Broken", "adjusted"),
        ("Delivered", "adjusted"),
    }
    await shop.stock_is_explained()


async def test_a_relative_change_is_made_once_and_never_takes_what_is_not_there(shop: Shop) -> None:
    admin, item = await shop.admin(), await shop.item(stock=5)
    await shop.order(item, quantity=3)

    first, again = [await adjust(shop, item, admin, -1, key="once") for _ in range(2)]
    promised = await adjust(shop, item, admin, -2)
    nothing = await adjust(shop, item, admin, 0)
    more = await adjust(shop, item, admin, -9)

    assert (first.status_code, first.json()["available"]) == (200, 1)
    assert again.json() == first.json()
    assert (promised.status_code, promised.json()["code"]) == (409, "inventory.below_reserved")
    assert (more.status_code, more.json()["code"]) == (409, "inventory.not_there")
    assert nothing.status_code == 422
    assert await shop.level(item) == (4, 3)
    await shop.stock_is_explained()


async def test_a_count_that_was_based_on_an_older_one_is_refused(shop: Shop) -> None:
    owner, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=5, vendor="north-kiln")
    paths = (f"/products/{item.product_id}/variants/{item.variant_id}/stock", f"/vendor/stock/{item.variant_id}")
    for path in paths:
        read = await shop.client.get(path, headers=owner.headers)
        base = {**owner.headers, "If-Match": read.headers["ETag"]}
        assert read.headers["ETag"] == f'"{read.json()["version"]}"'
        assert (await shop.order(item)).status_code == 201

        stale = await shop.client.put(path, json={"available": 50}, headers=base)
        fresh = (await shop.client.get(path, headers=owner.headers)).headers["ETag"]
        taken = await shop.client.put(path, json={"available": 4}, headers={**owner.headers, "If-Match": fresh})

        assert (stale.status_code, stale.json()["code"]) == (412, "request.precondition_failed")
        assert (taken.status_code, taken.json()["available"]) == (200, 4)
    await shop.stock_is_explained()


async def test_others_cannot_change_it(shop: Shop) -> None:
    stranger, _ = await shop.seller("south-mill")
    await shop.seller("north-kiln")
    item = await shop.item(stock=5, vendor="north-kiln")

    assert (await adjust(shop, item, stranger, 1)).status_code == 404
    assert await shop.level(item) == (5, 0)
