"""Every verb that moves orders, money or stock, against every other one at the same moment: none waits in a circle.

PostgreSQL ends a circle after a second by refusing one of its transactions, which counts as a deadlock.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import psycopg
import pytest

from mercat.auth import Actor
from mercat.catalog.feeds import import_file
from payment_processing.books import books_balance
from shopping import Item, Person, Shop

Act = Callable[[], Awaitable[httpx2.Response | None]]
Verb = Callable[["Market"], Awaitable[Act]]
AT_ONCE = 2
COUPON = "ROUND10"
FINE = {200, 201, 204, 404, 409, 412}


class Market:
    """Two shops, what they sell, and what is done to it. What sorts first by name is bought last, and the reverse."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop, self.folder = shop, folder
        self.owners: list[Person] = []
        self.vendors: list[UUID] = []
        self.items: list[Item] = []
        self.locations: list[str] = []
        self.chance = random.Random(7)

    async def open(self) -> None:
        self.admin = await self.shop.admin()
        self.buyer = await self.shop.buyer()
        for slug in ("north", "south"):
            owner, vendor_id = await self.shop.seller(slug)
            self.owners.append(owner)
            self.vendors.append(vendor_id)
            self.items += [await self.shop.item(stock=100_000, name=f"{slug} {n}", vendor=slug) for n in range(2)]
        made = await self.send(
            "POST", "/promotions", self.admin, name="Round", code=COUPON, kind="percent", percent="5"
        )
        assert made.status_code == 201, made.text
        place = await self.send(
            "POST", "/vendor/locations", self.owners[0], code="back", name="Back room", priority=500
        )
        assert place.status_code == 201, place.text
        found = (await self.shop.client.get("/vendor/locations", headers=self.owners[0].headers)).json()
        self.locations = [one["id"] for one in (found if isinstance(found, list) else found["items"])]

    async def send(self, method: str, path: str, person: Person, **body: Any) -> httpx2.Response:
        headers = {**person.headers, "Idempotency-Key": uuid4().hex}
        arguments = {"json": body} if body else {}
        answer: httpx2.Response = await self.shop.client.request(method, path, headers=headers, **arguments)
        return answer

    async def ordered(self, *moves: str, items: Sequence[Item] | None = None) -> dict[str, Any]:
        """Return an order of everything, with the coupon, moved so far."""
        wanted = list(items or self.items)
        self.chance.shuffle(wanted)
        placed = await self.shop.order(*wanted, quantity=2, headers=self.buyer.headers, coupon=COUPON)
        assert placed.status_code == 201, placed.text
        for move in moves:
            moved = await self.shop.move(placed.json()["id"], move)
            assert moved.status_code == 200, moved.text
        found: dict[str, Any] = placed.json()
        return found


async def placing(market: Market) -> Act:
    wanted = list(market.items)
    market.chance.shuffle(wanted)
    return lambda: market.shop.order(*wanted, headers=market.buyer.headers, coupon=COUPON)


async def cancelling(market: Market) -> Act:
    order = await market.ordered("paid")
    return lambda: market.send("POST", f"/orders/{order['id']}/cancel", market.admin)


async def cancelling_a_vendor_order(market: Market) -> Act:
    """The last one that is left: the order is over with it, and its coupon free again."""
    order = await market.ordered("paid", items=market.items[:2])
    part = order["vendor_orders"][0]["id"]
    return lambda: market.send("PUT", f"/vendor/orders/{part}/status", market.owners[0], status="cancelled")


async def refunding(market: Market) -> Act:
    order = await market.ordered("paid")
    part = next(one for one in order["vendor_orders"] if one["vendor"]["slug"] == "north")
    return lambda: market.send("POST", f"/vendor/orders/{part['id']}/refunds", market.owners[0], reason="Lost")


