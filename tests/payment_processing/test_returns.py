"""Goods that come back: who may send what back until when, and what goes back for it, once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import time_machine

from mercat.auth import Role
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import ordered, status
from payment_processing.test_refunding import refund
from shopping import ADDRESS, PASSWORD, Item, Person, Shop

GERMANY = {**ADDRESS, "line1": "Unter den Linden 6", "city": "Berlin", "postal_code": "10117", "country": "DE"}


@contextmanager
def later(**delta: float) -> Iterator[None]:
    """Be there after so long, in the shop's clock."""
    with time_machine.travel(datetime.now(UTC) + timedelta(**delta), tick=True):
        yield


async def delivered(shop: Shop, item: Item | None = None, *, until: str = "delivered", **more: Any) -> dict[str, Any]:
    """Order and pay by card, and let it be sent."""
    order = await ordered(shop, item, payment_method_id="test_approve", **more)
    for step in ("shipped", "delivered", "completed"):
        assert (await shop.move(order["id"], step)).status_code == 200
        if step == until:
            break
    return order


async def ask(
    shop: Shop, order: dict[str, Any], *quantities: int, reason: str = "damaged", **more: Any
) -> httpx2.Response:
    """Ask to return so many pieces of each line, in the order of the lines; of a line that is not told one."""
    headers = more.pop("headers", None)
    if headers is None:
        headers = (await shop.buyer()).headers
    counts = quantities or tuple(1 for _ in order["items"])
    items = [{"item_id": line["id"], "quantity": n} for line, n in zip(order["items"], counts, strict=False) if n != 0]
    return await shop.client.post(
        f"/orders/{order['id']}/returns",
        json={"items": items, "reason": reason, **more},
        headers={**headers, "Idempotency-Key": uuid4().hex},
    )


