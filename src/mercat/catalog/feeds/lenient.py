"""Cells that a product can do without: a bad one is reported and costs nothing but itself."""

from collections.abc import Callable
from typing import TypeVar

from mercat.catalog.feeds.shapes import ErrorSink
from mercat.catalog.feeds.shopify import BadCell

T = TypeVar("T")


class Lenient:
    """Reads the cells of one row; `unknown` names the fields of those that were bad."""

    def __init__(self, line: int, on_error: ErrorSink) -> None:
        self._line = line
        self._on_error = on_error
        self.unknown: set[str] = set()

    def __call__(self, name: str, read: Callable[[], T], fallback: T) -> T:
        """Return the value of a cell, or the fallback if it cannot be read."""
        try:
            return read()
        except BadCell as bad:
            self.unknown.add(name)
            self._on_error(bad.at(self._line))
            return fallback
