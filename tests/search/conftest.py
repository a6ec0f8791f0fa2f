"""Every promise of search is kept by every engine: tests that use `each_engine` run on all that there are."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from osmem_server import OsmemServer

from mercat import search
from mercat.kit.database import Database
from mercat.search.engines import remote
from mercat.search.postgresql import pages, sizes

GIVEN = {"server": "MERCAT_TEST_SEARCH_URL", "mongodb": "MERCAT_TEST_MONGO_URL"}
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


def sample_everything(monkeypatch: pytest.MonkeyPatch, *, exact: int) -> None:
    """Let PostgreSQL estimate what is more than so many, by a sample that has all there is, and follow indexes."""
    monkeypatch.setattr(sizes, "EXACT", exact)
    monkeypatch.setattr(sizes, "SAMPLES", (sizes.LOTS,))
    monkeypatch.setattr(pages, "DEARER", 0)


def nobody_waits(_engine: str, _done: int, _total: int) -> None:
    """Show no progress."""


def _set(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    kind: str = request.param
    url = request.getfixturevalue("osmem") if kind == "osmem" else os.environ[GIVEN[kind]]
    monkeypatch.setenv("MERCAT_SEARCH_URL", url)
    monkeypatch.setenv("MERCAT_SEARCH_INDEX", f"test-{secrets.token_hex(6)}")


@pytest.fixture(params=ENGINES)
async def each_engine(
    request: pytest.FixtureRequest, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """Search is answered by this engine, and by nobody else in its place."""
    if request.param == "postgresql":
        yield request.param
        return
    _set(request, monkeypatch)
    monkeypatch.setenv("MERCAT_SEARCH_FALLBACK", "false")
    await search.reindex(database, None, nobody_waits)
    first = remote()
    yield request.param
    for opened in {first, remote()} - {None}:  # a test that changes settings has a second one
        await opened.close()


@pytest.fixture(params=ENGINES[1:])
async def beside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """An engine beside PostgreSQL that nothing was sent to yet, by what it is called."""
    _set(request, monkeypatch)
    other = remote()
    assert other is not None
    yield other.kind
    await other.close()
