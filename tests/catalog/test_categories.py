"""The category tree over HTTP, and how products follow it."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from mercat.catalog import product_rows, projections
from shopping import Shop

Node = dict[str, Any]


async def call(shop: Shop, method: str, path: str = "", body: Any = None) -> httpx2.Response:
    admin = await shop.admin()
    arguments = {} if body is None else {"json": body}
    return await shop.client.request(method, f"/products/categories{path}", headers=admin.headers, **arguments)


async def make(shop: Shop, name: str, parent: Node | None = None, **more: Any) -> Node:
    answer = await call(shop, "POST", body={"name": name, "parent_id": parent["id"] if parent else None, **more})
    assert answer.status_code == 201, answer.text
    node: Node = answer.json()
    return node


async def product(shop: Shop, category: Node, **more: Any) -> Node:
    admin = await shop.admin()
    body = {"name": "Mug", "price": "1", "category_id": category["id"], **more}
    answer = await shop.client.post("/products", json=body, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    made: Node = answer.json()
    return made


async def tree(shop: Shop) -> list[Node]:
    nodes: list[Node] = (await shop.client.get("/products/categories")).json()
    return nodes


def outline(nodes: list[Node]) -> list[Any]:
    return [(node["slug"], node["product_count"], outline(node["children"])) for node in nodes]


async def paths_are_true(shop: Shop) -> None:
    """Every stored path is what walking up the parents says, and every projection has its category's path."""
    wrong = await shop.rows("""
        WITH RECURSIVE walked AS (
            SELECT id, ARRAY[id] AS path FROM categories WHERE parent_id IS NULL
            UNION ALL SELECT c.id, w.path || c.id FROM categories c JOIN walked w ON w.id = c.parent_id)
        SELECT c.slug FROM categories c LEFT JOIN walked w USING (id) WHERE c.path IS DISTINCT FROM w.path
        UNION ALL
        SELECT k.slug FROM product_projections k JOIN products p ON p.id = k.product_id
        LEFT JOIN categories c ON c.id = p.category_id WHERE k.category_path IS DISTINCT FROM coalesce(c.path, '{}')""")
    assert wrong == []


async def test_the_tree_counts_what_is_on_sale_in_every_branch(shop: Shop) -> None:
    home = await make(shop, "Home")
    kitchen = await make(shop, "Kitchen", home)
    await make(shop, "Bath", home)
    await make(shop, "Art", position=0)
    for _ in range(2):
        await product(shop, kitchen)
    await product(shop, home)
    await product(shop, kitchen, status="draft")

    assert outline(await tree(shop)) == [("art", 0, []), ("home", 3, [("bath", 0, []), ("kitchen", 2, [])])]
    assert set(home) == {"id", "slug", "name", "product_count", "children"}
    await paths_are_true(shop)


async def test_position_comes_before_the_name(shop: Shop) -> None:
    for name, position in (("A", 2), ("C", 1), ("b", 1), ("D", 1)):
        await make(shop, name, position=position)

    assert [node["name"] for node in await tree(shop)] == ["b", "C", "D", "A"]


async def test_what_a_category_cannot_be_is_refused(shop: Shop) -> None:
    kitchen = await make(shop, "Kitchen")
    bodies: list[tuple[Any, int, str | None]] = [
        ({"name": "Kitchen"}, 409, "catalog.category_taken"),
        ({"name": "Other", "slug": "kitchen"}, 409, "catalog.category_taken"),
        ({"name": "Other", "parent_id": str(uuid4())}, 422, "catalog.unknown_category"),
        ({"name": "Other", "parent_id": "kitchen"}, 422, None),
        ({"name": ""}, 422, None),
        ({"name": "x" * 256}, 422, None),
        ({"name": "Other", "position": "1"}, 422, None),
        ({"name": "Other", "position": True}, 422, None),
        ({"name": "Other", "position": -1}, 422, None),
        ({"name": "Other", "path": [kitchen["id"]]}, 422, None),
        ({}, 422, None),
    ]

    for body, status, code in bodies:
        answer = await call(shop, "POST", body=body)
        assert answer.status_code == status, body
        assert code is None or answer.json()["code"] == code
    assert outline(await tree(shop)) == [("kitchen", 0, [])]


