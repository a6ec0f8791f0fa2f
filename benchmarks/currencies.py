"""Lists, search and pages in another currency, beside the same in that of the books: the same server, in turn.

Measured past the cache. Prices are converted by a rate and rounded to .99, and kept for the whole catalogue.
"""

import asyncio

from benchmarks.bench import Bench, Measured, in_turn, measure
from benchmarks.client import Load, run
from benchmarks.figures import Figure, at_least
from benchmarks.requests import DETAIL, FILTERED, KNOWN, LIST, SEARCH
from mercat import exchange
from mercat.auth import Actor
from mercat.catalog.jobs import follow_currencies
from mercat.exchange.schemas import CurrencyWrite, FixedRates, RoundingRule
from mercat.exchange.service import enter, put
from mercat.kit.database import Database, DatabaseSettings
from mercat.outbox import JobContext

CURRENCY, RATE = "USD", "1.0842"
SHARE = 0.8


def figures(bench: Bench) -> list[Figure]:
    """Measure what visitors read most."""
    bench.say(f"keeping the prices of the catalogue in {CURRENCY}")
    asyncio.run(_enable(bench.large.database_url))
    rows = [
        ("product list, page 1", LIST),
        ("product list, filtered and sorted", FILTERED),
        ("search with facets", SEARCH.format("shirt")),
        ("product detail", DETAIL.format(slug=bench.slug)),
    ]
    return [_beside(bench, name, path) for name, path in rows]


def _beside(bench: Bench, name: str, path: str) -> Figure:
    bench.say(f"measuring: {name} in {CURRENCY}")
    priced = f"{path}{'&' if '?' in path else '?'}currency={CURRENCY}"
    for what in (priced, path):
        run(Load(bench.product.port, what, seconds=1.0, headers=KNOWN))

    def loaded(what: str) -> Measured:
        load = Load(bench.product.port, what, seconds=bench.seconds, headers=KNOWN)
        return measure(bench.product, lambda: run(load))

    pair = in_turn(lambda: loaded(priced), lambda: loaded(path))
    return at_least(f"{name} in another currency", pair.share, SHARE, details=pair.details(), values=pair.values())


async def _enable(database_url: str) -> None:
    """Show prices in another currency, and wait until every product has them."""
    database = Database(DatabaseSettings(database_url=database_url, database_statement_timeout_ms=0))
    actor = Actor(name="benchmark")
    try:
        async with database.transaction() as session:
            if CURRENCY not in await exchange.enabled(session):
                rule = CurrencyWrite(rounding=RoundingRule(step="1.00", ending="0.99"))
                await put(session, actor, CURRENCY, rule, if_match=None)
                await enter(session, actor, FixedRates(rates={CURRENCY: RATE}))
        await follow_currencies(JobContext(database, {}))
    finally:
        await database.close()
