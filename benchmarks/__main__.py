"""Run the benchmark: `./mercat bench --help`."""

import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import (
    bodies,
    crowd,
    currencies,
    dataset,
    figures,
    flash_sale,
    identity,
    importing,
    lanes,
    memory,
    million,
    ordering,
    reads,
    scale,
    searches,
    start,
    tails,
    vendor_portal,
)
from benchmarks.bench import Bench
from benchmarks.stack import IMPORT_SETTINGS, Stack
from mercat import embedded

OPEN_FILES = 16_384
BROKEN = "not measured"


class Topic(StrEnum):
    """What can be measured on its own."""

    start = "start"
    memory = "memory"
    imports = "import"
    lanes = "lanes"
    reads = "reads"
    orders = "orders"
    search = "search"
    currencies = "currencies"
    scale = "scale"
    vendor_portal = "vendor-portal"
    crowd = "crowd"
    tails = "tails"
    bodies = "bodies"
    identity = "identity"
    flash_sale = "flash-sale"
    million = "million"


TOPICS: dict[Topic, Callable[[Bench], list[figures.Figure]]] = {
    Topic.start: start.figures,
    Topic.memory: memory.figures,
    Topic.imports: importing.figures,
    Topic.lanes: lanes.figures,
    Topic.reads: reads.figures,
    Topic.search: searches.figures,
    Topic.scale: scale.figures,
    Topic.vendor_portal: vendor_portal.figures,
    Topic.crowd: crowd.figures,
    Topic.tails: tails.figures,
    Topic.bodies: bodies.figures,
    Topic.identity: identity.figures,
    Topic.flash_sale: flash_sale.figures,
    Topic.currencies: currencies.figures,
    Topic.orders: ordering.figures,
    Topic.million: million.figures,
}
"""In the order of a run: what leaves something behind that would be in the way of the others comes last."""


def main(
    *,
    only: Annotated[list[Topic] | None, typer.Option(help="Measure this alone; may be given again.")] = None,
    seconds: Annotated[float, typer.Option(min=0.5, max=30, help="Length of each single measurement.")] = 1.0,
    products: Annotated[int, typer.Option(min=1_000, max=1_000_000, help="Size of the large catalogue.")] = (
        dataset.PRODUCTS
    ),
    with_million: Annotated[
        bool, typer.Option("--million", help="Measure search of a million products too: half an hour more.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Write the figures here too.")
    ] = None,
    strict: Annotated[bool, typer.Option(help="Exit with 1 if a figure falls short.")] = False,
) -> None:
    """Measure the product against bare yardsticks on this machine. Starts its own servers, and stops them."""
    begun = time.perf_counter()
    # asked to stop, we leave the way we came: every server stopped, the folder gone
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    _allow_files()
    console = Console(width=None if sys.stdout.isatty() else 160)
    with tempfile.TemporaryDirectory(prefix="mercat-bench-") as folder:
        # tokens made here are checked by the product: both sign with the same secret
        os.environ["MERCAT_SECRET_KEY"] = embedded.secret_in(Path(folder) / "secret")
        os.environ.update(IMPORT_SETTINGS)  # catalogues are imported in this process
        with Stack(Path(folder)) as stack:
            bench = Bench(stack, console, seconds=seconds, products=products)
            chosen = set(only or [topic for topic in Topic if topic is not Topic.million])
            chosen |= {Topic.million} if with_million else set()
            found = [row for topic in TOPICS if topic in chosen for row in _measured(topic, bench)]
    figures.show(found, console)
    console.print(f"load {' '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores, "
                  f"{time.perf_counter() - begun:.0f} s in all")  # fmt: skip
    if json_file is not None:
        figures.write(found, json_file)
    broken = any(row.reached == BROKEN for row in found)
    raise typer.Exit(1 if broken or (strict and any(row.ok is False for row in found)) else 0)


def _measured(topic: Topic, bench: Bench) -> list[figures.Figure]:
    """Measure a topic; one that cannot be measured is a row of its own, and the others go on."""
    try:
        return TOPICS[topic](bench)
    except Exception as error:  # noqa: BLE001 - whatever it was is shown, and the run exits with 1
        return [figures.Figure(topic.value, "", BROKEN, ok=False, details=f"{type(error).__name__}: {error}")]


def _allow_files() -> None:
    """Let this process and those it starts hold a thousand connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    typer.run(main)
