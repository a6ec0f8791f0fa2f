"""All documents are written anew while search goes on."""

import json
import secrets
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from mercat import outbox, search
from mercat.cli import app
from mercat.search import engines, jobs, rebuild
from mercat.search.exceptions import NoSuchEngine, ReindexRunning
from mercat.worker import REACTIONS
from search.conftest import nobody_waits
from shopping import Item, Shop

BOTH = ("postgresql", "elasticsearch")


class Interrupted(Exception):
    """Somebody has stopped the run."""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 2)


async def mugs(shop: Shop) -> list[Item]:
    items = [await shop.item(name=f"Mug {n}") for n in range(5)]
    await shop.handle_events()
    return items


async def names(shop: Shop, *, degraded: bool = False) -> set[str]:
    page: dict[str, Any] = (await shop.client.get("/products/search?q=mug")).json()
    assert page["degraded"] is degraded
    return {item["name"] for item in page["items"]}


def stop_after(engine: str, products: int) -> rebuild.Tell:
    def tell(kind: str, done: int, _total: int) -> None:
        if kind == engine and done >= products:
            raise Interrupted

    return tell


async def test_a_worker_fills_an_engine_that_is_new(shop: Shop, beside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PAUSE_SECONDS", 0)
    context = outbox.JobContext(shop.database, REACTIONS)
    queued = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'search.fill_index'"
    url = shop.database.settings.database_url
    await mugs(shop)
    everything = await names(shop, degraded=True)
    assert (beside, len(everything)) == ("elasticsearch", 5)
    assert "a worker begins to fill one within a minute" in (await search.state(url)).says

    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as somebody:
        await somebody.execute(rebuild.HOLD, (rebuild.KEY,))
        await jobs.catch_up(context)
        await jobs.catch_up(context)
        assert await shop.rows(queued) == [("todo",)]  # once, however often it is looked
        await shop.handle_events()  # somebody else does it: that is no failure
        assert await names(shop, degraded=True) == everything
    assert await shop.rows(f"{queued} AND status = 'failed'") == []

    await jobs.catch_up(context)
    await shop.handle_events()
    assert await names(shop) == everything
    assert (await search.state(url)).ok
    await jobs.catch_up(context)
    assert await shop.rows(f"{queued} AND status = 'todo'") == []


async def test_an_engine_that_is_away_is_not_filled_and_nothing_fails(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_SEARCH_URL", "http://127.0.0.1:9")
    await mugs(shop)

    await jobs.catch_up(outbox.JobContext(shop.database, REACTIONS))
    await shop.handle_events()

    assert await shop.rows("SELECT FROM procrastinate_jobs WHERE status = 'failed'") == []
    assert await shop.rows("SELECT FROM search_indexes") == []


async def test_an_interrupted_run_goes_on_and_misses_no_change(shop: Shop, beside: str) -> None:
    items = await mugs(shop)
    await search.reindex(shop.database, None, nobody_waits)
    [(before,)] = await shop.rows("SELECT name FROM search_indexes")

    with pytest.raises(Interrupted):
        await search.reindex(shop.database, beside, stop_after(beside, 4))
    admin = await shop.admin()
    await shop.client.patch(f"/products/{items[0].product_id}", json={"name": "Mug new"}, headers=admin.headers)
    await shop.client.delete(f"/products/{items[1].product_id}", headers=admin.headers)
    await shop.client.delete(f"/products/{items[4].product_id}", headers=admin.headers)
    await shop.item(name="Mug last")
    await shop.handle_events()
    expected = {"Mug new", "Mug 2", "Mug 3", "Mug last"}
    assert await names(shop) == expected  # the old index answers, and gets every change
    assert [row[1] for row in await shop.rows("SELECT name, is_active FROM search_indexes ORDER BY name")] == [
        True, False,
    ]  # fmt: skip

    [done] = await search.reindex(shop.database, beside, nobody_waits)

    assert (done.engine, done.resumed, done.products, done.failed) == (beside, True, 1, {})
    assert await names(shop) == expected
    [(after, is_active)] = await shop.rows("SELECT name, is_active FROM search_indexes")
    assert (after != before, is_active) == (True, True)
    there = await search.state(shop.database.settings.database_url)
    assert (there.ok, "has 4 of 4 documents" in there.says) == (True, True)


async def test_in_postgresql_each_document_is_replaced_and_what_is_unlisted_goes(shop: Shop) -> None:
    await mugs(shop)
    await shop.rows("UPDATE search_documents SET terms = '', popularity = 0 RETURNING 1")
    await shop.rows(
        "UPDATE product_projections SET listed = false WHERE position('Mug 3' IN page::text) > 0 RETURNING 1"
    )
    with pytest.raises(Interrupted):
        await search.reindex(shop.database, None, stop_after("postgresql", 2))
    assert await names(shop) == {"Mug 0", "Mug 1"}

    [done] = await search.reindex(shop.database, None, nobody_waits)

    assert (done.engine, done.resumed, done.failed) == ("postgresql", True, {})
    assert await names(shop) == {"Mug 0", "Mug 1", "Mug 2", "Mug 4"}
    assert await shop.rows("SELECT count(*) FROM search_documents") == [(4,)]
    assert await shop.rows("SELECT count(*) FROM search_indexes") == [(0,)]


@pytest.mark.usefixtures("beside")
async def test_until_there_is_an_index_postgresql_answers_and_nothing_piles_up(shop: Shop) -> None:
    await mugs(shop)

    assert len(await names(shop, degraded=True)) == 5
    assert await shop.rows("SELECT count(*) FROM search_changes") == [(0,)]


async def test_two_runs_exclude_each_other(shop: Shop) -> None:
    await mugs(shop)

    async with rebuild._alone(shop.database):  # noqa: SLF001 - another run
        with pytest.raises(ReindexRunning):
            await search.reindex(shop.database, None, nobody_waits)
    await search.reindex(shop.database, None, nobody_waits)
    with pytest.raises(NoSuchEngine, match="here there is: postgresql"):
        await search.reindex(shop.database, "elasticsearch", nobody_waits)


def test_the_command(database_url: str, osmem: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MERCAT_SEARCH_URL", osmem)
    monkeypatch.setenv("MERCAT_SEARCH_INDEX", f"test-{secrets.token_hex(6)}")
    file = tmp_path / "mugs.csv"
    file.write_text("Handle,Title,Published,Status,Variant Price\nmug,Mug,true,active,5\n")
    runner = CliRunner()
    assert runner.invoke(app, ["import", str(file)]).exit_code == 0

    done = runner.invoke(app, ["reindex", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [(one["engine"], one["products"], one["failed"]) for one in told] == [(kind, 1, {}) for kind in BOTH]
    one = runner.invoke(app, ["reindex", "--engine", "postgresql"])
    assert (one.exit_code, one.stdout) == (0, "postgresql: 1 product indexed\n")

    checks = {check["check"]: check for check in json.loads(runner.invoke(app, ["doctor", "--json"]).stdout)}
    assert (checks["search"]["ok"], "OpenSearch" in checks["search"]["says"]) == (True, True)
    assert runner.invoke(app, ["reindex", "--engine", "sphinx"]).exit_code == 1
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (rebuild.KEY,))
        second = runner.invoke(app, ["reindex"])
    assert (second.exit_code, "another `mercat reindex` is running" in second.output) == (1, True)
    monkeypatch.setenv("MERCAT_SEARCH_URL", "http://127.0.0.1:9")
    away = runner.invoke(app, ["reindex", "--engine", "elasticsearch"])
    assert (away.exit_code, "cannot be reached" in away.output) == (1, True)
