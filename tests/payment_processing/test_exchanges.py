"""Other variants for pieces that come back: no money moves, and every piece and cent stays accounted for."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from payment_processing.conftest import Work
from payment_processing.test_paying import status
from payment_processing.test_refunding import refund
from payment_processing.test_returns import all_is_well, ask, moved, put, seen
from shopping import PASSWORD, Item, Person, Shop

Body = dict[str, Any]
SIZES = ("S", "M", "L")


class Fitting:
    """A buyer with two shirts of size S and a hat from one shop, and what they ask."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.sizes: dict[str, Item] = {}
        self.hat = self.scarf = Item("", "", "")
        self.order: Body = {}

    async def open(self, **more: Any) -> None:
        """Let the shop sell shirts in three sizes and XL at another price, and the buyer get theirs."""
        self.seller, _ = await self.shop.seller("linen")
        self.rival, _ = await self.shop.seller("wool")
        variants = [{"options": {"Size": size}, "stock_quantity": 5} for size in SIZES]
        variants.append({"options": {"Size": "XL"}, "stock_quantity": 5, "price": "12.00"})
        shirt = {"name": "Shirt", "price": "10.00", "options": [{"name": "Size"}], "variants": variants}
        made = await self.shop.client.post("/products/", json=shirt, headers=self.seller.headers)
        assert made.status_code == 201, made.text
        for variant in made.json()["variants"]:
            self.sizes[variant["title"]] = Item(made.json()["id"], variant["id"], made.json()["slug"])
        self.hat = await self.shop.item(price="10.00", vendor="linen", name="Hat")
        self.scarf = await self.shop.item(price="10.00", vendor="wool", name="Scarf")
        buyer = await self.shop.buyer()
        lines = [
            {"variant_id": self.sizes["S"].variant_id, "quantity": 2},
            {"variant_id": self.hat.variant_id, "quantity": 1},
        ]
        paid = {"payment_method": "test", "payment_method_id": "test_approve"}
        headers = {**buyer.headers, **more.pop("headers", {})}
        placed = await self.shop.order(headers=headers, items=lines, **paid, **more)
        assert placed.status_code == 201, placed.text
        self.order = placed.json()
        for step in ("shipped", "delivered"):
            assert (await self.shop.move(self.order["id"], step)).status_code == 200

    @property
    def vendor_order_id(self) -> str:
        found: str = self.order["vendor_orders"][0]["id"]
        return found

    async def ask(self, *quantities: int, size: str = "L", line: int = 0, **more: Any) -> httpx2.Response:
        """Ask to return so many pieces of each line, and to get this size for those of one line."""
        order = await self.seen() if line > 1 else self.order
        wanted = more.pop("variant", None) or self.sizes[size].variant_id
        exchanges = [{"item_id": order["items"][line]["id"], "variant_id": wanted}]
        return await ask(self.shop, order, *quantities, exchanges=exchanges, **more)

    async def asked(self, *quantities: int, **more: Any) -> Body:
        answer = await self.ask(*quantities, **more)
        assert answer.status_code == 201, answer.text
        found: Body = answer.json()
        return found

    async def exchanged(self, *quantities: int, **more: Any) -> Body:
        new = await self.asked(*quantities, **more)
        return await moved(self.shop, new["id"], "approved", "received")

    async def send(self, *items: Body, person: Person | None = None) -> httpx2.Response:
        """Send a shipment in the vendor portal."""
        headers = {**(person or self.seller).headers, "Idempotency-Key": uuid4().hex}
        path = f"/vendor/orders/{self.vendor_order_id}/shipments"
        answer: httpx2.Response = await self.shop.client.post(
            path, json={"items": items, "tracking": "JD07"}, headers=headers
        )
        return answer

    async def sent(self) -> Body:
        answer = await self.send()
        assert answer.status_code == 201, answer.text
        found: Body = answer.json()
        return found

    async def seen(self) -> Body:
        """Return the order as its buyer sees it now."""
        buyer = await self.shop.buyer()
        found: Body = (await self.shop.client.get(f"/orders/{self.order['id']}", headers=buyer.headers)).json()
        return found

    async def levels(self, *sizes: str) -> list[tuple[int, int]]:
        return [await self.shop.level(self.sizes[size]) for size in sizes]

    async def count(self, table: str) -> int:
        return int((await self.shop.rows(f"SELECT count(*) FROM {table}"))[0][0])


