"""Prices that vendors have set in other currencies, in files: out, in again, and nothing half done."""

import csv
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from catalog.feeds.test_for_sale import IMPORTER, bring
from catalog.test_currency_prices import costs, enable, read, set_prices, told
from mercat.catalog.feeds import FileRefusedError, export_file, import_all, import_file
from pricing.operating import operate
from shopping import Shop

HEADER = "Handle,Variant SKU,Price / USD,Compare At Price / USD,Price / JPY"
SET = """
SELECT v.sku, p.currency, p.price_minor, p.compare_at_minor
FROM variant_prices p JOIN variants v ON v.id = p.variant_id ORDER BY 1, 2
"""


@pytest.fixture
async def clay(shop: Shop, tmp_path: Path) -> Shop:
    """A vendor with a tee in two sizes and a cup, in a marketplace with three other currencies."""
    await enable(shop, "USD", "JPY", "KWD")
    report = await bring(
        shop, tmp_path, "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price",
        "tee,Tee,Size,S,T-S,4,20.00", "tee,,,M,T-M,2,21.00", "cup,Cup,,,CUP,1,5.00",
    )  # fmt: skip
    assert report.errors == []
    return shop


async def stored(shop: Shop) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await shop.rows(SET)]


async def versions(shop: Shop) -> dict[str, int]:
    return dict(await shop.rows("SELECT handle, version FROM products"))


async def costing(shop: Shop, currency: str) -> dict[str, str]:
    """Return what the variants of the tee cost on its page, by title."""
    page = await read(shop, "/products/tee", currency=currency)
    return {one["title"]: told(one["price"]) for one in page["variants"]}


async def test_prices_come_in_go_out_and_come_in_again_without_a_change(clay: Shop, tmp_path: Path) -> None:
    report = await bring(clay, tmp_path, HEADER, "tee,T-S,22.00,25.00,", "tee,T-M,,,3500", "cup,CUP,0,,")
    assert (report.errors, report.updated) == ([], 2)
    prices = [("CUP", "USD", 0, None), ("T-M", "JPY", 3500, None), ("T-S", "USD", 2200, 2500)]
    assert await stored(clay) == prices
    assert await costing(clay, "USD") == {"S": "22.00 USD", "M": "22.99 USD"}
    assert await costing(clay, "JPY") == {"S": "3260 JPY", "M": "3500 JPY"}
    before = await versions(clay)

    path = tmp_path / "out.csv"
    await export_file(clay.database, path, vendor_slug="clay")
    with path.open(encoding="utf-8", newline="") as file:
        written = {row["Variant SKU"]: row for row in csv.DictReader(file)}
    assert [written[sku]["Price / USD"] for sku in ("T-S", "T-M", "CUP")] == ["22.00", "", "0.00"]
    assert written["T-S"]["Compare At Price / USD"] == "25.00"
    assert [written[sku]["Price / JPY"] for sku in ("T-S", "T-M")] == ["", "3500"]
    assert written["T-S"]["Price / KWD"] == ""
    assert "Price / EUR" not in written["T-S"]
    again = await import_file(clay.database, path, vendor_slug="clay", actor=IMPORTER)
    assert (again.errors, again.unchanged, again.updated) == ([], 2, 0)
    assert (await stored(clay), await versions(clay)) == (prices, before)

    elsewhere = await import_file(clay.database, path, vendor_slug="other", actor=IMPORTER)
    assert (elsewhere.errors, elsewhere.created) == ([], 2)
    assert sorted(await stored(clay)) == sorted(prices * 2)


