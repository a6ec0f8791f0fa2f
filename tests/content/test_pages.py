"""Pages keep every version, buyers agree to the current ones, menus are data, and redirects never lead in a circle."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from blogging import author
from mercat.auth import Role
from mercat.embedded import Redis
from shopping import Person, Shop

TERMS = {"slug": "terms", "title": "Terms", "content": "Be *kind*."}


async def send(
    shop: Shop, method: str, path: str, body: Any = None, person: Person | None = None, **headers: str
) -> httpx2.Response:
    """Send what an operator sends, or somebody else."""
    who = person or await shop.admin()
    return await shop.client.request(method, path, json=body, headers={**who.headers, **headers})


async def read(shop: Shop, path: str) -> dict[str, Any]:
    """Return what everybody reads."""
    answer = await shop.client.get(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_page_keeps_every_version(shop: Shop) -> None:
    made = await send(shop, "POST", "/pages", TERMS)
    assert (made.status_code, made.json()["version"], made.json()["is_current"]) == (201, 1, True)
    assert made.json()["content_html"] == "<p>Be <em>kind</em>.</p>"
    first = await read(shop, "/pages/terms")
    assert first == made.json()
    etag = (await shop.client.get("/pages/terms")).headers["etag"]
    assert (await shop.client.get("/pages/terms", headers={"If-None-Match": etag})).status_code == 304

    second = {"title": "Terms", "content": "Be kinder.", "note": "Kinder.", "published": False}
    assert (await send(shop, "POST", "/pages/terms/versions", second)).json()["version"] == 2
    assert await read(shop, "/pages/terms") == first
    assert (await shop.client.get("/pages/terms/versions/2")).status_code == 404
    assert [one["version"] for one in (await read(shop, "/pages/terms/versions"))["items"]] == [1]
    drafts = (await send(shop, "GET", "/pages/terms/versions")).json()["items"]
    assert [(one["version"], one["is_current"]) for one in drafts] == [(2, False), (1, True)]
    assert (await send(shop, "GET", "/pages/terms/versions/2")).json()["content"] == "Be kinder."

    published = await send(shop, "POST", "/pages/terms/versions/2/publish")
    assert (published.status_code, published.json()["is_current"]) == (200, True)
    assert (await read(shop, "/pages/terms"))["content"] == "Be kinder."
    assert (await read(shop, "/pages/terms/versions/1"))["content"] == "Be *kind*."
    assert [one["version"] for one in (await read(shop, "/pages"))["items"]] == [2]
    for number in (1, 2):
        late = await send(shop, "POST", f"/pages/terms/versions/{number}/publish")
        assert (late.status_code, late.json()["code"]) == (409, "pages.version_published")
    assert (await send(shop, "POST", "/pages/terms/versions/9/publish")).status_code == 404
    again = await send(shop, "POST", "/pages", TERMS)
    assert (again.status_code, again.json()["code"]) == (409, "pages.exists")


async def test_a_published_version_cannot_be_changed_by_anything(shop: Shop) -> None:
    await send(shop, "POST", "/pages", TERMS)
    for statement in ("UPDATE page_versions SET content = 'x'", "DELETE FROM page_versions"):
        with pytest.raises(psycopg.Error, match="refused"):
            await shop.rows(f"{statement} RETURNING id")
    assert (await read(shop, "/pages/terms"))["content"] == "Be *kind*."


async def test_versions_at_the_same_moment_get_a_number_each(shop: Shop) -> None:
    await send(shop, "POST", "/pages", TERMS)
    version = {"title": "Terms", "content": "More."}
    made = await asyncio.gather(*(send(shop, "POST", "/pages/terms/versions", version) for _ in range(5)))
    assert sorted(answer.json()["version"] for answer in made) == [2, 3, 4, 5, 6]
    assert (await read(shop, "/pages/terms"))["version"] == 6


async def test_operators_alone_write_pages_menus_and_redirects(shop: Shop) -> None:
    await send(shop, "POST", "/pages", TERMS)
    before = await shop.rows("SELECT v::text FROM page_versions v")
    people = [await shop.buyer(), await author(shop), await shop.person(Role.moderator), None]
    bodies: list[tuple[str, str, Any]] = [
        ("POST", "/pages", {**TERMS, "slug": "other"}),
        ("POST", "/pages/terms/versions", {"title": "Mine", "content": "Mine."}),
        ("POST", "/pages/terms/versions/1/publish", None),
        ("PUT", "/menus/main", {"items": []}),
        ("POST", "/redirects", {"from_path": "/a", "to_path": "/b"}),
        ("DELETE", "/redirects/0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55", None),
    ]
    for person in people:
        for method, path, body in bodies:
            headers = person.headers if person else {}
            answer = await shop.client.request(method, path, json=body, headers=headers)
            assert answer.status_code == (403 if person else 401), (method, path)
    assert await shop.rows("SELECT v::text FROM page_versions v") == before
    assert await shop.rows("SELECT name FROM menus UNION ALL SELECT from_path FROM redirects") == []


@pytest.mark.parametrize(
    "wrong",
    [{"slug": "No Slug"}, {"slug": "../terms"}, {"title": "ab"}, {"content": " \u200b "}, {"content": "x" * 200_001}],
)
async def test_what_is_no_page_is_refused(shop: Shop, wrong: dict[str, str]) -> None:
    answer = await send(shop, "POST", "/pages", TERMS | wrong)
    assert answer.status_code in {413, 422}
    assert await shop.rows("SELECT * FROM pages") == []


async def test_an_order_says_which_versions_were_agreed_to(shop: Shop) -> None:
    item, buyer = await shop.item(), await shop.buyer()
    assert (await shop.order(item, headers=buyer.headers)).json()["agreed_pages"] == []
    for slug in ("terms", "privacy", "withdrawal", "about"):
        await send(shop, "POST", "/pages", {**TERMS, "slug": slug})
    draft = {"title": "Terms", "content": "Not yet.", "published": False}
    await send(shop, "POST", "/pages/terms/versions", draft)

    first = (await shop.order(item, headers=buyer.headers)).json()
    await send(shop, "POST", "/pages/terms/versions/2/publish")
    guest = await shop.check_out(await shop.guest_cart(item))

    agreed = [(one["slug"], one["version"]) for one in first["agreed_pages"]]
    assert agreed == [("privacy", 1), ("terms", 1), ("withdrawal", 1)]
    assert ("terms", 2) in [(one["slug"], one["version"]) for one in guest.json()["order"]["agreed_pages"]]
    for one in first["agreed_pages"]:
        assert (await read(shop, f"/pages/{one['slug']}/versions/{one['version']}"))["id"] == one["id"]
    for person in (buyer, await shop.admin()):
        shown = (await shop.client.get(f"/orders/{first['id']}", headers=person.headers)).json()
        assert shown["agreed_pages"] == first["agreed_pages"]


async def test_menus_are_data(shop: Shop) -> None:
    assert (await shop.client.get("/menus/main")).status_code == 404
    items = [
        {"label": "Tableware", "kind": "category", "target": "tableware", "children": [
            {"label": "A mug", "kind": "product", "target": "tide-mug"}]},
        {"label": "Blog", "kind": "url", "target": "/blog?page=1"},
        {"label": "Write to us", "kind": "url", "target": "mailto:hello@example.com"},
        {"label": "Care", "kind": "post", "target": "how-to-care"},
    ]  # fmt: skip
    written = await send(shop, "PUT", "/menus/main", {"items": items})
    assert (written.status_code, written.json()["version"]) == (200, 1)
    menu = await read(shop, "/menus/main")
    assert menu == written.json()
    assert menu["items"][0]["children"][0]["label"] == "A mug"
    etag = (await shop.client.get("/menus/main")).headers["etag"]
    changed = await send(shop, "PUT", "/menus/main", {"items": items[:1]}, **{"If-Match": etag})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (await send(shop, "PUT", "/menus/main", {"items": []}, **{"If-Match": etag})).status_code == 412
    assert len((await read(shop, "/menus/main"))["items"]) == 1
    made = await asyncio.gather(*(send(shop, "PUT", "/menus/new", {"items": items}) for _ in range(4)))
    assert sorted(answer.json()["version"] for answer in made) == [1, 2, 3, 4]


LINK = {"label": "x", "kind": "url", "target": "/x"}


@pytest.mark.parametrize(
    "items",
    [
        [{**LINK, "target": "javascript:alert(1)"}],
        [{**LINK, "target": "//evil.example"}],
        [{**LINK, "target": 'https://a.example/"onclick=x'}],
        [{**LINK, "target": "terms"}],
        [{**LINK, "kind": "page", "target": "/terms"}],
        [{**LINK, "kind": "script"}],
        [{**LINK, "label": ""}],
        [{**LINK, "label": "a\nb"}],
        [LINK] * 101,
        [{**LINK, "children": [LINK] * 100}],
        [{**LINK, "children": [{**LINK, "children": [{**LINK, "children": [LINK]}]}]}],
        "x",
    ],
)
async def test_what_is_no_menu_is_refused(shop: Shop, items: Any) -> None:
    assert (await send(shop, "PUT", "/menus/main", {"items": items})).status_code == 422
    assert await shop.rows("SELECT * FROM menus") == []


async def test_redirects_lead_on_and_never_in_a_circle(shop: Shop) -> None:
    async def lead(start: str, goal: str, status: int = 301) -> httpx2.Response:
        return await send(shop, "POST", "/redirects", {"from_path": start, "to_path": goal, "status": status})

    made = await lead("/a/", "/b?x=1", 308)
    assert made.status_code == 201
    assert (made.json()["from_path"], made.json()["status"]) == ("/a", 308)
    for path in ("/a", "/a/"):
        found = (await shop.client.get("/redirects", params={"path": path})).json()["items"]
        assert [(one["to_path"], one["status"]) for one in found] == [("/b?x=1", 308)]
    assert (await shop.client.get("/redirects?path=/b")).json()["items"] == []
    assert (await lead("/b", "/c")).status_code == 201
    assert (await read(shop, "/redirects"))["total"] == 2
    for start, goal, code in (
        ("/a", "/elsewhere", "redirects.exists"),
        ("/c", "/a", "redirects.loop"),
        ("/c", "/b/#top", "redirects.loop"),
        ("/d", "/d", "redirects.loop"),
        ("/d", "/d/?x", "redirects.loop"),
    ):
        refused = await lead(start, goal)
        assert (refused.status_code, refused.json()["code"]) == (409, code), (start, goal)
    for start, goal in (("a", "/b"), ("//evil.example", "/b"), ("/x", "https://evil.example"), ("/x", "//evil"),
                        ("/x?y", "/b"), ("/x", "/\\evil"), ("/x y", "/b"), ("/" + "x" * 500, "/b")):  # fmt: skip
        assert (await lead(start, goal)).status_code == 422, (start, goal)
    at_once = await asyncio.gather(lead("/x", "/y"), lead("/y", "/z"), lead("/z", "/x"))
    assert sorted(answer.status_code for answer in at_once) == [201, 201, 409]
    assert (await send(shop, "DELETE", f"/redirects/{made.json()['id']}")).status_code == 204
    assert (await send(shop, "DELETE", f"/redirects/{made.json()['id']}")).status_code == 404
    assert (await lead("/c", "/a")).status_code == 201


async def test_cached_pages_and_menus_are_current(
    shop: Shop, make: Callable[..., FastAPI], redis_server: Redis
) -> None:
    await send(shop, "POST", "/pages", TERMS)
    await send(shop, "PUT", "/menus/main", {"items": []})
    transport = httpx2.ASGITransport(app=make(redis_url=redis_server.url, cache_timeout="5"))
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1") as client:
        for _ in range(2):
            warm = [
                (await client.get(path)).headers["cache-status"] for path in ("/pages", "/pages/terms", "/menus/main")
            ]
        assert warm == ["mercat; hit; detail=memory"] * 3
        await send(shop, "POST", "/pages/terms/versions", {"title": "Terms", "content": "New."})
        await send(shop, "PUT", "/menus/main", {"items": [LINK]})
        assert (await client.get("/pages/terms")).json()["content"] == "New."
        assert (await client.get("/pages")).json()["items"][0]["version"] == 2
        assert len((await client.get("/menus/main")).json()["items"]) == 1
