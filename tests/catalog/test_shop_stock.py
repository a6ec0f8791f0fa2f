"""A vendor's stock in its portal: at which location how much lies, set one by one and all at once."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import locations
from mercat.inventory.models import MAIN_LOCATION
from shopping import Item, Person, Shop

MAIN = str(MAIN_LOCATION)


async def send(shop: Shop, by: Person, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
    headers = {**by.headers, **more.pop("headers", {})}
    arguments = {} if body is None else {"json": body}
    answer: httpx2.Response = await shop.client.request(method, f"/vendor{path}", headers=headers, **arguments, **more)
    return answer


async def location(shop: Shop, by: Person, code: str, **more: Any) -> str:
    answer = await send(shop, by, "POST", "/locations", {"code": code, "name": code.title(), **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def put(shop: Shop, by: Person, item: Item, **body: Any) -> httpx2.Response:
    return await send(shop, by, "PUT", f"/stock/{item.variant_id}", body)


async def transfer(shop: Shop, by: Person, source: str, target: str, *lines: tuple[Item, int]) -> httpx2.Response:
    body = {
        "from_location_id": source,
        "to_location_id": target,
        "lines": [{"variant_id": item.variant_id, "quantity": quantity} for item, quantity in lines],
    }
    return await send(shop, by, "POST", "/stock/transfers", body, headers={"Idempotency-Key": uuid4().hex})


async def stock(shop: Shop, by: Person, **query: Any) -> list[dict[str, Any]]:
    answer = await send(shop, by, "GET", "/stock", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def lying(row: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    return {level["code"]: (level["on_hand"], level["reserved"], level["available"]) for level in row["levels"]}


async def test_a_shop_has_the_main_location_and_its_own(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    berlin = await location(shop, keeper, "berlin", country="DE", priority=5)
    await location(shop, rival, "berlin")

    listed = (await send(shop, keeper, "GET", "/locations")).json()["items"]
    assert [(place["code"], place["shared"]) for place in listed] == [("berlin", False), ("main", True)]

    taken = await send(shop, keeper, "POST", "/locations", {"code": "berlin", "name": "Other"})
    assert (taken.status_code, taken.json()["code"]) == (409, "inventory.location_taken")
    changed = await send(shop, keeper, "PATCH", f"/locations/{berlin}", {"name": "Mitte", "country": None})
    assert (changed.json()["name"], changed.json()["country"], changed.json()["priority"]) == ("Mitte", None, 5)
    for person, place in ((rival, berlin), (keeper, MAIN), (keeper, str(uuid4()))):
        for method, body in (("PATCH", {"name": "Mine"}), ("DELETE", None)):
            refused = await send(shop, person, method, f"/locations/{place}", body)
            assert (refused.status_code, refused.json()["code"]) == (404, "inventory.location_not_found")
    assert (await send(shop, keeper, "DELETE", f"/locations/{berlin}")).status_code == 204
    assert await location(shop, keeper, "berlin") != berlin


async def test_where_something_lies_cannot_be_taken_away(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=3, vendor="north-kiln")
    berlin = await location(shop, keeper, "berlin")
    await put(shop, keeper, item, location_id=berlin, on_hand=1)

    refused = await send(shop, keeper, "DELETE", f"/locations/{berlin}")

    assert (refused.status_code, refused.json()["code"]) == (409, "inventory.location_in_use")
    await put(shop, keeper, item, location_id=berlin, on_hand=0)
    assert (await send(shop, keeper, "DELETE", f"/locations/{berlin}")).status_code == 204
    [row] = await stock(shop, keeper)
    assert lying(row) == {"main": (3, 0, 3)}
    gone = await put(shop, keeper, item, location_id=berlin, on_hand=1)
    assert (gone.status_code, gone.json()["errors"][0]["field"]) == (422, "location_id")


async def test_the_stock_of_every_location_is_sold(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=3, vendor="north-kiln")
    berlin = await location(shop, keeper, "berlin")

    row = (await put(shop, keeper, item, location_id=berlin, on_hand=4, note="delivery")).json()

    assert (row["available"], row["on_hand"], lying(row)) == (7, 7, {"berlin": (4, 0, 4), "main": (3, 0, 3)})
    assert (await shop.client.get(f"/products/{item.slug}")).json()["stock_quantity"] == 7
    assert (await shop.order(item, quantity=6)).status_code == 201
    [row] = await stock(shop, keeper)
    assert (row["available"], row["reserved"]) == (1, 6)
    assert row == (await stock(shop, keeper, q="thing"))[0]
    await shop.stock_is_explained()


async def test_what_lies_at_a_closed_location_is_not_sold(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=1, vendor="north-kiln")
    berlin = await location(shop, keeper, "berlin")
    await put(shop, keeper, item, location_id=berlin, on_hand=4)

    await send(shop, keeper, "PATCH", f"/locations/{berlin}", {"active": False})
    assert (await shop.client.get(f"/products/{item.slug}")).json()["stock_quantity"] == 1
    assert (await shop.order(item, quantity=2)).status_code == 409
    assert (await shop.order(item)).status_code == 201

    await send(shop, keeper, "PATCH", f"/locations/{berlin}", {"active": True})
    assert (await shop.order(item, quantity=4)).status_code == 201
    back = await shop.rows("SELECT 1 FROM events WHERE name = 'inventory.back_in_stock'")
    assert len(back) == 1
    await shop.stock_is_explained()


async def test_less_than_is_promised_is_refused_or_a_back_order(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=5, vendor="north-kiln")
    await shop.order(item, quantity=3)

    refused = await put(shop, keeper, item, on_hand=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "inventory.below_reserved")
    assert refused.json()["lines"] == [{"variant_id": item.variant_id, "location_id": MAIN, "reserved": 3}]
    assert await shop.level(item) == (5, 3)

    row = (await put(shop, keeper, item, on_hand=2, allow_backorder=True)).json()
    assert (row["available"], row["in_stock"], row["backordered"]) == (0, True, 1)
    assert (await shop.order(item, quantity=2)).status_code == 201
    [row] = await stock(shop, keeper)
    assert (row["backordered"], row["reserved"]) == (3, 5)
    early = await put(shop, keeper, item, allow_backorder=False)
    assert (early.status_code, early.json()["code"]) == (409, "inventory.below_reserved")
    assert (await put(shop, keeper, item, on_hand=5, allow_backorder=False)).status_code == 200
    await shop.stock_is_explained()


async def test_many_lines_are_set_together_or_not_at_all(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    cup, lamp = await shop.item(stock=1, vendor="north-kiln"), await shop.item(stock=1, vendor="north-kiln")
    foreign = await shop.item(stock=1, vendor="south-mill")
    berlin = await location(shop, keeper, "berlin")
    good = [{"variant_id": cup.variant_id, "on_hand": 8}, {"variant_id": lamp.variant_id, "available": 9}]

    for bad, field in (
        ({"variant_id": foreign.variant_id, "on_hand": 0}, "lines.2.variant_id"),
        ({"variant_id": str(uuid4()), "on_hand": 0}, "lines.2.variant_id"),
        ({"variant_id": cup.variant_id, "on_hand": 0}, "lines.2.variant_id"),
        ({"variant_id": cup.variant_id, "on_hand": 0, "location_id": str(uuid4())}, "lines.2.location_id"),
    ):
        refused = await send(shop, keeper, "PUT", "/stock", {"lines": [*good, bad]})
        assert refused.status_code == 422, refused.text
        assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert [await shop.level(item) for item in (cup, lamp, foreign)] == [(1, 0)] * 3

    at_berlin = {"variant_id": cup.variant_id, "on_hand": 2, "location_id": berlin}
    done = await send(shop, keeper, "PUT", "/stock", {"lines": [*good, at_berlin], "note": "stock take"})
    assert done.status_code == 200, done.text
    assert {row["variant_id"]: row["available"] for row in done.json()["items"]} == {
        cup.variant_id: 10,
        lamp.variant_id: 9,
    }
    unclear = await put(shop, keeper, cup, on_hand=1)
    assert (unclear.status_code, unclear.json()["errors"][0]["code"]) == (422, "missing")
    await shop.stock_is_explained()


async def test_units_move_between_locations_all_or_nothing(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    cup, lamp = await shop.item(stock=5, vendor="north-kiln"), await shop.item(stock=1, vendor="north-kiln")
    berlin, theirs = await location(shop, keeper, "berlin"), await location(shop, rival, "berlin")
    await shop.order(cup, quantity=2)

    refusals = [
        (await transfer(shop, keeper, MAIN, berlin, (lamp, 1), (cup, 4)), "inventory.not_there"),
        (await transfer(shop, keeper, berlin, MAIN, (cup, 1)), "inventory.not_there"),
        (await transfer(shop, keeper, MAIN, theirs, (cup, 1)), "inventory.unknown_location"),
        (await transfer(shop, rival, MAIN, theirs, (cup, 1)), "catalog.stock_lines_refused"),
        (await transfer(shop, keeper, MAIN, berlin, (cup, 1), (cup, 1)), "catalog.stock_lines_refused"),
        (await transfer(shop, keeper, MAIN, MAIN, (cup, 1)), "request.invalid"),
    ]
    for refused, code in refusals:
        assert (refused.status_code in {409, 422}, refused.json()["code"]) == (True, code)
    assert await shop.rows("SELECT 1 FROM stock_movements WHERE kind = 'transferred'") == []

    moved = await transfer(shop, keeper, MAIN, berlin, (lamp, 1), (cup, 3))
    assert moved.status_code == 201, moved.text
    by_variant = {row["variant_id"]: lying(row) for row in moved.json()["items"]}
    assert by_variant[cup.variant_id] == {"berlin": (3, 0, 3), "main": (2, 2, 0)}
    pairs = await shop.rows("SELECT sum(on_hand_delta)::int, count(*) FROM stock_movements WHERE kind = 'transferred'")
    assert pairs == [(0, 4)]
    await shop.stock_is_explained()


async def test_the_same_transfer_moves_once(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=5, vendor="north-kiln")
    berlin = await location(shop, keeper, "berlin")
    lines = [{"variant_id": item.variant_id, "quantity": 2}]
    body = {"from_location_id": MAIN, "to_location_id": berlin, "lines": lines}

    answers = [
        await send(shop, keeper, "POST", "/stock/transfers", body, headers={"Idempotency-Key": "1"}) for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert lying((await stock(shop, keeper))[0]) == {"berlin": (2, 0, 2), "main": (3, 0, 3)}


async def test_levels_and_what_is_available_are_of_one_moment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=10, vendor="north-kiln")
    of_vendor = locations.of_vendor

    async def sold_meanwhile(session: AsyncSession, vendor_id: UUID) -> Any:
        assert (await shop.order(item, quantity=4)).status_code == 201
        return await of_vendor(session, vendor_id)

    monkeypatch.setattr(locations, "of_vendor", sold_meanwhile)
    (before,) = await stock(shop, keeper)
    monkeypatch.undo()
    (after,) = await stock(shop, keeper)

    assert (before["available"], lying(before)) == (10, {"main": (10, 0, 10)})
    assert (after["available"], lying(after)) == (6, {"main": (10, 4, 6)})


async def test_what_runs_low_is_listed(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    cup = await shop.item(stock=5, vendor="north-kiln", name="Cup")
    lamp = await shop.item(stock=5, vendor="north-kiln", name="Lamp")
    await put(shop, keeper, cup, low_stock_at=5)
    await put(shop, keeper, lamp, low_stock_at=4)

    assert [row["name"] for row in await stock(shop, keeper, low=True)] == ["Cup"]
    await shop.order(lamp)
    assert [(row["name"], row["low"]) for row in await stock(shop, keeper)] == [("Cup", True), ("Lamp", True)]
    await put(shop, keeper, cup, low_stock_at=None)
    assert [row["name"] for row in await stock(shop, keeper, low=True)] == ["Lamp"]


async def test_a_shop_says_when_all_of_its_own_runs_low(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    for by, vendor in ((keeper, "north-kiln"), (rival, "south-mill")):
        await shop.item(stock=5, vendor=vendor, name="Cup")
        own = await shop.item(stock=5, vendor=vendor, name="Lamp")
        await put(shop, by, own, low_stock_at=4)

    answers = [await send(shop, keeper, "PUT", "/stock/threshold", {"low_stock_at": 5}) for _ in range(2)]

    assert [answer.json() for answer in answers] == [{"low_stock_at": 5, "default": None}] * 2
    assert [(row["name"], row["low_stock_at"], row["low"]) for row in await stock(shop, keeper)] == [
        ("Cup", 5, True), ("Lamp", 4, False),
    ]  # fmt: skip
    assert [row["low_stock_at"] for row in await stock(shop, rival)] == [None, 4]
    assert [row["name"] for row in await stock(shop, keeper, low=True)] == ["Cup"]
    assert await stock(shop, rival, low=True) == []
    assert (await send(shop, rival, "GET", "/stock/threshold")).json()["low_stock_at"] is None
    assert await shop.rows("SELECT count(*)::int FROM audit_log WHERE action = 'stock_threshold.changed'") == [(1,)]


async def test_nobody_sets_the_number_of_another_shop(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    await send(shop, keeper, "PUT", "/stock/threshold", {"low_stock_at": 5})

    answers = [
        await send(shop, rival, "PUT", "/stock/threshold?vendor=north-kiln", {"low_stock_at": 1}),
        await send(shop, await shop.buyer(), "PUT", "/stock/threshold", {"low_stock_at": 1}),
        await send(shop, keeper, "PUT", "/stock/threshold", {"low_stock_at": -1}),
        await send(shop, keeper, "PUT", "/stock/threshold", {}),
    ]

    assert [answer.status_code for answer in answers] == [404, 403, 422, 422]
    assert (await send(shop, keeper, "GET", "/stock/threshold")).json()["low_stock_at"] == 5
    back = await send(shop, keeper, "PUT", "/stock/threshold", {"low_stock_at": None})
    assert back.json() == {"low_stock_at": None, "default": None}


async def test_a_shop_sees_and_sets_its_own_stock_alone(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    item = await shop.item(stock=5, vendor="north-kiln", name="100% wool")
    berlin = await location(shop, keeper, "berlin")
    await put(shop, keeper, item, location_id=berlin, on_hand=1)

    assert await stock(shop, rival) == []
    assert await stock(shop, rival, location=berlin) == []
    assert (await put(shop, rival, item, on_hand=0)).status_code == 404
    assert len(await stock(shop, keeper, location=berlin)) == 1
    assert [len(await stock(shop, keeper, q=words)) for words in ("0% W", "%", "_", "silk")] == [1, 1, 0, 0]
    assert (await send(shop, await shop.buyer(), "GET", "/stock")).status_code == 403


async def test_the_route_of_one_variant_means_the_sum(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    item = await shop.item(stock=3, vendor="north-kiln")
    for code, priority in (("berlin", 5), ("leipzig", 200)):
        place = await location(shop, keeper, code, priority=priority)
        await put(shop, keeper, item, location_id=place, on_hand=4)
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"

    async def spread(available: int) -> dict[str, tuple[int, int, int]]:
        answer = await shop.client.put(path, json={"available": available}, headers=keeper.headers)
        assert answer.json()["available"] == available
        return lying((await stock(shop, keeper))[0])

    assert await spread(12) == {"berlin": (5, 0, 5), "main": (3, 0, 3), "leipzig": (4, 0, 4)}
    assert await spread(6) == {"berlin": (5, 0, 5), "main": (1, 0, 1), "leipzig": (0, 0, 0)}
    await shop.order(item, quantity=6)
    assert await spread(2) == {"berlin": (7, 5, 2), "main": (1, 1, 0), "leipzig": (0, 0, 0)}
    assert await spread(0) == {"berlin": (5, 5, 0), "main": (1, 1, 0), "leipzig": (0, 0, 0)}
    await shop.stock_is_explained()
