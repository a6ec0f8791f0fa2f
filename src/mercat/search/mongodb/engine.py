"""Questions to a collection, and what its answers mean."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from mercat.kit.database import Reads
from mercat.search.engine import Counted, FacetCounts, Filters, Found, Request
from mercat.search.mongodb.queries import PLACES, counts_of, found_by, page_of
from mercat.search.mongodb.server import Server
from mercat.search.postgresql import ids_of, named

NOTHING = FacetCounts({}, {}, {}, {}, {})


class MongoEngine:
    """Search over the collection that answers."""

    degraded = False

    def __init__(self, server: Server, reads: Reads) -> None:
        self._server = server
        self._reads = reads

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""
        facets = await self._facets(request.filters)
        if facets is None:
            return Found([], 0)
        rows, total = await self._server.find(page_of(request, facets), found_by(request, facets))
        return Found([UUID(row["product_id"]) for row in rows], total)

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
        facets = await self._facets(request.filters)
        if facets is None:
            return NOTHING
        [counts] = await self._server.aggregate(counts_of(request, facets))
        return await self._counts(counts, [*facets])

    async def _facets(self, filters: Filters) -> Mapping[str, Sequence[int]] | None:
        """Return the numbers of the values that are filtered by, or None if a facet has none of them."""
        if not filters.facets:
            return {}
        ids = await ids_of(self._reads, filters.facets)
        return ids if all(ids.get(facet) for facet in filters.facets) else None

    async def _counts(self, counts: Mapping[str, Sequence[Mapping[str, Any]]], chosen: Sequence[str]) -> FacetCounts:
        places = {"found": "", **{f"of{number}": facet for number, facet in enumerate(chosen)}}
        numbered = [(facet, row["_id"], row["count"]) for name, facet in places.items() for row in counts[name]]
        names = await named(self._reads, {number for _, number, _ in numbered}) if numbered else {}
        values: dict[str, list[Counted]] = defaultdict(list)
        for facet, number, count in numbered:
            value = names.get(number)
            if value and (value.facet == facet if facet else value.facet not in chosen):
                values[value.facet].append(Counted(value.key, value.value, value.label, count))
        own = {name: {row["_id"]: row["count"] for row in counts[name]} for name in counts if name not in places}
        return FacetCounts(
            values,
            {PLACES[low]: count for low, count in own["price"].items()},
            {int(stars): count for stars, count in own["rating"].items()},
            own["in_stock"],
            own["on_sale"],
        )