async def asked(shop: Shop, order: dict[str, Any], *quantities: int, **more: Any) -> dict[str, Any]:
    answer = await ask(shop, order, *quantities, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def put(shop: Shop, return_id: str, target: str, person: Person | None = None, **more: Any) -> httpx2.Response:
    person = person or await shop.admin()
    path = f"/returns/{return_id}/status"
    return await shop.client.put(path, json={"status": target, **more}, headers=person.headers)


async def moved(shop: Shop, return_id: str, *targets: str, **more: Any) -> dict[str, Any]:
    for target in targets:
        answer = await put(shop, return_id, target, **(more if target == targets[-1] else {}))
        assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def seen(shop: Shop, return_id: str) -> dict[str, Any]:
    answer = await shop.client.get(f"/returns/{return_id}", headers=(await shop.buyer()).headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def all_is_well(shop: Shop) -> None:
    """Assert that books and stock say what happened, and that no refund is of two returns."""
    await books_balance(shop)
    await shop.stock_is_explained()


async def test_the_whole_story(shop: Shop, work: Work) -> None:
    item = await shop.item(price="10.00")
    order = await delivered(shop, item, quantity=3)
    assert await shop.level(item) == (7, 0)

    new = await asked(shop, order, 2, note="The handle came off.")
    assert (new["status"], new["reason"], new["note"]) == ("requested", "damaged", "The handle came off.")
    assert new["refund_amount"] == {"amount": "20.00", "currency": "EUR"}
    assert new["items"] == [{"item_id": order["items"][0]["id"], "quantity": 2, "received": None}]
    assert await shop.level(item) == (7, 0)
    received = await moved(shop, new["id"], "approved", "received", note="All of it is here.")

    assert (received["status"], received["refund"]["status"], received["restocked"]) == ("received", "pending", True)
    assert await shop.level(item) == (9, 0)
    await work()
    done = await seen(shop, new["id"])
    assert (done["status"], done["refund"]["status"]) == ("refunded", "succeeded")
    assert [(move["to"], move["actor"]) for move in done["history"]] == [
        ("requested", "buyer"),
        ("approved", "shop"),
        ("received", "shop"),
        ("refunded", "system"),
    ]
    assert done["history"][2]["note"] == "All of it is here."
    assert await status(shop, order["id"]) == ("delivered", "partially_refunded")
    assert await shop.rows("SELECT sum(amount_minor)::int, count(*) FROM test_returns") == [(2000, 1)]
    kinds = await shop.rows("SELECT kind, on_hand_delta FROM stock_movements ORDER BY id DESC LIMIT 1")
    assert kinds == [("returned", 2)]
    events = await shop.rows("SELECT name FROM events WHERE name ~ '^orders.return' ORDER BY id")
    assert [name for (name,) in events] == [
        "orders.return_requested",
        "orders.return_approved",
        "orders.return_received",
    ]
    for again in ("received", "refunded", "approved", "cancelled"):
        refused = await put(shop, new["id"], again)
        assert (refused.status_code, refused.json()["code"]) == (409, "returns.illegal_transition")
    await work()
    assert await shop.rows("SELECT count(*) FROM refunds") == [(1,)]
    assert await shop.level(item) == (9, 0)
    await all_is_well(shop)


async def test_withdrawing_all_of_it_needs_nobody_and_gives_the_shipping_back(shop: Shop, work: Work) -> None:
    item = await shop.item(price="10.00")
    order = await delivered(shop, item, quantity=2, until="shipped")

    new = await asked(shop, order, 2, reason="withdrawal")
    assert (new["status"], new["refund_amount"]) == ("approved", order["total"])
    await moved(shop, new["id"], "received")
    await work()

    assert (await seen(shop, new["id"]))["status"] == "refunded"
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    assert await shop.level(item) == (10, 0)
    await all_is_well(shop)


async def test_shipping_goes_back_with_the_last_unit_that_is_withdrawn(shop: Shop, work: Work) -> None:
    order = await delivered(shop, await shop.item(price="10.00"), quantity=2)
    amounts = []
    for _ in range(2):
        new = await asked(shop, order, 1, reason="withdrawal")
        received = await moved(shop, new["id"], "received")
        amounts.append((new["refund_amount"]["amount"], received["refund_amount"]["amount"]))
    await work()

    assert amounts == [("10.00", "10.00"), ("14.90", "14.90")]
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    await all_is_well(shop)


async def test_shipping_is_that_of_the_shop_whose_part_is_withdrawn(shop: Shop, work: Work) -> None:
    clay, wool = await shop.item(price="10.00", vendor="clay"), await shop.item(price="20.00", vendor="wool")
    two = await shop.order(
        clay, wool, headers=(await shop.buyer()).headers, payment_method="test", payment_method_id="test_approve"
    )
    order = two.json()
    await shop.move(order["id"], "shipped")
    sent = {part["vendor"]["slug"]: part for part in order["vendor_orders"]}

    new = await asked(shop, order, 1, 0, reason="withdrawal")
    await moved(shop, new["id"], "received")
    await work()

    found = await seen(shop, new["id"])
    assert found["refund_amount"] == sent["clay"]["total"]
    other = await asked(shop, order, 0, 1, reason="damaged")
    assert other["refund_amount"]["amount"] == "20.00"
    await all_is_well(shop)


async def test_what_was_paid_for_the_units_goes_back_with_discounts(shop: Shop, work: Work) -> None:
    admin = await shop.admin()
    coupon = {"name": "Third", "code": "THIRD", "kind": "percent", "percent": "33"}
    await shop.client.post("/promotions", json=coupon, headers=admin.headers)
    order = await delivered(shop, await shop.item(price="3.35"), quantity=3, coupon="THIRD")
    paid = int(order["total"]["amount"].replace(".", "")) - 490

    given = []
    for _ in range(3):
        new = await asked(shop, order, 1)
        await moved(shop, new["id"], "approved", "received")
        await work()
        given.append(int((await seen(shop, new["id"]))["refund_amount"]["amount"].replace(".", "")))

    assert sum(given) == paid
    assert (await ask(shop, order, 1)).json()["code"] == "orders.too_many_units"
    assert await status(shop, order["id"]) == ("delivered", "partially_refunded")
    await all_is_well(shop)


async def test_one_of_two_gets_the_last_unit(shop: Shop) -> None:
    order = await delivered(shop)
    await shop.buyer()

    answers = await asyncio.gather(*(ask(shop, order, 1) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"orders.too_many_units"}
    assert await shop.rows("SELECT count(*) FROM returns") == [(1,)]


async def test_what_is_received_by_many_at_once_is_paid_back_once(shop: Shop, work: Work) -> None:
    item = await shop.item()
    order = await delivered(shop, item)
    new = await asked(shop, order, 1, reason="withdrawal")
    await shop.admin()

    answers = await asyncio.gather(*(put(shop, new["id"], "received") for _ in range(4)))
    await work()

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(1,)]
    assert await shop.level(item) == (10, 0)
    await all_is_well(shop)


async def test_the_same_key_asks_once(shop: Shop) -> None:
    order = await delivered(shop, quantity=2)
    buyer = await shop.buyer()
    body = {"items": [{"item_id": order["items"][0]["id"], "quantity": 1}], "reason": "other"}
    path, headers = f"/orders/{order['id']}/returns", {**buyer.headers, "Idempotency-Key": "one"}

    first, again = [await shop.client.post(path, json=body, headers=headers) for _ in range(2)]

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (await shop.client.post(path, json=body, headers=buyer.headers)).status_code == 400
    listed = (await shop.client.get(path, headers=buyer.headers)).json()["items"]
    assert [one["id"] for one in listed] == [first.json()["id"]]


async def test_units_that_were_refunded_without_coming_back_do_not_come_back(shop: Shop) -> None:
    order = await delivered(shop, quantity=3)
    line = {"item_id": order["items"][0]["id"], "quantity": 2}
    assert (await refund(shop, order["payment"]["id"], items=[line])).status_code == 201

    assert (await ask(shop, order, 2)).json()["code"] == "orders.too_many_units"
    new = await asked(shop, order, 1)
    assert (await ask(shop, order, 1)).json()["code"] == "orders.too_many_units"
    await moved(shop, new["id"], "rejected", note="Worn")
    await asked(shop, order, 1)


async def test_what_was_given_back_by_amount_is_not_given_back_again(shop: Shop, work: Work) -> None:
    item = await shop.item(price="10.00")
    order = await delivered(shop, item)
    new = await asked(shop, order, 1)
    goodwill = {"amount": "10.00", "currency": "EUR"}
    assert (await refund(shop, order["payment"]["id"], amount=goodwill)).status_code == 201
    left = await shop.rows("SELECT sum(amount_minor)::int FROM refund_lines WHERE bucket = 'goods'")

    received = await moved(shop, new["id"], "approved", "received")
    await work()

    assert int(received["refund_amount"]["amount"].replace(".", "")) == 1000 - left[0][0] > 0
    assert (await seen(shop, new["id"]))["status"] == "refunded"
    await all_is_well(shop)


async def test_where_nothing_is_left_nothing_goes_back(shop: Shop, work: Work) -> None:
    item = await shop.item()
    order = await delivered(shop, item)
    new = await asked(shop, order, 1)
    assert (await refund(shop, order["payment"]["id"])).status_code == 201
    assert await status(shop, order["id"]) == ("refunded", "refunded")

    received = await moved(shop, new["id"], "approved", "received")
    await work()

    assert (received["status"], received["refund_amount"]["amount"], received["refund"]) == ("refunded", "0.00", None)
    assert await shop.level(item) == (10, 0)
    assert await shop.rows("SELECT count(*) FROM refunds") == [(1,)]
    await all_is_well(shop)


async def test_what_cannot_be_sold_again_is_not_put_on_the_shelf(shop: Shop, work: Work) -> None:
    item = await shop.item()
    order = await delivered(shop, item)
    new = await asked(shop, order, 1)

    received = await moved(shop, new["id"], "approved", "received", restock=False)
    await work()

    assert received["restocked"] is False
    assert await shop.level(item) == (9, 0)
    assert (await seen(shop, new["id"]))["status"] == "refunded"
    await all_is_well(shop)


async def test_a_refund_that_its_provider_refuses_can_be_asked_for_again(shop: Shop, work: Work) -> None:
    order = await delivered(shop)
    new = await asked(shop, order, 1, reason="withdrawal")
    received = await moved(shop, new["id"], "received")
    # as the provider's no leaves it
    first = received["refund"]["id"]
    await shop.rows("UPDATE payments SET refunding_minor = 0 RETURNING id")
    await shop.rows("UPDATE refunds SET status = 'failed', failure = 'card closed' RETURNING id")
    await work()

    stuck = await seen(shop, new["id"])
    assert (stuck["status"], stuck["refund"]) == (
        "received",
        {"id": first, "status": "failed", "failure": "card closed"},
    )
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(0,)]
    again = await moved(shop, new["id"], "refunded")
    assert (again["status"], again["refund"]["status"]) == ("received", "pending")
    assert again["refund"]["id"] != first
    hasty = await put(shop, new["id"], "refunded")
    assert (hasty.status_code, hasty.json()["code"]) == (409, "returns.refund_under_way")
    await work()

    assert (await seen(shop, new["id"]))["status"] == "refunded"
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(1,)]
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    await all_is_well(shop)


