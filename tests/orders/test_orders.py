"""The life of an order, who may see it, and who may move it."""

import asyncio
from uuid import uuid4

import pytest

from mercat import outbox
from mercat.auth import Role
from mercat.kit.pagination import encode_cursor
from mercat.orders import Status
from mercat.orders.lifecycle import TRANSITIONS, allowed
from mercat.worker import REACTIONS
from shopping import Shop


def paths_to(target: Status) -> list[Status]:
    """Return the shortest way from pending to a status."""
    ways: list[list[Status]] = [[]]
    while True:
        way = ways.pop(0)
        here = way[-1] if way else Status.pending
        if here is target:
            return way
        ways += [[*way, following] for following in TRANSITIONS[here] if following is not Status.expired]


REACHABLE = [s for s in Status if s not in {Status.expired, Status.partially_refunded, Status.refunded}]


@pytest.mark.parametrize("here", REACHABLE)
async def test_an_order_goes_where_the_table_says_and_nowhere_else(shop: Shop, here: Status) -> None:
    order_id = (await shop.order(await shop.item())).json()["id"]
    for step in paths_to(here):
        assert (await shop.move(order_id, step)).status_code == 200
    before = await shop.rows("SELECT status, updated_at FROM orders WHERE id = %s", order_id)

    for target in Status:
        if not allowed(here, target):
            refused = await shop.move(order_id, target)
            assert (refused.status_code, refused.json()["code"]) == (409, "orders.illegal_transition")

    assert await shop.rows("SELECT status, updated_at FROM orders WHERE id = %s", order_id) == before
    await shop.stock_is_explained()


def test_the_table_ends_somewhere_from_everywhere() -> None:
    assert set(TRANSITIONS) == set(Status)
    for origin, targets in TRANSITIONS.items():
        assert origin not in targets
    assert {status for status, targets in TRANSITIONS.items() if not targets} == {
        Status.cancelled, Status.expired, Status.partially_refunded, Status.refunded,
    }  # fmt: skip


