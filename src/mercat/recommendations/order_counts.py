"""Counting orders: how often products are ordered, and which of them in the same order.

An order is compared with what it was counted with, and the difference is written. So it counts once however often it
is looked at, in whatever order its events arrive, and what was cancelled or refunded is taken back.

One lock order: the clocks, the orders, then `ordered_products`, `product_pairs` and `trending_products`, each in the
order of their keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import permutations
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.recommendations import decay, trends

ALL = UUID(int=0)
"""The id under which all orders are counted."""
MOST_PRODUCTS = 30
"""Products of an order that are counted: of more, the first ones. They make 870 pairs at most."""

# without effect and waiting for whoever counts the same order
CLAIM = "INSERT INTO counted_orders (order_id) SELECT unnest(%s::uuid[]) ORDER BY 1 ON CONFLICT DO NOTHING"
HELD = "SELECT order_id, product_ids, paid_at FROM counted_orders WHERE order_id = ANY(%s) ORDER BY 1 FOR UPDATE"
# what was paid for and was neither cancelled nor refunded; an exchange sells nothing
WANTED = """
SELECT o.id, o.paid_at, array_agg(i.product_id ORDER BY i.position)
FROM orders o JOIN vendor_orders v ON v.order_id = o.id JOIN order_items i ON i.vendor_order_id = v.id
WHERE o.id = ANY(%s) AND o.paid_at IS NOT NULL
AND o.status NOT IN ('cancelled', 'expired', 'refunded') AND v.status NOT IN ('cancelled', 'expired', 'refunded')
AND i.replaces_id IS NULL AND i.quantity > greatest(i.cancelled_quantity, coalesce((
    SELECT sum(l.quantity) FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
    WHERE l.vendor_order_id = i.vendor_order_id AND l.order_item_id = i.id AND r.status = 'succeeded'), 0))
