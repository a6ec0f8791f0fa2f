"""Time and names for tests of second factors and passkeys."""

from collections.abc import Iterator

import pytest
import time_machine
from fastapi import FastAPI

from auth.proofs import START
from mercat.kit.limits import Limiter, LimitSettings
from mercat.kit.redis import Reach
from mercat.kit.settings_memory import read_anew


@pytest.fixture
def _fresh_counts(app: FastAPI) -> None:
    """Nothing has been counted yet, and everything is."""
    app.state.limiter = Limiter(Reach(app.state.redis, "limits", patience=0.1), LimitSettings())


@pytest.fixture
def _still() -> Iterator[None]:
    """Time stands still in the middle of a half minute, unless a test moves it."""
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def _public(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shop has a name: passkeys belong to it."""
    monkeypatch.setenv("MERCAT_PUBLIC_URL", "http://shop.test")
    read_anew()  # settings are read once; the test moves one
    yield
    read_anew()
