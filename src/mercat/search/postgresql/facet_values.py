"""The numbers by which every engine holds the values of facets: a value can be renamed, its number stays."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mercat.kit.database import Reads
from mercat.search.engine import Counted

IDS = """
SELECT n.facet, f.id FROM unnest(%s::text[], %s::text[]) AS n(facet, value)
JOIN search_facet_values f ON f.facet = n.facet AND (f.value = n.value OR f.key = n.value)
"""
NAMED = "SELECT id, facet, key, value, label FROM search_facet_values WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the products found have a value, by its number."""

    facet: str
    """The facet that was counted by itself; empty if all of them were at once."""
    number: int
    count: int


async def ids_of(reads: Reads, facets: Mapping[str, tuple[str, ...]]) -> Mapping[str, Sequence[int]] | None:
    """Return the numbers of values that are given by their names or keys; None if a facet has none of its values."""
    if not facets:
        return {}
    asked = [(facet, value) for facet, values in facets.items() for value in values]
    found: dict[str, list[int]] = defaultdict(list)
    for facet, number in await reads.rows(IDS, [list(column) for column in zip(*asked, strict=True)]):
        found[facet].append(number)
    return {facet: found[facet] for facet in facets} if len(found) == len(facets) else None


async def named(reads: Reads, counts: Sequence[Count], chosen: Collection[str]) -> Mapping[str, Sequence[Counted]]:
    """Return the values of facets that were counted, as readers know them.

    A facet of which something is `chosen` is counted by itself: what was counted of it with all others is left out.
    """
    values: dict[str, list[Counted]] = defaultdict(list)
    numbers = {one.number for one in counts}
    names = {row[0]: row[1:] for row in await reads.rows(NAMED, (list(numbers),))} if numbers else {}
    for one in counts:
        if one.number in names:
            facet, key, value, label = names[one.number]
            if facet == one.facet if one.facet else facet not in chosen:
                values[facet].append(Counted(key, value, label, one.count))
    return values
