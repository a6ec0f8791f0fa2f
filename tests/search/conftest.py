"""Every promise of search is kept by every engine: tests that use `each_engine` run on all that there are."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from osmem_server import OsmemServer

from mercat import search
from mercat.kit.database import Database
from mercat.search.engines import remote

GIVEN = {"server": "MERCAT_TEST_SEARCH_URL"}
"""Engines that tests run on if somebody says where they are."""
ENGINES = ("postgresql", "osmem", *(name for name, variable in GIVEN.items() if os.environ.get(variable)))


@pytest.fixture(scope="session")
def osmem() -> Iterator[str]:
    """The URL of a server that speaks OpenSearch's API."""
    with OsmemServer.start(japanese=False) as server:
        yield server.url
    server.process.wait()
    if server.process.stdout:
        server.process.stdout.close()


def nobody_waits(_engine: str, _done: int, _total: int) -> None:
    """Show no progress."""


@pytest.fixture(params=ENGINES)
async def each_engine(
    request: pytest.FixtureRequest, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """Search is answered by this engine, and by nobody else in its place."""
    kind: str = request.param
    if kind == "postgresql":
        yield kind
        return
    url = request.getfixturevalue("osmem") if kind == "osmem" else os.environ[GIVEN[kind]]
    monkeypatch.setenv("MERCAT_SEARCH_URL", url)
    monkeypatch.setenv("MERCAT_SEARCH_INDEX", f"test-{secrets.token_hex(6)}")
    monkeypatch.setenv("MERCAT_SEARCH_FALLBACK", "false")
    await search.reindex(database, None, nobody_waits)
    first = remote()
    yield kind
    for opened in {first, remote()} - {None}:  # a test that changes settings has a second one
        await opened.close()
