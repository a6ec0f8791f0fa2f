"""Whole files in and out of a real database."""

import asyncio
import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catalog.feeds.conftest import SHIRT, ReadFeed, WriteFeed, more, plain
from mercat.auth import Actor
from mercat.catalog.feeds import ImportProgress, ImportReport, export_file, import_file, importer
from mercat.kit.database import Database

ODD = "=SUM(A1)"
TESTER = Actor(name="test")


def feed(write_feed: WriteFeed) -> Path:
    """A catalogue with something of everything."""
    return write_feed(
        {**SHIRT, "Body (HTML)": '<p>Cotton,\n"fine" &amp; <b>warm</b></p>', "SEO Title": "@home"},
        more("shirt", Option1_Value="M", Variant_SKU="'+49", Variant_Price="21", Image_Src="/media/b.jpg",
             Image_Alt_Text="-- back"),
        more("shirt", Option1_Value="L", Variant_SKU="SH-L", Variant_Price="0", Variant_Inventory_Qty="0",
             Variant_Inventory_Policy="continue", Variant_Image="/media/l.jpg"),
        {**plain("cup", Variant_SKU="=C1"), "Title": f"'{ODD}", "Vendor": "'=Evil & Söhne", "Tags": "Zürich, ★"},
        plain("draft-cup", Published="false"),
        plain("old-cup", Status="archived"),
        {**plain("日本の茶碗"), "Type": "茶碗", "Option1 Name": "色", "Option1 Value": "青"},
    )  # fmt: skip


async def run(database: Database, path: Path, vendor_slug: str = "acme") -> ImportReport:
    return await import_file(database, path, vendor_slug=vendor_slug, actor=TESTER)


async def rows(database: Database, statement: str) -> Sequence[Any]:
    return await database.primary.rows(statement)


async def test_a_second_run_changes_nothing(database: Database, write_feed: WriteFeed) -> None:
    path = feed(write_feed)
    first = await run(database, path)
    assert (first.read, first.created, first.updated, first.unchanged, first.errors) == (5, 5, 0, 0, [])
    before = await rows(database, "SELECT t::text FROM products t UNION ALL SELECT t::text FROM variants t ORDER BY 1")
    second = await run(database, path)
    assert (second.read, second.created, second.updated, second.unchanged) == (5, 0, 0, 5)
    after = await rows(database, "SELECT t::text FROM products t UNION ALL SELECT t::text FROM variants t ORDER BY 1")
    assert after == before


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
async def test_a_round_trip_into_the_same_shop_changes_nothing(
    database: Database, write_feed: WriteFeed, tmp_path: Path, name: str
) -> None:
    await run(database, feed(write_feed))
    assert await export_file(database, tmp_path / name, vendor_slug="acme") == 5
    again = await run(database, tmp_path / name)
    assert (again.unchanged, again.created, again.updated, again.errors) == (5, 0, 0, [])


async def test_a_round_trip_into_another_shop_gives_the_same_products(
    database: Database, write_feed: WriteFeed, read_feed: ReadFeed, tmp_path: Path
) -> None:
    await run(database, feed(write_feed))
    await export_file(database, tmp_path / "a.csv", vendor_slug="acme")
    assert (await run(database, tmp_path / "a.csv", "other")).created == 5
    await export_file(database, tmp_path / "b.csv", vendor_slug="other")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    cup = read_feed(tmp_path / "b.csv").products[1]
    assert (cup.name, cup.brand, cup.variants[0].sku) == (ODD, "=Evil & Söhne", "=C1")


