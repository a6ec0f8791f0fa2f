"""The vendor portal with few and with many orders behind it: how long its people wait."""

import statistics
from datetime import timedelta

from benchmarks import sold
from benchmarks.bench import ROUNDS, Bench
from benchmarks.client import Load, run_ours
from benchmarks.figures import Figure, at_most
from benchmarks.stack import Server
from mercat.kit import clock

FEW, MANY = 10_000, 200_000
GROWTH = 1.5
PATIENCE = 0.05
PAGES = {
    "a vendor's orders": "/api/v1/vendor/orders?cursor=",
    "a vendor's orders to be packed": "/api/v1/vendor/orders?status=paid&cursor=",
    "a vendor's statement": f"/api/v1/vendor/statement?from={clock.now() - timedelta(days=5):%Y-%m-%dT00:00:00Z}",
    "a vendor's balance": "/api/v1/vendor/balance",
}


def figures(bench: Bench) -> list[Figure]:
    """Measure the pages of a vendor that has a tenth of all orders."""
    bench.say(f"writing {FEW:,} and {MANY:,} orders of {sold.VENDORS} vendors")
    servers, tokens = {}, {}
    for number in (FEW, MANY):
        url = bench.stack.database(f"orders{number}")
        tokens[number] = sold.fill(url, number)
        servers[number] = bench.stack.product(url, f"product-{number}")
    bench.say("measuring: the vendor portal with few and many orders")
    try:
        return [figure for name, path in PAGES.items() for figure in _compared(bench, servers, tokens, name, path)]
    finally:
        for server in servers.values():
            bench.stack.stop(server)


def _compared(bench: Bench, servers: dict[int, Server], tokens: dict[int, str], name: str, path: str) -> list[Figure]:
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    for _ in range(ROUNDS + 1):
        for number, server in servers.items():
            headers = {"Authorization": f"Bearer {tokens[number]}"}
            outcome = run_ours(Load(server.port, path, connections=1, seconds=bench.seconds / 2, headers=headers))
            if outcome.errors or not outcome.requests:
                raise RuntimeError(f"{server.name} {path}: {outcome.errors} errors")
            times[number].append(outcome.p50)
    few, many = (statistics.median(times[number][1:]) for number in (FEW, MANY))  # the first round warms up
    details = f"p50 {few * 1e3:.1f} and {many * 1e3:.1f} ms with {FEW:,} and {MANY:,} orders, one client"
    values = {"few_seconds": few, "many_seconds": many}
    return [
        at_most(f"{name}, many against few", many / few, GROWTH, "x", details=details, values=values),
        at_most(f"{name}, median wait", many * 1e3, PATIENCE * 1e3, "ms", details=details, values=values),
    ]
