"""The log of searches: what is counted, what is never kept, what operators see of it, and what it suggests."""

from datetime import timedelta
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from mercat import outbox
from mercat.kit import clock
from mercat.search import log
from mercat.search.log.terms import term_of
from mercat.worker import REACTIONS
from shopping import Shop

ROWS = """
INSERT INTO search_terms (day, locale, term, searches, found_nothing, corrected, results)
SELECT current_date - %s::int, 'en', %s, %s::int, 0, %s::int, %s::int RETURNING term
"""


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("Mug", "mug"), ("  Crème   BRÛLÉE! ", "creme brulee"), ("T-Shirt", "t shirt"), ("Potter's", "potters"),
        ("mug -Red", "mug -red"), ('"Set of cups" tea', '"set of cups" tea'), ("mugs & cups", "mugs cups"),
        ("mugs and cups", "mugs and cups"), ("日本の湯呑み", "日本の湯呑み"), ("-semi-matt", "-semi -matt"),
        ("mug or cup", "mug or cup"),
        ("size 42", "size 42"), ("\u200bmug", "mug"),
        # nothing, and what may be about somebody
        ("", None), ("- & |", None), ("ada@example.com", None), ("ada (at) example", None),
        ("my ada\uff20example.com mail", None),
        ("030 1234567", None), ("+49 (0)30/12 34 56", None), ("4006381333931", None), ("M-100001", None),
        ("order m 100023", None), ("m#100023", None), ("100001", None), ("https://shop.example/x", None),
        ("www.example.com", None), ("x" * 40, None), ("a b " * 40, None), ("DE89 3704 0044 0532 0130 00", None),
    ],
)  # fmt: skip
def test_what_is_kept_of_a_query(typed: str, term: str | None) -> None:
    assert term_of(typed) == term


@pytest.fixture
async def searched(app: FastAPI) -> log.SearchLog:
    """What this process counts; what other tests have searched for is forgotten."""
    app.state.search_log.__init__()
    found: log.SearchLog = app.state.search_log
    return found


async def counted(shop: Shop, searched: log.SearchLog) -> dict[str, tuple[int, ...]]:
    await searched.write(shop.database)
    rows = await shop.rows(
        "SELECT term, searches, found_nothing, corrected, results FROM search_terms WHERE locale = 'en'"
    )
    return {row[0]: row[1:] for row in rows}


async def test_what_only_fewer_words_find_was_not_found(shop: Shop, searched: log.SearchLog) -> None:
    await shop.item(name="Red mug")
    await shop.handle_events()

    for path in ("/products/search", "/products"):
        assert (await shop.client.get(path, params={"q": "red mug xqzzyk"})).json()["relaxed"]

    assert await counted(shop, searched) == {"red mug xqzzyk": (2, 2, 0, 0)}


async def test_first_pages_of_what_was_typed_are_counted(shop: Shop, searched: log.SearchLog) -> None:
    await shop.item(name="Mug")
    await shop.item(name="Teapot")
    await shop.handle_events()

    for path, times in (
        ("/products/search?q=mug", 2), ("/products/search?q=MUG", 1), ("/products?q=M%C3%BCg&size=5", 1),
        ("/products/search?q=mugs+or+teapots", 1), ("/products/search?q=teapto", 1), ("/products/search?q=nothing", 3),
        # neither other pages, nor clicks, nor what is typed letter by letter, nor what was refused
        ("/products/search?q=mug&page=2", 1), ("/products/search?q=mug&in_stock=true", 1),
        ("/products/search?q=mug&sort=price", 1), ("/products/search?q=mug&brand=x", 1), ("/products/suggest?q=mu", 1),
        ("/products/search?q=", 1), ("/products/search?q=+", 1), ("/products", 1), ("/products/search?q=mug&hue=1", 1),
        ("/products/search?q=%2B49+30+1234567", 1), ("/products?q=mug&cursor=", 1),
    ):  # fmt: skip
        for _ in range(times):
            await shop.client.get(path)

    assert await counted(shop, searched) == {
        "mug": (4, 0, 0, 1), "mugs or teapots": (1, 0, 0, 2), "teapto": (1, 0, 1, 1), "nothing": (3, 3, 0, 0),
    }  # fmt: skip
    assert await counted(shop, searched) == await counted(shop, searched)  # nothing is written twice
    await shop.client.get("/products/search?q=mug")
    assert (await counted(shop, searched))["mug"] == (5, 0, 0, 1)


