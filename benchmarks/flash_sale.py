"""Two thousand buyers, a hundred units, several server processes: sold out, and not one unit more."""

import json
import secrets

import psycopg

from benchmarks.bench import Bench
from benchmarks.client import Orders, Outcome, run_ours
from benchmarks.figures import Figure
from benchmarks.ordering import PAID_AT_ONCE
from benchmarks.raw_orders import ADDRESS
from benchmarks.requests import ORDERS

BUYERS, UNITS, PROCESSES = 2_000, 100, 3
PUT_ON_SALE = """
UPDATE stock_levels SET on_hand = %s, allow_backorder = false WHERE variant_id = (
    SELECT s.variant_id FROM stock_levels s JOIN product_projections c ON s.variant_id = ANY(c.variant_ids)
    WHERE s.reserved = 0 ORDER BY s.variant_id LIMIT 1)
RETURNING variant_id::text
"""
SOLD = """
SELECT (SELECT reserved FROM stock_levels WHERE variant_id = %(variant)s),
       (SELECT coalesce(sum(quantity), 0) FROM stock_reservations
        WHERE variant_id = %(variant)s AND state IN ('held', 'confirmed')),
       (SELECT count(*) FROM orders o JOIN order_items i ON i.order_id = o.id
        WHERE i.variant_id = %(variant)s AND o.status = 'paid')
"""


def figures(bench: Bench) -> list[Figure]:
    """Let all of them order one unit at the same moment, paid at once."""
    bench.say(f"measuring: {BUYERS:,} buyers want {UNITS} units")
    url = bench.small.database_url
    with psycopg.connect(url, autocommit=True) as connection:
        (variant,) = connection.execute(PUT_ON_SALE, (UNITS,)).fetchone() or ("",)
    server = bench.stack.product(url, "flash-sale", processes=PROCESSES)
    outcome = run_ours(_rush(server.port, variant), each=1)
    bench.stack.stop(server)
    with psycopg.connect(url) as connection:
        sold = connection.execute(SOLD, {"variant": variant}).fetchone() or (0, 0, 0)
    return [_figure(outcome, [int(count) for count in sold])]


def _rush(port: int, variant: str) -> Orders:
    body = {"items": [{"variant_id": variant, "quantity": 1}], "shipping_address": ADDRESS, **PAID_AT_ONCE}
    bodies = [json.dumps({**body, "email": f"buyer{number}@example.com"}) for number in range(BUYERS)]
    return Orders(port, ORDERS, bodies, BUYERS, 60.0, secrets.token_hex(6), ())


def _figure(outcome: Outcome, sold: list[int]) -> Figure:
    """Say whether what is reserved, promised and paid is what there was, and that nobody was answered badly."""
    placed, refused = outcome.statuses.get("201", 0), outcome.statuses.get("409", 0)
    failed = BUYERS - placed - refused
    return Figure(
        f"{BUYERS:,} buyers, {UNITS} units",
        f"{UNITS} sold, no 5xx",
        f"{placed} sold, {failed} errors",
        sold == [UNITS] * 3 and placed == UNITS and failed == 0,
        f"{outcome.rate:,.0f} answers/s, {placed / outcome.seconds:,.0f} paid orders/s; {dict(outcome.statuses)}, "
        f"p99 {outcome.p99:.1f} s, {PROCESSES} processes",
        {"orders_per_second": placed / outcome.seconds, "answers_per_second": outcome.rate, "errors": failed},
    )
