"""The port to an engine beside PostgreSQL: it holds copies of the documents there, and answers like it.

Its copies are in indexes: one with a name of its own for each time that they are written from the beginning. One of
them answers. Whatever goes wrong is an `EngineError`, after a few seconds at most.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from mercat.kit.database import Reads
from mercat.search.engine import Engine

CONNECT_SECONDS = 1.0
WRITE_SECONDS = 30.0
"""What a server may take for writing a batch."""
LONGEST_REASON = 300
"""Characters of what a server says is wrong."""
NOBODY = ""
"""The locale of what is remembered of a document that has gone: nobody searches there."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Copy:
    """A document as PostgreSQL holds it."""

    product_id: UUID
    locale: str
    terms: tuple[str, ...]
    """Words coded by where they stand, and facets by their numbers; see `levels`."""
    runs: tuple[str, ...]
    """Words one after the other with a space between two, for phrases, in each of their `readings`."""
    facets: tuple[int, ...]
    price_minor: int
    popularity: float
    rating_average: float
    sold_count: int
    in_stock: bool
    on_sale: bool
    created_at: datetime
    name_key: str

    def columns(self) -> dict[str, object]:
        """Return what every engine keeps alike: all but terms, runs and facets.

        The moment is a number of microseconds, since dates elsewhere lose what is less than a millisecond.
        """
        return {
            "product_id": str(self.product_id),
            "locale": self.locale,
            "price_minor": self.price_minor,
            "popularity": self.popularity,
            "rating_average": self.rating_average,
            "sold_count": self.sold_count,
            "in_stock": self.in_stock,
            "on_sale": self.on_sale,
            "created_at": (self.created_at - EPOCH) // timedelta(microseconds=1),
            "name_key": self.name_key,
        }


@dataclass(frozen=True, slots=True)
class Write:
    """What is to become of a product's document in a locale: written, or removed if there is none any more.

    Of two writes the one with the higher version stands, in whichever order they arrive. One with the version
    `FIRST` fills an index that is new: it never replaces anything.
    """

    product_id: UUID
    locale: str
    version: int
    copy: Copy | None

    @property
    def key(self) -> str:
        """What the document is known by: a product has one in each locale."""
        return f"{self.product_id}:{self.locale}"


def product_of(key: str) -> UUID:
    """Return whose document is known by this."""
    return UUID(key.partition(":")[0])


def names_of(index: str) -> re.Pattern[str]:
    """Return what names of a marketplace's indexes are like: another marketplace's `index` may begin like this one."""
    return re.compile(re.escape(index) + r"-\d+")


FIRST = 1
MOST_READINGS = 4


def readings(words: Sequence[Iterable[str]]) -> list[str]:
    """Return words one after the other: in their first spellings, in their second ones, and so on.

    The shortest spelling is the first, so that what is folded stands beside what is folded, in documents as in queries.
    A phrase that is written in one way is found by these, whatever its words are also found by.
    """
    spelled = [sorted(spellings, key=lambda one: (len(one), one)) for spellings in words]
    most = min(max(map(len, spelled), default=0), MOST_READINGS)
    return [" ".join(spellings[min(n, len(spellings) - 1)] for spellings in spelled) for n in range(most)]


class Remote(Protocol):
    """A server, by the settings. Nothing is connected before it is needed."""

    kind: str
    """What the server is called by `mercat reindex --engine`."""
    index: str
    """What the names of its indexes begin with."""
    where: str
    """Which server and index are meant, for people and to tell them apart; without credentials."""

    def engine(self, reads: Reads) -> Engine:
        """Return what answers a request; `reads` knows the values of facets."""

    async def about(self) -> str:
        """Return what the server says that it is."""

    async def create(self, name: str) -> bool:
        """Make an index, and tell whether it was not there; one that is there already stays as it is."""

    async def write(self, name: str, writes: Sequence[Write]) -> Sequence[tuple[UUID, str]]:
        """Write to an index, and return the products that it does not take, with its reasons.

        Raises:
            IndexMissing: there is no such index; none is made by the way.
        """

    async def refresh(self, name: str) -> None:
        """Let what was written be found now."""

    async def activate(self, name: str) -> None:
        """Let this index answer from now on, in one step."""

    async def tidy(self, name: str) -> None:
        """Delete all indexes of this marketplace but one."""

    async def count(self) -> int:
        """Return how many documents the index has that answers."""

    async def close(self) -> None:
        """Give the connections back."""