async def test_what_was_paid_by_hand_is_given_back_by_hand(shop: Shop) -> None:
    buyer = await shop.buyer()
    order = (await shop.order(await shop.item(), headers=buyer.headers)).json()
    for step in ("paid", "shipped"):
        await shop.move(order["id"], step)
    new = await asked(shop, order, 1, reason="withdrawal")

    received = await moved(shop, new["id"], "received")

    assert (received["status"], received["refund"]["status"]) == ("refunded", "succeeded")
    assert await status(shop, order["id"]) == ("refunded", "refunded")
    await all_is_well(shop)


@pytest.mark.parametrize("so_far", ["pending", "paid", "processing", "cancelled"])
async def test_what_is_not_with_the_buyer_is_not_returned(shop: Shop, so_far: str) -> None:
    order = await ordered(shop)
    if so_far not in {"pending", "cancelled"}:
        order = await ordered(shop, payment_method_id="test_approve")
    if so_far in {"processing", "cancelled"}:
        await shop.move(order["id"], so_far)

    refused = await ask(shop, order, 1, reason="withdrawal")

    assert (refused.status_code, refused.json()["code"]) == (409, "returns.not_returnable")
    assert refused.json()["status"] == 409
    assert await shop.rows("SELECT count(*) FROM returns") == [(0,)]


