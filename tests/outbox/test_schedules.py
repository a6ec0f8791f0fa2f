"""Schedules fire as the guide for operators says: asked of the scheduler that workers and forwarders run."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry

from docs.documents import ROOT
from mercat import outbox, worker
from mercat.outbox.jobs import app

WORDS = re.compile(r"^\| `([a-z_.]+)` \| [^|]+ \| every ([^|]+) \|$", re.MULTILINE)
MIDNIGHT = datetime(2026, 11, 30, tzinfo=UTC)
SCHEDULES = {name: task for (name, _), task in app.periodic_registry.periodic_tasks.items() if worker}


def promised() -> dict[str, tuple[timedelta, timedelta]]:
    """Return how often each schedule fires by the guide, and when after midnight first."""
    text = (ROOT / "docs" / "guides" / "operations.md").read_text(encoding="utf-8")
    return {name: read(words) for name, words in WORDS.findall(text)}


def read(words: str) -> tuple[timedelta, timedelta]:
    often, _, at = words.partition(" at ")
    if often in {"hour", "day"}:
        hours, minutes = at.split(":")
        return timedelta(**{f"{often}s": 1}), timedelta(hours=int(hours or 0), minutes=int(minutes))
    count, _, unit = often.rpartition(" ")
    return timedelta(**{unit if unit.endswith("s") else f"{unit}s": int(count or 1)}), timedelta()


def ticks(name: str, since: datetime, until: datetime) -> list[datetime]:
    """Return the ticks of a schedule as the scheduler finds them that has fired at `since`."""
    deferrer = PeriodicDeferrer(registry=app.periodic_registry)
    found = deferrer.get_timestamps(SCHEDULES[name], since=int(since.timestamp()), until=until.timestamp())
    return [datetime.fromtimestamp(tick, UTC) for tick in found]


def test_the_guide_knows_every_schedule() -> None:
    assert set(promised()) == {name for name in SCHEDULES if not name.startswith("test.")}


@pytest.mark.parametrize(("name", "when"), promised().items())
@pytest.mark.parametrize("start", [timedelta(), timedelta(hours=7, minutes=15, seconds=1), timedelta(seconds=86_399)])
def test_a_schedule_fires_as_often_as_the_guide_says(
    name: str, when: tuple[timedelta, timedelta], start: timedelta
) -> None:
    period, offset = when
    since = MIDNIGHT + start
    first = MIDNIGHT + offset + (-((offset - start) // period)) * period
    if first <= since:
        first += period

    assert ticks(name, since, first + 3 * period) == [first + number * period for number in range(4)]


@pytest.mark.parametrize(("name", "when"), promised().items())
def test_a_waiting_process_wakes_up_for_the_next_tick(name: str, when: tuple[timedelta, timedelta]) -> None:
    period, offset = when
    registry = PeriodicRegistry()
    registry.periodic_tasks[name, ""] = SCHEDULES[name]
    deferrer = PeriodicDeferrer(registry=registry)

    assert deferrer.get_next_tick(at=(MIDNIGHT + offset).timestamp()) == period.total_seconds()
    assert deferrer.get_next_tick(at=(MIDNIGHT + offset).timestamp() - 0.5) == 0.5


@pytest.mark.parametrize("count", [0, -1, 7, 25, 40, 60, 90])
def test_an_interval_that_does_not_fill_a_minute_or_an_hour_is_refused(count: int) -> None:
    for interval in (outbox.seconds, outbox.minutes):
        with pytest.raises(ValueError, match="does not divide 60"):
            interval(count)
