"""Placing orders with the driver and nothing else: the yardstick of the product's checkout.

Sixteen connections in one process, each writing one order after the other: begin, every row that the product writes
for an order (the very statements of its code), commit with fsync. All of them travel in one pipeline, so a whole order
costs one round trip. Nothing is read, checked, priced or answered.

Run as a process of its own: a JSON request on standard input, a JSON answer on standard output.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import uvloop
from psycopg.types.json import Jsonb

from benchmarks.raw_payments import KEPT, Sale, paying
from mercat.audit.service import WRITE
from mercat.inventory.service import RESERVE
from mercat.kit import clock
from mercat.kit.idempotency import STORE
from mercat.kit.ids import new_id
from mercat.orders.placement import INSERT_HISTORY, INSERT_ITEMS, INSERT_ORDER, INSERT_VENDOR_ORDERS
from mercat.outbox import events
from mercat.payments import creation as payments

PUT_JOB = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'outbox.dispatch_event', 0, NULL, NULL, %s, NULL)]
    ::procrastinate_job_to_defer_v1[])
"""
ADDRESS = {
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A variant as an order needs it."""

    product_id: str
    variant_id: str
    vendor_id: str
    sku: str
    name: str
    title: str
    image_url: str | None
    price: int


@dataclass(frozen=True, slots=True)
class Work:
    """What to write, with how many connections, for how long."""

    database_url: str
    baskets: Sequence[Sequence[Line]]
    users: Sequence[str]
    answer: str
    """What the product stores beside the idempotency key."""
    connections: int
    seconds: float
    paid: bool = False
    """Whether each order is paid at once."""
    shipping: int = 0
    """What sending an order costs."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was written."""

    orders: int
    seconds: float


async def write(connection: psycopg.AsyncConnection[Any], work: Work, lines: Sequence[Line], user: str) -> None:
    """Write one order and commit."""
    order_id, payment_id, now = new_id(), new_id(), clock.now()
    vendor_orders = {vendor: new_id() for vendor in dict.fromkeys(line.vendor_id for line in lines)}
    goods = {vendor: sum(line.price for line in lines if line.vendor_id == vendor) for vendor in vendor_orders}
    sent = {vendor: _share(work.shipping, len(vendor_orders), place) for place, vendor in enumerate(vendor_orders)}
    sums, fees, nothing = list(goods.values()), list(sent.values()), [0] * len(vendor_orders)
    subtotal, address = sum(sums), Jsonb(ADDRESS)
    total, method = subtotal + work.shipping, "test" if work.paid else "manual"
    stock = sorted(UUID(line.variant_id) for line in lines)
    reserve = {"variants": stock, "quantities": [1] * len(stock), "ids": [new_id() for _ in stock],
               "country": None, "order": order_id, "actor": "buyer"}  # fmt: skip
    placed = {"status": "pending", "total": {"amount": str(total), "currency": "EUR"}, "payment_method": method}
    statements: list[tuple[str, Any]] = [
        (INSERT_ORDER, (order_id, user, None, "ada@example.com", None, "en", "pending", "EUR", subtotal, 0,
                        work.shipping, 0, 0, True, None, total, total, "EUR", None, None, None, "standard", "Standard",
                        method, address, address, now, now, now + timedelta(days=7), *[None] * 3)),
        (INSERT_VENDOR_ORDERS, (
                        order_id, "pending", list(vendor_orders.values()), list(vendor_orders), nothing, sums, nothing,
                        fees, *[nothing] * 3, *[[a + b for a, b in zip(sums, fees, strict=True)]] * 2,
                        [amount // KEPT for amount in sums], nothing)),
        (INSERT_ITEMS, (order_id, [new_id() for _ in lines], [vendor_orders[line.vendor_id] for line in lines],
                        [line.product_id for line in lines], [line.variant_id for line in lines],
                        [line.sku for line in lines], [line.name for line in lines], [line.title for line in lines],
                        [line.image_url for line in lines], [1] * len(lines), [line.price for line in lines],
                        *[[0] * len(lines)] * 3, [line.price for line in lines], [Decimal("0.1")] * len(lines),
                        [line.price // KEPT for line in lines], *[[None] * len(lines)] * 2)),
        (INSERT_HISTORY, (order_id, now, None, "pending", "buyer", "")),
        *_event("orders.order_placed", order_id),
        (WRITE, _entry("order.placed", order_id, user, placed)),
        (payments.INSERT, (payment_id, order_id, user, method, *("EUR", total) * 2, None, now)),
        (RESERVE, reserve),
        (STORE, (f"{user} POST /api/v1/orders", str(order_id), order_id.bytes, 201, work.answer.encode())),
    ]  # fmt: skip
    if work.paid:
        statements += paying(Sale(order_id, payment_id, list(vendor_orders.values()), goods, sent, now))
        statements += _event("orders.order_paid", order_id)
        captured = {"status": "captured", "captured": {"amount": str(total), "currency": "EUR"}}
        statements += [(WRITE, _entry("payment.captured", payment_id, user, captured))]
        statements += [(WRITE, _entry("order.paid", order_id, user, {"status": "paid"}))]
    async with connection.pipeline():
        for statement, values in statements:
            await connection.execute(statement, values, prepare=True)
        await connection.commit()


def _share(amount: int, vendor_orders: int, place: int) -> int:
    """Return one part of an amount that is split as evenly as cents allow."""
    return amount // vendor_orders + (place < amount % vendor_orders)


def _event(name: str, order_id: UUID) -> list[tuple[str, Any]]:
    event_id = new_id()
    return [
        (events.INSERT, (event_id, name, Jsonb({"order_id": str(order_id)}), "")),
        (PUT_JOB, (Jsonb({"event_id": str(event_id)}),)),
    ]


def _entry(action: str, target: UUID, user: str, values: dict[str, Any]) -> dict[str, Any]:
    entry = {
        "id": str(new_id()), "action": action, "target_id": str(target), "acted_under": user,
        "changes": {name: {"before": None, "after": value} for name, value in values.items()},
    }  # fmt: skip
    return {
        "at": clock.now(), "actor_id": user, "actor": None, "request_id": str(target),
        "name": "buyer", "ip": "127.0.0.1", "known": True, "entries": json.dumps([entry]),
    }  # fmt: skip


async def _worker(work: Work, number: int, deadline: float) -> int:
    written = 0
    async with await psycopg.AsyncConnection.connect(work.database_url) as connection:
        while time.perf_counter() < deadline:
            basket = work.baskets[(written * work.connections + number) % len(work.baskets)]
            await write(connection, work, basket, work.users[number % len(work.users)])
            written += 1
    return written


async def run(work: Work) -> Done:
    """Write orders for so many seconds."""
    begun = time.perf_counter()
    workers = (_worker(work, number, begun + work.seconds) for number in range(work.connections))
    return Done(sum(await asyncio.gather(*workers)), time.perf_counter() - begun)


def main() -> None:
    """Read what to do from standard input, do it, say how much that was."""
    asked = json.load(sys.stdin)
    asked["baskets"] = [[Line(**line) for line in basket] for basket in asked["baskets"]]
    json.dump(asdict(uvloop.run(run(Work(**asked)))), sys.stdout)


if __name__ == "__main__":
    main()
