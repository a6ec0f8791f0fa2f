"""What a process counts for Prometheus, and numbers that are read from the database when they are asked for.

Names begin with `mercat_` and say their unit; labels have few values, all of them the product's own: a route's
template, a task, an outcome, never what somebody sent. `docs/guides/monitoring.md` lists all of them, and a test keeps
the list complete.

Processes that serve the same port count into files of one folder (`MULTIPROCESS_FOLDER`), so that whichever is asked
answers for all of them.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, LiteralString

import psycopg
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from mercat.kit.logs import logger

MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable; it has to be set before the library is loaded."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's; each would be a series more
OWN = CollectorRegistry()
"""What this process counts."""
COUNTED: dict[str, tuple[str, ...]] = {}
"""The names of what it counts, and their labels."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG = (0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0)
KEPT_SECONDS = 5.0
"""How long numbers of the database are good for whoever asks again."""
STATEMENT_TIMEOUT_MS = 5_000


def counter(name: str, about: str, *labels: str) -> Counter:
    """Return a number that only grows. Exported as `{name}_total`."""
    COUNTED[name] = labels
    return Counter(name, about, labels, registry=OWN)


def gauge(name: str, about: str, *labels: str, combined: Literal["livesum", "livemax"] = "livesum") -> Gauge:
    """Return a number as it is now; `combined` is what it is over the living processes that serve together."""
    COUNTED[name] = labels
    return Gauge(name, about, labels, registry=OWN, multiprocess_mode=combined)


def histogram(name: str, about: str, *labels: str, buckets: Sequence[float] = SECONDS) -> Histogram:
    """Return how seconds are distributed."""
    COUNTED[name] = labels
    return Histogram(name, about, labels, registry=OWN, buckets=buckets)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a quick statement reads: one row for each combination of labels, which come before the value."""

    name: str
    about: str
    sql: LiteralString
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter"] = "gauge"


class FromDatabase(Collector):
    """Reads numbers by one connection of its own, at most once in a few seconds."""

    def __init__(self, database_url: str, numbers: Sequence[Number]) -> None:
        self._url = database_url
        self._numbers = numbers
        self._lock = threading.Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def collect(self) -> Iterator[Metric]:
        """Yield the numbers, and whether PostgreSQL gave them."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = self._read()
                self._until = time.monotonic() + KEPT_SECONDS
            yield from self._kept

    def describe(self) -> list[Metric]:
        """Say nothing beforehand: a registry need not ask PostgreSQL to be put together."""
        return []

    def _read(self) -> list[Metric]:
        found: list[Metric] = []
        answers = 1
        try:
            with psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=3,
                application_name="mercat metrics",
                options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c default_transaction_read_only=on",
            ) as connection:
                found.extend(_metric(one, connection.execute(one.sql).fetchall()) for one in self._numbers)
        except psycopg.Error as error:
            logger.warning("metrics_incomplete", error=type(error).__name__)
            answers = 0
        up = "Whether PostgreSQL gave all numbers that are read from it."
        found.append(GaugeMetricFamily("mercat_database_up", up, value=answers))
        return found


def _metric(number: Number, rows: Sequence[Sequence[object]]) -> Metric:
    family = GaugeMetricFamily if number.kind == "gauge" else CounterMetricFamily
    metric = family(number.name, number.about, labels=number.labels)
    for *labels, value in rows:
        metric.add_metric([str(label) for label in labels], float(value or 0))  # type: ignore[arg-type]  # SQL's number
    return metric


def registry(*more: Collector) -> CollectorRegistry:
    """Return what is told to whoever asks: what processes count, and more."""
    found = CollectorRegistry()
    if folder := os.environ.get(MULTIPROCESS_FOLDER):
        found.register(_Living(folder))
    else:
        found.register(_Own())
        ProcessCollector(registry=found)
    for one in more:
        found.register(one)
    return found


def exposition(of: CollectorRegistry) -> bytes:
    """Return metrics as Prometheus reads them. It blocks: ask from a thread."""
    return generate_latest(of)


class _Own(Collector):
    """What this process counts, put beside something else."""

    def collect(self) -> Iterator[Metric]:
        yield from OWN.collect()

    def describe(self) -> list[Metric]:
        return []


class _Living(Collector):
    """What processes count together; gauges of those that were killed are forgotten first."""

    def __init__(self, folder: str) -> None:
        self._combined: Collector = MultiProcessCollector(None, path=folder)  # type: ignore[no-untyped-call]  # the library's
        self._folder = Path(folder)

    def collect(self) -> Iterator[Metric]:
        for file in self._folder.glob("gauge_live*_*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not _lives(pid):
                with suppress(FileNotFoundError):
                    mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]  # the library's
        yield from self._combined.collect()

    def describe(self) -> list[Metric]:
        return []


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
