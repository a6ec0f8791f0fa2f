"""Shops' parts of one order live their own lives; the order follows them, and every cent and piece is accounted for."""

import asyncio
from uuid import uuid4

from orders.streets import Street


async def test_each_shop_sends_its_own_part_and_the_order_follows(street: Street) -> None:
    await street.pay()

    assert (await street.put("pots", "processing")).status_code == 200
    begun = await street.seen()
    assert (await street.send("pots")).status_code == 201
    one_sent = await street.seen()
    assert (await street.send("wool")).status_code == 201
    both_sent = await street.seen()
    for slug in ("wool", "pots"):
        assert (await street.put(slug, "delivered")).json()["status"] == "delivered"
    arrived = await street.seen()

    assert (begun["status"], begun["fulfillment_status"]) == ("processing", "unfulfilled")
    assert (one_sent["status"], one_sent["fulfillment_status"]) == ("processing", "partially_shipped")
    assert [street.vendor_order(slug, one_sent)["status"] for slug in ("pots", "wool")] == ["shipped", "paid"]
    assert street.vendor_order("pots", one_sent)["shipments"][0]["tracking"] == "JD01"
    assert (both_sent["status"], both_sent["fulfillment_status"]) == ("shipped", "shipped")
    assert arrived["status"] == "delivered"
    assert [(move["from"], move["to"]) for move in arrived["history"]] == [
        (None, "pending"), ("pending", "paid"), ("paid", "processing"), ("processing", "shipped"),
        ("shipped", "delivered"),
    ]  # fmt: skip
    assert [(move["from"], move["to"]) for move in street.vendor_order("wool", arrived)["history"]] == [
        ("pending", "paid"), ("paid", "shipped"), ("shipped", "delivered"),
    ]  # fmt: skip
    assert [await street.shop.level(item) for item in street.items.values()] == [(8, 0), (8, 0)]
    await street.all_is_well()


async def test_a_part_leaves_in_several_shipments(street: Street) -> None:
    await street.pay()

    first = await street.send("pots", 1)
    again = await street.send("pots", 2)
    shipment = first.json()["shipments"][0]["id"]
    fixed = await street.portal("pots", "PATCH", f"/shipments/{shipment}", {"tracking": "JD02", "delivered": True})
    rest = await street.send("pots")
    nothing = await street.send("pots")

    assert (first.json()["status"], first.json()["fulfillment_status"]) == ("processing", "partially_shipped")
    assert (again.status_code, again.json()["code"]) == (409, "orders.too_many_units")
    assert fixed.json()["shipments"][0]["tracking"] == "JD02"
    assert (fixed.json()["status"], fixed.json()["shipments"][0]["delivered_at"] is None) == ("processing", False)
    assert (rest.json()["status"], len(rest.json()["shipments"])) == ("shipped", 2)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "orders.illegal_transition")
    last = rest.json()["shipments"][1]["id"]
    arrived = await street.portal("pots", "PATCH", f"/shipments/{last}", {"delivered": True})
    assert arrived.json()["status"] == "delivered"
    assert await street.shop.level(street.items["pots"]) == (8, 0)
    await street.all_is_well()


async def test_sending_happens_once_per_key_and_never_more_than_there_is(street: Street) -> None:
    await street.pay()

    same = await asyncio.gather(*(street.send("pots", 1, key="one") for _ in range(4)))
    others = await asyncio.gather(*(street.send("pots", 1) for _ in range(4)))

    assert {answer.status_code for answer in same} <= {201, 409}
    assert len({answer.text for answer in same if answer.status_code == 201}) == 1
    assert sorted(answer.status_code for answer in others) == [201, 409, 409, 409]
    assert await street.shop.level(street.items["pots"]) == (8, 0)
    await street.all_is_well()


