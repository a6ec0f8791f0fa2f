"""The port that daily rates come through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


class RatesUnusable(Exception):
    """What a provider gave cannot be used: it is away, too slow, or makes no sense. The message is one line."""


@dataclass(frozen=True, slots=True)
class DailyRates:
    """So many units of each currency for one of `base`, on a day."""

    dated: date
    base: str
    rates: Mapping[str, Decimal]


class RateProvider(Protocol):
    """Somebody who publishes rates."""

    source: str

    async def read(self) -> Sequence[DailyRates]:
        """Return the rates of some days, the newest last; one day at least.

        Raises:
            RatesUnusable: there are none to be had.
        """
