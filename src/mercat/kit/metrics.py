"""What a process counts for Prometheus, and numbers that are read from the database when they are asked for.

Names begin with `mercat_` and say their unit; labels have few values, all of them the product's own: a route's
template, a task, an outcome, never what somebody sent. `docs/guides/monitoring.md` lists all of them, and a test keeps
the list complete.

How they are told is in `mercat.exposition`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, LiteralString

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's; each would be a series more
OWN = CollectorRegistry()
"""What this process counts."""
COUNTED: dict[str, tuple[str, ...]] = {}
"""The names of what it counts, and their labels."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG = (0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0)


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
    """A number as it is now, by a quick statement: a row for each combination of labels, in front of the value."""

    name: str
    about: str
    sql: LiteralString
    labels: tuple[str, ...] = ()
