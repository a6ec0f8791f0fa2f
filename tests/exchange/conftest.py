"""Rates come from a real server."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from exchange.rate_server import RateServer


@pytest.fixture
async def rates(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RateServer]:
    """A server of rates that the marketplace fetches from."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = RateServer(f"http://127.0.0.1:{listening.getsockname()[1]}/eurofxref-daily.xml")
        monkeypatch.setenv("MERCAT_RATES_URL", told.url)
        server = await asyncio.start_server(told.answer, sock=listening)
        async with server:
            yield told
