"""Shops bring product files in by themselves: into their own shop alone, and only onto shelves that there are."""

import gzip
from typing import Any

import httpx2
import pytest

from shopping import Person, Shop

HEADER = "Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Published"
MUG = "mug,Mug,Somebody Else,Kitchen,Title,Default Title,MUG-1,5,12.00,true"
CUP = "cup,Cup,,Nowhere,Title,Default Title,CUP-1,2,8.00,true"
BAD = "pot,Pot,,,Title,Default Title,POT-1,2,dear,true"


async def bring(shop: Shop, person: Person, *lines: str, packed: bool = False) -> httpx2.Response:
    content = "\r\n".join([HEADER, *lines]).encode()
    file = ("any.name", gzip.compress(content) if packed else content, "text/plain")
    return await shop.client.post("/vendor/imports", files={"file": file}, headers=person.headers)


async def told(shop: Shop, person: Person, brought: httpx2.Response) -> Any:
    assert brought.status_code == 202, brought.text
    assert (brought.json()["state"], brought.json()["report"]) == ("waiting", None)
    await shop.handle_events()
    found = (await shop.client.get(f"/vendor/imports/{brought.json()['id']}", headers=person.headers)).json()
    assert found["state"] == "done"
    return found["report"]


async def products(shop: Shop, slug: str) -> list[tuple[str, str, int]]:
    """Return name, price and stock of what a shop sells."""
    listed = (await shop.client.get(f"/products?vendor={slug}&sort=name")).json()["items"]
    whole = [(await shop.client.get(f"/products/{one['slug']}")).json() for one in listed]
    return [(one["name"], one["price"]["amount"], one["stock_quantity"]) for one in whole]


async def test_good_lines_come_in_and_bad_ones_are_named(shop: Shop) -> None:
    admin = await shop.admin()
    await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)
    keeper, _ = await shop.seller("north-kiln")

    report = await told(shop, keeper, await bring(shop, keeper, MUG, CUP, BAD))

    assert (report["read"], report["created"], report["error_count"]) == (2, 2, 3)
    assert [(one["line"], one["code"]) for one in report["errors"]] == [
        (3, "unknown_category"),
        (4, "bad_price"),
        (4, "no_variants"),
    ]
    assert await products(shop, "north-kiln") == [("Cup", "8.00", 2), ("Mug", "12.00", 5)]
    assert await shop.rows("SELECT slug FROM vendors") == [("north-kiln",)]
    assert await shop.rows("SELECT slug FROM categories") == [("kitchen",)]
    assert await shop.rows("SELECT 1 FROM catalog_imports WHERE content IS NOT NULL") == []
    entries = await shop.rows("SELECT actor_id FROM audit_log WHERE action = 'feed.imported'")
    assert entries == [(keeper.id,)]
    await shop.stock_is_explained()


async def test_the_same_again_changes_nothing_and_gzip_is_read(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")
    await told(shop, keeper, await bring(shop, keeper, CUP))

    again = await told(shop, keeper, await bring(shop, keeper, CUP, packed=True))

    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)
    listed = (await shop.client.get("/vendor/imports", headers=keeper.headers)).json()
    assert (listed["total"], [one["state"] for one in listed["items"]]) == (2, ["done", "done"])