async def test_a_buyer_calls_one_part_off_until_its_shop_begins(street: Street) -> None:
    early = await street.cancel("wool")
    await street.pay()

    gone = await street.cancel("wool")
    await street.put("pots", "processing")
    late = await street.cancel("pots")

    assert (early.status_code, early.json()["code"]) == (409, "orders.not_paid_yet")
    assert gone.status_code == 200, gone.text
    assert street.vendor_order("wool", gone.json())["status"] == "cancelled"
    assert [move["actor"] for move in street.vendor_order("wool", gone.json())["history"]] == ["shop", "buyer"]
    assert [move["actor"] for move in street.vendor_order("pots", await street.seen())["history"]] == ["shop", "shop"]
    assert street.vendor_order("wool", gone.json())["refunded"] == street.vendor_order("wool")["total"]
    assert (gone.json()["status"], gone.json()["payment_status"]) == ("paid", "partially_refunded")
    assert (late.status_code, late.json()["code"]) == (409, "orders.illegal_transition")
    assert await street.shop.level(street.items["wool"]) == (10, 0)
    assert (await street.send("wool")).status_code == 409
    assert (await street.send("pots")).status_code == 201
    assert (await street.seen())["status"] == "shipped"
    await street.all_is_well()


async def test_the_last_part_called_off_ends_the_order(street: Street) -> None:
    await street.pay()

    await street.cancel("wool")
    ended = (await street.put("pots", "cancelled")).json()

    assert ended["status"] == "cancelled"
    order = await street.seen()
    assert (order["status"], order["payment_status"], order["refunded"]) == ("cancelled", "refunded", order["total"])
    events = dict(await street.shop.rows("SELECT name, count(*) FROM events GROUP BY 1"))
    assert (events["orders.vendor_order_cancelled"], events["orders.order_cancelled"]) == (1, 1)
    assert [await street.shop.level(item) for item in street.items.values()] == [(10, 0), (10, 0)]
    await street.all_is_well()


async def test_the_whole_is_not_called_off_once_a_part_has_left(street: Street) -> None:
    await street.pay()
    await street.send("pots")

    whole = await street.shop.move(street.order["id"], "cancelled")
    rest = await street.shop.move(street.order["id"], "shipped", tracking="JD09")

    assert (whole.status_code, whole.json()["code"]) == (409, "orders.illegal_transition")
    assert rest.json()["status"] == "shipped"
    assert street.vendor_order("wool", rest.json())["shipments"][0]["tracking"] == "JD09"
    assert street.vendor_order("pots", rest.json())["shipments"][0]["tracking"] == "JD01"
    await street.all_is_well()


async def test_a_shop_gives_back_units_and_they_are_not_sent_any_more(street: Street) -> None:
    await street.pay()
    line = street.vendor_order("wool")["items"][0]

    back = await street.portal(
        "wool", "POST", "/refunds", {"items": [{"item_id": line, "quantity": 1}], "reason": "One is torn"}
    )
    too_many = await street.send("wool", 2)
    sent = await street.send("wool")

    assert back.status_code == 201, back.text
    assert back.json()["refunded"]["amount"] == "30.00"
    assert too_many.json()["code"] == "orders.too_many_units"
    assert (sent.json()["status"], sent.json()["shipments"][0]["items"][0]["quantity"]) == ("shipped", 1)
    assert await street.shop.level(street.items["wool"]) == (9, 0)
    await street.all_is_well()


async def test_a_shop_gives_back_no_more_than_its_part_and_ends_it(street: Street) -> None:
    await street.pay()
    total = street.vendor_order("wool")["total"]["amount"]

    for amount in ("0", f"{float(total) + 0.01:.2f}"):
        answer = await street.portal("wool", "POST", "/refunds", {"amount": amount, "reason": "Late"})
        assert answer.status_code in (409, 422)
    some = await street.portal("wool", "POST", "/refunds", {"amount": "5.00", "reason": "Late"})
    rest = await street.portal("wool", "POST", "/refunds", {"reason": "Lost"})
    more = await street.portal("wool", "POST", "/refunds", {"amount": "0.01", "reason": "Late"})

    assert some.json()["refunded"]["amount"] == "5.00"
    assert (rest.json()["status"], rest.json()["refunded"]["amount"]) == ("refunded", total)
    assert (more.status_code, more.json()["code"]) == (409, "payments.refund_exceeds_captured")
    order = await street.seen()
    assert (order["status"], street.vendor_order("pots", order)["status"]) == ("paid", "paid")
    assert await street.shop.level(street.items["wool"]) == (10, 0)
    await street.all_is_well()