async def test_a_catalogue_in_one_currency_has_no_such_columns(shop: Shop, tmp_path: Path) -> None:
    await bring(shop, tmp_path, "Handle,Title,Variant Price", "cup,Cup,5.00")
    await export_file(shop.database, tmp_path / "out.csv")
    assert " / " not in (tmp_path / "out.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("header", "row", "left"),
    [
        (HEADER, "tee,T-S,,,", []),
        ("Handle,Variant SKU,Price / USD", "tee,T-S,", [("T-S", "JPY", 3400, None)]),
        ("Handle,Variant SKU,Price / USD", "tee,T-S,23.5", [("T-S", "JPY", 3400, None), ("T-S", "USD", 2350, 2500)]),
        (HEADER, "tee,T-S,22.00,,3400", [("T-S", "JPY", 3400, None), ("T-S", "USD", 2200, None)]),
        ("Handle,Variant SKU,Variant Price", "tee,T-S,30", [("T-S", "JPY", 3400, None), ("T-S", "USD", 2200, 2500)]),
        (
            "URL handle,SKU,price/usd,Compare-at  price / usd",
            "tee,T-S,24,26",
            [("T-S", "JPY", 3400, None), ("T-S", "USD", 2400, 2600)],
        ),
        (
            "Handle,Option1 Name,Option1 Value,Price / USD",
            "tee,Size,S,24",
            [("T-S", "JPY", 3400, None), ("T-S", "USD", 2400, 2500)],
        ),
    ],
)
async def test_an_empty_cell_removes_and_a_column_that_is_not_there_leaves(
    clay: Shop, tmp_path: Path, header: str, row: str, left: list[tuple[Any, ...]]
) -> None:
    await bring(clay, tmp_path, HEADER, "tee,T-S,22.00,25.00,3400")
    report = await bring(clay, tmp_path, header, row)
    assert (report.errors, report.updated) == ([], 1)
    assert await stored(clay) == left
    if not left:
        assert await costing(clay, "USD") == {"S": "21.99 USD", "M": "22.99 USD"}


async def test_the_only_variant_needs_no_name(clay: Shop, tmp_path: Path) -> None:
    assert (await bring(clay, tmp_path, "Handle,Price / USD", "cup,7")).updated == 1
    assert await stored(clay) == [("CUP", "USD", 700, None)]
    assert (await bring(clay, tmp_path, "Handle,Price / USD", "cup,")).updated == 1
    assert await stored(clay) == []
    assert (await bring(clay, tmp_path, "Handle,Price / USD", "cup,")).unchanged == 1


@pytest.mark.parametrize(
    ("column", "cells", "code", "says"),
    [
        ("Price / USD", "-1,30.00", "bad_price", "negative"),
        ("Price / USD", "1.005,30.00", "bad_price", "USD has 2 decimals"),
        ("Price / USD", "twelve,30.00", "bad_price", "decimal"),
        ("Price / USD", "1e3,30.00", "bad_price", "decimal"),
        ("Price / USD", f"{10**15},30.00", "bad_price", ""),
        ("Compare At Price / USD", "20.00,-1", "bad_compare_at", "negative"),
        ("Compare At Price / USD", "20.00,x", "bad_compare_at", "decimal"),
        ("Compare At Price / USD", ",30.00", "bad_compare_at", "no price in USD"),
    ],
)
async def test_a_bad_cell_is_reported_and_both_amounts_stay(
    clay: Shop, tmp_path: Path, column: str, cells: str, code: str, says: str
) -> None:
    await bring(clay, tmp_path, HEADER, "tee,T-S,22.00,25.00,3400")
    report = await bring(clay, tmp_path, HEADER, f"tee,T-S,{cells},3300", "tee,T-M,1.00,,")
    [error] = report.errors
    assert (error.line, error.field, error.code) == (2, column, code)
    assert says in error.message
    assert await stored(clay) == [("T-M", "USD", 100, None), ("T-S", "JPY", 3300, None), ("T-S", "USD", 2200, 2500)]


