"""Months of the calendar, in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

PATTERN = r"^2[0-9]{3}-(0[1-9]|1[0-2])$"
"""How a month is written."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month; `first` is its first day."""

    first: date

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a month.

        Raises:
            ValueError: it is none.
        """
        if not re.match(PATTERN, written):
            raise ValueError("a month is written like 2030-01")
        return cls(date.fromisoformat(f"{written}-01"))

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """Return the month of a moment."""
        return cls(moment.astimezone(UTC).date().replace(day=1))

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine((self.first + timedelta(days=32)).replace(day=1), time(), UTC)

    def before(self) -> "Month":
        """Return the month before it."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