@pytest.fixture
async def fitting(shop: Shop) -> Fitting:
    opened = Fitting(shop)
    await opened.open()
    return opened


async def test_the_whole_story(fitting: Fitting, work: Work) -> None:
    shop, before = fitting.shop, fitting.order
    entries = await fitting.count("ledger_entries")

    new = await fitting.asked(1)
    wanted = {"item_id": before["items"][0]["id"], "variant_id": fitting.sizes["L"].variant_id, "quantity": 1}
    assert new["exchanges"] == [wanted | {"replacement_item_id": None}]
    assert (new["status"], new["refund_amount"]["amount"]) == ("requested", "0.00")
    assert await fitting.levels("S", "L") == [(3, 0), (5, 0)]
    await moved(shop, new["id"], "approved")
    assert await fitting.levels("S", "L") == [(3, 0), (5, 1)]
    early = await fitting.send()
    assert (early.status_code, early.json()["code"]) == (409, "orders.illegal_transition")

    received = await moved(shop, new["id"], "received")
    assert (received["status"], received["refund"], received["restocked"]) == ("exchanged", None, True)
    assert await fitting.levels("S", "L") == [(4, 0), (5, 1)]
    waits = await fitting.seen()
    line = waits["items"][2]
    assert received["exchanges"] == [wanted | {"replacement_item_id": line["id"]}]
    assert (line["title"], line["quantity"], line["replaces"]) == ("L", 1, before["items"][0]["id"])
    assert {line[name]["amount"] for name in ("unit_price", "line_total", "discount", "tax")} == {"0.00"}
    assert [waits[name] for name in ("total", "subtotal", "tax", "refunded")] == [
        before[name] for name in ("total", "subtotal", "tax", "refunded")
    ]

    shipment = (await fitting.sent())["shipments"][-1]
    assert shipment["items"] == [{"item_id": line["id"], "quantity": 1}]
    assert await fitting.levels("S", "L") == [(4, 0), (4, 0)]
    assert await status(shop, before["id"]) == ("delivered", "paid")
    again = await fitting.send({"item_id": line["id"], "quantity": 1})
    assert (again.status_code, again.json()["code"]) == (409, "orders.illegal_transition")
    await work()
    assert (await seen(shop, new["id"]))["status"] == "exchanged"
    assert await fitting.count("refunds") == 0
    assert await fitting.count("ledger_entries") == entries
    assert await shop.rows("SELECT count(*) FROM mails WHERE kind = 'vendor_order_shipped'") == [(1,)]
    for move in ("received", "refunded", "exchanged", "cancelled"):
        assert (await put(shop, new["id"], move)).json()["code"] == "returns.illegal_transition"
    await all_is_well(shop)


async def test_only_another_variant_at_the_same_price(fitting: Fitting) -> None:
    shop = fitting.shop
    refused = [
        await fitting.ask(1, size="XL"),
        await fitting.ask(1, variant=fitting.hat.variant_id),
        await fitting.ask(1, variant=fitting.scarf.variant_id),
        await fitting.ask(1, variant=str(uuid4())),
    ]
    await shop.rows("UPDATE variants SET price_minor = 900 WHERE id = %s RETURNING id", fitting.sizes["L"].variant_id)
    refused.append(await fitting.ask(1))
    await shop.client.delete(f"/products/{fitting.hat.product_id}", headers=fitting.seller.headers)
    refused.append(await fitting.ask(0, 1, line=1, variant=fitting.hat.variant_id))

    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(409, "returns.uneven_exchange")}
    for wrong in (
        await fitting.ask(1, size="M", reason="withdrawal"),
        await fitting.ask(0, 1, size="M"),
        await ask(shop, fitting.order, 1, exchanges=[{"item_id": fitting.order["items"][0]["id"]}]),
    ):
        assert wrong.status_code == 422, wrong.text
    assert await fitting.count("returns") == 0
    await fitting.asked(1, size="M")