async def test_nothing_tells_who_searched(shop: Shop, searched: log.SearchLog) -> None:
    buyer = await shop.buyer()
    await shop.client.get("/products/search?q=mug", headers=buyer.headers)
    await counted(shop, searched)

    columns = await shop.rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'search_terms'")
    assert {name for (name,) in columns} == {
        "day", "locale", "term", "searches", "found_nothing", "corrected", "results",
    }  # fmt: skip


async def test_what_cannot_be_written_waits(shop: Shop, searched: log.SearchLog) -> None:
    async def rename(before: str, after: str) -> None:
        async with shop.database.transaction() as session:
            await session.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))

    await rename("search_terms", "away")
    await shop.client.get("/products/search?q=mug")
    await searched.write(shop.database)
    await rename("away", "search_terms")
    await shop.client.get("/products/search?q=mug")

    assert (await counted(shop, searched))["mug"][0] == 2


async def test_processes_write_the_same_terms_at_once(shop: Shop, searched: log.SearchLog) -> None:
    asked = [f"term{number}" for number in range(40)]
    for order in (asked, asked[::-1]):
        for term in order:
            await shop.client.get("/products/search", params={"q": term})
    logs = [searched, *(log.SearchLog() for _ in range(4))]
    for one in logs[1:]:
        one._answered, one._asked = logs[0]._answered.copy(), logs[0]._asked.copy()  # noqa: SLF001 - other processes

    async with anyio.create_task_group() as tasks:
        for one in logs:
            tasks.start_soon(one.write, shop.database)

    assert {row[0] for row in (await counted(shop, searched)).values()} == {10}


