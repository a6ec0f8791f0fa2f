"""Settings as a process has read them, and what was made of them: once, and forgotten only by tests."""

from collections.abc import Callable
from functools import cache
from typing import ParamSpec, TypeVar, cast

READ: dict[type, object] = {}
"""What `Settings.read` has read."""
P = ParamSpec("P")
R = TypeVar("R")
_made: list[Callable[[], None]] = []


def by_settings(make: Callable[P, R]) -> Callable[P, R]:
    """Remember what a function makes of the settings for as long as the process lives."""
    remembered = cache(make)
    _made.append(remembered.cache_clear)
    return cast("Callable[P, R]", remembered)


def read_anew() -> None:
    """Forget all settings and what was made of them; for tests that change the environment."""
    READ.clear()
    for forget in _made:
        forget()