@pytest.mark.parametrize(
    ("until", "reason", "in_time", "too_late"),
    [
        ("delivered", "damaged", 29.9, 30.1),
        ("completed", "other", 29.9, 30.1),
        ("shipped", "damaged", 29.9, 30.1),
        ("delivered", "withdrawal", 13.9, 14.1),
        ("shipped", "withdrawal", 300, None),
    ],
)
async def test_the_time_to_return(shop: Shop, until: str, reason: str, in_time: float, too_late: float | None) -> None:
    order = await delivered(shop, quantity=2, until=until, shipping_address=GERMANY)

    with later(days=in_time):
        headers = await signed_in(shop)
        assert (await ask(shop, order, 1, reason=reason, headers=headers)).status_code == 201
    if too_late is not None:
        with later(days=too_late):
            refused = await ask(shop, order, 1, reason=reason, headers=await signed_in(shop))
        assert (refused.status_code, refused.json()["code"]) == (409, "returns.too_late")


async def signed_in(shop: Shop) -> dict[str, str]:
    """Sign the buyer in at this moment: the former token has ended."""
    buyer = await shop.buyer()
    answer = await shop.client.post("/auth/token", data={"username": buyer.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_a_buyer_calls_off_what_has_not_come(shop: Shop) -> None:
    order = await delivered(shop)
    buyer = await shop.buyer()
    new = await asked(shop, order, 1, reason="withdrawal")
    path = f"/returns/{new['id']}"

    answer = await shop.client.delete(path, headers=buyer.headers)

    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert (await shop.client.delete(path, headers=buyer.headers)).status_code == 409
    assert (await put(shop, new["id"], "received")).status_code == 409
    second = await asked(shop, order, 1)
    await moved(shop, second["id"], "approved", "received")
    late = await shop.client.delete(f"/returns/{second['id']}", headers=buyer.headers)
    assert (late.status_code, late.json()["code"]) == (409, "returns.illegal_transition")


async def test_a_guest_returns_with_the_token_of_the_cart_and_strangers_do_not(shop: Shop) -> None:
    guest = await shop.guest_cart(await shop.item())
    order = (await shop.check_out(guest, payment_method="test", payment_method_id="test_approve")).json()["order"]
    await shop.move(order["id"], "shipped")
    new = await asked(shop, order, headers=guest)
    stranger = await shop.person()

    for others in ({"X-Nobody": "1"}, stranger.headers, {"X-Cart-Token": "x" * 43}):
        refused = await ask(shop, order, headers=others)
        assert (refused.status_code, refused.json()["code"]) == (404, "orders.not_found")
        listed = await shop.client.get(f"/orders/{order['id']}/returns", headers=others)
        assert (listed.status_code, listed.json()["code"]) == (404, "orders.not_found")
        for method in ("GET", "DELETE"):
            answer = await shop.client.request(method, f"/returns/{new['id']}", headers=others)
            assert (answer.status_code, answer.json()["code"]) == (404, "returns.not_found")
    assert (await shop.client.get(f"/returns/{new['id']}", headers=guest)).json() == new
    assert (await shop.client.delete(f"/returns/{new['id']}", headers=guest)).status_code == 200


async def test_operators_decide(shop: Shop) -> None:
    order = await delivered(shop, quantity=3)
    waiting = [await asked(shop, order, 1) for _ in range(2)]
    admin, analyst, buyer = await shop.admin(), await shop.person(Role.analyst), await shop.buyer()

    for person in (buyer, analyst):
        assert (await put(shop, waiting[0]["id"], "approved", person)).status_code == 403
    assert (await shop.client.get("/returns", headers=buyer.headers)).status_code == 403
    unexplained = await put(shop, waiting[0]["id"], "rejected")
    assert unexplained.status_code == 422
    rejected = await moved(shop, waiting[0]["id"], "rejected", note="Worn")
    assert rejected["history"][-1]["note"] == "Worn"
    too_early = await put(shop, waiting[1]["id"], "received")
    assert (too_early.status_code, too_early.json()["code"]) == (409, "returns.illegal_transition")

    page = (await shop.client.get("/returns?status=requested&size=1", headers=admin.headers)).json()
    assert ([one["id"] for one in page["items"]], page["total"]) == ([waiting[1]["id"]], 1)
    assert (await shop.client.get("/returns", headers=analyst.headers)).json()["total"] == 2
    assert (await put(shop, str(uuid4()), "approved")).status_code == 404


async def test_what_is_asked_for_must_make_sense(shop: Shop) -> None:
    order, other = await delivered(shop), await delivered(shop)
    foreign = {**order, "items": other["items"]}

    assert (await ask(shop, foreign, 1)).json()["code"] == "orders.item_not_found"
    assert (await ask(shop, {**order, "items": order["items"] * 2}, 1, 1)).status_code == 422
    for wrong in (-1, 10_001):
        assert (await ask(shop, order, wrong)).status_code == 422
    assert (await ask(shop, {**order, "items": []})).status_code == 422
    assert (await ask(shop, order, 1, reason="boredom")).status_code == 422
    assert (await ask(shop, order, 1, note="x" * 1001)).status_code == 422
    assert (await ask(shop, order, 2)).json()["code"] == "orders.too_many_units"
    assert await shop.rows("SELECT count(*) FROM returns") == [(0,)]


async def test_somebody_whose_return_is_under_way_is_not_erased_yet(shop: Shop, work: Work) -> None:
    order = await delivered(shop, quantity=2)
    buyer, admin = await shop.buyer(), await shop.admin()
    new = await asked(shop, order, 1, reason="withdrawal", headers=admin.headers, note="Ada rang us up")

    refused = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=buyer.headers)
    assert (refused.status_code, refused.json()["orders"]) == (409, [order["number"]])
    await moved(shop, new["id"], "received", note="Ada brought it")
    await work()
    erased = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=buyer.headers)

    assert erased.status_code == 204, erased.text
    assert await shop.rows("SELECT note FROM returns") == [("",)]
    assert set(await shop.rows("SELECT note FROM return_history")) == {("",)}
    assert await shop.rows("SELECT 1 FROM idempotency_keys WHERE convert_from(body, 'UTF8') ~ 'Ada rang'") == []
    assert await shop.rows("SELECT 1 FROM audit_personal p WHERE p::text ~ 'Ada (rang|brought)'") == []
    await all_is_well(shop)


