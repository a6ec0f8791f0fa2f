"""Calls to a server: bounded in time and connections, with errors that say what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, ConnectionFailure, OperationFailure, PyMongoError

from mercat.search.config import SearchSettings
from mercat.search.exceptions import EngineAway, EngineRefused, IndexMissing
from mercat.search.remote import CONNECT_SECONDS, LONGEST_REASON, WRITE_SECONDS

DATABASE = "mercat"
Json = dict[str, Any]


class Server:
    """A server's address and connections, and the collection there that answers."""

    def __init__(self, settings: SearchSettings) -> None:
        url = urlsplit(settings.search_url)
        self.address = f"{url.scheme}://{url.netloc.rpartition('@')[2]}/{url.path.strip('/') or DATABASE}"
        """Without credentials."""
        self._patience = settings.search_timeout
        self._settings = settings
        self._name = url.path.strip("/") or DATABASE
        self._index = settings.search_index
        self._opened: AsyncMongoClient[Json] | None = None

    @property
    def database(self) -> AsyncDatabase[Json]:
        """The database on the server, connected when it is first used."""
        if self._opened is None:
            milliseconds = int(self._patience * 1000)
            self._opened = AsyncMongoClient(
                self._settings.search_url,
                maxPoolSize=self._settings.search_connections,
                waitQueueTimeoutMS=milliseconds,
                serverSelectionTimeoutMS=min(milliseconds, int(CONNECT_SECONDS * 1000)),
                connectTimeoutMS=int(CONNECT_SECONDS * 1000),
                socketTimeoutMS=int(WRITE_SECONDS * 1000),
                retryWrites=False,  # we send again ourselves, and not every server that speaks the protocol can
                appname="mercat",
            )
        return self._opened.get_database(self._name)

    async def version(self) -> str:
        """Return the version of the server."""
        with self.outages():
            return str((await self.database.client.server_info())["version"])

    async def active(self) -> str:
        """Return the collection that answers.

        Raises:
            IndexMissing: none does yet.
        """
        with self.outages():
            found = await self.database[f"{self._index}-active"].find_one({"_id": self._index})
        if found is None:
            raise IndexMissing(self.address)
        return str(found["name"])

    async def activate(self, name: str) -> None:
        """Let this collection answer from now on."""
        with self.outages():
            await self.database[f"{self._index}-active"].replace_one({"_id": self._index}, {"name": name}, upsert=True)

    async def find(self, pipeline: Sequence[Json], matching: Json) -> tuple[list[Json], int]:
        """Return the rows of a page, and how many documents match."""
        while True:
            name = await self.active()
            with self.outages():
                rows = await self._rows(name, pipeline)
                total = await self.database[name].count_documents(matching, maxTimeMS=int(self._patience * 1000))
            # one that was replaced in the very moment may be empty already
            if total or await self.active() == name:
                return rows, total

    async def aggregate(self, pipeline: Sequence[Json]) -> list[Json]:
        """Return the rows of a pipeline over the collection that answers."""
        name = await self.active()
        with self.outages():
            return await self._rows(name, pipeline)

    async def names(self) -> list[str]:
        """Return the names of all collections."""
        with self.outages():
            return await self.database.list_collection_names()

    def collection(self, name: str) -> AsyncCollection[Json]:
        """Return a collection."""
        return self.database[name]

    async def close(self) -> None:
        """Give the connections back; whoever asks again opens others."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.close()

    async def _rows(self, name: str, pipeline: Sequence[Json]) -> list[Json]:
        cursor = await self.database[name].aggregate([*pipeline], maxTimeMS=int(self._patience * 1000))
        return await cursor.to_list()

    @contextmanager
    def outages(self) -> Iterator[None]:
        """Turn whatever goes wrong into an error that says what."""
        try:
            yield
        except ConnectionFailure as error:
            raise EngineAway(f"{self.address} cannot be reached ({type(error).__name__})") from error
        except OperationFailure as error:
            if error.timeout:
                raise EngineAway(f"{self.address} does not answer within {self._patience:g} seconds") from error
            raise EngineRefused(f"{self.address}: {_reason(error.details) or error.code}") from error
        except ConfigurationError as error:
            raise EngineRefused(f"MERCAT_SEARCH_URL: {str(error)[:LONGEST_REASON]}") from error
        except (PyMongoError, OSError) as error:
            raise EngineAway(f"{self.address}: {type(error).__name__}") from error


def _reason(details: Mapping[str, Any] | None) -> str:
    return str((details or {}).get("errmsg", ""))[:LONGEST_REASON]