async def listed(shop: Shop, query: str = "") -> dict[str, Any]:
    answer = await shop.client.get(f"/search-terms?{query}", headers=(await shop.admin()).headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
async def past(shop: Shop) -> None:
    for row in (
        (0, "mug", 5, 0, 7), (1, "mug", 6, 0, 8), (40, "mug", 100, 0, 9), (2, "muffin", 3, 0, 0),
        (3, "mugwort", 20, 15, 4),
        (0, "=sum", 1, 0, 1), (0, "bowl", 9, 0, 2),
    ):  # fmt: skip
        await shop.rows(ROWS, *row)


@pytest.mark.usefixtures("past")
async def test_operators_see_what_was_searched_for(shop: Shop) -> None:
    found = await listed(shop)
    assert [(row["term"], row["searches"], row["results"]) for row in found["items"]] == [
        ("mugwort", 20, 4), ("mug", 11, 7), ("bowl", 9, 2), ("muffin", 3, 0), ("=sum", 1, 1),
    ]  # fmt: skip
    assert found["items"][1]["last_searched_on"] == clock.now().date().isoformat()
    for query, terms in {
        "found=false": ["muffin"], "found=true&sort=term": ["=sum", "bowl", "mug", "mugwort"],
        "q=M%C3%9CG&sort=-term": ["mugwort", "mug"],
        "locale=de": [], "size=2&page=2": ["bowl", "muffin"], "sort=-results&size=1": ["mug"],
        f"until={(clock.now() - timedelta(days=35)).date()}": ["mug"],
        f"since={(clock.now() - timedelta(days=50)).date()}&size=1": ["mug"], "sort=-corrected&size=1": ["mugwort"],
    }.items():  # fmt: skip
        assert [row["term"] for row in (await listed(shop, query))["items"]] == terms, query
    for query in ("since=2026-02-02&until=2026-01-01", "since=yesterday", "sort=hue", "found=maybe"):
        answer = await shop.client.get(f"/search-terms?{query}", headers=(await shop.admin()).headers)
        assert answer.status_code == 422, query


@pytest.mark.usefixtures("past")
async def test_all_of_it_is_a_file(shop: Shop) -> None:
    answer = await shop.client.get("/search-terms/export?sort=term", headers=(await shop.admin()).headers)

    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert lines[0] == "term,locale,searches,found_nothing,corrected,results,last_searched_on"
    assert [line.split(",")[0] for line in lines[1:]] == ["'=sum", "bowl", "muffin", "mug", "mugwort"]


async def test_only_those_who_may_see_it(shop: Shop) -> None:
    for path in ("/search-terms", "/search-terms/export"):
        assert (await shop.client.get(path)).status_code == 401
        assert (await shop.client.get(path, headers=(await shop.buyer()).headers)).status_code == 403


async def test_old_searches_are_purged_in_batches(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.rows("""
        INSERT INTO search_terms SELECT current_date - n / 100, 'en', 'term ' || n, 1, 0, 0, 1
        FROM generate_series(0, 999) n RETURNING term""")
    monkeypatch.setenv("MERCAT_SEARCH_LOG_DAYS", "4")
    monkeypatch.setattr("mercat.search.log.jobs.BATCH", 150)

    await log.jobs.purge_log(outbox.JobContext(shop.database, REACTIONS))

    assert await shop.rows("SELECT count(*), min(day) = current_date - 4 FROM search_terms") == [(500, True)]


async def suggested(shop: Shop, typed: str) -> list[str]:
    found: list[str] = (await shop.client.get("/products/suggest", params={"q": typed})).json()["queries"]
    return found


async def test_what_many_searched_for_is_suggested(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Mug tree", "Muffin tin", "Mugwort"):
        await shop.item(name=name)
    await shop.handle_events()
    for row in (
        (1, "mug tree large", 3, 0, 2), (2, "mug tree large", 3, 0, 2), (1, "muffin", 30, 0, 1), (2, "muffin", 1, 0, 1),
        (1, "mug of a friend", 50, 0, 9),  # on one day alone
        (1, "mug rare", 2, 0, 9), (2, "mug rare", 2, 0, 9),  # by few
        (1, "mug gone", 9, 0, 0), (2, "mug gone", 9, 0, 9),  # finds nothing any more
        (1, "mug tere", 9, 9, 1), (2, "mug tere", 9, 9, 1),  # a slip
        (1, 'mug "red"', 9, 0, 1), (2, 'mug "red"', 9, 0, 1), (1, "mug -red", 9, 0, 1), (2, "mug -red", 9, 0, 1),
        (200, "mug old", 9, 0, 1), (201, "mug old", 9, 0, 1),
    ):  # fmt: skip
        await shop.rows(ROWS, *row)
    assert await suggested(shop, "mu") == ["muffin", "mug", "mugwort"]
    await log.jobs.find_popular(outbox.JobContext(shop.database, REACTIONS))

    assert await suggested(shop, "mu") == ["muffin", "mug tree large", "mug", "mugwort"]
    assert (await suggested(shop, "Mug T"))[0] == "mug tree large"
    assert await suggested(shop, "mug o") == []
    assert await suggested(shop, "") == []

    monkeypatch.setenv("MERCAT_SEARCH_POPULAR_DAYS", "1")
    await log.jobs.find_popular(outbox.JobContext(shop.database, REACTIONS))
    assert "mug of a friend" in await suggested(shop, "mug o")
    await shop.rows("DELETE FROM search_terms RETURNING 1")
    await log.jobs.find_popular(outbox.JobContext(shop.database, REACTIONS))
    assert await suggested(shop, "mug o") == []
