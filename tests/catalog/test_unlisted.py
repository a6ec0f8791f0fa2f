"""Products that are sold on their page alone: reached and bought, and found nowhere."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from catalog.test_visibility import make
from mercat import auth
from mercat.catalog.feeds import export_file, import_file
from mercat.catalog.product_list import Listing, filters_of
from mercat.kit.database import driver
from shopping import Person, Shop

HEADER = "Handle,Title,Published,Status,Variant Inventory Tracker,Variant Inventory Qty,Variant Price"
PLACES = (
    "/products?sort={sort}",
    "/products?cursor=&sort={sort}",
    "/products?category=kitchen&sort={sort}",
    "/products?tag=clay&sort={sort}",
    "/products?vendor=north-kiln&sort={sort}",
    "/products?brand=fernweh&sort={sort}",
    "/products?in_stock=true&sort={sort}",
    "/products?min_price=1&max_price=100&sort={sort}",
    "/products?category=kitchen&tag=clay&sort={sort}",
    "/products?vendor=north-kiln&vendor=south-mill&sort={sort}",
    "/products/search?q=mug&sort={sort}",
    "/products/search?q=secret&sort={sort}",
    "/products/search?q=SKU-9&sort={sort}",
)
SORTS = ("newest", "created_at", "price", "-price", "name", "-name", "-rating", "best_selling")


async def shelf(shop: Shop, *, listed: bool) -> tuple[Person, dict[str, Any], dict[str, Any]]:
    """Put two products on sale, one of them listed or not; returns who sells them, that one, and the other."""
    owner, _ = await shop.seller("north-kiln")
    admin = await shop.admin()
    kitchen = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)
    fields = {
        "category_id": kitchen.json()["id"],
        "brand": "Fernweh",
        "tags": ["Clay"],
        "stock_quantity": 3,
        "price": "10",
    }
    one = await make(shop, owner, name="Secret mug", sku="SKU-9", listed=listed, **fields)
    return owner, one, await make(shop, owner, name="Mug", **fields)


async def seen(shop: Shop, path: str) -> tuple[set[str], int | None]:
    answer = await shop.client.get(path)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return {item["name"] for item in found["items"]}, found.get("total")


@pytest.mark.parametrize("sort", SORTS)
async def test_no_list_shows_what_is_not_listed(shop: Shop, sort: str) -> None:
    await shelf(shop, listed=False)

    for place in PLACES:
        names, total = await seen(shop, place.format(sort=sort))
        mine = set() if "secret" in place or "SKU-9" in place else {"Mug"}
        assert (names, total) == (mine, None if "cursor=" in place else len(mine)), place


async def test_suggestions_facets_and_counts_leave_it_out(shop: Shop) -> None:
    await shelf(shop, listed=False)

    assert (await shop.client.get("/products/suggest?q=se")).json() == {"products": []}
    [suggested] = (await shop.client.get("/products/suggest?q=m")).json()["products"]
    assert suggested["name"] == "Mug"
    [category] = (await shop.client.get("/products/categories")).json()
    assert (category["slug"], category["product_count"]) == ("kitchen", 1)
    assert (await shop.client.get("/vendors/north-kiln")).json()["product_count"] == 1
    facets = (await shop.client.get("/products/search?q=")).json()["facets"]
    for name in ("category", "brand", "vendor", "price", "in_stock"):
        assert [value["count"] for value in facets[name]] == [1], name


async def test_it_is_on_sale_on_its_page(shop: Shop) -> None:
    owner, secret, _ = await shelf(shop, listed=False)
    assert (secret["status"], secret["is_active"], secret["listed"]) == ("active", True, False)

    for path in ("/products/secret-mug", f"/products/{secret['id']}"):
        page = await shop.client.get(path)
        assert (page.status_code, page.json()["listed"], page.json()["in_stock"]) == (200, False, True)
    line = {"variant_id": secret["variants"][0]["id"], "quantity": 2}
    cart = await shop.client.post("/cart/add", json=line)
    assert (cart.status_code, cart.json()["items"][0]["quantity"]) == (200, 2)
    own = (await shop.client.get("/vendor/products?sort=name", headers=owner.headers)).json()
    assert [(one["name"], one["on_sale"], one["listed"]) for one in own["items"]] == [
        ("Mug", True, True),
        ("Secret mug", True, False),
    ]


async def test_listing_and_unlisting_show_at_once_and_are_written_down(shop: Shop) -> None:
    owner, mug, _ = await shelf(shop, listed=True)
    path = f"/products/{mug['id']}"
    assert mug["listed"] is True
    etag = (await shop.client.get(path)).headers["etag"]

    for listed, total in ((False, 1), (True, 2), (False, 1)):
        edit = await shop.client.patch(path, json={"listed": listed}, headers=owner.headers)
        assert (edit.status_code, edit.json()["listed"]) == (200, listed)
        assert await seen(shop, "/products?category=kitchen") == (
            {"Mug", "Secret mug"} if listed else {"Mug"},
            total,
        )
        changed = await shop.client.get(path, headers={"If-None-Match": etag})
        assert (changed.status_code, changed.json()["listed"]) == (200, listed)
        etag = changed.headers["etag"]
    entries = await shop.rows("SELECT actor_id, changes->'listed' FROM audit_log WHERE action = 'product.updated'")
    assert len(entries) == 3
    assert (owner.id, {"before": True, "after": False}) in entries
    assert (owner.id, {"before": False, "after": True}) in entries

    renamed = await shop.client.patch(path, json={"name": "Cup", "listed": None}, headers=owner.headers)
    assert (renamed.status_code, renamed.json()["listed"]) == (200, False)
    many = [{"id": mug["id"], "listed": True}]
    together = await shop.client.patch("/vendor/products", json={"items": many}, headers=owner.headers)
    assert together.status_code == 200, together.text
    assert (await shop.client.get("/products")).json()["total"] == 2
    await shop.client.delete(path, headers=owner.headers)
    assert (await shop.client.get("/products")).json()["total"] == 1


@pytest.mark.parametrize("value", ["no", 0, "false"])
async def test_only_true_and_false_say_whether_it_is_listed(shop: Shop, value: object) -> None:
    admin = await shop.admin()
    body = {"name": "Mug", "price": "1", "listed": value}
    refused = await shop.client.post("/products", json=body, headers=admin.headers)
    assert refused.status_code == 422


async def test_a_draft_that_is_not_listed_has_no_page(shop: Shop) -> None:
    admin = await shop.admin()
    await make(shop, admin, status="draft", listed=False)
    assert (await shop.client.get("/products/mug")).status_code == 404


async def bring(shop: Shop, folder: Path, *lines: str, vendor: str = "clay") -> list[tuple[int, int, int, list[str]]]:
    path = folder / "products.csv"
    await anyio.Path(path).write_text("\n".join([*lines, ""]))
    found = await import_file(shop.database, path, vendor_slug=vendor, actor=auth.Actor(name="import"))
    return [(found.created, found.updated, found.unchanged, [error.code for error in found.errors])]


async def states(shop: Shop, vendor: str = "clay") -> dict[str, tuple[str, bool]]:
    rows = await shop.rows(
        "SELECT handle, p.status, listed FROM products p JOIN vendors v ON v.id = vendor_id WHERE v.slug = %s", vendor
    )
    return {handle: (status, listed) for handle, status, listed in rows}


async def test_shopify_s_unlisted_products_are_sold_and_not_listed(shop: Shop, tmp_path: Path) -> None:
    lines = (HEADER, "s,Secret,true,Unlisted,shopify,4,5.00", "m,Mug,true,active,shopify,4,5.00")

    assert await bring(shop, tmp_path, *lines) == [(2, 0, 0, [])]
    assert await bring(shop, tmp_path, *lines) == [(0, 0, 2, [])]

    assert await states(shop) == {"s": ("active", False), "m": ("active", True)}
    assert await seen(shop, "/products") == ({"Mug"}, 1)
    page = (await shop.client.get("/products/s")).json()
    added = await shop.client.post("/cart/add", json={"variant_id": page["variants"][0]["id"], "quantity": 1})
    assert added.status_code == 200


async def test_a_file_lists_a_product_again_only_if_it_says_so(shop: Shop, tmp_path: Path) -> None:
    await bring(shop, tmp_path, HEADER, "s,Secret,true,unlisted,shopify,4,5.00")

    for cells, expected in (
        ("Published,Variant Price\ns,Secret,true,6.00", ("active", False)),
        ("Variant Price\ns,Secret,7.00", ("active", False)),
        ("Status,Variant Price\ns,Secret,draft,7.00", ("draft", False)),
        ("Status,Variant Price\ns,Secret,no such,7.00", ("draft", False)),
        ("Status,Variant Price\ns,Secret,archived,7.00", ("archived", False)),
        ("Status,Variant Price\ns,Secret,active,7.00", ("active", True)),
        ("Status,Variant Price\ns,Secret,unlisted,7.00", ("active", False)),
    ):
        await bring(shop, tmp_path, f"Handle,Title,{cells}")
        assert await states(shop) == {"s": expected}, cells


async def test_an_export_brings_back_what_is_listed_and_what_is_not(shop: Shop, tmp_path: Path) -> None:
    admin = await shop.admin()
    for status in ("active", "draft"):
        for listed in (True, False):
            await make(shop, admin, slug=f"{status}-{listed}".lower(), status=status, listed=listed)
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    await export_file(shop.database, one, vendor_slug="marketplace")

    back = await import_file(shop.database, one, vendor_slug="marketplace", actor=admin_actor())
    assert (back.unchanged, back.updated, back.errors) == (4, 0, [])
    await import_file(shop.database, one, vendor_slug="other", actor=admin_actor())
    await export_file(shop.database, two, vendor_slug="other")

    assert await states(shop, "other") == {
        "active-true": ("active", True),
        "active-false": ("active", False),
        "draft-true": ("draft", True),
        "draft-false": ("draft", False),
    }
    assert await anyio.Path(one).read_bytes() == await anyio.Path(two).read_bytes()


def admin_actor() -> auth.Actor:
    return auth.Actor(name="import")


async def test_what_woocommerce_hides_is_sold_and_not_listed(shop: Shop, tmp_path: Path) -> None:
    header = "ID,Type,SKU,Name,Published,Visibility in catalog,Stock,Regular price"
    kinds = ("visible", "catalog", "search", "hidden", "", "nobody")
    rows = [f"{n},simple,S{n},{kind or 'unsaid'},1,{kind},3,5" for n, kind in enumerate(kinds, 1)]

    assert await bring(shop, tmp_path, header, *rows) == [(6, 0, 0, ["bad_visibility"])]

    assert (await seen(shop, "/products"))[0] == {"visible", "catalog", "search", "unsaid"}
    assert (await shop.client.get("/products/hidden")).status_code == 200
    again = [row.replace(",hidden,3", ",,3").replace(",visible,3", ",nobody,3") for row in rows]
    await bring(shop, tmp_path, header, *again)
    assert (await seen(shop, "/products"))[0] == {"visible", "catalog", "search", "unsaid"}


@pytest.mark.parametrize(
    ("asked", "order", "index"),
    [
        ({}, "created_at DESC, product_id DESC", "ix_product_projections_newest"),
        ({}, "price_minor, product_id", "ix_product_projections_price"),
        ({}, "sold_count DESC, product_id DESC", "ix_product_projections_best_selling"),
        ({"min_price": "2.00"}, None, "ix_product_projections_price"),
        ({"q": "mug"}, None, "ix_product_projections_words"),
        ({"tag": ["clay"]}, None, "ix_product_projections_tags"),
    ],
)
async def test_lists_are_read_from_the_indexes_of_what_is_listed(
    shop: Shop, asked: dict[str, Any], order: str | None, index: str
) -> None:
    filters = filters_of(Listing.model_validate(asked))
    what, tail = ("summary", f"ORDER BY {order} LIMIT 20") if order else ("count(*)", "")

    async with shop.database.transaction() as session:
        connection = await driver(session)
        await connection.execute("SET LOCAL enable_seqscan = off")
        statement = f"EXPLAIN SELECT {what} FROM product_projections c WHERE {filters.where} {tail}"
        rows = await (await connection.execute(statement.encode(), filters.params)).fetchall()

    plan = "\n".join(row[0] for row in rows)
    assert index in plan
    assert "Filter: listed" not in plan
    assert "Sort" not in plan
