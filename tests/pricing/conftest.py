"""What tests of coupons begin with."""

import pytest
from fastapi import FastAPI

from mercat.kit.limits import Limiter, LimitSettings
from mercat.kit.redis import Reach


@pytest.fixture
def _fresh_counts(app: FastAPI) -> None:
    """No code has been guessed yet."""
    app.state.limiter = Limiter(Reach(app.state.redis, "limits", patience=0.1), LimitSettings())
