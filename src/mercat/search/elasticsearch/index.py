"""Indexes: how documents are kept in one, written, and put in the place of the one before."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import orjson

from mercat.kit.database import Reads
from mercat.search.config import SearchSettings
from mercat.search.elasticsearch.engine import ElasticsearchEngine
from mercat.search.elasticsearch.server import Json, Server, told
from mercat.search.engine import Engine
from mercat.search.exceptions import EngineAway, EngineRefused, IndexMissing
from mercat.search.remote import FIRST, NOBODY, Copy, Write, names_of

MOST_BYTES = 4 << 20
"""Of a request that writes, unless one document alone is larger."""
AWAY = {429, 503}
BAD, CONFLICT, NOT_FOUND = 400, 409, 404
KEYWORD, LONG = {"type": "keyword"}, {"type": "long"}
DEFINITION: Json = {
    "settings": {
        "index": {
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
        },
    },
    "mappings": {
        "dynamic": "strict",
        "_source": {"enabled": False},  # PostgreSQL has all of it
        "properties": {
            "product_id": KEYWORD,
            "locale": KEYWORD,
            "terms": {"type": "keyword", "doc_values": False},
            "runs": {"type": "text", "analyzer": "whitespace", "norms": False},
            "facets": KEYWORD,
            "price_minor": LONG,
            "popularity": {"type": "double"},
            "rating_average": {"type": "double"},
            "sold_count": LONG,
            "in_stock": {"type": "boolean"},
            "on_sale": {"type": "boolean"},
            "created_at": LONG,
            "name_key": KEYWORD,
        },
    },
}


class Elasticsearch:
    """A server with an alias for what answers, and one for each index that is written to."""

    def __init__(self, settings: SearchSettings) -> None:
        self._server = Server(settings)
        self.index = settings.search_index
        self.kind = "elasticsearch"
        self.where = f"{self._server.address}/{self.index}"

    def engine(self, reads: Reads) -> Engine:
        """Return what answers a request."""
        return ElasticsearchEngine(self._server, self.index, reads)

    async def about(self) -> str:
        """Return what the server says that it is."""
        version = (await self._server.call("GET", "/")).get("version", {})
        name = {"opensearch": "OpenSearch"}.get(version.get("distribution", ""), "Elasticsearch")
        return f"{name} {version.get('number', '')}".strip()

    async def create(self, name: str) -> bool:
        """Make an index, and tell whether it was not there; one that is there already stays as it is."""
        definition = {**DEFINITION, "aliases": {_entry(name): {}}}
        try:
            await self._server.slow("PUT", f"/{name}", definition)
        except EngineRefused as error:
            if "resource_already_exists" not in str(error):
                raise
            return False
        return True

    async def write(self, name: str, writes: Sequence[Write]) -> Sequence[tuple[UUID, str]]:
        """Write to an index, and return the products that it does not take, with its reasons."""
        refused: list[tuple[UUID, str]] = []
        for some, body in _bodies(writes):
            # by an alias that must be there: by its name an index that has gone would be made anew, without our mapping
            answer = await self._server.bulk(_entry(name), body, require_alias="true")
            for write, item in zip(some, answer["items"], strict=True):
                refused += self._refused(write, next(iter(item.values())))
        return refused

    async def refresh(self, name: str) -> None:
        """Let what was written be found now."""
        await self._server.slow("POST", f"/{name}/_refresh")

    async def activate(self, name: str) -> None:
        """Let this index answer from now on, in one step."""
        answering = [one for one, about in (await self._indexes()).items() if self.index in about["aliases"]]
        actions = [{"remove": {"index": one, "alias": self.index}} for one in answering if one != name]
        add = {"add": {"index": name, "alias": self.index}}
        await self._server.slow("POST", "/_aliases", {"actions": [*actions, add]})

    async def tidy(self, name: str) -> None:
        """Delete all indexes of this marketplace but one."""
        for one in await self._indexes():
            if one != name:
                await self._server.slow("DELETE", f"/{one}", ignore_unavailable="true")

    async def _indexes(self) -> Json:
        """Return our indexes by their names, with their aliases."""
        ours = names_of(self.index)
        found = await self._server.slow("GET", f"/{self.index}-*")
        return {name: about for name, about in found.items() if ours.fullmatch(name)}

    async def count(self) -> int:
        """Return how many documents the index has that answers."""
        body = {"query": {"bool": {"must_not": [{"term": {"locale": NOBODY}}]}}}
        return int((await self._server.call("POST", f"/{self.index}/_count", body))["count"])

    async def close(self) -> None:
        """Give the connections back."""
        await self._server.close()

    def _refused(self, write: Write, item: Json) -> Iterator[tuple[UUID, str]]:
        status, error = item["status"], item.get("error") or {}
        reason = told(error) if isinstance(error, dict) else str(error)
        if status in AWAY:
            raise EngineAway(f"{self.where} is not ready ({reason})")
        if status == NOT_FOUND and "index" in str(error):
            raise IndexMissing(self.where)
        # what is newer there stays, and what is gone already need not go
        if status >= 400 and status not in {CONFLICT, NOT_FOUND}:
            yield write.product_id, reason


def _entry(name: str) -> str:
    """Return the alias that an index is written to by."""
    return f"{name}-in"


def _bodies(writes: Iterable[Write]) -> Iterator[tuple[list[Write], bytes]]:
    """Yield writes as the lines of requests of a bounded size."""
    some: list[Write] = []
    lines: list[bytes] = []
    size = 0
    for write in writes:
        line = _lines(write)
        if some and size + len(line) > MOST_BYTES:
            yield some, b"".join(lines)
            some, lines, size = [], [], 0
        some.append(write)
        lines.append(line)
        size += len(line)
    if some:
        yield some, b"".join(lines)


def _lines(write: Write) -> bytes:
    # the same version again is the same document, or one that was read later; what is first replaces nothing
    kind = "external" if write.version == FIRST else "external_gte"
    about = {"_id": write.key, "version": write.version, "version_type": kind}
    # what has gone is remembered, so that no older write brings it back; a server forgets what is deleted
    document = _document(write.copy) if write.copy else {"locale": NOBODY}
    return orjson.dumps({"index": about}) + b"\n" + orjson.dumps(document) + b"\n"


def _document(copy: Copy) -> Json:
    return {
        **copy.columns(),
        "terms": copy.terms,
        "runs": copy.runs,
        "facets": [str(number) for number in copy.facets],
    }