async def test_a_new_name_reaches_the_products_below(shop: Shop) -> None:
    home = await make(shop, "Home")
    kitchen = await make(shop, "Kitchen", home)
    mug = await product(shop, kitchen)
    draft = await product(shop, kitchen, status="draft", slug="draft")

    renamed = await call(shop, "PATCH", f"/{kitchen['id']}", {"name": "Cuisine", "slug": "cuisine"})
    assert (renamed.status_code, renamed.json()["slug"]) == (200, "cuisine")
    await shop.handle_events()

    shown = (await shop.client.get(f"/products/{mug['id']}")).json()
    assert shown["category"] == {"id": kitchen["id"], "slug": "cuisine", "name": "Cuisine"}
    assert [(await shop.client.get(f"/products?category={slug}")).json()["total"] for slug in ("cuisine", "home")] == [
        1,
        1,
    ]
    assert (await shop.client.get("/products?category=kitchen")).json()["total"] == 0
    assert (await shop.client.get("/products?q=cuisine")).json()["total"] == 1
    assert (await shop.client.get(f"/products/{draft['id']}")).status_code == 404


async def test_a_branch_moves_with_everything_below_it(shop: Shop) -> None:
    home, garden = await make(shop, "Home"), await make(shop, "Garden")
    kitchen = await make(shop, "Kitchen", home)
    cups = await make(shop, "Cups", kitchen)
    await product(shop, cups)
    await product(shop, kitchen)

    for parent, expected in (
        (garden["id"], [("garden", 2, [("kitchen", 2, [("cups", 1, [])])]), ("home", 0, [])]),
        (None, [("garden", 0, []), ("home", 0, []), ("kitchen", 2, [("cups", 1, [])])]),
        (home["id"], [("garden", 0, []), ("home", 2, [("kitchen", 2, [("cups", 1, [])])])]),
    ):
        moved = await call(shop, "PATCH", f"/{kitchen['id']}", {"parent_id": parent})
        assert moved.status_code == 200
        await shop.handle_events()
        assert outline(await tree(shop)) == expected
        await paths_are_true(shop)
        assert (await shop.client.get("/products?category=home")).json()["total"] == (2 if parent == home["id"] else 0)


async def test_a_category_cannot_come_below_itself(shop: Shop) -> None:
    home = await make(shop, "Home")
    kitchen = await make(shop, "Kitchen", home)
    cups = await make(shop, "Cups", kitchen)
    before = await tree(shop)

    for below in (home, kitchen, cups):
        answer = await call(shop, "PATCH", f"/{home['id']}", {"parent_id": below["id"], "name": "X"})
        assert (answer.status_code, answer.json()["code"]) == (409, "catalog.category_loop")
    unknown = await call(shop, "PATCH", f"/{home['id']}", {"parent_id": str(uuid4())})

    assert (unknown.status_code, unknown.json()["code"]) == (422, "catalog.unknown_category")
    assert await tree(shop) == before
    await paths_are_true(shop)


async def test_two_moves_that_together_would_make_a_loop_do_not_both_happen(shop: Shop) -> None:
    for n in range(4):
        left, right = await make(shop, f"Left {n}"), await make(shop, f"Right {n}")

        answers = await asyncio.gather(
            call(shop, "PATCH", f"/{left['id']}", {"parent_id": right["id"]}),
            call(shop, "PATCH", f"/{right['id']}", {"parent_id": left["id"]}),
        )

        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}
    await paths_are_true(shop)


async def test_a_category_in_use_stays(shop: Shop) -> None:
    home = await make(shop, "Home")
    kitchen = await make(shop, "Kitchen", home)
    mug = await product(shop, kitchen, status="archived")

    for node in (home, kitchen):
        answer = await call(shop, "DELETE", f"/{node['id']}")
        assert (answer.status_code, answer.json()["code"]) == (409, "catalog.category_in_use")

    admin = await shop.admin()
    await shop.client.delete(f"/products/{mug['id']}", headers=admin.headers)
    assert (await call(shop, "DELETE", f"/{home['id']}")).status_code == 409
    for node in (kitchen, home):
        gone = await call(shop, "DELETE", f"/{node['id']}")
        assert (gone.status_code, gone.content) == (204, b"")
        assert (await call(shop, "DELETE", f"/{node['id']}")).status_code == 404
    assert await tree(shop) == []