async def test_two_moves_at_once_are_one(shop: Shop) -> None:
    item = await shop.item()
    order_id = (await shop.order(item)).json()["id"]

    answers = await asyncio.gather(*(shop.move(order_id, "paid") for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    assert (
        len(await shop.rows("SELECT id FROM order_history WHERE to_status = 'paid' AND vendor_order_id IS NULL")) == 1
    )
    assert len(await shop.rows("SELECT id FROM events WHERE name = 'orders.order_paid'")) == 1


async def test_cancelling_gives_stock_and_money_back_once(shop: Shop) -> None:
    item = await shop.item(stock=4)
    order = (await shop.order(item, quantity=3)).json()
    await shop.move(order["id"], "paid")

    answers = await asyncio.gather(*(shop.move(order["id"], "cancelled") for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    cancelled = next(answer for answer in answers if answer.status_code == 200).json()
    assert (cancelled["payment_status"], cancelled["refunded"]) == ("refunded", order["total"])
    assert await shop.level(item) == (4, 0)
    await shop.stock_is_explained()


async def test_buyers_cancel_until_they_have_paid_and_operators_until_it_has_left(shop: Shop) -> None:
    item = await shop.item()
    buyer, admin = await shop.buyer(), await shop.admin()
    unpaid = (await shop.order(item, headers=buyer.headers)).json()["id"]
    paid = (await shop.order(item, headers=buyer.headers)).json()["id"]
    await shop.move(paid, "paid")

    assert (await shop.client.delete(f"/orders/{unpaid}", headers=buyer.headers)).json()["status"] == "cancelled"
    late = await shop.client.delete(f"/orders/{paid}", headers=buyer.headers)
    assert (late.status_code, late.json()["code"]) == (409, "orders.illegal_transition")
    await shop.move(paid, "shipped")
    assert (await shop.client.delete(f"/orders/{paid}", headers=admin.headers)).status_code == 409
    assert await shop.level(item) == (9, 0)


async def test_strangers_neither_see_nor_touch_an_order(shop: Shop) -> None:
    item = await shop.item()
    buyer, other = await shop.buyer(), await shop.person()
    guests = (await shop.order(item)).json()
    buyers = (await shop.order(item, headers=buyer.headers)).json()
    before = await shop.rows("SELECT * FROM orders ORDER BY id")

    for order in (guests, buyers):
        for headers in ({}, other.headers, {"X-Cart-Token": "guess"}):
            assert (await shop.client.get(f"/orders/{order['id']}", headers=headers)).status_code == 404
            assert (await shop.client.delete(f"/orders/{order['id']}", headers=headers)).status_code == 404
        answer = await shop.client.put(f"/orders/{order['id']}/status", json={"status": "paid"}, headers=other.headers)
        assert answer.status_code == 403
        answer = await shop.client.put(f"/orders/{order['id']}/status", json={"status": "paid"})
        assert answer.status_code == 401
    assert (await shop.client.get("/orders", headers=other.headers)).json()["total"] == 0
    assert (await shop.client.get("/orders")).status_code == 401
    assert await shop.rows("SELECT * FROM orders ORDER BY id") == before


async def test_a_guest_holds_the_order_by_the_token_it_was_answered_with(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()
    token = {"X-Cart-Token": order["guest_token"]}

    assert (await shop.client.get(f"/orders/{order['id']}", headers=token)).json()["number"] == order["number"]
    assert (await shop.client.delete(f"/orders/{order['id']}", headers=token)).json()["status"] == "cancelled"


async def test_a_shop_sees_its_part_and_nothing_of_the_others(shop: Shop) -> None:
    pots, wool = await shop.seller("pots"), await shop.seller("wool")
    mug = await shop.item(price="10", vendor="pots")
    scarf = await shop.item(price="30", vendor="wool")
    order = (await shop.order(mug, scarf, quantity=2)).json()
    only_wool = (await shop.order(scarf)).json()

    seen = (await shop.client.get(f"/orders/{order['id']}", headers=pots[0].headers)).json()

    assert [line["variant_id"] for line in seen["items"]] == [mug.variant_id]
    assert [vendor_order["vendor"]["slug"] for vendor_order in seen["vendor_orders"]] == ["pots"]
    assert seen["subtotal"]["amount"] == "20.00"
    assert float(seen["total"]["amount"]) < float(order["total"]["amount"])
    assert scarf.variant_id not in (await shop.client.get(f"/orders/{order['id']}", headers=pots[0].headers)).text
    assert (await shop.client.get(f"/orders/{only_wool['id']}", headers=pots[0].headers)).status_code == 404
    assert (await shop.client.get("/orders", headers=pots[0].headers)).json()["total"] == 1
    assert (await shop.client.get("/orders", headers=wool[0].headers)).json()["total"] == 2
    vendor_orders = [
        (await shop.client.get(f"/orders/{order['id']}", headers=p.headers)).json() for p, _ in (pots, wool)
    ]
    together = sum(round(float(vendor_order["total"]["amount"]) * 100) for vendor_order in vendor_orders)
    assert together == round(float(order["total"]["amount"]) * 100)


async def test_lists_page_both_ways_over_the_same_orders(shop: Shop) -> None:
    item = await shop.item(stock=50)
    buyer = await shop.buyer()
    placed = [(await shop.order(item, headers=buyer.headers)).json()["id"] for _ in range(7)]
    await shop.move(placed[3], "paid")

    numbered = [
        order["id"]
        for page in (1, 2, 3, 4)
        for order in (await shop.client.get("/orders", params={"page": page, "size": 2}, headers=buyer.headers)).json()[
            "items"
        ]
    ]
    walked, cursor = [], ""
    while cursor is not None:
        answer = (await shop.client.get("/orders", params={"cursor": cursor, "limit": 3}, headers=buyer.headers)).json()
        walked += [order["id"] for order in answer["items"]]
        cursor = answer["next_cursor"]

    assert numbered == walked == placed[::-1]
    paid = await shop.client.get("/orders", params={"status": "paid"}, headers=buyer.headers)
    assert [order["id"] for order in paid.json()["items"]] == [placed[3]]


@pytest.mark.parametrize(
    "query", ["status=lost", "page=0", "page=1000000000", "size=101", "page=1_0", "x=1", "cursor=%21", "page=1&cursor="]
)
async def test_lists_refuse_what_they_do_not_know(shop: Shop, query: str) -> None:
    buyer = await shop.buyer()

    assert (await shop.client.get(f"/orders?{query}", headers=buyer.headers)).status_code == 422


@pytest.mark.parametrize(
    "position",
    [
        (),
        (str(uuid4()),),
        (1700000000, str(uuid4())),
        ("yesterday", str(uuid4())),
        ("2026-01-01T00:00:00", str(uuid4())),
        ("2026-01-01T00:00:00+00:00", "no id"),
        ("2026-01-01T00:00:00+00:00", str(uuid4()), 1),
    ],
)
async def test_a_cursor_that_no_list_wrote_is_refused(shop: Shop, position: tuple[str | int, ...]) -> None:
    buyer = await shop.buyer()

    params = {"cursor": encode_cursor("-placed_at", *position)}
    answer = await shop.client.get("/orders", params=params, headers=buyer.headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "pagination.bad_cursor")


async def test_what_was_sold_stays_as_it_was_sold(shop: Shop) -> None:
    item = await shop.item(name="Old name", price="10")
    order = (await shop.order(item)).json()
    admin = await shop.admin()
    changes = {"name": "New name", "price": "99", "slug": "new-name"}
    await shop.client.patch(f"/products/{item.product_id}", json=changes, headers=admin.headers)
    await shop.client.delete(f"/products/{item.product_id}", headers=admin.headers)

    seen = (await shop.client.get(f"/orders/{order['id']}", headers=admin.headers)).json()

    assert seen["items"] == order["items"]
    assert seen["total"] == order["total"]


async def test_paid_orders_do_not_expire_and_unpaid_ones_do_once(shop: Shop) -> None:
    item = await shop.item()
    unpaid, paid = [(await shop.order(item)).json()["id"] for _ in range(2)]
    await shop.move(paid, "paid")
    await shop.rows("UPDATE orders SET expires_at = now() - interval '1 minute' WHERE id = %s RETURNING id", unpaid)

    async def sweep() -> object:
        from mercat.orders import service  # noqa: PLC0415 - the verb that the schedule calls

        async with shop.database.transaction() as session:
            order_id = await service.next_to_expire(session)
            if order_id is not None:
                await service.expire(session, order_id)
            return order_id

    found = await asyncio.gather(*(sweep() for _ in range(6)))

    assert [str(one) for one in found if one is not None] == [unpaid]
    assert await shop.level(item) == (10, 1)
    await shop.stock_is_explained()
    statuses = await shop.rows("SELECT status FROM orders ORDER BY id")
    assert statuses == [("expired",), ("paid",)]


async def test_an_order_that_is_paid_at_the_last_moment_is_not_expired_too(shop: Shop) -> None:
    item = await shop.item(stock=30)
    orders = [(await shop.order(item)).json()["id"] for _ in range(10)]
    await shop.rows("UPDATE orders SET expires_at = now() - interval '1 minute' RETURNING id")

    async def sweep() -> None:
        from mercat.orders import service  # noqa: PLC0415 - the verb that the schedule calls

        for _ in range(10):
            async with shop.database.transaction() as session:
                if order_id := await service.next_to_expire(session):
                    await service.expire(session, order_id)

    answers, *_ = await asyncio.gather(asyncio.gather(*(shop.move(o, "paid") for o in orders)), sweep(), sweep())

    paid = sum(answer.status_code == 200 for answer in answers)
    counted = dict(await shop.rows("SELECT status, count(*) FROM orders GROUP BY 1"))
    assert counted.get("paid", 0) == paid
    assert counted.get("expired", 0) == 10 - paid
    assert await shop.level(item) == (30, paid)
    await shop.stock_is_explained()


async def test_events_tell_the_story_and_only_the_story(shop: Shop) -> None:
    item = await shop.item()
    order_id = (await shop.order(item)).json()["id"]
    for step in ("paid", "processing", "shipped", "delivered"):
        await shop.move(order_id, step)
    await shop.move(order_id, "paid")
    await shop.order(item, quantity=100)

    names = [row[0] for row in await shop.rows("SELECT name FROM events ORDER BY occurred_at, id")]

    assert names.pop(0) == "catalog.products_changed"  # the item was put on sale
    assert names == ["orders.order_placed", "orders.order_paid", "orders.order_shipped"]


async def test_best_sellers_follow_what_was_paid(shop: Shop) -> None:
    much, little, never = await shop.item(stock=9), await shop.item(), await shop.item()
    for item, quantity, status in ((much, 5, "paid"), (little, 2, "paid"), (never, 9, "cancelled")):
        await shop.move((await shop.order(item, quantity=quantity)).json()["id"], status)

    from mercat import orders  # noqa: PLC0415 - beside its use

    async with shop.database.transaction() as session:
        await orders.count_sold(session)

    listed = (await shop.client.get("/products", params={"sort": "best_selling"})).json()["items"]
    assert [p["id"] for p in listed] == [much.product_id, little.product_id, never.product_id]


async def test_order_numbers_are_unique_and_for_people(shop: Shop) -> None:
    item = await shop.item(stock=40)

    placed = await asyncio.gather(*(shop.order(item) for _ in range(20)))

    numbers = {answer.json()["number"] for answer in placed}
    assert len(numbers) == 20
    assert all(number.startswith("M-1") for number in numbers)


async def test_support_reads_and_moves_but_an_analyst_only_reads(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()
    support, analyst = await shop.person(Role.support), await shop.person(Role.analyst)

    for staff in (support, analyst):
        assert (await shop.client.get(f"/orders/{order['id']}", headers=staff.headers)).status_code == 200
    url = f"/orders/{order['id']}/status"
    assert (await shop.client.put(url, json={"status": "paid"}, headers=analyst.headers)).status_code == 403
    assert (await shop.client.put(url, json={"status": "paid"}, headers=support.headers)).status_code == 200
    assert (await shop.client.get(f"/orders/{uuid4()}", headers=support.headers)).status_code == 404


async def test_an_order_is_found_by_its_number_by_who_may_see_it(shop: Shop) -> None:
    buyer, stranger, admin = await shop.buyer(), await shop.person(), await shop.admin()
    order = (await shop.order(await shop.item(), headers=buyer.headers)).json()

    for name in (order["number"], order["number"].lower(), order["id"]):
        for reader in (buyer, admin):
            found = await shop.client.get(f"/orders/{name}", headers=reader.headers)
            assert (found.status_code, found.json()["id"]) == (200, order["id"])
        hidden = await shop.client.get(f"/orders/{name}", headers=stranger.headers)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "orders.not_found")
    for name in ("M-999999", "nothing", "M-1%"):
        missing = await shop.client.get(f"/orders/{name}", headers=admin.headers)
        assert (missing.status_code, missing.json()["code"]) == (404, "orders.not_found")


async def test_every_reaction_is_known_to_the_worker(shop: Shop) -> None:
    await shop.order(await shop.item())
    context = outbox.JobContext(shop.database, REACTIONS)

    await outbox.run_worker(context, wait=False, install_signal_handlers=False)

    handled = await shop.rows("SELECT handler FROM handled_events")
    assert sorted(handled) == [
        ("notifications.confirm_order",),
        ("recommendations.index_products",),
        ("search.index_products",),
    ]