async def test_no_cell_of_an_export_is_a_formula(database: Database, write_feed: WriteFeed, tmp_path: Path) -> None:
    await run(database, feed(write_feed))
    await export_file(database, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert f"'{ODD}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


async def test_oversold_stock_survives_the_round_trip(
    database: Database, write_feed: WriteFeed, tmp_path: Path
) -> None:
    await run(database, write_feed(plain("cup", Variant_Inventory_Qty="2", Variant_Inventory_Policy="continue")))
    async with database.transaction() as session:
        await session.execute(text("UPDATE stock_levels SET reserved = 5"))
    await export_file(database, tmp_path / "out.csv")
    assert (await run(database, tmp_path / "out.csv")).unchanged == 1
    assert await rows(database, "SELECT on_hand, reserved FROM stock_levels") == [(2, 5)]
    assert (await run(database, tmp_path / "out.csv", "other")).created == 1
    assert await rows(database, "SELECT on_hand FROM stock_levels ORDER BY 1") == [(0,), (2,)]


async def test_prices_in_another_currency_are_refused(database: Database, tmp_path: Path) -> None:
    header = "Handle,Title,Variant Price,Variant Currency"
    (tmp_path / "in.csv").write_text(f"{header}\ncup,Cup,1500,JPY\nmug,Mug,15.00,eur\nvase,Vase,20.00,\n")
    report = await run(database, tmp_path / "in.csv")
    assert next((error.line, error.code) for error in report.errors) == (2, "bad_currency")
    assert await rows(database, "SELECT currency, price_minor FROM variants ORDER BY price_minor") == [
        ("EUR", 1500), ("EUR", 2000),
    ]  # fmt: skip


async def test_names_whose_slug_was_chosen_lead_back_to_themselves(
    database: Database, write_feed: WriteFeed, tmp_path: Path
) -> None:
    await run(database, write_feed(SHIRT))
    async with database.transaction() as session:
        await session.execute(text("UPDATE categories SET slug = 'mens-shirts'"))
    await export_file(database, tmp_path / "out.csv")
    assert (await run(database, tmp_path / "out.csv")).unchanged == 1
    assert await rows(database, "SELECT slug, name FROM categories") == [("mens-shirts", "Shirts")]


async def test_only_the_named_shop_is_exported_and_nothing_deleted(
    database: Database, write_feed: WriteFeed, read_feed: ReadFeed, tmp_path: Path
) -> None:
    await run(database, write_feed(plain("cup"), plain("mug")))
    await run(database, write_feed(plain("pot")), "other")
    async with database.transaction() as session:
        await session.execute(text("UPDATE products SET deleted_at = now() WHERE handle = 'mug'"))
    assert await export_file(database, tmp_path / "one.csv", vendor_slug="acme") == 1
    assert await export_file(database, tmp_path / "all.csv") == 2
    assert read_feed(tmp_path / "one.csv").handles == ["cup"]
    assert read_feed(tmp_path / "all.csv").handles == ["cup", "pot"]
    assert await export_file(database, tmp_path / "none.csv", vendor_slug="nobody") == 0


async def test_an_export_that_fails_leaves_the_old_file(
    database: Database, write_feed: WriteFeed, tmp_path: Path
) -> None:
    await run(database, write_feed(plain("cup")))
    target = tmp_path / "out" / "catalogue.csv"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")
    async with database.transaction() as session:
        await session.execute(text("ALTER TABLE product_images RENAME TO away"))
    with pytest.raises(Exception, match="product_images"):
        await export_file(database, target)
    assert [path.read_text(encoding="utf-8") for path in target.parent.iterdir()] == ["old"]


async def test_an_export_into_an_open_file(database: Database, write_feed: WriteFeed) -> None:
    await run(database, write_feed(plain("cup")))
    buffer = io.BytesIO()
    assert await export_file(database, buffer) == 1
    assert buffer.getvalue().startswith(b"Handle,Title,Body (HTML),")


async def test_a_large_file_goes_in_batches_and_tells_how_far_it_is(database: Database, write_feed: WriteFeed) -> None:
    path = write_feed(*(plain(f"cup-{n}", price="x" if n % 1_000 == 0 else "1") for n in range(4_500)))
    seen: list[ImportProgress] = []
    report = await import_file(database, path, vendor_slug="acme", actor=TESTER, on_progress=seen.append)
    assert (report.read, report.created, report.error_count) == (4_495, 4_495, 10)
    assert [progress.read for progress in seen] == [2_000, 4_000, 4_495]
    assert (seen[-1].bytes_read, seen[-1].bytes_total) == (path.stat().st_size, path.stat().st_size)


async def test_errors_are_counted_beyond_the_first_thousand(database: Database, write_feed: WriteFeed) -> None:
    report = await run(database, write_feed(*(plain(f"cup-{n}", price="x") for n in range(700)), plain("good")))
    assert (report.read, report.created, report.error_count, len(report.errors)) == (1, 1, 1_400, 1_000)
    assert report.errors[0].line == 2


async def test_a_broken_run_is_simply_started_again(database: Database, write_feed: WriteFeed, tmp_path: Path) -> None:
    whole = write_feed(*(plain(f"cup-{n}", Variant_SKU=str(n)) for n in range(3_000)))
    packed = gzip.compress(whole.read_bytes())
    part = tmp_path / "part.csv.gz"
    part.write_bytes(packed[: len(packed) // 2])
    broken = await run(database, part)
    assert [error.code for error in broken.errors] == ["broken_file"]
    complete = await run(database, whole)
    assert complete.unchanged == broken.created > 0
    assert complete.created == 3_000 - broken.created


async def test_brands_can_become_shops(database: Database, write_feed: WriteFeed) -> None:
    path = write_feed(plain("a", Vendor="Nike"), plain("b", Vendor="NIKE"), plain("c", Vendor="Söhne & Co"), plain("d"))
    for expected in ((4, 0), (0, 4)):
        report = await import_file(database, path, vendor_slug="house", actor=TESTER, brands_as_vendors=True)
        assert (report.created, report.unchanged) == expected
    found = await rows(
        database, "SELECT v.slug, v.name, p.handle FROM products p JOIN vendors v ON v.id = vendor_id ORDER BY p.handle"
    )
    assert found == [
        ("nike", "Nike", "a"), ("nike", "Nike", "b"), ("sohne-co", "Söhne & Co", "c"), ("house", "House", "d")
    ]  # fmt: skip


async def test_two_imports_of_the_same_file_at_once(database: Database, write_feed: WriteFeed) -> None:
    path = feed(write_feed)
    reports = await asyncio.gather(*(run(database, path) for _ in range(3)), run(database, path, "other"))
    assert sum(report.created for report in reports[:3]) == 5
    assert reports[3].created == 5
    assert all(report.created + report.unchanged == 5 and not report.errors for report in reports)


async def test_a_batch_that_meets_a_quicker_writer_is_repeated(database: Database, write_feed: WriteFeed) -> None:
    """Another shop takes the slug between our looking and our writing: we wait for it, fail, and take the next one."""
    await run(database, write_feed(plain("unrelated")), "other")
    async with database.transaction() as session:
        await session.execute(text("INSERT INTO product_slugs SELECT 'cup', id FROM products"))
        waiting = asyncio.create_task(run(database, write_feed(plain("cup"))))
        await until_blocked(database)
        assert not waiting.done()
    report = await waiting
    assert report.created == 1
    assert await rows(database, "SELECT slug FROM products WHERE handle = 'cup'") == [("cup-2",)]


async def until_blocked(database: Database) -> None:
    """Wait until a statement waits for a lock."""
    waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not await rows(database, waiting):  # noqa: ASYNC110 - PostgreSQL wakes nobody for this
        await asyncio.sleep(0.01)


async def test_a_batch_that_fails_leaves_nothing_of_itself(database: Database, write_feed: WriteFeed) -> None:
    path = write_feed(*(plain(f"cup-{n}", Vendor="Acme") for n in range(importer.BATCH_PRODUCTS * 2)))
    async with database.transaction() as session:
        await session.execute(text("ALTER TABLE product_slugs ADD CHECK (slug <> 'cup-3000')"))
    with pytest.raises(Exception, match="product_slugs"):
        await run(database, path)
    assert await rows(database, "SELECT count(*), max(handle) FROM products") == [(importer.BATCH_PRODUCTS, "cup-999")]
