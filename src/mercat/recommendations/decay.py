"""Exponential decay of counts that are only ever added to.

Something that happens at `at` adds 2 ** ((at - landmark) / half-life). All weights grow alike, so that their order and
their ratios are those of the decayed counts, and nothing has to be written for time to pass ("forward decay": Cormode,
Shkapenyuk, Srivastava, Xu, ICDE 2009). A clock is rewritten only when its half-life changes, or before its numbers
become too large.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.kit import clock
from mercat.recommendations.config import settings

ORDERS, TRENDS = "orders", "trends"
OLDEST, LATEST = -200, 500
"""Half-lives before and after the landmark that are told apart; later than that a clock is rewritten."""
BEGIN = "INSERT INTO decay_clocks (name, half_life_days, landmark) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
HOLD = "SELECT half_life_days, landmark FROM decay_clocks WHERE name = %s FOR SHARE"
LOCK = "SELECT half_life_days, landmark FROM decay_clocks WHERE name = %s FOR UPDATE"
REWRITE = "UPDATE decay_clocks SET half_life_days = %s, landmark = %s WHERE name = %s"


@dataclass(frozen=True, slots=True)
class Clock:
    """What one occurrence weighs, by when it happened."""

    half_life_days: float
    landmark: datetime

    def weight(self, at: datetime) -> float:
        """Return the weight of what happens at a moment."""
        passed = (at - self.landmark) / timedelta(days=self.half_life_days)
        return float(2 ** min(max(passed, OLDEST), 2 * LATEST))

    @property
    def is_worn(self) -> bool:
        """Whether its numbers are becoming too large."""
        return clock.now() - self.landmark > timedelta(days=self.half_life_days) * LATEST


async def hold(connection: AsyncConnection[TupleRow], name: str) -> Clock:
    """Return a clock, begun if it was not there; nobody rewrites it before this transaction ends."""
    return await _of(connection, name, HOLD)


async def rewritten(connection: AsyncConnection[TupleRow], name: str) -> float | None:
    """Lock a clock and set it to the half-life of the settings.

    Returns by what its weights are to be multiplied, or None if they stay. Past decay stays as it was.
    """
    wanted = _half_life(name)
    before = await _of(connection, name, LOCK)
    if before.half_life_days == wanted and not before.is_worn:
        return None
    now = clock.now()
    await connection.execute(REWRITE, (wanted, now, name))
    return 1 / before.weight(now)


def _half_life(name: str) -> float:
    known = settings()
    if name == ORDERS:
        return known.recommendations_order_half_life_days
    return known.recommendations_trend_half_life_days


async def _of(connection: AsyncConnection[TupleRow], name: str, statement: str) -> Clock:
    row = await (await connection.execute(statement, (name,))).fetchone()
    if row is None:
        await connection.execute(BEGIN, (name, _half_life(name), clock.now()))
        row = await (await connection.execute(statement, (name,))).fetchone()
    if row is None:
        raise LookupError(name)
    return Clock(*row)