async def test_prices_are_a_multiple_of_the_currencys_step_in_files_as_in_requests(clay: Shop, tmp_path: Path) -> None:
    header = "Handle,Variant SKU,Price / KWD"
    assert (await bring(clay, tmp_path, header, "tee,T-S,6.685")).errors == []  # its rule has amounts of 0.005
    [error] = (await bring(clay, tmp_path, header, "tee,T-S,6.684")).errors
    assert (error.field, error.message) == ("Price / KWD", "not a multiple of 0.005 KWD")
    [error] = (await bring(clay, tmp_path, "Handle,Variant SKU,Price / JPY", "tee,T-S,12.5")).errors
    assert error.message.startswith("JPY has 0 decimals")
    assert await stored(clay) == [("T-S", "KWD", 6685, None)]

    item = await clay.item()
    assert (await set_prices(clay, item, costs("6.684", "KWD"))).status_code == 422
    assert (await set_prices(clay, item, costs("6.685", "KWD"))).status_code == 200
    assert (await operate(clay, "PUT", "/currencies/KWD", {"rounding": None})).status_code == 200
    refused = await set_prices(clay, item, costs("6.685", "KWD"))
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (422, "a multiple of 0.010 KWD")


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("Price / GBP", "unknown_currency"),
        ("Price / XXX", "unknown_currency"),
        ("Compare At Price / GBP", "unknown_currency"),
        ("Price / EUR", "bad_currency"),
        ("Compare At Price / JPY", "missing_column"),
    ],
)
async def test_a_column_that_cannot_be_is_reported_once_and_left_out(
    clay: Shop, tmp_path: Path, column: str, code: str
) -> None:
    report = await bring(clay, tmp_path, f"Handle,Variant SKU,Price / USD,{column}", "tee,T-S,22,9", "tee,T-M,23,9")
    assert [(one.line, one.field, one.code) for one in report.errors] == [(1, column, code)]
    assert await stored(clay) == [("T-M", "USD", 2300, None), ("T-S", "USD", 2200, None)]


async def test_columns_of_markets_are_ignored(clay: Shop, tmp_path: Path) -> None:
    header = "Handle,Title,Variant Price,Price / International,Compare At Price / International,Included / USD"
    report = await bring(clay, tmp_path, header, "cup,Cup,6.00,9,9,true")
    assert (report.errors, report.updated) == ([], 1)
    assert await stored(clay) == []


async def test_everything_or_nothing_is_that_with_set_prices_too(clay: Shop, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text(f"{HEADER}\ntee,T-S,22,,\ntee,T-M,-1,,\n", encoding="utf-8")
    [(vendor_id,)] = await clay.rows("SELECT id FROM vendors WHERE slug = 'clay'")
    with pytest.raises(FileRefusedError, match="negative"):
        async with clay.database.transaction() as session:
            await import_all(session, IMPORTER, {vendor_id: path})
    assert await stored(clay) == []


async def test_a_reduction_in_a_file_tells_the_lowest_price_that_was_set_before(clay: Shop, tmp_path: Path) -> None:
    header = "Handle,Variant SKU,Price / USD,Compare At Price / USD"
    await bring(clay, tmp_path, header, "tee,T-S,30.00,")
    await clay.rows("UPDATE applied_prices SET applied_at = applied_at - interval '10 days' RETURNING 1")
    await bring(clay, tmp_path, header, "tee,T-S,24.00,30.00")
    page = await read(clay, "/products/tee", currency="USD")
    [small] = [one for one in page["variants"] if one["title"] == "S"]
    # what was converted before the first was set, 20.00 at 1.10
    assert told(small["lowest_price_30d"]) == "21.99 USD"
    history = await clay.rows("SELECT price_minor FROM applied_prices WHERE currency = 'USD' ORDER BY applied_at")
    assert [minor for (minor,) in history] == [2199, 3000, 2400]


async def test_statements_do_not_grow_with_products_and_there_is_none_without_such_columns(
    clay: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    execute = AsyncConnection.execute

    async def listen(self: Any, query: Any, *arguments: Any, **named: Any) -> Any:
        sent.append(str(query))
        return await execute(self, query, *arguments, **named)

    monkeypatch.setattr(AsyncConnection, "execute", listen)

    async def count(header: str, *lines: str) -> list[str]:
        sent.clear()
        report = await bring(clay, tmp_path, header, *lines)
        assert (report.errors, report.created) == ([], len(lines))
        return [query for query in sent if "feed_prices" in query]

    cups = [f"cup-{n},Cup {n},5" for n in range(60)]
    assert await count("Handle,Title,Variant Price", *cups[:20]) == []
    few = await count("Handle,Title,Variant Price,Price / USD,Price / JPY", f"{cups[20]},6,700")
    assert "variant_prices" in "".join(few)
    all_of_few = len(sent)
    many = await count("Handle,Title,Variant Price,Price / USD,Price / JPY", *(f"{cup},6,700" for cup in cups[21:]))
    assert (many, len(sent)) == (few, all_of_few)
    assert len(await stored(clay)) == 80
