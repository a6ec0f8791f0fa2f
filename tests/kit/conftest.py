"""The small application of `kit.application` and a client of it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from kit.application import KitApp, client_of, make


@pytest.fixture
def kit() -> KitApp:
    """Return the ordinary small application."""
    return make()


@pytest.fixture
async def http(kit: KitApp) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a client of it."""
    async with client_of(kit.app) as client:
        yield client