async def test_what_is_not_there_cannot_be_changed(shop: Shop) -> None:
    for method, body in (("PATCH", {"name": "X"}), ("DELETE", None)):
        answer = await call(shop, method, f"/{uuid4()}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "catalog.category_not_found")


async def test_products_edited_while_their_category_is_renamed_end_with_the_new_name(shop: Shop) -> None:
    kitchen = await make(shop, "Kitchen")
    admin = await shop.admin()
    mugs = [await product(shop, kitchen) for _ in range(2)]

    async def edit(mug: Node, n: int) -> None:
        body = {"name": f"Mug {n}", "category_id": kitchen["id"]}
        answer = await shop.client.patch(f"/products/{mug['id']}", json=body, headers=admin.headers)
        assert answer.status_code == 200

    await asyncio.gather(
        *(edit(mug, n) for n, mug in enumerate(mugs * 2)),
        call(shop, "PATCH", f"/{kitchen['id']}", {"name": "Cuisine"}),
        *(product(shop, kitchen) for _ in range(2)),
    )
    await asyncio.gather(shop.handle_events(), *(edit(mug, 100 + n) for n, mug in enumerate(mugs * 2)))

    items = (await shop.client.get("/products")).json()["items"]
    assert {item["category"]["name"] for item in items} == {"Cuisine"}
    versions = await shop.rows("""
        SELECT p.version, c.version, c.page::json->>'version', p.name = c.summary::json->>'name'
        FROM products p JOIN product_projections c ON c.product_id = p.id""")
    assert all(kept == version == int(shown) and named for version, kept, shown, named in versions)


@dataclass
class Held:
    """Stops the first reader of products between its reading and its writing."""

    has_read: asyncio.Event = field(default_factory=asyncio.Event)
    may_write: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_done_or_waiting(self, shop: Shop, task: asyncio.Task[httpx2.Response]) -> None:
        """Let a task run as far as it comes while the reader is held: to its end, or to a lock."""
        while not task.done():
            if await shop.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
                return


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    load, held = product_rows.load, Held()

    async def load_and_wait(connection: Any, product_ids: Any) -> list[product_rows.ProductRow]:
        found = await load(connection, product_ids)
        if not held.has_read.is_set():
            held.has_read.set()
            await held.may_write.wait()
        return found

    monkeypatch.setattr(product_rows, "load", load_and_wait)
    return held


async def test_a_job_that_read_a_product_before_an_edit_does_not_overwrite_the_edit(shop: Shop, held: Held) -> None:
    held.has_read.set()
    mug = await product(shop, await make(shop, "Kitchen"))
    admin = await shop.admin()
    await shop.rows("UPDATE categories SET name = 'Cuisine' RETURNING id")
    held.has_read.clear()

    async def refresh() -> None:
        async with shop.database.transaction() as session:
            await projections.refresh_projections(session, [UUID(mug["id"])])

    job = asyncio.create_task(refresh())
    await held.has_read.wait()
    edit = asyncio.create_task(
        shop.client.patch(f"/products/{mug['id']}", json={"name": "Edited"}, headers=admin.headers)
    )
    await held.until_done_or_waiting(shop, edit)
    held.may_write.set()
    await asyncio.gather(job, edit)

    shown = (await shop.client.get(f"/products/{mug['id']}")).json()
    assert (shown["name"], shown["version"]) == ("Edited", edit.result().json()["version"])
    assert shown["category"]["name"] == "Cuisine"


async def test_a_product_that_is_being_added_while_its_category_is_renamed_gets_the_new_name(
    shop: Shop, held: Held
) -> None:
    kitchen = await make(shop, "Kitchen")

    adding = asyncio.create_task(product(shop, kitchen))
    await held.has_read.wait()
    renaming = asyncio.create_task(call(shop, "PATCH", f"/{kitchen['id']}", {"name": "Cuisine"}))
    await held.until_done_or_waiting(shop, renaming)
    await shop.handle_events()
    held.may_write.set()
    await asyncio.gather(adding, renaming)
    await shop.handle_events()

    [item] = (await shop.client.get("/products")).json()["items"]
    assert item["category"]["name"] == "Cuisine"
