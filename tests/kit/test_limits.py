"""Limits counted in a real Redis, together; and by each process for itself when Redis is away."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import structlog
from pydantic import ValidationError

from kit.test_windows import Clock
from mercat import embedded
from mercat.kit.limits import Limiter, LimitSettings, Policy
from mercat.kit.problems import TooMany
from mercat.kit.redis import PAUSE_SECONDS, Reach, RedisSettings, connect

TEN = Policy("test.ten", "10/day")
FIVE = Policy("test.five", "5/day")
NONE = Policy("test.none", "")
HERE = Policy("test.here", "10/day", shared=False)


@pytest.fixture(autouse=True)
def _new_logger(monkeypatch: pytest.MonkeyPatch) -> None:
    """A logger that has said nothing yet: one that has keeps the way it went, and is not heard by `capture_logs`."""
    monkeypatch.setattr("mercat.kit.redis.logger", structlog.get_logger("mercat"))


@asynccontextmanager
async def limiter(url: str, clock: Clock | None = None, *, patience: float = 30) -> AsyncIterator[Limiter]:
    """A process of its own, as far as Redis can tell."""
    clock = clock or Clock()
    redis = connect(RedisSettings(redis_url=url, redis_timeout=patience))
    try:
        yield Limiter(Reach(redis, "limits", patience=patience, clock=clock), LimitSettings(), clock)
    finally:
        await redis.aclose()


async def passing(counting: Limiter, policy: Policy, *who: str, attempts: int = 1) -> int:
    """Return how many of so many simultaneous attempts are admitted."""
    outcomes = await asyncio.gather(*(counting.hit(policy, *who) for _ in range(attempts)), return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, tuple | TooMany) for outcome in outcomes)
    return sum(not isinstance(outcome, TooMany) for outcome in outcomes)


async def test_of_a_hundred_at_once_exactly_ten_pass(redis_server: embedded.Redis) -> None:
    async with limiter(redis_server.url) as counting:
        assert await passing(counting, TEN, "ada", attempts=100) == 10
        assert await passing(counting, TEN, "ada", attempts=100) == 0


async def test_processes_count_together(redis_server: embedded.Redis) -> None:
    async with limiter(redis_server.url) as one, limiter(redis_server.url) as two:
        counts = await asyncio.gather(*(passing(each, TEN, "ada", attempts=50) for each in (one, two)))
        assert sum(counts) == 10
        with pytest.raises(TooMany):
            await two.test(TEN, "ada")
        await one.clear(TEN, "ada")
        assert await passing(two, TEN, "ada", attempts=50) == 10


async def test_a_refusal_says_when_to_come_back(redis_server: embedded.Redis) -> None:
    async with limiter(redis_server.url) as counting:
        first = await counting.hit(FIVE, "ada")
        assert first is not None
        assert (first.limit, first.remaining) == (5, 4)
        await passing(counting, FIVE, "ada", attempts=4)
        with pytest.raises(TooMany) as refused:
            await counting.hit(FIVE, "ada")

    wait = refused.value.retry_after
    assert 86_000 < wait <= 86_401
    assert refused.value.head() == {
        "Retry-After": str(wait), "RateLimit-Limit": "5", "RateLimit-Remaining": "0", "RateLimit-Reset": str(wait),
    }  # fmt: skip
    document = refused.value.to_wire("id")
    assert (document["code"], document["limit"], document["retry_after"]) == ("request.too_many", 5, wait)


async def test_a_policy_may_refuse_in_its_own_words(redis_server: embedded.Redis) -> None:
    class TooManyGuesses(TooMany):
        code = "test.too_many_guesses"

    async with limiter(redis_server.url) as counting:
        guesses = Policy("test.guesses", "1/day", refusal=TooManyGuesses)
        await counting.hit(guesses, "ada")
        with pytest.raises(TooManyGuesses):
            await counting.hit(guesses, "ada")
        with pytest.raises(TooManyGuesses):
            await counting.test(guesses, "ada")


async def test_nobody_is_locked_out_for_good_however_hard_somebody_tries(redis_server: embedded.Redis) -> None:
    quick = Policy("test.quick", "3/second")
    async with limiter(redis_server.url) as counting:
        assert await passing(counting, quick, "ada", attempts=50) == 3
        admitted = 0
        for _ in range(100_000):
            admitted += await passing(counting, quick, "ada", attempts=5)
            if admitted >= 3:
                break
        assert admitted >= 3


async def test_who_and_what_are_counted_apart(redis_server: embedded.Redis) -> None:
    async with limiter(redis_server.url) as counting:
        assert await passing(counting, TEN, "ada", attempts=20) == 10
        for policy, who in [
            (TEN, ("bob",)), (TEN, ("ad", "a")), (TEN, ("ada", "")), (TEN, ("a", "da")), (FIVE, ("ada",)),
            (TEN, ("1:a", "2:b")), (TEN, ("1:a2:b",)), (TEN, ("\ud800",)), (Policy("test.ten", "11/day"), ("ada",)),
        ]:  # fmt: skip
            assert await counting.test(policy, *who) is not None
            assert await passing(counting, policy, *who, attempts=5) == 5


async def test_looking_does_not_count(redis_server: embedded.Redis) -> None:
    async with limiter(redis_server.url) as counting:
        for _ in range(20):
            window = await counting.test(TEN, "ada")
        assert window is not None
        assert window.remaining == 10
        assert await passing(counting, TEN, "ada", attempts=20) == 10


async def test_what_is_kept_expires_and_names_nobody(redis_server: embedded.Redis) -> None:
    redis = connect(RedisSettings(redis_url=redis_server.url))
    async with limiter(redis_server.url) as counting:
        await counting.hit(TEN, "ada@example.com", "192.0.2.7")
        keys = [key.decode() for key in await redis.keys("*")]
        assert len(keys) == 1
        assert keys[0].startswith("mercat:limits:{test.ten/")
        assert "ada" not in keys[0]
        assert "192" not in keys[0]
        assert 0 < await redis.ttl(keys[0]) <= 2 * 86_400
    await redis.aclose()


async def test_redis_killed_in_the_middle(redis_server: embedded.Redis) -> None:
    clock = Clock()
    with structlog.testing.capture_logs() as logs:
        async with limiter(redis_server.url, clock) as one, limiter(redis_server.url, clock) as two:
            assert await passing(one, TEN, "ada", attempts=6) == 6

            assert redis_server.pid is not None
            os.kill(redis_server.pid, signal.SIGKILL)
            redis_server.stop()
            # each process for itself now, and none without a limit
            assert await passing(one, TEN, "ada", attempts=50) == 10
            assert await passing(two, TEN, "ada", attempts=50) == 10
            await one.clear(TEN, "ada")
            assert await one.test(TEN, "ada") is not None
            clock.moment += PAUSE_SECONDS
            assert await passing(one, TEN, "bob", attempts=50) == 10

            redis_server.start()
            clock.moment += PAUSE_SECONDS
            for counting in (one, two):
                await counting.test(TEN, "ada")
            counts = await asyncio.gather(*(passing(each, TEN, "carol", attempts=50) for each in (one, two)))
            assert sum(counts) == 10
    assert [(entry["event"], entry["what"]) for entry in logs] == [("redis_away", "limits")] * 2 + [
        ("redis_back", "limits")
    ] * 2


async def test_a_restarted_redis_is_no_outage(redis_server: embedded.Redis) -> None:
    with structlog.testing.capture_logs() as logs:
        async with limiter(redis_server.url) as counting:
            assert await passing(counting, TEN, "ada", attempts=100) == 10
            redis_server.stop()
            redis_server.start()
            # every connection of the pool is dead; each is made anew when its turn comes
            assert await passing(counting, TEN, "bob", attempts=100) == 10
            assert await passing(counting, TEN, "bob", attempts=100) == 0
    assert logs == []


@dataclass
class BlackHole:
    """Takes connections and never answers."""

    url: str = ""
    connections: list[asyncio.StreamWriter] = field(default_factory=list)


@pytest.fixture
async def black_hole() -> AsyncIterator[BlackHole]:
    hole = BlackHole()

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hole.connections.append(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    hole.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    yield hole
    for writer in hole.connections:
        writer.close()
    server.close()
    await server.wait_closed()


async def test_a_redis_that_hangs_is_waited_for_once_in_a_while(black_hole: BlackHole) -> None:
    clock = Clock()
    async with limiter(black_hole.url, clock, patience=0.2) as counting:
        assert await passing(counting, TEN, "ada") == 1
        assert len(black_hole.connections) == 1
        for _ in range(50):
            await passing(counting, TEN, "ada")
            await counting.clear(FIVE, "ada")
        assert len(black_hole.connections) == 1

        clock.moment += PAUSE_SECONDS
        assert await passing(counting, TEN, "bob", attempts=50) == 10
        assert len(black_hole.connections) == 2


@pytest.fixture
async def slow(redis_server: embedded.Redis) -> AsyncIterator[str]:
    """The URL of a way to the real Redis on which every answer takes its time."""
    tasks: set[asyncio.Task[None]] = set()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
        while data := await reader.read(65536):
            await asyncio.sleep(delay)
            writer.write(data)
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", redis_server.port)
        tasks.update({asyncio.create_task(relay(reader, back, 0)), asyncio.create_task(relay(there, writer, 0.15))})

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield redis_server.url.replace(str(redis_server.port), str(server.sockets[0].getsockname()[1]))
    await asyncio.gather(*tasks)
    server.close()
    await server.wait_closed()


async def test_many_short_waits_are_a_long_one(slow: str) -> None:
    with structlog.testing.capture_logs() as logs:
        async with limiter(slow, patience=0.2) as counting:
            assert await passing(counting, TEN, "ada") == 1
    assert [entry["event"] for entry in logs] == ["redis_away"]


async def test_what_is_not_shared_or_no_limit_does_not_ask_redis(black_hole: BlackHole) -> None:
    async with limiter(black_hole.url, patience=0.2) as counting:
        assert await passing(counting, NONE, "ada", attempts=1000) == 1000
        assert await counting.hit(NONE, "ada") is None
        assert await counting.test(NONE, "ada") is None
        await counting.clear(NONE, "ada")
        assert await passing(counting, HERE, "ada", attempts=1000) == 10
        await counting.clear(HERE, "ada")
        assert await counting.test(HERE, "ada") is not None
    assert black_hole.connections == []


@pytest.mark.parametrize("rule", ["", "1/second", "600/minute", "10/15minutes", "5/2hours", "999999999/day"])
def test_a_rate_can_be_read(rule: str) -> None:
    assert LimitSettings(rate_limit_write=rule).rate_limit_write == rule
    item = Policy("test", rule).item
    assert (item is None) == (rule == "")


def test_a_rate_means_what_it_says() -> None:
    item = Policy("test", "10/15minutes").item
    assert item is not None
    assert (item.amount, item.get_expiry()) == (10, 900)


@pytest.mark.parametrize(
    "rule",
    [
        "600", "600/", "/minute", "0/minute", "-1/minute", "600/0minute", "600/fortnight", "600 per minute", " 1/day",
        "1/second;5/minute", "600/minute,700/minute", "1.5/minute", "1/minute\n", "none", "1_0/day", "\u0661/day",
        "1\u0661/day",
    ],
)  # fmt: skip
def test_what_is_no_rate_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    monkeypatch.setenv("MERCAT_RATE_LIMIT_ACCOUNT", rule)
    with pytest.raises(ValidationError, match="rate_limit_account\n  write a rate like 600/minute"):
        LimitSettings()
    with pytest.raises(ValueError, match="write a rate like 600/minute"):
        Policy("test", rule)
