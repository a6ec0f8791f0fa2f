"""Collections: how documents are kept in one, written, and put in the place of the one before."""

from collections.abc import Sequence
from uuid import UUID

from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, CollectionInvalid

from mercat.kit.database import Reads
from mercat.search.config import SearchSettings
from mercat.search.engine import ORDERS, Engine
from mercat.search.exceptions import IndexMissing
from mercat.search.mongodb.engine import MongoEngine
from mercat.search.mongodb.server import Json, Server
from mercat.search.remote import FIRST, LONGEST_REASON, NOBODY, Copy, Write, names_of

DUPLICATE = 11000


class MongoDB:
    """A server with a collection for each time that documents were written from the beginning."""

    kind = "mongodb"

    def __init__(self, settings: SearchSettings) -> None:
        self._server = Server(settings)
        self.index = settings.search_index
        self.where = f"{self._server.address}/{self.index}"

    def engine(self, reads: Reads) -> Engine:
        """Return what answers a request."""
        return MongoEngine(self._server, reads)

    async def about(self) -> str:
        """Return what the server says that it is."""
        return f"MongoDB {await self._server.version()}"

    async def create(self, name: str) -> bool:
        """Make a collection with its indexes, and tell whether it was not there."""
        is_new = name not in await self._server.names()
        with self._server.outages():
            if is_new:
                try:
                    await self._server.database.create_collection(name)
                except CollectionInvalid:
                    is_new = False
            collection = self._server.collection(name)
            await collection.create_index([("locale", 1), ("terms", 1)])
            for column in sorted({column for column, _ in ORDERS.values()}):
                await collection.create_index([("locale", 1), (column, 1), ("product_id", 1)])
        return is_new

    async def write(self, name: str, writes: Sequence[Write]) -> Sequence[tuple[UUID, str]]:
        """Write to a collection, and return the products that it does not take, with its reasons."""
        if not writes:
            return []
        if name not in await self._server.names():  # by writing to it, it would be made anew, without its indexes
            raise IndexMissing(self.where)
        refused: list[tuple[UUID, str]] = []
        with self._server.outages():
            try:
                await self._server.collection(name).bulk_write([operation_of(write) for write in writes], ordered=False)
            except BulkWriteError as error:
                # what is there with a later version does not fit the filter, and cannot be there twice
                failures = [one for one in error.details["writeErrors"] if one.get("code") != DUPLICATE]
                refused = [
                    (writes[one["index"]].product_id, str(one.get("errmsg", ""))[:LONGEST_REASON]) for one in failures
                ]
        return refused

    async def refresh(self, name: str) -> None:
        """Let what was written be found now: it is already."""

    async def activate(self, name: str) -> None:
        """Let this collection answer from now on, in one step."""
        await self._server.activate(name)

    async def tidy(self, name: str) -> None:
        """Delete all collections of this marketplace but one."""
        ours = names_of(self.index)
        for one in await self._server.names():
            if one != name and ours.fullmatch(one):
                with self._server.outages():
                    await self._server.database.drop_collection(one)

    async def count(self) -> int:
        """Return how many documents the collection has that answers."""
        name = await self._server.active()
        with self._server.outages():
            return await self._server.collection(name).count_documents({"locale": {"$ne": NOBODY}})

    async def close(self) -> None:
        """Give the connections back."""
        await self._server.close()


def operation_of(write: Write) -> ReplaceOne[Json] | UpdateOne:
    """Return the operation that lets a write stand unless a later one is there."""
    document = _document(write.copy) if write.copy else {"locale": NOBODY}
    if write.version == FIRST:
        return UpdateOne({"_id": write.key}, {"$setOnInsert": {**document, "version": FIRST}}, upsert=True)
    older = {"_id": write.key, "version": {"$lte": write.version}}
    return ReplaceOne(older, {**document, "version": write.version}, upsert=True)


def _document(copy: Copy) -> Json:
    return {
        **copy.columns(),
        # words as they are, too, so that the index finds those of a phrase
        "terms": [*copy.terms, *{word for run in copy.runs for word in run.split()}],
        "runs": [*copy.runs],
        "facets": [*copy.facets],
    }
