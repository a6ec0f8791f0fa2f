"""A document follows its product: whatever changes what is found or how it is filtered, when its event was handled."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from mercat import auth, outbox, search
from mercat.catalog.feeds import import_file
from mercat.catalog.listing import ListedProduct
from mercat.search import indexing, jobs
from mercat.search.documents import Document
from mercat.search.text import Analyzer
from mercat.worker import REACTIONS
from shopping import Item, Shop

pytestmark = pytest.mark.usefixtures("each_engine")


async def total(shop: Shop, **asked: Any) -> int:
    return int((await shop.client.get("/products/search", params=asked)).json()["total"])


async def count(shop: Shop, item: Item, available: int, **more: Any) -> None:
    admin = await shop.admin()
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    answer = await shop.client.put(path, json={"available": available, **more}, headers=admin.headers)
    assert answer.status_code == 200, answer.text


async def test_a_draft_is_never_found(shop: Shop) -> None:
    mug = await shop.item(name="Mug")
    admin = await shop.admin()
    await shop.handle_events()

    for status, found in (("draft", 0), ("active", 1), ("archived", 0), ("active", 1)):
        await shop.client.patch(f"/products/{mug.product_id}", json={"status": status}, headers=admin.headers)
        page = (await shop.client.get("/products/search?q=mug")).json()
        assert len(page["items"]) <= found  # what left the lists is never shown, even before its event was handled
        await shop.handle_events()
        assert await total(shop, q="mug") == found
    await shop.client.delete(f"/products/{mug.product_id}", headers=admin.headers)
    assert (await shop.client.get("/products/search?q=mug")).json()["items"] == []
    await shop.handle_events()
    assert await total(shop, q="mug") == 0
    assert await shop.rows("SELECT count(*) FROM search_documents") == [(0,)]


async def test_stock_runs_out_and_comes_back(shop: Shop) -> None:
    mug = await shop.item(name="Mug", stock=1)
    await shop.handle_events()
    assert await total(shop, q="mug", in_stock="true") == 1

    order = await shop.order(mug)
    await shop.handle_events()
    assert (await total(shop, q="mug", in_stock="true"), await total(shop, q="mug", in_stock="false")) == (0, 1)

    assert (await shop.move(order.json()["order"]["id"], "cancelled")).is_success
    await shop.handle_events()
    assert await total(shop, q="mug", in_stock="true") == 1


async def test_back_orders_alone_are_found_when_their_event_was_handled(shop: Shop) -> None:
    mug = await shop.item(name="Mug", stock=0)
    await shop.handle_events()
    for allowed in (True, False, True):
        await count(shop, mug, 0, allow_backorder=allowed)
        await shop.handle_events()
        assert await total(shop, q="mug", in_stock=str(allowed).lower()) == 1
        assert await total(shop, q="mug", in_stock=str(not allowed).lower()) == 0

    events = (
        "SELECT name, count(*) FROM events WHERE name IN ('inventory.back_in_stock', 'inventory.sold_out') GROUP BY 1"
    )
    before = dict(await shop.rows(events))
    await count(shop, mug, 0, allow_backorder=True)  # nothing has changed
    await count(shop, mug, 3, allow_backorder=False)
    await count(shop, mug, 3, allow_backorder=True)  # what is there can be sold anyway
    after = dict(await shop.rows(events))
    assert after["inventory.sold_out"] == before["inventory.sold_out"]
    assert after["inventory.back_in_stock"] == before["inventory.back_in_stock"] + 1  # three have come


async def test_what_no_event_tells_is_put_right_at_night(shop: Shop) -> None:
    await shop.item(name="Mug", stock=0)
    await shop.handle_events()
    await shop.rows("UPDATE stock_levels SET allow_backorder = true RETURNING 1")  # by hand

    await jobs.index_all(outbox.JobContext(shop.database, REACTIONS))
    await shop.handle_events()

    assert await total(shop, q="mug", in_stock="true") == 1


async def test_a_product_that_cannot_be_indexed_keeps_no_other_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [await shop.item(name=f"Mug {n}") for n in range(5)]
    document_of = indexing.document_of

    def fail(product: ListedProduct, analyzer: Analyzer) -> Document:
        if str(product.id) == items[2].product_id:
            raise OSError("no room")
        return document_of(product, analyzer)

    monkeypatch.setattr(indexing, "document_of", fail)
    with pytest.raises(ExceptionGroup, match=items[2].product_id):
        await jobs.index_all(outbox.JobContext(shop.database, REACTIONS))
    await jobs.catch_up(outbox.JobContext(shop.database, REACTIONS))

    assert await total(shop, q="mug") == 4


async def test_an_import_is_found(shop: Shop, tmp_path: Path) -> None:
    rows = [f"mug-{n},Mug {n},true,active,{n}.00" for n in range(1, 4)]
    path = tmp_path / "products.csv"
    header = "Handle,Title,Published,Status,Variant Price"
    await anyio.Path(path).write_text("\n".join([header, *rows]))

    await import_file(shop.database, path, vendor_slug="clay", actor=auth.Actor(name="import"))
    await shop.handle_events()
    assert await total(shop, q="mug", vendor="clay") == 3
    assert await shop.rows("SELECT documents, is_word FROM search_lexemes WHERE lexeme = 'mug'") == [(3, True)]

    await anyio.Path(path).write_text("\n".join([header, *rows]).replace("Mug 2", "Bowl 2"))
    await import_file(shop.database, path, vendor_slug="clay", actor=auth.Actor(name="import"))
    await shop.handle_events()
    assert (await total(shop, q="mug"), await total(shop, q="bowl")) == (2, 1)


async def test_what_did_not_change_is_not_written_again(shop: Shop) -> None:
    mug = await shop.item(name="Mug", stock=5)
    await shop.handle_events()
    [(before,)] = await shop.rows("SELECT xmin::text FROM search_documents")

    await jobs.index_all(outbox.JobContext(shop.database, REACTIONS))
    await shop.order(mug)
    await shop.handle_events()

    assert await shop.rows("SELECT xmin::text FROM search_documents") == [(before,)]


async def test_words_that_are_in_no_product_any_more_are_forgotten(shop: Shop) -> None:
    await shop.item(name="Mug")
    bowl = await shop.item(name="Bowl mug")
    await shop.handle_events()
    admin = await shop.admin()
    await shop.client.delete(f"/products/{bowl.product_id}", headers=admin.headers)
    await shop.handle_events()

    await jobs.count_lexemes(outbox.JobContext(shop.database, REACTIONS))

    words = dict(await shop.rows("SELECT lexeme, documents FROM search_lexemes WHERE lexeme IN ('mug', 'bowl')"))
    assert words == {"mug": 1}


async def test_two_writers_of_the_same_products_leave_the_newer_state(shop: Shop) -> None:
    items = [await shop.item(name=f"Mug {n}") for n in range(6)]
    admin = await shop.admin()
    ids = [row[0] for row in await shop.rows("SELECT id FROM products ORDER BY id")]

    async def index(order: int) -> None:
        async with shop.database.transaction() as session:
            await search.index_products(session, ids[::order])

    async def rename(item: Item, n: int) -> None:
        body = {"name": f"Bowl {n}"}
        answer = await shop.client.patch(f"/products/{item.product_id}", json=body, headers=admin.headers)
        assert answer.status_code == 200

    async with anyio.create_task_group() as tasks:
        for n, item in enumerate(items):
            tasks.start_soon(index, 1)
            tasks.start_soon(rename, item, n)
            tasks.start_soon(index, -1)
    await shop.handle_events()

    assert (await total(shop, q="mug"), await total(shop, q="bowl")) == (0, 6)
