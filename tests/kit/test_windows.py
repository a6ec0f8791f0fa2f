"""Sliding windows in memory: how many pass, when the next one does, and what is kept."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mercat.kit import windows
from mercat.kit.windows import Window, Windows


@dataclass
class Clock:
    """Time that a test moves."""

    moment: float = 1_000_000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


def passing(counted: Windows, key: str, attempts: int) -> int:
    return sum(counted.hit(key)[0] for _ in range(attempts))


def test_as_many_pass_as_the_rule_says(clock: Clock) -> None:
    counted = Windows(10, 60, clock)

    assert passing(counted, "a", 100) == 10
    assert passing(counted, "b", 3) == 3
    assert counted.look("a") == Window(10, 0, 61)
    assert counted.look("b").remaining == 7
    assert counted.look("nobody").remaining == 10


def test_the_window_slides(clock: Clock) -> None:
    counted = Windows(10, 60, clock)
    clock.moment += 59
    assert passing(counted, "a", 100) == 10

    clock.moment += 1  # a new window has begun, and the last minute still holds all ten
    assert passing(counted, "a", 100) == 0
    clock.moment += 30  # half of it has gone by
    assert passing(counted, "a", 100) == 5
    clock.moment += 30
    assert passing(counted, "a", 100) == 5
    clock.moment += 120
    assert passing(counted, "a", 100) == 10


def test_the_first_window_is_a_whole_one(clock: Clock) -> None:
    clock.moment = 119.0
    counted = Windows(10, 60, clock)
    assert passing(counted, "a", 9) == 9

    clock.moment = 121.0
    assert passing(counted, "a", 9) == 1


def test_what_is_refused_is_not_counted(clock: Clock) -> None:
    counted = Windows(2, 60, clock)
    passing(counted, "a", 1000)

    clock.moment += 90
    assert passing(counted, "a", 1) == 1


def test_looking_counts_nothing_and_clearing_forgets(clock: Clock) -> None:
    counted = Windows(2, 60, clock)
    passing(counted, "a", 2)
    clock.moment += 60
    for _ in range(5):
        assert counted.look("a").remaining == 0

    counted.clear("a")
    assert counted.look("a") == Window(2, 2, 61)
    counted.clear("nobody")


def test_a_flood_of_addresses_does_not_fill_the_memory(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "KEPT", 10)
    counted = Windows(1, 60, clock)

    assert sum(counted.hit(str(number))[0] for number in range(1000)) == 1000
    assert [counted.hit(str(number))[0] for number in range(990, 1000)] == [False] * 10
    clock.moment += 60
    assert [counted.look(str(number)).remaining for number in (0, 989, 990, 999)] == [1, 1, 0, 0]


@given(
    amount=st.integers(1, 50),
    seconds=st.sampled_from([1, 7, 60, 3600]),
    pauses=st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=60),
)
def test_whoever_waits_as_long_as_told_passes(amount: int, seconds: int, pauses: list[float]) -> None:
    clock = Clock()
    counted = Windows(amount, seconds, clock)
    for pause in pauses:
        clock.moment += pause * seconds / 100
        admitted, window = counted.hit("a")
        assert 0 <= window.remaining < amount
        assert 1 <= window.reset <= seconds + 1
        if not admitted:
            assert window.remaining == 0
            clock.moment += window.reset
            assert counted.hit("a")[0]


def test_a_client_reads_where_it_stands() -> None:
    assert Window(10, 3, 42).fields() == [
        (b"ratelimit-limit", b"10"),
        (b"ratelimit-remaining", b"3"),
        (b"ratelimit-reset", b"42"),
    ]
