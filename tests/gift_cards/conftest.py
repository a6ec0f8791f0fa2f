"""Jobs run as in payment processing, and counters that nobody has used."""

import pytest
from fastapi import FastAPI

from mercat.kit.limits import Limiter, LimitSettings
from mercat.kit.redis import Reach
from payment_processing.conftest import work

__all__ = ["_fresh_counts", "work"]


@pytest.fixture(autouse=True)
def _fresh_counts(app: FastAPI) -> None:
    """No code has been guessed yet."""
    app.state.limiter = Limiter(Reach(app.state.redis, "limits", patience=0.1), LimitSettings())