async def test_what_is_not_there_is_not_approved(fitting: Fitting) -> None:
    shop = fitting.shop
    everything = await shop.order(fitting.sizes["L"], quantity=5)
    assert everything.status_code == 201
    new = await fitting.asked(1)

    refused = await put(shop, new["id"], "approved")

    assert (refused.status_code, refused.json()["code"]) == (409, "inventory.insufficient_stock")
    assert (await seen(shop, new["id"]))["status"] == "requested"
    assert await fitting.levels("L") == [(5, 5)]
    await all_is_well(shop)


async def test_one_of_two_gets_the_last_unit(fitting: Fitting) -> None:
    shop = fitting.shop
    assert (await shop.order(fitting.sizes["L"], quantity=4)).status_code == 201
    both = [await fitting.asked(1) for _ in range(2)]

    answers = await asyncio.gather(*(put(shop, new["id"], "approved") for new in both))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await fitting.levels("L") == [(5, 5)]
    await all_is_well(shop)


async def test_what_comes_to_nothing_gives_the_stock_back(fitting: Fitting) -> None:
    shop, buyer = fitting.shop, await fitting.shop.buyer()
    rejected, cancelled = [await fitting.asked(1) for _ in range(2)]
    await moved(shop, rejected["id"], "rejected", note="Worn")
    await moved(shop, cancelled["id"], "approved")
    assert await fitting.levels("L") == [(5, 1)]

    answer = await shop.client.delete(f"/returns/{cancelled['id']}", headers=buyer.headers)

    assert answer.json()["status"] == "cancelled"
    assert await fitting.levels("L") == [(5, 0)]
    by_vendor = await fitting.asked(2)
    await moved(shop, by_vendor["id"], "approved", "cancelled")
    assert await fitting.levels("L") == [(5, 0)]
    assert len((await fitting.seen())["items"]) == 2
    await all_is_well(shop)


async def test_one_unit_is_exchanged_and_another_paid_back(fitting: Fitting, work: Work) -> None:
    shop = fitting.shop

    received = await fitting.exchanged(1, 1)
    await work()

    assert (received["status"], received["refund_amount"]["amount"]) == ("received", "10.00")
    done = await seen(shop, received["id"])
    assert (done["status"], done["refund"]["status"]) == ("refunded", "succeeded")
    assert await shop.rows("SELECT amount_minor FROM refunds") == [(1000,)]
    assert done["exchanges"][0]["replacement_item_id"] == (await fitting.seen())["items"][2]["id"]
    assert await shop.level(fitting.hat) == (10, 0)
    await fitting.sent()
    assert await fitting.levels("S", "L") == [(4, 0), (4, 0)]
    await all_is_well(shop)


async def test_exchanged_units_do_not_come_back_again(fitting: Fitting) -> None:
    shop = fitting.shop
    await fitting.exchanged(2)

    of_line = {"item_id": fitting.order["items"][0]["id"], "quantity": 1}
    returned = await ask(shop, fitting.order, 1)
    paid_back = await refund(shop, fitting.order["payment"]["id"], items=[of_line])
    unsent = await ask(shop, await fitting.seen(), 0, 0, 1)

    for answer in (returned, paid_back, unsent):
        assert (answer.status_code, answer.json()["code"]) == (409, "orders.too_many_units")


