"""Buckets of prices: round edges, close to each other where prices are low, and joined to the few that are shown."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

STEPS = (10, 15, 20, 25, 30, 40, 50, 75)
"""Edges of each power of ten."""
EDGES = (0, *(step * 10**power for power in range(11) for step in STEPS))
"""Prices in minor units, upward, that a bucket may begin or end with."""
SHOWN = 6
"""Buckets at most."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Prices from `low` to `high` in minor units, both included: what costs the end of one is in the next, too."""

    low: int
    high: int
    count: int


def shown(counts: Mapping[tuple[int, bool], int]) -> Sequence[Bucket]:
    """Return a few buckets with about as many products each.

    Args:
        counts: products by the highest edge that is not above their price, and whether their price is that edge.
    """
    counted = sorted(
        (bisect_left(EDGES, edge), not exactly, count) for (edge, exactly), count in counts.items() if count
    )
    sums = _Cumulated(counted)
    buckets: list[Bucket] = []
    covered, total = 0, sum(count for *_, count in counted)
    while covered < total:
        low = sums.first_after(buckets[-1].high if buckets else -1)
        high = low + 1
        wanted = covered + -(-(total - covered) // (SHOWN - len(buckets)))
        while high < len(EDGES) - 1 and sums.up_to(high) < wanted:
            high += 1
        covered = total if high == len(EDGES) - 1 else sums.up_to(high)
        buckets.append(Bucket(low, high, covered - sums.below(low)))
    return [Bucket(EDGES[one.low], EDGES[one.high], one.count) for one in buckets]


class _Cumulated:
    """How many products cost less than an edge, or at most as much; edges are named by their places."""

    def __init__(self, counted: Sequence[tuple[int, bool, int]]) -> None:
        self._keys = [(place, beyond) for place, beyond, _ in counted]
        self._sums = list(accumulate((count for *_, count in counted), initial=0))

    def below(self, place: int) -> int:
        return self._sums[bisect_left(self._keys, (place, False))]

    def up_to(self, place: int) -> int:
        return self._sums[bisect_right(self._keys, (place, False))]

    def first_after(self, place: int) -> int:
        """Return the highest edge that is not above the lowest price beyond an edge."""
        return self._keys[bisect_right(self._keys, (place, False))][0]
