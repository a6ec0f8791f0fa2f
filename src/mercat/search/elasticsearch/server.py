"""Calls to a server: bounded in time and connections, with errors that say what is wrong."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx2
import orjson

from mercat.search.config import SearchSettings
from mercat.search.exceptions import EngineAway, EngineRefused, IndexMissing
from mercat.search.remote import CONNECT_SECONDS, LONGEST_REASON, WRITE_SECONDS

logging.getLogger("httpx2").setLevel(logging.WARNING)  # a line for every request otherwise

AWAY = {429, 502, 503, 504}
NOT_FOUND = 404
JSON, LINES = "application/json", "application/x-ndjson"
Json = Mapping[str, Any]


class Server:
    """A server's address, credentials and connections."""

    def __init__(self, settings: SearchSettings) -> None:
        url = urlsplit(settings.search_url)
        at = f":{url.port}" if url.port else ""
        self.address = f"{url.scheme}://{url.hostname}{at}{url.path.rstrip('/')}"
        """Without credentials."""
        self._patience = settings.search_timeout
        self._credentials = (unquote(url.username), unquote(url.password or "")) if url.username else None
        self._settings = settings
        self._opened: httpx2.AsyncClient | None = None

    async def call(self, method: str, path: str, body: Json | None = None, **parameters: str) -> Json:
        """Return the answer to a question.

        Raises:
            EngineAway: there is none in time.
            IndexMissing: it is about an index that is not there.
            EngineRefused: the server does not take the question.
        """
        content = orjson.dumps(body) if body is not None else None
        return await self._send(method, path, content, JSON, self._patience, parameters)

    async def bulk(self, index: str, content: bytes, **parameters: str) -> Json:
        """Write a batch of documents."""
        return await self._send(
            "POST", f"/{index}/_bulk", content, LINES, max(WRITE_SECONDS, self._patience), parameters
        )

    async def slow(self, method: str, path: str, body: Json | None = None, **parameters: str) -> Json:
        """Return the answer to a call that nobody waits for in front of a page: about indexes and aliases."""
        content = orjson.dumps(body) if body is not None else None
        return await self._send(method, path, content, JSON, max(WRITE_SECONDS, self._patience), parameters)

    async def close(self) -> None:
        """Give the connections back; whoever asks again opens others."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.aclose()

    def _client(self) -> httpx2.AsyncClient:
        if self._opened is None:
            key = self._settings.search_api_key.get_secret_value()
            self._opened = httpx2.AsyncClient(
                base_url=self.address,
                auth=self._credentials,
                headers={"Authorization": f"ApiKey {key}"} if key else {},
                limits=httpx2.Limits(max_connections=self._settings.search_connections),
            )
        return self._opened

    async def _send(
        self, method: str, path: str, content: bytes | None, kind: str, patience: float, parameters: Mapping[str, str]
    ) -> Json:
        limits = httpx2.Timeout(patience, connect=min(CONNECT_SECONDS, patience))
        try:
            async with asyncio.timeout(patience):
                answer = await self._client().request(
                    method, path, content=content, params=parameters, timeout=limits,
                    headers={"Content-Type": kind} if content is not None else {},
                )  # fmt: skip
        except (httpx2.TimeoutException, TimeoutError) as error:
            raise EngineAway(f"{self.address} does not answer within {patience:g} seconds") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise EngineAway(f"{self.address} cannot be reached ({type(error).__name__})") from error
        if answer.is_success:
            return self._read(answer)
        reason = reason_of(answer.content) or answer.reason_phrase
        if answer.status_code in AWAY:
            raise EngineAway(f"{self.address} is not ready ({answer.status_code}: {reason})")
        if answer.status_code == NOT_FOUND and "index_not_found" in reason:
            raise IndexMissing(self.address)
        if answer.status_code in {401, 403}:
            raise EngineRefused(f"{self.address} does not take the credentials of MERCAT_SEARCH_URL ({reason})")
        raise EngineRefused(f"{self.address} refused {method} {path} ({answer.status_code}: {reason})")

    def _read(self, answer: httpx2.Response) -> Json:
        if not answer.content:
            return {}
        try:
            read = orjson.loads(answer.content)
        except ValueError:
            raise EngineRefused(f"{self.address} answers without JSON: is it a search engine?") from None
        return read if isinstance(read, dict) else {}


def reason_of(content: bytes) -> str:
    """Return what an error's body says, in a line: its kind and its words."""
    try:
        error = orjson.loads(content)["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    if not isinstance(error, dict):
        return str(error)[:LONGEST_REASON]
    return told(error)


def told(error: Json) -> str:
    """Return an error object in a line; of several causes the first."""
    cause = next(iter(error.get("root_cause") or ()), error)
    return f"{cause.get('type', '')}: {cause.get('reason', '')}"[:LONGEST_REASON]