async def test_a_replacement_is_worth_what_it_replaces(fitting: Fitting, work: Work) -> None:
    shop = fitting.shop
    await fitting.exchanged(1)
    await fitting.sent()
    once_more = await fitting.exchanged(0, 0, 1, size="M", line=2)
    assert once_more["status"] == "exchanged"
    await fitting.sent()
    assert await fitting.levels("S", "M", "L") == [(4, 0), (4, 0), (5, 0)]

    answer = await ask(shop, await fitting.seen(), 1, 0, 0, 1)
    await moved(shop, answer.json()["id"], "approved", "received")
    await work()

    assert answer.json()["refund_amount"]["amount"] == "20.00"
    assert (await seen(shop, answer.json()["id"]))["status"] == "refunded"
    assert (await ask(shop, await fitting.seen(), 0, 0, 1)).json()["code"] == "orders.too_many_units"
    assert (await fitting.seen())["refunded"]["amount"] == "20.00"
    assert await fitting.levels("S", "M", "L") == [(5, 0), (5, 0), (5, 0)]
    notes = await shop.rows("SELECT document->'source'->'lines' FROM invoices WHERE kind = 'credit_note'")
    assert [(line["name"], line["detail"]) for line in notes[0][0]] == [("Shirt", "S"), ("Shirt", "S")]
    await all_is_well(shop)


async def test_withdrawing_what_was_sent_in_exchange_gives_the_shipping_back(fitting: Fitting, work: Work) -> None:
    await fitting.exchanged(2)
    await fitting.sent()

    answer = await ask(fitting.shop, await fitting.seen(), 0, 1, 2, reason="withdrawal")
    await moved(fitting.shop, answer.json()["id"], "received")
    await work()

    assert answer.json()["refund_amount"] == fitting.order["total"]
    assert await status(fitting.shop, fitting.order["id"]) == ("refunded", "refunded")
    await all_is_well(fitting.shop)


async def test_a_replacement_that_is_paid_back_before_it_left_stays_here(fitting: Fitting) -> None:
    await fitting.exchanged(2)
    line = (await fitting.seen())["items"][2]["id"]

    answer = await refund(fitting.shop, fitting.order["payment"]["id"], items=[{"item_id": line, "quantity": 1}])

    assert answer.json()["amount"]["amount"] == "10.00"
    assert await fitting.levels("S", "L") == [(5, 0), (5, 1)]
    assert (await fitting.send({"item_id": line, "quantity": 2})).json()["code"] == "orders.too_many_units"
    assert (await fitting.sent())["shipments"][-1]["items"] == [{"item_id": line, "quantity": 1}]
    await all_is_well(fitting.shop)


@pytest.mark.parametrize("what", ["these pieces", "all of it"])
async def test_nothing_is_sent_for_units_whose_money_went_back_meanwhile(
    fitting: Fitting, work: Work, what: str
) -> None:
    shop = fitting.shop
    new = await fitting.asked(2)
    await moved(shop, new["id"], "approved")
    items = [] if what == "all of it" else [{"item_id": fitting.order["items"][0]["id"], "quantity": 2}]
    await refund(shop, fitting.order["payment"]["id"], items=items)
    await work()

    received = await moved(shop, new["id"], "received")

    assert (received["status"], received["refund_amount"]["amount"]) == ("refunded", "0.00")
    assert received["exchanges"][0]["replacement_item_id"] is None
    assert len((await fitting.seen())["items"]) == 2
    assert await fitting.levels("S", "L") == [(5, 0), (5, 0)]
    assert (await fitting.send()).status_code == 409
    await all_is_well(shop)


async def test_an_exchange_of_what_was_all_paid_back_is_not_approved(fitting: Fitting) -> None:
    new = await fitting.asked(1)
    await refund(fitting.shop, fitting.order["payment"]["id"])

    refused = await put(fitting.shop, new["id"], "approved")

    assert (refused.status_code, refused.json()["code"]) == (409, "returns.not_returnable")
    assert await fitting.levels("L") == [(5, 0)]


