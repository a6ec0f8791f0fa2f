"""Deleted categories: empty, out of sight, and back when somebody wants them."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx2

from catalog.feeds.test_merge import CUP
from mercat import vendors
from mercat.auth import Actor
from mercat.catalog.feeds.merge import merge
from shopping import Shop

Node = dict[str, Any]


async def call(shop: Shop, method: str, path: str = "", body: Any = None) -> httpx2.Response:
    admin = await shop.admin()
    arguments = {} if body is None else {"json": body}
    answer: httpx2.Response = await shop.client.request(
        method, f"/products/categories{path}", headers=admin.headers, **arguments
    )
    return answer


async def make(shop: Shop, name: str, parent: Node | None = None, **more: Any) -> Node:
    answer = await call(shop, "POST", body={"name": name, "parent_id": parent["id"] if parent else None, **more})
    assert answer.status_code == 201, answer.text
    node: Node = answer.json()
    return node


async def delete(shop: Shop, node: Node) -> None:
    assert (await call(shop, "DELETE", f"/{node['id']}")).status_code == 204


async def restore(shop: Shop, node: Node) -> httpx2.Response:
    return await call(shop, "POST", f"/{node['id']}/restore")


async def purge(shop: Shop, node: Node) -> httpx2.Response:
    return await call(shop, "DELETE", f"/{node['id']}/purge")


async def product(shop: Shop, category: Node, **more: Any) -> httpx2.Response:
    admin = await shop.admin()
    body = {"name": "Mug", "price": "1", "category_id": category["id"], **more}
    answer: httpx2.Response = await shop.client.post("/products", json=body, headers=admin.headers)
    return answer


async def outline(shop: Shop) -> list[Any]:
    def of(nodes: list[Node]) -> list[Any]:
        return [(node["slug"], of(node["children"])) for node in nodes]

    return of((await shop.client.get("/products/categories")).json())


async def test_a_restored_category_is_where_it_was(shop: Shop) -> None:
    home = await make(shop, "Home")
    kitchen = await make(shop, "Kitchen", home, position=3)
    await make(shop, "Bath", home, position=5)
    await delete(shop, kitchen)
    assert await outline(shop) == [("home", [("bath", [])])]

    answer = await restore(shop, kitchen)

    assert (answer.status_code, answer.json()) == (200, kitchen)
    assert await outline(shop) == [("home", [("kitchen", []), ("bath", [])])]
    assert (await product(shop, kitchen)).json()["category"]["slug"] == "kitchen"
    assert (await shop.client.get("/products?category=home")).json()["total"] == 1


async def test_a_deleted_category_is_nowhere(shop: Shop) -> None:
    home = await make(shop, "Home")
    await delete(shop, home)

    assert (await product(shop, home)).json()["code"] == "catalog.unknown_category"
    below = await call(shop, "POST", body={"name": "Kitchen", "parent_id": home["id"]})
    assert below.json()["code"] == "catalog.unknown_category"
    for method, body in (("PATCH", {"name": "X"}), ("DELETE", None)):
        assert (await call(shop, method, f"/{home['id']}", body)).status_code == 404
    other = await make(shop, "Other")
    moved = await call(shop, "PATCH", f"/{other['id']}", {"parent_id": home["id"]})
    assert moved.json()["code"] == "catalog.unknown_category"
    assert await outline(shop) == [("other", [])]


async def test_its_slug_is_free_and_it_comes_back_under_another(shop: Shop) -> None:
    first = await make(shop, "Kitchen")
    await delete(shop, first)
    second = await make(shop, "Kitchen")
    await make(shop, "Kitchen", slug="kitchen-2")
    await product(shop, second)

    assert second["slug"] == "kitchen"
    assert (await shop.client.get("/products?category=kitchen")).json()["total"] == 1
    assert (await restore(shop, first)).json()["slug"] == "kitchen-3"
    assert (await shop.client.get("/products?category=kitchen")).json()["total"] == 1
    [(changes,)] = await shop.rows("SELECT changes FROM audit_log WHERE action = 'category.restored'")
    assert changes["slug"] == {"before": "kitchen", "after": "kitchen-3"}


async def test_a_category_comes_back_after_the_one_above_it(shop: Shop) -> None:
    home = await make(shop, "Home")
    kitchen = await make(shop, "Kitchen", home)
    for node in (kitchen, home):
        await delete(shop, node)

    refused = await restore(shop, kitchen)

    assert (refused.status_code, refused.json()["code"]) == (409, "catalog.category_parent_deleted")
    assert [(await restore(shop, node)).status_code for node in (home, kitchen)] == [200, 200]
    assert await outline(shop) == [("home", [("kitchen", [])])]


async def test_a_deleted_category_follows_the_branch_it_was_in(shop: Shop) -> None:
    home, garden = await make(shop, "Home"), await make(shop, "Garden")
    kitchen = await make(shop, "Kitchen", home)
    await delete(shop, kitchen)
    await call(shop, "PATCH", f"/{home['id']}", {"parent_id": garden["id"]})

    await restore(shop, kitchen)

    assert await outline(shop) == [("garden", [("home", [("kitchen", [])])])]
    [(path,)] = await shop.rows("SELECT path FROM categories WHERE slug = 'kitchen'")
    assert [str(one) for one in path] == [garden["id"], home["id"], kitchen["id"]]


async def test_only_what_is_deleted_is_restored_or_purged(shop: Shop) -> None:
    home = await make(shop, "Home")

    answers = [await restore(shop, home), await purge(shop, home)]
    await delete(shop, home)
    assert (await restore(shop, home)).status_code == 200
    answers += [await restore(shop, home)]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "catalog.category_not_found")}
    assert await outline(shop) == [("home", [])]


async def test_a_product_comes_back_into_its_category_if_that_is_there(shop: Shop) -> None:
    admin = await shop.admin()
    kitchen = await make(shop, "Kitchen")
    mug, cup = [(await product(shop, kitchen, name=name)).json() for name in ("Mug", "Cup")]
    for one in (mug, cup):
        await shop.client.delete(f"/products/{one['id']}", headers=admin.headers)
    await delete(shop, kitchen)

    early = (await shop.client.post(f"/products/{mug['id']}/restore", headers=admin.headers)).json()
    await restore(shop, kitchen)
    late = (await shop.client.post(f"/products/{cup['id']}/restore", headers=admin.headers)).json()

    assert (early["category"], late["category"]["slug"]) == (None, "kitchen")
    [(changes,)] = await shop.rows(
        "SELECT changes FROM audit_log WHERE action = 'product.restored' AND target_id = %s", mug["id"]
    )
    assert changes["category_id"] == {"before": kitchen["id"], "after": None}


async def test_a_purged_category_is_forgotten_by_what_was_in_it(shop: Shop) -> None:
    admin = await shop.admin()
    home = await make(shop, "Home")
    kitchen = await make(shop, "Kitchen", home)
    mug = (await product(shop, kitchen)).json()
    await shop.client.delete(f"/products/{mug['id']}", headers=admin.headers)
    for node in (kitchen, home):
        await delete(shop, node)

    refused = await purge(shop, home)
    assert (refused.status_code, refused.json()["code"]) == (409, "catalog.category_in_use")
    for node in (kitchen, home):
        gone = await purge(shop, node)
        assert (gone.status_code, gone.content) == (204, b"")

    assert await shop.rows("SELECT id FROM categories") == []
    restored = await shop.client.post(f"/products/{mug['id']}/restore", headers=admin.headers)
    assert (restored.status_code, restored.json()["category"]) == (200, None)


async def test_operators_see_what_was_deleted_and_nobody_else_does(shop: Shop) -> None:
    for name in ("A", "B", "C"):
        await delete(shop, await make(shop, name))
    admin = await shop.admin()
    kept = await make(shop, "Kept")

    page = (await call(shop, "GET", "/deleted?size=2")).json()

    assert [item["slug"] for item in page["items"]] == ["c", "b"]
    assert (page["total"], set(page["items"][0])) == (3, {"id", "slug", "name", "parent_id", "deleted_at"})
    seller, _ = await shop.seller("north-kiln")
    requests = (("GET", "/deleted"), ("POST", f"/{kept['id']}/restore"), ("DELETE", f"/{kept['id']}/purge"))
    for method, path in requests:
        for headers, status in (({}, 401), (seller.headers, 403), ((await shop.buyer()).headers, 403)):
            answer = await shop.client.request(method, f"/products/categories{path}", headers=headers)
            assert answer.status_code == status
        assert (
            await shop.client.request(method, f"/products/categories{path}", headers=admin.headers)
        ).status_code in {200, 404}


async def no_product_is_in_a_deleted_category(shop: Shop) -> None:
    lost = await shop.rows("""SELECT p.id FROM products p JOIN categories c ON c.id = p.category_id
        WHERE p.deleted_at IS NULL AND c.deleted_at IS NOT NULL
        UNION ALL SELECT c.id FROM categories c JOIN categories above ON above.id = c.parent_id
        WHERE c.deleted_at IS NULL AND above.deleted_at IS NOT NULL""")
    assert lost == []


async def test_who_fills_a_category_while_it_is_deleted_is_too_late_or_in_time(shop: Shop) -> None:
    await shop.admin()
    for n in range(8):
        node = await make(shop, f"N{n}")
        below = {"name": f"Below {n}", "parent_id": node["id"]}
        deleted, filled, child = await asyncio.gather(
            call(shop, "DELETE", f"/{node['id']}"), product(shop, node), call(shop, "POST", body=below)
        )

        assert deleted.status_code in {204, 409}
        assert {filled.status_code, child.status_code} <= ({422} if deleted.status_code == 204 else {201, 422})
        await no_product_is_in_a_deleted_category(shop)


async def test_a_category_that_a_feed_is_filling_is_in_use(shop: Shop) -> None:
    shirts = await make(shop, "Shirts")
    async with shop.database.transaction() as session:
        vendor = await vendors.ensure(session, Actor.system(), "acme", "Acme")
        counts = await merge(session, vendor, [replace(CUP, category="Shirts")], actor="test", on_error=print)
        assert counts.created == 1
        deleting = asyncio.create_task(call(shop, "DELETE", f"/{shirts['id']}"))
        while not await shop.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert not deleting.done()

    assert (await deleting).json()["code"] == "catalog.category_in_use"
    await no_product_is_in_a_deleted_category(shop)


async def test_a_feed_makes_a_deleted_category_anew_and_brings_no_product_back_into_one(shop: Shop) -> None:
    admin = await shop.admin()

    async def bring(**changes: Any) -> None:
        async with shop.database.transaction() as session:
            vendor = await vendors.ensure(session, Actor.system(), "acme", "Acme")
            await merge(session, vendor, [replace(CUP, **changes)], actor="test", on_error=print)

    async def category() -> Any:
        return (await shop.client.get("/products/cup")).json()["category"]

    await bring(category="Shirts")
    first = await category()
    [cup] = (await shop.client.get("/products")).json()["items"]
    await shop.client.delete(f"/products/{cup['id']}", headers=admin.headers)
    await delete(shop, first)

    await bring(absent=frozenset({"category"}))
    assert await category() is None
    await bring(category="Shirts")
    second = await category()
    assert (second["slug"], second["id"] != first["id"]) == ("shirts", True)
    await no_product_is_in_a_deleted_category(shop)
