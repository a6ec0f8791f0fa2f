"""Questions to an index, and what its answers mean."""

from collections.abc import Iterator, Mapping
from typing import Any

from mercat.kit.database import Reads
from mercat.search.elasticsearch.queries import COUNTS, counts_body, search_body
from mercat.search.elasticsearch.server import Json, Server
from mercat.search.engine import NO_COUNTS, NOTHING, FacetCounts, Found, Request
from mercat.search.exceptions import EngineRefused
from mercat.search.postgresql import Count, ids_of, named
from mercat.search.remote import product_of


class ElasticsearchEngine:
    """Search over the index that an alias names."""

    degraded = False

    def __init__(self, server: Server, alias: str, reads: Reads) -> None:
        self._server = server
        self._path = f"/{alias}/_search"
        self._reads = reads

    async def search(self, request: Request) -> Found:
        """Return a page of the products that match, in the order asked for."""
        facets = await ids_of(self._reads, request.filters.facets)
        if facets is None:
            return NOTHING
        hits = (await self._ask(search_body(request, facets)))["hits"]
        return Found([product_of(hit["_id"]) for hit in hits["hits"]], hits["total"]["value"])

    async def facets(self, request: Request) -> FacetCounts:
        """Count the values of all facets over everything that matches."""
        facets = await ids_of(self._reads, request.filters.facets)
        if facets is None:
            return NO_COUNTS
        answer = (await self._ask(counts_body(request, facets)))["aggregations"]
        return await self._counts(answer)

    async def _ask(self, body: Json) -> Json:
        answer = await self._server.call("POST", self._path, body)
        if answer.get("timed_out") or answer.get("_shards", {}).get("failed"):
            raise EngineRefused(f"{self._server.address} has answered for a part of the index only")
        return answer

    async def _counts(self, answer: Mapping[str, Any]) -> FacetCounts:
        own: dict[str, Mapping[str, int]] = {}
        numbered: list[Count] = []
        chosen = {name.removeprefix("of:") for name in answer if name != "found"}
        for name, counts in answer.items():
            facet = "" if name == "found" else name.removeprefix("of:")
            if facet in COUNTS:
                own[facet] = dict(_buckets(counts["values"]))
                continue
            numbered += [Count(facet, int(key), count) for key, count in _buckets(counts["values"])]
            own |= {free: dict(_buckets(counts[free])) for free in COUNTS if free in counts}
        return FacetCounts(
            await named(self._reads, numbered, chosen),
            {(int(key[:-1]), key.endswith("=")): count for key, count in own["price"].items()},
            {int(stars): count for stars, count in own["rating"].items()},
            {key == "true": count for key, count in own["in_stock"].items()},
            {key == "true": count for key, count in own["on_sale"].items()},
        )


def _buckets(counts: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield keys and counts; of truth values the words, not the numbers."""
    for bucket in counts["buckets"]:
        if bucket["doc_count"]:
            yield str(bucket.get("key_as_string", bucket["key"])), bucket["doc_count"]
