"""What can go wrong with search."""

from collections.abc import Sequence
from typing import ClassVar

from mercat.kit.problems import Unavailable


class EngineError(Exception):
    """A search engine beside PostgreSQL did not do what it was asked; the message says why, for operators."""


class EngineAway(EngineError):
    """It does not answer, not in time, or cannot now."""


class EngineRefused(EngineError):
    """It answers, and does not take what it was asked."""


class IndexMissing(EngineError):
    """It has no index of ours: `mercat reindex` makes one."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} has no index of this marketplace yet: a worker fills it, or `mercat reindex`")


class SearchUnavailable(Unavailable):
    """The search engine is away, and nobody else is to answer."""

    code: ClassVar[str] = "search.unavailable"
    detail: ClassVar[str] = "Search is not available right now. Try again in a moment."


class NoSuchEngine(Exception):
    """Only PostgreSQL and the engine that is set up can be written to."""

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{asked} is not set up; MERCAT_SEARCH_URL names the engine beside PostgreSQL, here there is: "
            + ", ".join(known)
        )


class ReindexRunning(Exception):
    """Somebody writes all documents anew already."""

    def __init__(self) -> None:
        super().__init__("another `mercat reindex` is running")
