"""Search with facets, and suggestions: the product against the same statements, and how long one visitor waits."""

import asyncio
from collections.abc import Mapping

from benchmarks.bench import Bench, Pair, in_turn, measure
from benchmarks.client import Load, run, run_ours
from benchmarks.figures import Figure, at_least, at_most
from benchmarks.requests import KNOWN, SEARCH, SUGGEST
from benchmarks.stack import Server
from mercat import search
from mercat.kit.database import Database, DatabaseSettings

SHARE = 0.3
WAIT_MILLISECONDS, SUGGEST_MILLISECONDS = 8.0, 15.0
TYPED = "teap"


def words_of(products: int) -> Mapping[str, str]:
    """Return words of the catalogue by how many products have them: one or two, a few in a hundred, all."""
    return {"rare": str(products // 2), "medium": "teapots", "most frequent": "catalogue"}


def make_searchable(database_url: str) -> None:
    """Write the search documents of a catalogue, as `mercat reindex` does."""

    async def write() -> None:
        database = Database(DatabaseSettings(database_url=database_url, database_statement_timeout_ms=0))
        try:
            await search.reindex(database, "postgresql", lambda *_: None)
        finally:
            await database.close()

    asyncio.run(write())


def figures(bench: Bench) -> list[Figure]:
    """Measure a search with facets of a rare, a medium and the most frequent word, and suggestions."""
    url = bench.large.database_url
    bench.say("writing search documents")
    make_searchable(url)
    found = []
    for kind, word in words_of(bench.large.catalogue.products).items():
        bench.say(f"measuring: search, {kind} word")
        pair = _pair(bench, word)
        name = f"search with facets, {kind} word"
        found += [
            at_least(name, pair.share, SHARE, details=pair.details(), values=pair.values()),
            waited(bench.product, name, SEARCH.format(word), WAIT_MILLISECONDS, seconds=bench.seconds),
        ]
    bench.say("measuring: suggestions")
    path = SUGGEST.format(TYPED)
    found.append(slowest(bench.product, "suggestions", path, SUGGEST_MILLISECONDS, seconds=bench.seconds))
    return found


def waited(server: Server, name: str, path: str, target: float, *, seconds: float) -> Figure:
    """Measure how long one visitor waits, half of the time."""
    p50, p95, details = _waits(server, path, seconds)
    values = {"p50_seconds": p50, "p95_seconds": p95}
    return at_most(f"{name}, p50", p50 * 1e3, target, " ms", details=details, values=values)


def slowest(server: Server, name: str, path: str, target: float, *, seconds: float) -> Figure:
    """Measure how long one visitor waits at most, but for one time in twenty."""
    p50, p95, details = _waits(server, path, seconds)
    values = {"p50_seconds": p50, "p95_seconds": p95}
    return at_most(f"{name}, p95", p95 * 1e3, target, " ms", details=details, values=values)


def _waits(server: Server, path: str, seconds: float) -> tuple[float, float, str]:
    run_ours(Load(server.port, path, connections=1, seconds=0.5, headers=KNOWN))  # statements prepared
    outcome = run_ours(Load(server.port, path, connections=1, seconds=seconds, headers=KNOWN))
    if outcome.errors:
        raise RuntimeError(f"{server.name}: {outcome.errors} errors")
    details = f"p50 {outcome.p50 * 1e3:.2f}, p95 {outcome.p95 * 1e3:.2f} ms, one client, {outcome.requests} times"
    return outcome.p50, outcome.p95, details


def _pair(bench: Bench, word: str) -> Pair:
    product = Load(bench.product.port, SEARCH.format(word), seconds=bench.seconds, headers=KNOWN)
    yardstick = Load(bench.yardstick.port, f"/search/{word}", seconds=bench.seconds)
    for load in (product, yardstick):
        run(load)
    return in_turn(
        lambda: measure(bench.product, lambda: run(product)),
        lambda: measure(bench.yardstick, lambda: run(yardstick)),
    )
