"""The cache by itself, on real Redis and PostgreSQL: one load for many, never across a raised generation."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import text

from fault_proxy import HOLE, FaultProxy
from mercat.embedded import Redis
from mercat.kit.cache import Answer, Cache, CacheSettings, Policy, Witness
from mercat.kit.cache import cache as finding
from mercat.kit.cache.answers import dump, load
from mercat.kit.cache.counters import Outcome
from mercat.kit.cache.store import PREFIX
from mercat.kit.cache.witnesses import LONG, fold
from mercat.kit.database import Database, Reads
from mercat.kit.redis import Reach, RedisSettings, connect

POLICY = Policy("things", ("things",))
SHORT = Policy("things", ("things",), seconds=0.01, stale_seconds=60)
Processes = Callable[..., Cache]


class Source:
    """What is loaded, and how often it was."""

    def __init__(self, body: bytes = b"one" * 1000, *, slow: float = 0.0) -> None:
        self.body, self.slow, self.loads = body, slow, 0
        self.fails: Exception | None = None
        self.begun = asyncio.Event()

    async def __call__(self) -> Answer:
        self.loads += 1
        self.begun.set()
        await asyncio.sleep(self.slow)
        if self.fails is not None:
            raise self.fails
        return Answer(self.body, etag='"1"')


@pytest.fixture
async def process() -> AsyncIterator[Processes]:
    """Makes caches as several processes have them."""
    made = []

    def make(url: str, *, timeout: float = 5.0) -> Cache:
        redis = connect(RedisSettings(redis_url=url, redis_timeout=timeout))
        made.append((cache := Cache(Reach(redis, "cache", patience=timeout), CacheSettings()), redis))
        return cache

    yield make
    for cache, redis in made:
        await cache.close()
        await redis.aclose()


async def fetch(cache: Cache, source: Source, policy: Policy = POLICY, state: bytes = b"1") -> bytes:
    return (await cache.fetch(policy, b"/things", state, source))[0].body


async def test_five_hundred_who_want_the_same_are_one_load(process: Processes, redis_server: Redis) -> None:
    here, there, source = process(redis_server.url), process(redis_server.url), Source(slow=0.05)

    found = await asyncio.gather(*(fetch(cache, source) for cache in (here, there) for _ in range(250)))

    assert source.loads == 1
    assert set(found) == {source.body}
    counters = here.counters, there.counters
    assert sum(one.of(Outcome.miss) for one in counters) == 1
    assert sum(one.of(Outcome.shared) for one in counters) == 499
    assert max(one.hit_rate for one in counters) == 1.0


async def test_what_is_kept_is_there_for_another_process(process: Processes, redis_server: Redis) -> None:
    source = Source()
    await fetch(process(redis_server.url), source)

    other = process(redis_server.url)

    assert await fetch(other, source) == source.body
    assert (source.loads, other.counters.of(Outcome.redis)) == (1, 1)
    assert other.counters.by_name() == {"things": {"redis": 1}}


async def test_another_state_question_or_name_is_another_answer(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source()
    await fetch(cache, source)

    await fetch(cache, source, state=b"2")
    await cache.fetch(POLICY, b"/other", b"1", source)
    await fetch(cache, source, Policy("others", ("things",)))
    await cache.fetch(POLICY, b"/things1", b"", source)  # not the same bytes in other places

    assert source.loads == 5


async def test_what_is_past_its_time_is_served_while_one_renews_it(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source(b"old")
    await fetch(cache, source, SHORT)
    await asyncio.sleep(0.05)
    source.body = b"new"

    assert set(await asyncio.gather(*(fetch(cache, source, SHORT) for _ in range(20)))) == {b"old"}
    await asyncio.gather(*cache.renewals)

    assert source.loads == 2
    assert await fetch(cache, source, SHORT) == b"new"


async def test_what_is_past_its_time_is_never_served_in_another_state(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source(b"old")
    await fetch(cache, source, SHORT)
    await asyncio.sleep(0.05)
    source.body = b"new"

    assert await fetch(cache, source, SHORT, state=b"2") == b"new"


async def test_a_load_that_fails_fails_for_all_and_is_tried_again(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source(slow=0.02)
    source.fails = OSError("away")

    found = await asyncio.gather(*(fetch(cache, source) for _ in range(10)), return_exceptions=True)

    assert [type(one) for one in found] == [OSError] * 10
    assert source.loads == 1
    source.fails = None
    assert await fetch(cache, source) == source.body
    assert source.loads == 2


async def test_nobody_waits_long_for_a_process_that_died_at_its_load(
    process: Processes, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PATIENCE", 0.1)
    cache, source = process(redis_server.url), Source()
    name = finding.name_of(POLICY, b"/things", b"1")
    assert await process(redis_server.url).store.lock(name)  # and never released

    assert await fetch(cache, source) == source.body


async def test_nobody_waits_long_for_another_request(
    process: Processes, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PATIENCE", 0.05)
    cache, stuck, quick = process(redis_server.url), Source(slow=60), Source(b"quick")
    first = asyncio.create_task(fetch(cache, stuck))
    await stuck.begun.wait()

    assert await fetch(cache, quick) == b"quick"
    first.cancel()


async def test_whoever_leaves_takes_nobody_along(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source(slow=0.1)
    first = asyncio.create_task(fetch(cache, source))
    await source.begun.wait()
    second = asyncio.create_task(fetch(cache, source))
    await asyncio.sleep(0.01)
    first.cancel()

    assert await second == source.body
    assert source.loads == 1


async def test_what_another_state_was_read_in_is_not_handed_to_those_who_wait(
    process: Processes, redis_server: Redis
) -> None:
    cache = process(redis_server.url)
    loads = 0

    async def moves_on() -> Answer:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0.02)
        return Answer(b"%d" % loads, proof=b"2" if loads == 1 else b"1")

    found = await asyncio.gather(*(cache.fetch(POLICY, b"/things", b"1", moves_on) for _ in range(2)))

    # the second may have been asked when it was state 1 again: what the first one's load saw is older
    assert [answer.body for answer, _ in found] == [b"1", b"2"]
    assert (await cache.fetch(POLICY, b"/things", b"2", moves_on))[0].body == b"1"  # it is kept as what it is


async def test_redis_flushed_costs_a_load(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source()
    await fetch(cache, source)
    await cache.store.reach.redis.flushall()
    source.body = b"new"

    assert await fetch(cache, source) == b"new"


async def test_redis_full_costs_loads(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source()
    await cache.store.reach.redis.config_set("maxmemory-policy", "noeviction")
    await cache.store.reach.redis.config_set("maxmemory", "1")

    for n in range(3):
        source.body = b"%d" % n
        assert await fetch(cache, source) == source.body

    assert source.loads == 3
    assert cache.store.failures >= 3


async def test_redis_gone_costs_loads_and_is_used_when_it_is_back(process: Processes, redis_server: Redis) -> None:
    cache, source = process(redis_server.url), Source()
    await fetch(cache, source)
    redis_server.stop()

    for n in range(5):
        source.body = b"%d" % n
        assert await fetch(cache, source, state=b"gone %d" % n) == source.body

    redis_server.start()
    cache.store.reach._next_try = 0.0  # noqa: SLF001 - five seconds are over
    await fetch(cache, source, state=b"back")
    await fetch(cache, source, state=b"back")
    assert cache.counters.of(Outcome.redis) == 1


async def test_redis_silent_is_asked_once_and_then_left_alone(process: Processes, redis_server: Redis) -> None:
    assert redis_server.port
    with FaultProxy(redis_server.port) as proxy:
        proxy.faults.extend([HOLE] * 100)
        url = redis_server.url.replace(str(redis_server.port), str(proxy.port))
        cache, source = process(url, timeout=0.2), Source()

        for n in range(50):
            assert await fetch(cache, source, state=b"%d" % n) == source.body

        assert proxy.connections <= 2


@pytest.mark.parametrize("spoil", [lambda v: v[:-5], lambda v: b"x" + v, lambda v: v + b"more", lambda _: b"m1[]\n"])
async def test_what_cannot_be_read_is_loaded_anew(
    process: Processes, redis_server: Redis, spoil: Callable[[bytes], bytes]
) -> None:
    cache, source = process(redis_server.url), Source()
    await fetch(cache, source)
    [key] = await cache.store.reach.redis.keys(f"{PREFIX}*")
    await cache.store.reach.redis.set(key, spoil(await cache.store.reach.redis.get(key)))
    source.body = b"new"

    assert await fetch(cache, source) == b"new"
    assert cache.store.failures == 1


def test_what_is_long_is_compressed_and_comes_back_as_it_was() -> None:
    for answer in (Answer(b"short", 404), Answer(b"long" * 5000, etag='"7"', location="there", proof=b"\x00\xff")):
        written = dump(answer, 12.5)
        assert load(written) == (answer, 12.5)
        assert len(written) < 1000


async def raise_things(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("SELECT raise_generation('things'), raise_generation('things')"))


async def state(database: Database, cache: Cache, policy: Policy = POLICY) -> bytes:
    return await cache.state(database, policy, "")


async def test_a_generation_is_raised_by_the_commit(process: Processes, database: Database) -> None:
    cache = process("redis://127.0.0.1:1/0")
    before = await state(database, cache)

    async with database.transaction() as session:
        await session.execute(text("SELECT raise_generation('things')"))
        assert await state(database, cache) == before
    after = await state(database, cache)

    assert after != before
    assert await state(database, cache, Policy("others", ("others",))) == before.replace(b"things", b"others")
    async with database.engine.connect() as connection:
        await connection.execute(text("SELECT raise_generation('things')"))
        await connection.rollback()
    assert await state(database, cache) == after


async def test_a_savepoint_that_is_left_takes_no_raise_of_later_along(process: Processes, database: Database) -> None:
    cache = process("redis://127.0.0.1:1/0")
    before = await state(database, cache)

    async with database.transaction() as session:
        nested = await session.begin_nested()
        await session.execute(text("SELECT raise_generation('things')"))
        await nested.rollback()
        await session.execute(text("SELECT raise_generation('things')"))

    assert await state(database, cache) != before


async def test_a_long_log_is_folded_and_no_generation_moves(process: Processes, database: Database) -> None:
    cache, other = process("redis://127.0.0.1:1/0"), process("redis://127.0.0.1:1/0")
    seen = {await state(database, cache)}
    for n in range(LONG + 5):
        await raise_things(database)
        if n % 50 == 0:
            seen.add(await state(database, cache))
    before = await state(database, cache)  # folds
    assert await state(database, cache) == before
    assert len(seen | {before}) == 7, "a generation came back"
    row = await database.primary.row("SELECT count(*) FROM cache_generations WHERE tag = 'things'")
    assert row is not None
    assert row[0] < 10

    async def raises() -> None:
        for _ in range(50):
            await raise_things(database)

    async def folds(cache: Cache) -> None:
        for _ in range(50):
            await fold(database.primary)
            await state(database, cache)

    await asyncio.gather(raises(), folds(cache), folds(other))
    last = await state(database, cache)
    await asyncio.gather(*(folds(one) for one in (cache, other)))
    assert await state(database, other) == last


async def test_an_emptied_log_brings_no_generation_back(process: Processes, database: Database) -> None:
    cache = process("redis://127.0.0.1:1/0")
    await raise_things(database)
    before = await state(database, cache)
    await database.primary.rows("DELETE FROM cache_generations RETURNING id")
    await raise_things(database)

    assert await state(database, cache) != before


async def test_whoever_asks_while_a_question_is_under_way_gets_the_next_answer(database: Database) -> None:
    under_way, go_on, asked = asyncio.Event(), asyncio.Event(), []

    async def read(_reads: Reads, keys: object) -> dict[str, bytes]:
        asked.append(keys)
        answer = b"%d" % len(asked)
        under_way.set()
        await go_on.wait()
        return {"thing": answer}

    witness = Witness(read)
    first = asyncio.create_task(witness.now(database.primary, "thing"))
    await under_way.wait()
    later = [asyncio.create_task(witness.now(database.primary, "thing")) for _ in range(100)]
    await asyncio.sleep(0)
    later[0].cancel()  # and takes nobody along
    go_on.set()

    assert await first == b"1"
    assert await asyncio.gather(*later[1:]) == [b"2"] * 99
    assert len(asked) == 2


async def test_a_question_that_fails_fails_for_those_who_asked_it(database: Database) -> None:
    async def read(_reads: Reads, keys: object) -> dict[str, bytes]:
        if "bad" in keys:  # type: ignore[operator]
            raise OSError("away")
        return {"thing": b"1"}

    witness = Witness(read)
    found = await asyncio.gather(*(witness.now(database.primary, "bad") for _ in range(2)), return_exceptions=True)

    assert [type(one) for one in found] == [OSError, OSError]
    assert await witness.now(database.primary, "thing") == b"1"
