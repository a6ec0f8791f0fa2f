"""The same pages of a small and of a large catalogue: how long one visitor waits."""

import http.client
import json
import statistics

from benchmarks.bench import ROUNDS, Bench
from benchmarks.client import Load, run, run_ours
from benchmarks.figures import Figure, at_most
from benchmarks.requests import KNOWN, LIST
from benchmarks.stack import Server

GROWTH = 1.3
DEEP_PAGE = 1_000


def figures(bench: Bench) -> list[Figure]:
    """Measure the first page, and a page far behind by cursor."""
    bench.say("measuring: the same pages of a small and a large catalogue")
    # both fresh: a server that has been under load for a minute is not the one that it was
    small = bench.stack.product(bench.small.database_url, "product-small")
    large = bench.stack.product(bench.large.database_url, "product-large")
    try:
        return _compared(bench, small, large)
    finally:
        bench.stack.stop(small)
        bench.stack.stop(large)


def _compared(bench: Bench, small: Server, large: Server) -> list[Figure]:
    deep = {server.name: _deep_page(server) for server in (small, large)}
    rows = [
        ("list page 1, large against small", {small.name: LIST, large.name: LIST}),
        (f"cursor page {DEEP_PAGE:,}, large against small", deep),
    ]
    sizes = f"{bench.small.catalogue.products:,} and {bench.large.catalogue.products:,} products"
    found = []
    for name, paths in rows:
        short, long = _medians(bench, small, large, paths)
        details = f"p50 {short * 1e3:.2f} and {long * 1e3:.2f} ms with {sizes}, one client"
        values = {"small_seconds": short, "large_seconds": long}
        found.append(at_most(name, long / short, GROWTH, "x", details=details, values=values))
    return found


def _medians(bench: Bench, small: Server, large: Server, paths: dict[str, str]) -> tuple[float, float]:
    times: dict[str, list[float]] = {small.name: [], large.name: []}
    for server in (small, large):  # both with as many connections to the database, and everything prepared
        run(Load(server.port, paths[server.name], seconds=1.0, headers=KNOWN))
    for _ in range(ROUNDS):
        for server in (small, large):
            load = Load(server.port, paths[server.name], connections=1, seconds=bench.seconds / 2, headers=KNOWN)
            outcome = run_ours(load)
            if outcome.errors:
                raise RuntimeError(f"{server.name}: {outcome.errors} errors")
            times[server.name].append(outcome.p50)
    return statistics.median(times[small.name]), statistics.median(times[large.name])


def _deep_page(server: Server) -> str:
    """Walk to the page of one product whose number is `DEEP_PAGE`; returns its path."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    cursor, left = "", DEEP_PAGE - 1
    try:
        while left:
            limit = min(left, 100)
            connection.request("GET", f"{LIST}?cursor={cursor}&limit={limit}")
            cursor = json.loads(connection.getresponse().read())["next_cursor"]
            if cursor is None:
                raise RuntimeError(f"{server.name} has fewer than {DEEP_PAGE} products")
            left -= limit
    finally:
        connection.close()
    return f"{LIST}?cursor={cursor}&limit=1"