async def receiving_a_return(market: Market) -> Act:
    order = await market.ordered("paid", "shipped", "delivered", items=market.items[:2])
    lines = [{"item_id": line["id"], "quantity": 1} for line in order["items"]]
    path = f"/orders/{order['id']}/returns"
    asked = await market.send("POST", path, market.buyer, items=lines, reason="withdrawal")
    assert asked.status_code == 201, asked.text
    return lambda: market.send("PUT", f"/returns/{asked.json()['id']}/status", market.admin, status="received")


async def editing_a_product(market: Market) -> Act:
    item, number = market.items[0], market.chance.randrange(1_000)
    changes = {"price": "11.00", "sku": f"SKU-{number}", "name": f"North {number}", "stock_quantity": 90_000 + number}
    return lambda: market.send("PATCH", f"/products/{item.product_id}", market.owners[0], **changes)


async def moving_stock(market: Market) -> Act:
    ends = market.chance.sample(market.locations, 2)
    lines = [{"variant_id": item.variant_id, "quantity": 1} for item in market.items[:2]]
    market.chance.shuffle(lines)
    body = {"from_location_id": ends[0], "to_location_id": ends[1], "lines": lines}
    return lambda: market.send("POST", "/vendor/stock/transfers", market.owners[0], **body)


async def counting_stock(market: Market) -> Act:
    item, many = market.items[1], 80_000 + market.chance.randrange(1_000)
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    return lambda: market.send("PUT", path, market.admin, available=many)


async def importing(market: Market) -> Act:
    lines = [
        f"{item.slug},Imported {market.chance.randrange(1_000)},{10 + market.chance.randrange(5)}.00,shopify,95000"
        for item in reversed(market.items[:2])
    ]
    path = market.folder / f"{uuid4().hex}.csv"
    head = "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty"
    await asyncio.to_thread(path.write_text, "\n".join([head, *lines]) + "\n")

    async def bring() -> None:
        await import_file(market.shop.database, path, vendor_slug="north", actor=Actor.system())

    return bring


async def suspending(market: Market) -> Act:
    shop = f"/vendors/{market.vendors[0]}"

    async def stop_and_go() -> httpx2.Response:
        stopped = await market.send("POST", f"{shop}/suspend", market.admin, reason="A look.")
        await market.send("POST", f"{shop}/reinstate", market.admin)
        return stopped

    return stop_and_go


VERBS = (
    placing, cancelling, cancelling_a_vendor_order, refunding, receiving_a_return, editing_a_product, moving_stock,
    counting_stock, importing, suspending,
)  # fmt: skip


@pytest.fixture
async def market(shop: Shop, tmp_path: Path) -> Market:
    opened = Market(shop, tmp_path)
    await opened.open()
    return opened


@pytest.mark.parametrize("first", VERBS, ids=lambda verb: verb.__name__)
async def test_no_two_verbs_ever_wait_for_each_other(market: Market, first: Verb) -> None:
    refused: list[str] = []
    for second in VERBS[VERBS.index(first) :]:
        acts = [await verb(market) for _ in range(AT_ONCE) for verb in (first, second)]
        answers = await asyncio.gather(*(act() for act in acts))
        refused += [f"with {second.__name__}: {one.status_code} {one.text}" for one in answers if one and not fine(one)]
        await market.send("POST", f"/vendors/{market.vendors[0]}/reinstate", market.admin)

    assert refused == [], "\n".join(refused)
    assert await deadlocks(market.shop) == 0
    await market.shop.stock_is_explained()
    await books_balance(market.shop)


def fine(answer: httpx2.Response) -> bool:
    """Whoever comes second may be refused, but not for having waited in a circle."""
    return answer.status_code in FINE and (not answer.content or answer.json().get("code") != "request.busy")


async def deadlocks(shop: Shop) -> int:
    """Return how many circles PostgreSQL broke; a backend says so at the latest when it ends."""
    await shop.database.close()
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    url = shop.database.settings.database_url
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while (row := await (await connection.execute(others)).fetchone()) and row[0]:
            continue
        counted = await connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        row = await counted.fetchone()
    assert row is not None
    return int(row[0])
