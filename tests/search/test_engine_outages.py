"""What happens while the engine beside PostgreSQL is away, and when it is back or has lost what it had."""

import secrets
from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from fault_proxy import HOLE, LOST, FaultProxy
from mercat import outbox, search
from mercat.search import engines, jobs, postgresql
from mercat.search.engines import Outage, remote
from mercat.search.exceptions import EngineAway, EngineError, IndexMissing
from mercat.search.remote import FIRST, Copy, Remote, Write
from mercat.worker import REACTIONS
from search.conftest import nobody_waits
from shopping import Shop


class Wire:
    """The way to the engine, which can be cut and mended."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.proxy = FaultProxy(to)
        self.proxy.__enter__()

    def cut(self) -> None:
        self.proxy.__exit__()

    def mend(self) -> None:
        port = self.proxy.port
        self.proxy = FaultProxy(self._to)
        self.proxy.port = port
        self.proxy.__enter__()


@pytest.fixture
async def wire(shop: Shop, osmem: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """Search is answered by an engine at the other end, which has one product."""
    wire = Wire(urlsplit(osmem).port or 0)
    monkeypatch.setattr(engines, "PAUSE_SECONDS", 0)
    monkeypatch.setenv("MERCAT_SEARCH_URL", wire.proxy.url)
    monkeypatch.setenv("MERCAT_SEARCH_INDEX", f"test-{secrets.token_hex(6)}")
    await shop.item(name="Mug")
    await shop.handle_events()
    await search.reindex(shop.database, None, nobody_waits)
    yield wire
    await search.close()
    wire.cut()


def engine() -> Remote:
    other = remote()
    assert other is not None
    return other


async def found(shop: Shop, words: str) -> tuple[int, bool]:
    answer = await shop.client.get("/products/search", params={"q": words})
    assert answer.status_code == 200, answer.text
    return answer.json()["total"], answer.json()["degraded"]


async def catch_up(shop: Shop) -> None:
    await jobs.catch_up(outbox.JobContext(shop.database, REACTIONS))


async def test_postgresql_answers_meanwhile_and_nothing_is_lost(shop: Shop, wire: Wire) -> None:
    assert await found(shop, "mug") == (1, False)
    [(product_id,)] = await shop.rows("SELECT id FROM products")

    wire.cut()
    await shop.item(name="Bowl")
    admin = await shop.admin()
    await shop.client.delete(f"/products/{product_id}", headers=admin.headers)
    await shop.handle_events()
    assert (await found(shop, "bowl"), await found(shop, "mug")) == ((1, True), (0, True))
    assert (await shop.client.get("/products/suggest?q=bo")).json()["queries"] == ["bowl"]
    assert await shop.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [(0,)]
    await catch_up(shop)  # in vain, and that is no failure
    there = await search.state(shop.database.settings.database_url)
    assert (there.ok, "cannot be reached" in there.says) == (False, True)

    wire.mend()
    assert (await found(shop, "bowl"), await found(shop, "mug")) == ((0, False), (1, False))
    there = await search.state(shop.database.settings.database_url)
    assert (there.ok, "2 products wait" in there.says) == (False, True)
    await catch_up(shop)
    assert (await found(shop, "bowl"), await found(shop, "mug")) == ((1, False), (0, False))
    there = await search.state(shop.database.settings.database_url)
    assert (there.ok, "has 1 of 1 documents" in there.says) == (True, True)
    assert await shop.rows("SELECT FROM search_changes") == []


async def test_a_write_whose_answer_is_lost_is_sent_again(shop: Shop, wire: Wire) -> None:
    await search.close()
    wire.proxy.faults.append(LOST)
    await shop.item(name="Bowl")
    await shop.handle_events()
    assert await shop.rows("SELECT count(*) FROM search_changes") == [(1,)]

    await catch_up(shop)

    assert await found(shop, "bowl") == (1, False)


async def test_a_marketplace_may_want_no_other_answer(shop: Shop, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    await search.close()
    monkeypatch.setenv("MERCAT_SEARCH_FALLBACK", "false")
    assert await found(shop, "mug") == (1, False)

    wire.cut()
    for path in ("/products/search?q=mug", "/products?q=mug", "/products/suggest?q=mug"):
        answer = await shop.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "search.unavailable"), path
        assert int(answer.headers["retry-after"]) > 0
    assert (await shop.client.get("/products")).status_code == 200
    wire.mend()


async def test_silence_is_not_waited_for_by_every_request(
    shop: Shop, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    await search.close()
    monkeypatch.setenv("MERCAT_SEARCH_TIMEOUT", "0.2")
    monkeypatch.setattr(engines, "PAUSE_SECONDS", 60)
    wire.proxy.faults.extend([HOLE] * 9)

    assert [await found(shop, "mug") for _ in range(3)] == [(1, True)] * 3

    assert len(wire.proxy.faults) == 8


def test_one_caller_asks_again_after_a_pause_and_the_others_go_on() -> None:
    now = 0.0
    outage = Outage(clock=lambda: now)
    assert not outage.lasts
    outage.note(EngineAway("silent"))
    assert outage.lasts

    now = 6.0
    assert [outage.lasts, outage.lasts] == [False, True]
    outage.end()
    assert not outage.lasts


@pytest.mark.usefixtures("wire")
async def test_an_older_write_never_wins(shop: Shop) -> None:
    await shop.item(name="Bowl")
    await shop.handle_events()
    name = (await shop.rows("SELECT name FROM search_indexes"))[0][0]
    rows = await shop.rows("SELECT product_id FROM search_documents ORDER BY product_id")
    mug, bowl = [UUID(str(row[0])) for row in rows]

    for write in (
        Write(mug, "en", 10**6, None),  # as if it had gone later
        Write(mug, "en", FIRST, await copy_of(shop, mug)),
        Write(mug, "en", 999, await copy_of(shop, mug)),
        Write(bowl, "en", FIRST, await copy_of(shop, mug)),
    ):
        assert list(await engine().write(name, [write])) == []
    await engine().refresh(name)

    assert (await found(shop, "mug"), await found(shop, "bowl")) == ((0, False), (1, False))


async def copy_of(shop: Shop, product_id: UUID) -> Copy:
    async with shop.database.primary_session() as session:
        return (await postgresql.copies_of(session, [product_id]))[0]


@pytest.mark.usefixtures("wire")
async def test_an_index_that_was_deleted_is_not_made_by_a_late_write(shop: Shop) -> None:
    name = (await shop.rows("SELECT name FROM search_indexes"))[0][0]
    other = engine()
    await other.create(f"{other.index}-1")
    await other.tidy(f"{other.index}-1")

    await shop.item(name="Bowl")
    await shop.handle_events()

    assert await found(shop, "bowl") == (1, True)
    with pytest.raises(IndexMissing):
        await other.write(name, [Write(UUID(int=1), "en", 5, None)])
    there = await search.state(shop.database.settings.database_url)
    assert (there.ok, "a worker begins to fill one" in there.says) == (False, True)

    await search.reindex(shop.database, None, nobody_waits)
    assert (await found(shop, "bowl"), await found(shop, "mug")) == ((1, False), (1, False))


async def test_errors_say_what_is_wrong(osmem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_SEARCH_URL", osmem)
    other = engine()
    with pytest.raises(EngineError, match=r"no such index|index_not_found|has no index"):
        await other.activate("nothing-1")
    await other.close()

    monkeypatch.setenv("MERCAT_SEARCH_URL", "http://u:hidden@127.0.0.1:9")
    other = engine()
    assert "hidden" not in other.where
    with pytest.raises(EngineAway, match="cannot be reached") as failure:
        await other.about()
    assert "hidden" not in str(failure.value)
    await other.close()
