"""Deleted products and what becomes of them: they come back as they were, or go for good."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from mercat import auth
from shopping import Person, Shop

SIZES = [{"options": {"Size": size}, "sku": f"SKU-{size}", "stock_quantity": n} for n, size in enumerate("SML", 1)]


async def make(shop: Shop, *, by: Person | None = None, **fields: Any) -> dict[str, Any]:
    by = by or await shop.admin()
    answer = await shop.client.post("/products", json={"name": "Mug", "price": "9.90", **fields}, headers=by.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def call(
    shop: Shop, method: str, product: dict[str, Any], path: str = "", *, by: Person | None = None, **more: Any
) -> httpx2.Response:
    by = by or await shop.admin()
    answer: httpx2.Response = await shop.client.request(
        method, f"/products/{product['id']}{path}", headers=by.headers, **more
    )
    return answer


async def delete(shop: Shop, product: dict[str, Any]) -> None:
    assert (await call(shop, "DELETE", product)).status_code == 204


async def restore(shop: Shop, product: dict[str, Any], *, by: Person | None = None) -> httpx2.Response:
    return await call(shop, "POST", product, "/restore", by=by)


async def purge(shop: Shop, product: dict[str, Any], *, by: Person | None = None) -> httpx2.Response:
    return await call(shop, "DELETE", product, "/purge", by=by)


async def deleted(shop: Shop, by: Person | None = None, **query: Any) -> dict[str, Any]:
    by = by or await shop.admin()
    answer = await shop.client.get("/products/deleted", params=query, headers=by.headers)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_a_restored_product_is_as_it_was(shop: Shop) -> None:
    product = await make(shop, variants=SIZES, tags=["Kitchen"], brand="North Kiln", description="<p>Good</p>")
    await delete(shop, product)
    assert (await shop.client.get("/products/mug")).status_code == 404

    answer = await restore(shop, product)

    assert answer.status_code == 200, answer.text
    restored = answer.json()
    assert {name for name in product if product[name] != restored[name]} == {"version", "updated_at"}
    shown = await shop.client.get("/products/mug")
    assert (shown.json(), shown.headers["etag"]) == (restored, answer.headers["etag"])
    assert (await shop.client.get("/products")).json()["total"] == 1
    assert (await deleted(shop))["total"] == 0
    await shop.stock_is_explained()


async def test_a_draft_comes_back_as_a_draft(shop: Shop) -> None:
    product = await make(shop, status="draft")
    await delete(shop, product)

    assert (await restore(shop, product)).json()["status"] == "draft"
    assert (await shop.client.get("/products")).json()["total"] == 0


async def test_a_variant_that_went_before_stays_away(shop: Shop) -> None:
    product = await make(shop, variants=SIZES)
    kept = [{"options": {"Size": "M"}}, {"options": {"Size": "L"}}]
    assert (await call(shop, "PATCH", product, json={"variants": kept})).status_code == 200
    await delete(shop, product)

    restored = (await restore(shop, product)).json()

    assert [variant["title"] for variant in restored["variants"]] == ["M", "L"]
    assert [v["id"] for v in restored["variants"]] == [v["id"] for v in product["variants"][1:]]


async def test_nobody_gets_the_slug_meanwhile(shop: Shop) -> None:
    product = await make(shop)
    await delete(shop, product)
    assert (await make(shop))["slug"] == "mug-2"

    assert (await restore(shop, product)).json()["slug"] == "mug"


async def test_a_sku_that_was_taken_meanwhile_is_named(shop: Shop) -> None:
    product = await make(shop, variants=SIZES)
    await delete(shop, product)
    other = await make(shop, sku="SKU-M")

    refused = await restore(shop, product)

    assert (refused.status_code, refused.json()["code"]) == (409, "catalog.sku_taken")
    assert refused.json()["skus"] == ["SKU-M"]
    assert (await deleted(shop))["total"] == 1
    assert (await shop.client.get("/products/mug")).status_code == 404
    assert (await call(shop, "PATCH", other, json={"sku": None})).status_code == 200
    assert (await restore(shop, product)).status_code == 200


@pytest.mark.parametrize(("own", "taken", "expected"), [
    ("mug", "cup", "mug"),
    ("old-mug", "old-mug", "mug"),
    ("mug", "mug", None),
])  # fmt: skip
async def test_a_handle_that_was_taken_meanwhile_is_replaced(
    shop: Shop, own: str, taken: str, expected: str | None
) -> None:
    product = await make(shop)
    await delete(shop, product)
    other = await make(shop, name="Cup")
    for handle, made in ((own, product), (taken, other)):  # as feeds give them, whatever the slugs are
        await shop.rows("UPDATE products SET handle = %s WHERE id = %s RETURNING 1", handle, made["id"])

    restored = await restore(shop, product)

    assert (restored.status_code, restored.json()["slug"]) == (200, "mug")
    [(handle,)] = await shop.rows("SELECT handle FROM products WHERE id = %s", product["id"])
    assert handle == (expected or product["id"])


async def test_what_is_not_deleted_is_neither_restored_nor_purged(shop: Shop) -> None:
    product = await make(shop)

    for answer in (await restore(shop, product), await purge(shop, product)):
        assert (answer.status_code, answer.json()["code"]) == (404, "catalog.product_not_found")
    nothing = {"id": str(uuid4())}
    assert [(await verb(shop, nothing)).status_code for verb in (restore, purge)] == [404, 404]
    assert (await shop.client.get("/products/mug")).json() == product


async def test_of_several_who_restore_it_one_does(shop: Shop) -> None:
    product = await make(shop)
    await delete(shop, product)

    answers = await asyncio.gather(*(restore(shop, product) for _ in range(4)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 3}


async def test_shops_see_and_restore_their_own_and_nobody_elses(shop: Shop) -> None:
    kiln, _ = await shop.seller("north-kiln")
    mill, _ = await shop.seller("south-mill")
    mug, sack = await make(shop, by=kiln, name="Mug"), await make(shop, by=mill, name="Sack")
    await delete(shop, mug)
    await delete(shop, sack)

    assert [item["slug"] for item in (await deleted(shop))["items"]] == ["sack", "mug"]
    [own] = (await deleted(shop, kiln))["items"]
    assert (own["id"], own["slug"], own["vendor"]["slug"]) == (mug["id"], "mug", "north-kiln")
    assert own["deleted_at"]
    assert (await restore(shop, mug, by=mill)).status_code == 404
    assert (await purge(shop, mug, by=kiln)).status_code == 403
    assert (await restore(shop, mug, by=kiln)).status_code == 200
    assert (await deleted(shop, kiln))["total"] == 0
    for person, status in ((None, 401), (await shop.buyer(), 403), (await shop.person(auth.Role.support), 403)):
        headers = person.headers if person else {}
        requests = (("GET", "/products/deleted"), ("POST", f"/products/{sack['id']}/restore"),
                    ("DELETE", f"/products/{sack['id']}/purge"))  # fmt: skip
        for method, path in requests:
            assert (await shop.client.request(method, path, headers=headers)).status_code == status
    assert [item["slug"] for item in (await deleted(shop))["items"]] == ["sack"]


async def test_deleted_products_come_in_pages_the_last_one_first(shop: Shop) -> None:
    for n in range(5):
        await delete(shop, await make(shop, name=f"N{n}"))

    page = await deleted(shop, page=2, size=2)

    assert [item["name"] for item in page["items"]] == ["N2", "N1"]
    assert (page["total"], page["pages"]) == (5, 3)


TABLES = ("products", "variants", "product_slugs", "product_tags", "product_images", "stock_levels", "stock_movements",
          "cart_items", "product_projections")  # fmt: skip


async def test_a_purged_product_leaves_nothing_but_its_entry_in_the_log(shop: Shop) -> None:
    product = await make(shop, variants=SIZES, tags=["Kitchen"], images=[{"url": "/media/a.webp"}])
    await shop.client.post("/cart/add", json={"variant_id": product["variants"][1]["id"], "quantity": 1})
    await call(shop, "PATCH", product, json={"slug": "cup"})
    await delete(shop, product)

    answer = await purge(shop, product)

    assert (answer.status_code, answer.content) == (204, b"")
    assert {table: await shop.rows(f"SELECT * FROM {table}") for table in TABLES} == {table: [] for table in TABLES}
    [(changes,)] = await shop.rows("SELECT changes FROM audit_log WHERE action = 'product.purged'")
    was = {name: change["before"] for name, change in changes.items()}
    assert (was["name"], was["slug"], was["skus"]) == ("Mug", "cup", ["SKU-L", "SKU-M", "SKU-S"])
    assert {change["after"] for change in changes.values()} == {None}
    again = await make(shop, sku="SKU-M")
    assert (again["slug"], again["id"] != product["id"]) == ("mug", True)
    assert [(await verb(shop, product)).status_code for verb in (restore, purge)] == [404, 404]


@pytest.mark.parametrize("end", [None, "cancelled", "shipped"])
async def test_what_was_ordered_stays_in_the_books(shop: Shop, end: str | None) -> None:
    item = await shop.item(stock=3)
    order = (await shop.order(item)).json()
    for status in {"cancelled": ["cancelled"], "shipped": ["paid", "shipped"]}.get(end or "", []):
        assert (await shop.move(order["id"], status)).status_code == 200
    product = {"id": item.product_id}
    await delete(shop, product)
    before = await shop.rows("SELECT * FROM stock_movements ORDER BY id")

    refused = await purge(shop, product)

    assert (refused.status_code, refused.json()["code"]) == (409, "catalog.product_ordered")
    assert await shop.rows("SELECT * FROM stock_movements ORDER BY id") == before
    assert (await deleted(shop))["total"] == 1
    if end is None:
        assert (await shop.move(order["id"], "paid")).status_code == 200
        assert (await shop.move(order["id"], "shipped")).status_code == 200
    await shop.stock_is_explained()


async def test_who_orders_while_it_is_purged_gets_it_or_a_refusal(shop: Shop) -> None:
    async def delete_and_purge(product: dict[str, Any]) -> int:
        await delete(shop, product)
        return (await purge(shop, product)).status_code

    await shop.admin()
    for _ in range(8):
        item = await shop.item(stock=5)
        order, purged = await asyncio.gather(shop.order(item), delete_and_purge({"id": item.product_id}))

        assert (order.status_code, purged) in {(201, 409), (409, 204), (404, 204)}, order.text
        await shop.stock_is_explained()
    lost = await shop.rows(
        "SELECT i.order_id FROM order_items i WHERE NOT EXISTS (SELECT FROM variants v WHERE v.id = i.variant_id)"
    )
    assert lost == []


async def test_the_log_tells_the_whole_story(shop: Shop) -> None:
    product = await make(shop)
    await delete(shop, product)
    await restore(shop, product)
    await delete(shop, product)
    await purge(shop, product)

    admin = await shop.admin()
    story = await shop.rows(
        "SELECT action, actor_id, changes->'deleted_at' FROM audit_log WHERE target_id = %s ORDER BY at", product["id"]
    )
    assert [action for action, _, _ in story] == [
        "product.created", "product.deleted", "product.restored", "product.deleted", "product.purged",
    ]  # fmt: skip
    assert {actor for _, actor, _ in story} == {admin.id}
    assert story[2][2] == {"before": story[1][2]["after"], "after": None}
