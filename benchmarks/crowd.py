"""A thousand clients at once."""

from benchmarks.bench import Bench
from benchmarks.client import Load, run_ours
from benchmarks.figures import Figure
from benchmarks.requests import LIST

CLIENTS, EACH = 1_000, 5


def figures(bench: Bench) -> list[Figure]:
    """Let a thousand clients in, each with a connection of its own that stays open."""
    bench.say(f"measuring: {CLIENTS:,} clients")
    load = Load(bench.product.port, LIST, connections=CLIENTS, seconds=60.0)
    outcome = run_ours(load, each=EACH)
    asked = CLIENTS * EACH
    crowd = Figure(
        f"{CLIENTS:,} clients at once",
        "no error",
        f"{outcome.errors + asked - outcome.requests} errors",
        outcome.errors == 0 and outcome.requests == asked,
        f"{EACH} lists each, {outcome.rate:,.0f}/s, p50 {outcome.p50 * 1e3:.0f} ms, p99 {outcome.p99 * 1e3:.0f} ms",
        {"p50_seconds": outcome.p50, "p99_seconds": outcome.p99, "errors": outcome.errors},
    )
    return [crowd]