async def test_books_that_stay_hold_the_account_and_not_the_name(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")

    await told(shop, keeper, await bring(shop, keeper, CUP))

    actors = await shop.rows("SELECT DISTINCT actor FROM stock_movements")
    assert actors == [(str(keeper.id),)]


async def test_nobody_touches_what_others_sell(shop: Shop) -> None:
    kiln, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("rival")
    brought = await bring(shop, kiln, CUP)
    await told(shop, kiln, brought)

    await told(shop, rival, await bring(shop, rival, CUP.replace("8.00", "1.00")))

    assert await products(shop, "north-kiln") == [("Cup", "8.00", 2)]
    assert await products(shop, "rival") == [("Cup", "1.00", 2)]
    path = f"/vendor/imports/{brought.json()['id']}"
    assert (await shop.client.get(path, headers=rival.headers)).status_code == 404
    assert (await shop.client.get("/vendor/imports", headers=(await shop.buyer()).headers)).status_code == 403


async def test_what_is_no_file_or_too_much_is_refused(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")

    empty = await told(shop, keeper, await bring(shop, keeper))
    plain = await shop.client.post("/vendor/imports", content=b"a,b", headers=keeper.headers)
    large = await shop.client.post(
        "/vendor/imports", files={"file": ("x.csv", b"a" * 10_500_000, "text/csv")}, headers=keeper.headers
    )
    binary = await told(
        shop,
        keeper,
        await shop.client.post(
            "/vendor/imports", files={"file": ("x.csv", bytes(range(256)) * 40, "text/csv")}, headers=keeper.headers
        ),
    )

    assert (empty["read"], empty["created"]) == (0, 0)
    assert plain.status_code == 415
    assert large.status_code == 413
    assert binary["created"] == 0
    assert binary["error_count"] > 0
    assert await products(shop, "north-kiln") == []


async def test_a_suspended_shop_brings_nothing(shop: Shop) -> None:
    keeper, vendor_id = await shop.seller("north-kiln")
    admin = await shop.admin()
    await shop.client.post(f"/vendors/{vendor_id}/suspend", json={"reason": "Fraud."}, headers=admin.headers)

    refused = await bring(shop, keeper, CUP)

    assert (refused.status_code, refused.json()["code"]) == (409, "vendors.suspended")
    assert await shop.rows("SELECT 1 FROM catalog_imports") == []


async def test_an_import_says_what_is_not_for_sale_and_why(shop: Shop) -> None:
    keeper, _ = await shop.seller("north-kiln")

    report = await told(shop, keeper, await bring(shop, keeper, CUP.replace(",2,", ",,"), MUG.replace("true", "false")))

    found = {one["reason"]: (one["products"], one["variants"], one["example"]) for one in report["not_for_sale"]}
    assert found == {"draft": (1, 1, "Mug"), "not_counted": (1, 1, "Cup")}
    assert all(one["explanation"] for one in report["not_for_sale"])


async def test_a_shop_that_is_suspended_before_its_file_is_read_is_told(shop: Shop) -> None:
    keeper, vendor_id = await shop.seller("north-kiln")
    admin = await shop.admin()
    brought = (await bring(shop, keeper, CUP)).json()
    await shop.client.post(f"/vendors/{vendor_id}/suspend", json={"reason": "Fraud."}, headers=admin.headers)
    await shop.handle_events()

    german = {**keeper.headers, "Accept-Language": "de"}
    found = (await shop.client.get(f"/vendor/imports/{brought['id']}", headers=german)).json()
    [listed] = (await shop.client.get("/vendor/imports", headers=keeper.headers)).json()["items"]

    assert (found["state"], found["report"], found["failure"]["code"]) == ("failed", None, "vendors.suspended")
    assert found["failure"]["message"].startswith("Ihr Shop ist gesperrt")
    assert listed["failure"]["message"].startswith("Your shop is suspended")
    assert found["finished_at"] is not None
    assert await shop.rows("SELECT state FROM catalog_imports WHERE content IS NULL") == [("failed",)]
    assert await shop.rows("SELECT 1 FROM products") == []


@pytest.mark.parametrize("status", ["failed", "cancelled"])
async def test_an_import_whose_job_was_given_up_has_failed_until_it_is_run_again(shop: Shop, status: str) -> None:
    keeper, _ = await shop.seller("north-kiln")
    brought = await bring(shop, keeper, CUP)
    path = f"/vendor/imports/{brought.json()['id']}"

    async def put(state: str) -> None:
        await shop.rows(
            "UPDATE procrastinate_jobs SET status = %s WHERE task_name = 'catalog.take_in_import' RETURNING 1", state
        )

    assert (await shop.client.get(path, headers=keeper.headers)).json()["state"] == "waiting"
    await put(status)
    given_up = (await shop.client.get(path, headers=keeper.headers)).json()
    assert (given_up["state"], given_up["failure"]["code"]) == ("failed", "catalog.import_given_up")
    [listed] = (await shop.client.get("/vendor/imports", headers=keeper.headers)).json()["items"]
    assert listed == given_up
    await put("todo")
    report = await told(shop, keeper, brought)
    assert report["created"] == 1