async def test_of_three_that_were_announced_two_have_come(shop: Shop, work: Work) -> None:
    item = await shop.item(price="10.00")
    order = await delivered(shop, item, quantity=3)
    line = order["items"][0]["id"]
    new = await asked(shop, order, 3)
    await moved(shop, new["id"], "approved")

    for items in ([{"item_id": line, "quantity": 4}], [{"item_id": str(uuid4()), "quantity": 1}]):
        assert (await put(shop, new["id"], "received", items=items)).status_code in {409, 422}
    assert (await put(shop, new["id"], "rejected", items=[{"item_id": line, "quantity": 1}])).status_code == 422
    assert await shop.level(item) == (7, 0)
    await moved(shop, new["id"], "received", items=[{"item_id": line, "quantity": 2}])
    await work()

    done = await seen(shop, new["id"])
    assert (done["status"], done["refund_amount"]["amount"]) == ("refunded", "20.00")
    assert done["items"] == [{"item_id": line, "quantity": 3, "received": 2}]
    assert await shop.level(item) == (9, 0)
    assert (await ask(shop, order, 2)).status_code == 409
    rest = await asked(shop, order, 1)
    await moved(shop, rest["id"], "approved", "received")
    await work()
    assert (await seen(shop, rest["id"]))["refund_amount"]["amount"] == "10.00"
    assert await shop.level(item) == (10, 0)
    await all_is_well(shop)


async def test_what_was_promised_for_what_has_not_come_is_free_again(shop: Shop, work: Work) -> None:
    admin = await shop.admin()
    sizes = [{"options": {"Size": size}, "price": "10.00", "stock_quantity": 5} for size in ("S", "M")]
    made = await shop.client.post("/products", json={"name": "Shirt", "variants": sizes}, headers=admin.headers)
    assert made.status_code == 201, made.text
    small, medium = (Item(made.json()["id"], one["id"], made.json()["slug"]) for one in made.json()["variants"])
    order = await delivered(shop, small, quantity=3)
    line = order["items"][0]["id"]
    charge_request = [{"item_id": line, "variant_id": medium.variant_id}]
    new = await asked(shop, order, 3, exchanges=charge_request)
    await moved(shop, new["id"], "approved")
    assert await shop.level(medium) == (5, 3)

    await moved(shop, new["id"], "received", items=[{"item_id": line, "quantity": 2}])

    assert await shop.level(medium) == (5, 2)
    assert await shop.level(small) == (4, 0)
    await work()
    await all_is_well(shop)
