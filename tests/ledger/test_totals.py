"""Kept totals are exact at any moment, whoever writes while they are folded."""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from mercat import ledger
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.money import Money
from mercat.ledger import Account, Entry, Posting
from shopping import Shop

PARTIES = ("a", "b", "")
ACCOUNTS = (Account.sales, Account.payable, Account.cash)


async def write(database: Database, cause: str, chance: random.Random, *, pause: float = 0) -> None:
    """Book something random, and perhaps leave the transaction open for a while, or give it up."""
    postings = []
    for _ in range(chance.randint(1, 3)):
        amount = Money(chance.randint(-500, 500), chance.choice(("EUR", "JPY")))
        postings += [Posting(chance.choice(ACCOUNTS), amount * sign, chance.choice(PARTIES)) for sign in (1, -1)]
    async with database.transaction() as session:
        await ledger.post(session, Entry(f"test:{cause}", postings))
        await asyncio.sleep(pause)
        if chance.random() < 0.2:
            await session.rollback()


async def fold(database: Database) -> bool:
    async with database.transaction() as session:
        return await ledger.fold(session)


async def plain(shop: Shop) -> dict[str, dict[tuple[str, str], int]]:
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for party, account, currency, minor in await shop.rows(
        "SELECT party, account, currency, sum(amount_minor)::int FROM ledger_postings GROUP BY 1, 2, 3"
    ):
        found[party][account, currency] = minor
    return found


async def same(shop: Shop) -> None:
    """Assert that what is kept and what came after are the plain sums."""
    sums = await plain(shop)
    for party in PARTIES:
        async with shop.database.transaction() as session:
            kept = await ledger.standing(session, party, ACCOUNTS)
        assert {(a.value, c): money.minor for (a, c), money in kept.items()} == sums[party]


async def test_they_are_the_plain_sums_while_others_write(shop: Shop) -> None:
    chance = random.Random(7)
    for turn in range(12):
        writers = [
            write(shop.database, f"{turn}-{n}", chance, pause=chance.choice((0, 0, 0.01, 0.03))) for n in range(8)
        ]
        await asyncio.gather(*writers, *(fold(shop.database) for _ in range(3)))
        await same(shop)
    while await fold(shop.database) or not await _everything_is_folded(shop):
        await same(shop)
    await same(shop)


async def test_a_transaction_that_is_open_keeps_the_mark_from_passing_it(shop: Shop) -> None:
    async with shop.database.transaction() as slow:
        await ledger.post(slow, _moved("slow"))
        async with shop.database.transaction() as fast:
            await ledger.post(fast, _moved("fast"))
        assert [await fold(shop.database) for _ in range(3)] == [False, False, False]
        assert await _folded(shop) == 0

    assert await fold(shop.database)
    await same(shop)
    assert await shop.rows("SELECT sum(amount_minor)::int FROM ledger_totals WHERE party = 'a'") == [(200,)]


async def test_a_mark_of_another_server_is_chosen_anew(shop: Shop) -> None:
    async with shop.database.transaction() as session:
        await ledger.post(session, _moved("one"))
    await shop.rows("UPDATE ledger_marks SET next_xid = 1000000000000, next_id = 1 RETURNING id")

    assert [await fold(shop.database) for _ in range(2)] == [False, True]
    assert await _everything_is_folded(shop)


async def test_a_time_is_closed_when_nothing_can_come_into_it_and_stays_so(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = datetime(2030, 2, 1, tzinfo=UTC)
    now = end - timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: now)

    async def closed() -> bool:
        async with shop.database.transaction() as session:
            return await ledger.closed(session, end)

    async with shop.database.transaction() as early:
        await ledger.post(early, _moved("early"))
        now = end + timedelta(minutes=59)
        assert not await closed()
        now = end + timedelta(hours=5)
        async with shop.database.transaction() as later:
            await ledger.post(later, _moved("later"))
        assert [await fold(shop.database) for _ in range(3)] == [False, False, False]
        assert not await closed()

    while not await closed():
        await fold(shop.database)
    now = end + timedelta(hours=6)
    async with shop.database.transaction() as session:
        await ledger.post(session, _moved("much later"))
        assert await closed()
    assert await closed()


async def test_a_time_is_closed_although_nothing_was_booked_after_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = datetime(2030, 2, 1, tzinfo=UTC)
    now = end - timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    async with shop.database.transaction() as session:
        await ledger.post(session, _moved("early"))
    now = end + timedelta(hours=1)
    for says in (False, True):
        await fold(shop.database)
        async with shop.database.transaction() as session:
            assert await ledger.closed(session, end) is says
    async with shop.database.transaction() as session:
        await ledger.post(session, _moved("the first one after it"))
    async with shop.database.transaction() as session:
        assert await ledger.closed(session, end)


def _moved(cause: str) -> Entry:
    amount = Money(100, "EUR")
    return Entry(f"test:{cause}", (Posting(Account.cash, amount, "a"), Posting(Account.sales, amount * -1, "b")))


async def _folded(shop: Shop) -> int:
    return int((await shop.rows("SELECT folded_id FROM ledger_marks"))[0][0])


async def _everything_is_folded(shop: Shop) -> bool:
    ((last,),) = await shop.rows("SELECT max(id) FROM ledger_postings")
    return await _folded(shop) >= last
