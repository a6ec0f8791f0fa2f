"""Questions to a collection, and what its answers mean."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from mercat.kit.database import Reads
from mercat.search.engine import NO_COUNTS, NOTHING, FacetCounts, Found, Request
from mercat.search.mongodb.queries import PLACES, counts_of, found_by, page_of
from mercat.search.mongodb.server import Server
from mercat.search.postgresql import Count, ids_of, named


class MongoEngine:
    """Search over the collection that answers."""

    degraded = False

    def __init__(self, server: Server, reads: Reads) -> None:
        self._server = server
        self._reads = reads

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""
        facets = await ids_of(self._reads, request.filters.facets)
        if facets is None:
            return NOTHING
        rows, total = await self._server.find(page_of(request, facets), found_by(request, facets))
        return Found([UUID(row["product_id"]) for row in rows], total)

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
        facets = await ids_of(self._reads, request.filters.facets)
        if facets is None:
            return NO_COUNTS
        [counts] = await self._server.aggregate(counts_of(request, facets))
        return await self._counts(counts, [*facets])

    async def _counts(self, counts: Mapping[str, Sequence[Mapping[str, Any]]], chosen: Sequence[str]) -> FacetCounts:
        places = {"found": "", **{f"of{number}": facet for number, facet in enumerate(chosen)}}
        numbered = [Count(facet, row["_id"], row["count"]) for name, facet in places.items() for row in counts[name]]
        own = {name: {row["_id"]: row["count"] for row in counts[name]} for name in counts if name not in places}
        return FacetCounts(
            await named(self._reads, numbered, chosen),
            {PLACES[low]: count for low, count in own["price"].items()},
            {int(stars): count for stars, count in own["rating"].items()},
            own["in_stock"],
            own["on_sale"],
        )
