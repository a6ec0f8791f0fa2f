"""Where the bytes are: a folder of this machine, or a bucket of whatever speaks S3. Nothing here knows of tables.

Never called inside of a transaction. Whatever goes wrong with the storage is one problem, `StorageAway`, after a few
seconds at most, and concerns nobody but those who upload, delete or look at files.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from mercat.files.config import FileSettings, data_dir, settings
from mercat.files.exceptions import FileNotFound, StorageAway
from mercat.kit.logs import logger
from mercat.kit.settings_memory import by_settings

if TYPE_CHECKING:
    from obstore.store import S3Config  # its types alone have it

IMMUTABLE = "public, max-age=31536000, immutable"
"""Names are generated and never used again."""
PRIVATE = "private, no-store"


class Storage:
    """Bytes by their path."""

    def __init__(self, store: LocalStore | S3Store, *, patience: float) -> None:
        self._store = store
        self._patience = patience

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        """Write a file, atomically; what is there is replaced."""
        with _outages("put"):
            async with asyncio.timeout(self._patience):
                await obstore.put_async(self._store, key, content, attributes=self._attributes(key, media_type))

    async def get(self, key: str) -> bytes:
        """Return a file.

        Raises:
            FileNotFound: there is none.
        """
        with _outages("get"):
            async with asyncio.timeout(self._patience):
                found = await obstore.get_async(self._store, key)
                return bytes(await found.bytes_async())

    async def stream(self, key: str) -> tuple[int, AsyncIterator[bytes]]:
        """Return the size of a file and its bytes, chunk by chunk.

        Raises:
            FileNotFound: there is none.
        """
        with _outages("get"):
            async with asyncio.timeout(self._patience):
                found = await obstore.get_async(self._store, key)

        async def chunks() -> AsyncIterator[bytes]:
            async for chunk in found.stream():
                yield bytes(chunk)

        return found.meta["size"], chunks()

    async def remove(self, folder: str) -> None:
        """Delete everything in a folder; what is not there is no failure."""
        with _outages("delete"):
            async with asyncio.timeout(self._patience):
                keys = [meta["path"] async for batch in obstore.list(self._store, f"{folder}/") for meta in batch]
                for key in keys:
                    await self._delete(key)

    async def sign(self, key: str, seconds: int) -> str | None:
        """Return an address that leads to a file for so long, or None where the marketplace has to serve it itself."""
        if isinstance(self._store, LocalStore):
            return None
        with _outages("sign"):
            async with asyncio.timeout(self._patience):
                return str(await obstore.sign_async(self._store, "GET", key, timedelta(seconds=seconds)))

    async def answers(self) -> bool:
        """Tell whether the storage is there, and lets us look."""
        try:
            with _outages("list"):
                async with asyncio.timeout(self._patience):
                    async for _ in obstore.list(self._store, "media/", chunk_size=1):
                        break
        except (FileNotFound, StorageAway):
            return False
        return True

    def path(self, key: str) -> Path | None:
        """Return where a file is on this machine, or None if it is elsewhere."""
        prefix = self._store.prefix
        return Path(prefix) / key if isinstance(self._store, LocalStore) and prefix is not None else None

    async def _delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return

    def _attributes(self, key: str, media_type: str) -> dict[str, str] | None:
        if isinstance(self._store, LocalStore):  # a folder keeps bytes alone
            return None
        private = key.startswith("private/")
        attributes = {"Content-Type": media_type, "Cache-Control": PRIVATE if private else IMMUTABLE}
        return {**attributes, "Content-Disposition": "attachment"} if private else attributes


@contextmanager
def _outages(doing: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise FileNotFound from None
    except (BaseError, OSError, TimeoutError, ValueError) as error:
        logger.warning("storage_away", doing=doing, error=type(error).__name__)
        raise StorageAway from error


@by_settings
def storage() -> Storage:
    """Return the marketplace's storage, by the settings."""
    return open_storage(settings())


def open_storage(asked: FileSettings) -> Storage:
    """Return the storage that these settings name. Nothing is connected yet."""
    if not asked.storage_bucket:
        folder = Path(data_dir()).absolute()
        with _outages("open"):
            return Storage(LocalStore(folder, automatic_cleanup=True, mkdir=True), patience=asked.storage_timeout)
    secret = asked.storage_secret_key.get_secret_value()
    config: S3Config = {"region": asked.storage_region}
    if asked.storage_access_key:
        config |= {"access_key_id": asked.storage_access_key, "secret_access_key": secret}
    if asked.storage_endpoint:
        config |= {"endpoint": asked.storage_endpoint}
    store = S3Store(
        asked.storage_bucket,
        config=config,
        client_options={
            "allow_http": asked.storage_endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=min(2.0, asked.storage_timeout)),
            "timeout": timedelta(seconds=asked.storage_timeout),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=asked.storage_timeout)},
    )
    return Storage(store, patience=asked.storage_timeout)


async def whereabouts() -> tuple[str, bool]:
    """Return where files lie, in words, and whether it is there."""
    asked = settings()
    if not asked.storage_bucket:  # made when the first file comes
        return "the data folder", True
    return f"the bucket {asked.storage_bucket} at {asked.storage_endpoint or 'AWS'}", await storage().answers()
