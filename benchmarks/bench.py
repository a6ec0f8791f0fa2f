"""One run: its servers, its databases, how long it measures. What is needed is made when it is first asked for."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import psycopg
from rich.console import Console

from benchmarks import dataset
from benchmarks.client import Outcome
from benchmarks.imported import Imported, bring_in
from benchmarks.stack import Server, Stack

ROUNDS = 4
SMALL = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A load and what it cost the server."""

    outcome: Outcome
    cpu_seconds: float

    @property
    def cpu_per_request(self) -> float:
        """Processor seconds of the server for each request."""
        return self.cpu_seconds / max(self.outcome.requests, 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Product and yardstick, measured in turn; medians of the rounds."""

    product: list[Measured]
    yardstick: list[Measured]

    @property
    def share(self) -> float:
        """The product's rate as a share of the yardstick's of the same round."""
        both = zip(self.product, self.yardstick, strict=True)
        return statistics.median(p.outcome.rate / max(y.outcome.rate, 1e-9) for p, y in both)

    @property
    def cpu_share(self) -> float:
        """The yardstick's processor time per request as a share of the product's."""
        both = zip(self.product, self.yardstick, strict=True)
        return statistics.median(y.cpu_per_request / max(p.cpu_per_request, 1e-9) for p, y in both)

    @property
    def errors(self) -> int:
        """Wrong answers on either side."""
        return sum(measured.outcome.errors for measured in (*self.product, *self.yardstick))

    def details(self) -> str:
        """Say both rates and costs."""
        product, yardstick = (
            f"{statistics.median(m.outcome.rate for m in side):,.0f}/s "
            f"({statistics.median(m.cpu_per_request for m in side) * 1e6:,.0f} us)"
            for side in (self.product, self.yardstick)
        )
        wrong = f", {self.errors} errors" if self.errors else ""
        return f"{product} of {yardstick}; by CPU {self.cpu_share:.2f}{wrong}"

    def values(self) -> dict[str, float]:
        """Return the medians for programs."""
        return {
            "share": self.share,
            "cpu_share": self.cpu_share,
            "product_per_second": statistics.median(m.outcome.rate for m in self.product),
            "yardstick_per_second": statistics.median(m.outcome.rate for m in self.yardstick),
            "product_cpu_seconds": statistics.median(m.cpu_per_request for m in self.product),
            "yardstick_cpu_seconds": statistics.median(m.cpu_per_request for m in self.yardstick),
            "errors": self.errors,
        }


class Bench:
    """One run of the benchmark."""

    def __init__(self, stack: Stack, console: Console, *, seconds: float, products: int) -> None:
        self.stack = stack
        self.console = console
        self.seconds = seconds
        self.products = products

    def say(self, what: str) -> None:
        """Tell people what is going on."""
        self.console.print(f"[dim]{what}[/dim]")

    @cached_property
    def catalogue(self) -> dataset.Catalogue:
        """The large catalogue's file."""
        self.say(f"writing a catalogue of {self.products:,} products")
        return dataset.write(self.stack.folder / "catalogue.csv", self.products)

    @cached_property
    def large(self) -> Imported:
        """The large catalogue in a database of its own."""
        catalogue = self.catalogue
        self.say(f"importing {catalogue.products:,} products with {catalogue.variants:,} variants")
        return bring_in(self.stack.database("large"), catalogue)

    @cached_property
    def small(self) -> Imported:
        """A thousand products in a database of its own."""
        catalogue = dataset.write(self.stack.folder / "small.csv", min(SMALL, self.products))
        return bring_in(self.stack.database("small"), catalogue)

    @cached_property
    def product(self) -> Server:
        """The product on the large catalogue."""
        return self.stack.product(self.large.database_url)

    @cached_property
    def yardstick(self) -> Server:
        """What it is compared with, on the same database."""
        return self.stack.yardstick(self.large.database_url)

    @cached_property
    def slug(self) -> str:
        """A product with the most variants, somewhere in the middle."""
        with psycopg.connect(self.large.database_url) as connection:
            row = connection.execute(
                "SELECT slug FROM product_projections ORDER BY cardinality(variant_ids) DESC, product_id"
                " OFFSET (SELECT count(*) / 8 FROM product_projections) LIMIT 1"
            ).fetchone()
        return str(row[0]) if row else ""


def measure(server: Server, load: Callable[[], Outcome]) -> Measured:
    """Run a load and note what it cost the server."""
    before = server.cpu_seconds()
    outcome = load()
    return Measured(outcome, server.cpu_seconds() - before)


def in_turn(product: Callable[[], Measured], yardstick: Callable[[], Measured]) -> Pair:
    """Measure both again and again, one after the other: whatever else the machine does, it does to both."""
    pair = Pair([], [])
    for _ in range(ROUNDS):
        pair.product.append(product())
        pair.yardstick.append(yardstick())
    return pair
