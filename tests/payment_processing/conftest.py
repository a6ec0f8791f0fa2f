"""Jobs that are run until none is left, and a marketplace that uses Stripe."""

from collections.abc import Awaitable, Callable, Iterator

import pytest

from mercat.kit.settings_memory import read_anew
from shopping import Shop
from stripe_server import StripeServer

Work = Callable[[], Awaitable[None]]


@pytest.fixture
def work(shop: Shop) -> Work:
    """Runs jobs until none is due."""
    return shop.handle_events


@pytest.fixture
def stripe(stripe_server: StripeServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeServer]:
    """The marketplace takes cards and pays vendors by Stripe."""
    for name, value in stripe_server.settings.items():
        monkeypatch.setenv(name, value)
    read_anew()
    yield stripe_server
    read_anew()
