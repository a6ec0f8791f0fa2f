"""How often a schedule fires, in words, so that nobody writes cron by hand: it reads seconds as its **last** field."""

from dataclasses import dataclass
from datetime import timedelta

SIXTY = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """How often a schedule fires, and the cron expression that makes the scheduler do so. All times are UTC."""

    cron: str
    period: timedelta


def seconds(count: int) -> Interval:
    """Every so many seconds: `seconds(15)` fires at :00, :15, :30 and :45 of every minute."""
    return Interval(f"* * * * * */{_divisor(count)}", timedelta(seconds=count))


def minutes(count: int) -> Interval:
    """Every so many minutes: `minutes(10)` fires at :00, :10 ... of every hour."""
    return Interval(f"*/{_divisor(count)} * * * *", timedelta(minutes=count))


def hourly(*, minute: int) -> Interval:
    """Every hour at a minute."""
    return Interval(f"{minute} * * * *", timedelta(hours=1))


def daily(hour: int, minute: int) -> Interval:
    """Every day at a time."""
    return Interval(f"{minute} {hour} * * *", timedelta(days=1))


def _divisor(count: int) -> int:
    """Refuse what cron would begin anew in the middle: every 25 seconds is :00, :25, :50, :00."""
    if not 0 < count < SIXTY or SIXTY % count:
        raise ValueError(f"{count} does not divide 60")
    return count