GROUP BY o.id
"""
KEEP = """
UPDATE counted_orders c SET product_ids = n.product_ids::uuid[], paid_at = n.paid_at
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS n(order_id, product_ids, paid_at)
WHERE c.order_id = n.order_id
"""
DROP = "DELETE FROM counted_orders WHERE order_id = ANY(%s)"
ADD_PRODUCTS: LiteralString = """
INSERT INTO ordered_products AS p (product_id, orders, weight)
SELECT * FROM unnest(%s::uuid[], %s::int[], %s::float8[]) ORDER BY 1
ON CONFLICT (product_id) DO UPDATE
SET orders = p.orders + excluded.orders, weight = greatest(p.weight + excluded.weight, 0)
"""
ADD_PAIRS: LiteralString = """
INSERT INTO product_pairs AS p (product_id, other_id, orders, weight)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::float8[]) ORDER BY 1, 2
ON CONFLICT (product_id, other_id) DO UPDATE
SET orders = p.orders + excluded.orders, weight = greatest(p.weight + excluded.weight, 0)
"""
DROP_PRODUCTS = "DELETE FROM ordered_products WHERE product_id = ANY(%s) AND orders <= 0"
DROP_PAIRS = """
DELETE FROM product_pairs p USING unnest(%s::uuid[], %s::uuid[]) AS n(product_id, other_id)
WHERE (p.product_id, p.other_id) = (n.product_id, n.other_id) AND p.orders <= 0
"""
NEXT = "SELECT id FROM orders WHERE paid_at IS NOT NULL AND id > %s ORDER BY id LIMIT %s"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Basket:
    """What an order counts with: its products, each once, and when it was paid."""

    product_ids: tuple[UUID, ...] = ()
    paid_at: datetime | None = None


@dataclass(slots=True)
class Sum:
    """By how much a count changes."""

    orders: int = 0
    weight: float = 0.0

    def add(self, times: int, weight: float) -> None:
        """Add an order, or with -1 take it back."""
        self.orders += times
        self.weight += times * weight


@dataclass(slots=True)
class Changes:
    """By how much the counts change."""

    products: defaultdict[UUID, Sum] = field(default_factory=lambda: defaultdict(Sum))
    pairs: defaultdict[tuple[UUID, UUID], Sum] = field(default_factory=lambda: defaultdict(Sum))
    trends: defaultdict[UUID, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, times: int, basket: Basket, weight: float, trend: float) -> None:
        """Add an order, or with -1 take it back."""
        if not basket.product_ids:
            return
        for product_id in (ALL, *basket.product_ids):
            self.products[product_id].add(times, weight)
        for pair in permutations(basket.product_ids, 2):
            self.pairs[pair].add(times, weight)
        for product_id in basket.product_ids:
            self.trends[product_id] += times * trend


async def count(session: AsyncSession, order_ids: Sequence[UUID]) -> None:
    """Count these orders as they are now. Idempotent; waits for whoever counts one of them."""
    if not order_ids:
        return
    connection = await driver(session)
    orders_clock = await decay.hold(connection, decay.ORDERS)
    trends_clock = await decay.hold(connection, decay.TRENDS)
    await connection.execute(CLAIM, (list(order_ids),))
    before = await _baskets(connection, HELD, order_ids, columns=(1, 2))
    after = await _baskets(connection, WANTED, order_ids, columns=(2, 1))
    changes = Changes()
    changed: dict[UUID, Basket] = {}
    for order_id in before:
        old, new = before[order_id], after.get(order_id, Basket())
        if old != new:
            changed[order_id] = new
            for times, basket in ((-1, old), (1, new)):
                if basket.paid_at is not None:
                    at = basket.paid_at
                    changes.add(times, basket, orders_clock.weight(at), trends_clock.weight(at))
    await _write(connection, changes)
    await trends.add(connection, changes.trends)
    await _keep(connection, before, changed)


async def next_paid(session: AsyncSession, after: UUID) -> list[UUID]:
    """Return the next orders that were ever paid, in the order of their ids."""
    rows = await (await driver(session)).execute(NEXT, (after, BATCH))
    return [row[0] async for row in rows]


async def _baskets(
    connection: AsyncConnection[TupleRow], statement: str, order_ids: Sequence[UUID], *, columns: tuple[int, int]
) -> dict[UUID, Basket]:
    products, paid_at = columns
    rows = await connection.execute(statement, (list(order_ids),))
    return {row[0]: Basket(tuple(dict.fromkeys(row[products]))[:MOST_PRODUCTS], row[paid_at]) async for row in rows}


async def _write(connection: AsyncConnection[TupleRow], changes: Changes) -> None:
    products = {key: one for key, one in changes.products.items() if one.orders or one.weight}
    if products:
        keys = sorted(products)
        await connection.execute(ADD_PRODUCTS, (keys, *_columns(products[key] for key in keys)))
        await connection.execute(DROP_PRODUCTS, ([key for key in keys if products[key].orders < 0],))
    pairs = {key: one for key, one in changes.pairs.items() if one.orders or one.weight}
    if pairs:
        both = sorted(pairs)
        columns = [[key[side] for key in both] for side in (0, 1)]
        await connection.execute(ADD_PAIRS, (*columns, *_columns(pairs[key] for key in both)))
        gone = [key for key in both if pairs[key].orders < 0]
        await connection.execute(DROP_PAIRS, [[key[side] for key in gone] for side in (0, 1)])


def _columns(sums: Iterable[Sum]) -> tuple[list[int], list[float]]:
    found = list(sums)
    return [one.orders for one in found], [one.weight for one in found]


async def _keep(connection: AsyncConnection[TupleRow], before: dict[UUID, Basket], changed: dict[UUID, Basket]) -> None:
    kept = {order_id: basket for order_id, basket in changed.items() if basket.product_ids}
    if kept:
        products = ["{" + ",".join(map(str, basket.product_ids)) + "}" for basket in kept.values()]
        await connection.execute(KEEP, (list(kept), products, [basket.paid_at for basket in kept.values()]))
    after = before | changed
    await connection.execute(DROP, ([order_id for order_id in before if not after[order_id].product_ids],))