async def test_the_cut_is_frozen_booked_and_given_back(street: Street) -> None:
    await street.pay()
    wool = (await street.portal("wool", "GET")).json()
    await street.shop.rows("UPDATE order_items SET commission_rate = commission_rate RETURNING 1")

    half = await street.portal(
        "wool",
        "POST",
        "/refunds",
        {"items": [{"item_id": street.vendor_order("wool")["items"][0], "quantity": 1}], "reason": "One is torn"},
    )

    assert wool["commission"]["amount"] == "6.00"  # a tenth of 60.00
    assert half.json()["commission"]["amount"] == "3.00"
    kept = float(half.json()["total"]["amount"]) - 30 - 3
    assert half.json()["earnings"]["amount"] == f"{kept:.2f}"
    owed = dict(
        await street.shop.rows(
            "SELECT account, sum(amount_minor)::int FROM ledger_postings WHERE account LIKE 'commission%%' GROUP BY 1"
        )
    )
    assert owed == {"commission": 500, "commission_income": -500}
    await street.all_is_well()


async def test_a_shop_sees_and_touches_its_own_part_alone(street: Street) -> None:
    await street.pay()
    await street.put("wool", "processing")
    theirs = street.vendor_order("wool")["id"]
    before = await street.shop.rows("SELECT * FROM vendor_orders ORDER BY id")

    listed = await street.shop.client.get("/vendor/orders", headers=street.sellers["pots"].headers)
    cursors = await street.shop.client.get("/vendor/orders?cursor=", headers=street.sellers["pots"].headers)
    refused = [
        await street.portal("pots", "GET", of=theirs),
        await street.portal("pots", "PUT", "/status", {"status": "cancelled"}, of=theirs),
        await street.portal("pots", "POST", "/shipments", {}, of=theirs),
        await street.portal("pots", "POST", "/refunds", {"reason": "x"}, of=theirs),
        await street.portal("pots", "PATCH", f"/shipments/{uuid4()}", {}, of=theirs),
    ]
    foreign = await street.portal(
        "pots", "POST", "/shipments", {"items": [{"item_id": street.vendor_order("wool")["items"][0], "quantity": 1}]}
    )

    assert [one["id"] for one in listed.json()["items"]] == [street.vendor_order("pots")["id"]]
    assert [one["id"] for one in cursors.json()["items"]] == [street.vendor_order("pots")["id"]]
    assert {answer.status_code for answer in refused} == {404}
    assert foreign.json()["code"] == "orders.item_not_found"
    assert await street.shop.rows("SELECT * FROM vendor_orders ORDER BY id") == before
    seen = listed.json()["items"][0]
    assert seen["status"] == "paid"  # what the other shop does is not this one's business
    assert [move["to"] for move in seen["history"]] == ["pending", "paid"]
    assert "ada@example.com" not in listed.text
    assert street.items["wool"].variant_id not in listed.text


async def test_operators_move_a_part_for_a_shop_and_buyers_do_not(street: Street) -> None:
    await street.pay()
    path = f"/orders/{street.order['id']}/vendor-orders/{street.vendor_order('wool')['id']}/status"
    buyer, admin = await street.shop.buyer(), await street.shop.admin()

    refused = await street.shop.client.put(path, json={"status": "processing"}, headers=buyer.headers)
    moved = await street.shop.client.put(path, json={"status": "processing"}, headers=admin.headers)
    elsewhere = f"/orders/{uuid4()}/vendor-orders/{street.vendor_order('wool')['id']}/status"
    unknown = await street.shop.client.put(elsewhere, json={"status": "completed"}, headers=admin.headers)

    assert refused.status_code == 403
    assert street.vendor_order("wool", moved.json())["status"] == "processing"
    assert unknown.status_code == 404


async def test_two_who_end_the_last_parts_at_once_end_the_order_once(street: Street) -> None:
    await street.pay()

    answers = await asyncio.gather(*(street.put(slug, "cancelled") for slug in ("pots", "wool") for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409, 409, 409]
    order = await street.seen()
    assert (order["status"], order["refunded"]) == ("cancelled", order["total"])
    await street.all_is_well()
