"""What the cache did since the process began, for operators."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from prometheus_client import Counter as Exported

from mercat.kit import metrics

ANSWERS = metrics.counter(
    "mercat_cache_answers", "Answers by what is cached and where they came from; those from memory are no requests.",
    "what", "outcome",
)  # fmt: skip


class Outcome(StrEnum):
    """How a request was answered, or what went wrong on the way."""

    memory = "memory"
    redis = "redis"
    stale = "stale"
    shared = "shared"
    """It waited for somebody else's work."""
    miss = "miss"
    bypass = "bypass"
    """Not cached: somebody known asks, or the cache is off."""
    error = "error"
    """Redis refused or was not there, or a value could not be read; the answer came from elsewhere."""


HITS = frozenset({Outcome.memory, Outcome.redis, Outcome.stale, Outcome.shared})


def hits_of(outcomes: Mapping[str, int]) -> int:
    """Return how many of these were not computed anew."""
    return sum(outcomes.get(outcome, 0) for outcome in HITS)


def rate_of(hits: int, misses: int) -> float:
    """Return the part of what could be cached that was not computed anew; 0 if nobody asked."""
    return hits / (hits + misses) if hits + misses else 0.0


@cache  # looking a child up by its labels takes longer than counting
def _exported(what: str, outcome: Outcome) -> Exported:
    return ANSWERS.labels(what, outcome.value)


class Counters:
    """Counts by the name of what is cached."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Outcome]] = Counter()

    def count(self, what: str, outcome: Outcome) -> None:
        """Add one."""
        self._counts[what, outcome] += 1
        _exported(what, outcome).inc()

    def of(self, outcome: Outcome, what: str | None = None) -> int:
        """Return how often that was so, of one or of all."""
        return sum(n for (name, found), n in self._counts.items() if found == outcome and what in {None, name})

    @property
    def hit_rate(self) -> float:
        """The part of what could be cached that was not computed anew; 0 if nobody asked."""
        return rate_of(sum(self.of(outcome) for outcome in HITS), self.of(Outcome.miss))

    def by_name(self) -> dict[str, dict[str, int]]:
        """Return all counts by name and outcome."""
        found: dict[str, dict[str, int]] = {}
        for (name, outcome), n in sorted(self._counts.items()):
            found.setdefault(name, {})[outcome.value] = n
        return found
