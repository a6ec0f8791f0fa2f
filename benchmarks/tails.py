"""How long the slowest wait: p99 against p50, for lists and for carts, beside the yardstick's."""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from statistics import median

import psycopg

from benchmarks.bench import ROUNDS, Bench
from benchmarks.client import Load, Outcome, run_ours
from benchmarks.figures import Figure, at_most
from benchmarks.requests import KNOWN, LIST

TAIL = 4.0
CONNECTIONS = (32, 64)
CART, ADD = "/api/v1/cart", "/api/v1/cart/add"
LINES = 3
SELLABLE = """
SELECT variant_id::text FROM stock_levels WHERE on_hand - reserved >= 900 ORDER BY variant_id LIMIT %s
"""


def figures(bench: Bench) -> list[Figure]:
    """Measure lists and carts with more connections than the pools have."""
    cart = {"X-Cart-Token": _cart(bench)}
    return [
        _tail(bench, name, number, path, headers)
        for name, path, headers in (("lists", LIST, KNOWN), ("carts", CART, cart))
        for number in CONNECTIONS
    ]


def _tail(bench: Bench, name: str, connections: int, path: str, headers: Mapping[str, str]) -> Figure:
    bench.say(f"measuring: the slowest {name} of {connections} connections")
    ours = _measured(bench.product.port, path, connections, bench.seconds, headers)
    bare = _measured(bench.yardstick.port, "/list", connections, bench.seconds, {})
    pairs = [(ours(), bare()) for _ in range(ROUNDS + 1)][1:]  # the first of each warms up
    tail, of_bare = (median(outcome.p99 / outcome.p50 for outcome in side) for side in zip(*pairs, strict=True))
    middle, slowest = (median(getattr(outcome, q) for outcome, _ in pairs) * 1e3 for q in ("p50", "p99"))
    return at_most(
        f"p99 of {name} against p50, {connections} connections",
        tail,
        TAIL,
        "x",
        details=f"{slowest:.0f} ms against {middle:.0f} ms; a list of the yardstick {of_bare:.1f}x",
        values={"tail": tail, "yardstick_tail": of_bare, "p50_ms": middle, "p99_ms": slowest},
    )


def _measured(
    port: int, path: str, connections: int, seconds: float, headers: Mapping[str, str]
) -> Callable[[], Outcome]:
    def measured() -> Outcome:
        outcome = run_ours(Load(port, path, connections=connections, seconds=seconds, headers=headers))
        if outcome.errors:
            raise RuntimeError(f"{outcome.errors} of {path} were not answered")
        return outcome

    return measured


def _cart(bench: Bench) -> str:
    """Fill a guest's cart; returns its token."""
    with psycopg.connect(bench.large.database_url) as database:
        variants = [row[0] for row in database.execute(SELLABLE, (LINES,))]
    headers = {"Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", bench.product.port, timeout=30)
    for variant in variants:
        connection.request("POST", ADD, json.dumps({"variant_id": variant, "quantity": 1}), headers)
        answer = connection.getresponse()
        cart = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"a cart was answered {answer.status}: {cart}")
        headers["X-Cart-Token"] = str(headers.get("X-Cart-Token") or cart["token"])
    connection.close()
    return headers["X-Cart-Token"]
