"""The numbers by which every engine holds the values of facets: a value can be renamed, its number stays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mercat.kit.database import Reads

IDS = """
SELECT n.facet, f.id FROM unnest(%s::text[], %s::text[]) AS n(facet, value)
JOIN search_facet_values f ON f.facet = n.facet AND (f.value = n.value OR f.key = n.value)
"""
NAMED = "SELECT id, facet, key, value, label FROM search_facet_values WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, as readers know it."""

    facet: str
    key: str
    value: str
    label: str


async def ids_of(reads: Reads, facets: Mapping[str, tuple[str, ...]]) -> Mapping[str, list[int]]:
    """Return the numbers of values that are given by their names or keys; what does not exist has none."""
    asked = [(facet, value) for facet, values in facets.items() for value in values]
    found: dict[str, list[int]] = defaultdict(list)
    for facet, number in await reads.rows(IDS, [list(column) for column in zip(*asked, strict=True)]):
        found[facet].append(number)
    return found


async def named(reads: Reads, ids: Iterable[int]) -> Mapping[int, FacetValue]:
    """Return values by their numbers."""
    rows = await reads.rows(NAMED, (list(ids),))
    return {row[0]: FacetValue(*row[1:]) for row in rows}