async def test_many_who_send_it_at_once_send_it_once(fitting: Fitting) -> None:
    received = await fitting.exchanged(1)
    line = {"item_id": received["exchanges"][0]["replacement_item_id"], "quantity": 1}

    answers = await asyncio.gather(*(fitting.send(line) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert await fitting.levels("L") == [(4, 0)]
    await all_is_well(fitting.shop)


async def test_the_shop_decides_and_another_shop_sees_nothing(fitting: Fitting) -> None:
    shop, new = fitting.shop, await fitting.asked(1)
    path = f"/vendor/returns/{new['id']}"

    strange = [
        await shop.client.get(path, headers=fitting.rival.headers),
        await shop.client.put(f"{path}/status", json={"status": "approved"}, headers=fitting.rival.headers),
        await fitting.send(person=fitting.rival),
    ]
    assert {answer.status_code for answer in strange} == {404}
    for target in ("approved", "received"):
        answer = await shop.client.put(f"{path}/status", json={"status": target}, headers=fitting.seller.headers)
        assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "exchanged"
    part = await fitting.sent()
    assert [line["replaces"] for line in part["items"]] == [None, None, fitting.order["items"][0]["id"]]
    assert fitting.order["id"] not in (await shop.client.get("/orders", headers=fitting.rival.headers)).text


async def test_sending_the_rest_of_an_order_leaves_what_is_promised_in_exchange(shop: Shop) -> None:
    fitting = Fitting(shop)
    await fitting.open()
    buyer = await shop.buyer()
    shirt = fitting.sizes["S"]
    both = await shop.order(
        shirt, fitting.scarf, headers=buyer.headers, payment_method="test", payment_method_id="test_approve"
    )
    fitting.order = both.json()
    own = next(part for part in fitting.order["vendor_orders"] if part["vendor"]["slug"] == "linen")
    fitting.order["items"] = [line for line in fitting.order["items"] if line["id"] in own["items"]]
    fitting.order["vendor_orders"] = [own]
    await fitting.sent()
    new = await fitting.asked(1)
    await moved(shop, new["id"], "approved")

    assert (await shop.move(fitting.order["id"], "shipped")).json()["status"] == "shipped"

    assert await fitting.levels("L") == [(5, 1)]
    assert await shop.level(fitting.scarf) == (9, 0)
    await moved(shop, new["id"], "received")
    await fitting.sent()
    assert await fitting.levels("S", "L") == [(3, 0), (4, 0)]
    await all_is_well(shop)


async def test_an_invoice_has_the_lines_that_were_sold(fitting: Fitting, work: Work) -> None:
    await fitting.exchanged(1)
    await fitting.sent()
    await work()  # the invoice is issued only now

    documents = await fitting.shop.rows("SELECT kind, document->'source'->'lines' FROM invoices")

    assert [(kind, [line["quantity"] for line in lines]) for kind, lines in documents] == [("invoice", [2, 1])]


async def test_nobody_is_forgotten_whose_replacement_has_still_to_be_sent(fitting: Fitting) -> None:
    buyer = await fitting.shop.buyer()
    await fitting.exchanged(1)
    assert (await fitting.shop.move(fitting.order["id"], "completed")).status_code == 200

    async def forget() -> httpx2.Response:
        return await fitting.shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=buyer.headers)

    waits = await forget()
    await fitting.sent()
    done = await forget()

    assert (waits.status_code, waits.json()["code"]) == (409, "privacy.orders_unfinished")
    assert done.status_code < 300, done.text
    assert await fitting.shop.rows("SELECT email FROM orders") == [("",)]
    assert len(await fitting.shop.rows("SELECT FROM order_items WHERE replaces_id IS NOT NULL")) == 1
    await all_is_well(fitting.shop)


async def test_ordering_again_takes_what_the_buyer_kept(fitting: Fitting) -> None:
    buyer = await fitting.shop.buyer()
    await fitting.exchanged(1)

    answer = await fitting.shop.client.post(f"/orders/{fitting.order['id']}/reorder", headers=buyer.headers)

    kept = {fitting.sizes["S"]: 1, fitting.hat: 1, fitting.sizes["L"]: 1}
    filled = {line["variant_id"]: line["quantity"] for line in answer.json()["cart"]["items"]}
    assert filled == {item.variant_id: count for item, count in kept.items()}
