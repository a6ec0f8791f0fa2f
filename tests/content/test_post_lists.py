"""Lists of posts: filters, pages and cursors, what is found, and that the cache never shows what was."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from blogging import author, titles, write, written
from mercat.content.posts.text_configuration import CONFIGURATIONS
from mercat.embedded import Redis
from shopping import Shop

Make = Callable[..., FastAPI]
MEMORY, MISS = "mercat; hit; detail=memory", "mercat; fwd=miss; stored"


async def test_lists_are_narrowed(shop: Shop) -> None:
    ada, grace = await author(shop), await author(shop, "other")
    await written(shop, ada, "First", tags=["Care", "Wood & Oil"])
    await written(shop, grace, "Second", tags=["care"])
    await written(shop, ada, "Third")
    await written(shop, ada, "Draft", tags=["care"], published=False)

    assert await titles(shop) == ["Third", "Second", "First"]
    assert await titles(shop, "?sort=-created_at") == ["Third", "Second", "First"]
    assert await titles(shop, "?sort=created_at") == ["First", "Second", "Third"]
    assert await titles(shop, "?tag=care") == await titles(shop, "?tag=Care!") == ["Second", "First"]
    assert await titles(shop, "?tag=wood-oil") == await titles(shop, "?tag=Wood %26 Oil") == ["First"]
    assert await titles(shop, f"?author={ada.id}") == ["Third", "First"]
    assert await titles(shop, f"?author={ada.id}&tag=care") == ["First"]
    assert await titles(shop, "?tag=nothing") == []
    assert await titles(shop, "?published=false&tag=care", ada) == ["Draft"]
    for query in ("?sort=hue", "?author=ada", "?page=0", "?size=101", "?published=maybe", "?q=", "?nonsense=1"):
        assert (await shop.client.get(f"/posts{query}")).status_code == 422, query


async def test_pages_have_totals_and_cursors_lead_through_all(shop: Shop) -> None:
    ada = await author(shop)
    names = [f"Post {n}" for n in range(7)]
    for name in names:
        await written(shop, ada, name)

    page = (await shop.client.get("/posts?page=2&size=3&sort=created_at")).json()
    assert [post["title"] for post in page["items"]] == names[3:6]
    assert {name: page[name] for name in ("page", "size", "total", "pages")} == {
        "page": 2, "size": 3, "total": 7, "pages": 3,
    }  # fmt: skip
    assert (await shop.client.get("/posts?page=9")).json()["total"] == 7
    for sort in ("created_at", "-created_at", "published_at", "-published_at", "updated_at", "-updated_at"):
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = await shop.client.get("/posts", params={"sort": sort, "cursor": cursor, "limit": 2})
            found += [post["title"] for post in answer.json()["items"]]
            cursor = answer.json()["next_cursor"]
        assert found == (names if sort[0] != "-" else names[::-1])


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJ0aXRsZSIsMSwyXQ", "WyItcHVibGlzaGVkX2F0IiwieCIsInkiXQ", "\u0000"])
async def test_a_forged_cursor_is_refused(shop: Shop, cursor: str) -> None:
    answer = await shop.client.get("/posts", params={"cursor": cursor})
    assert answer.status_code in {400, 422}


async def test_posts_are_found_by_their_words_once_their_event_was_handled(shop: Shop) -> None:
    ada = await author(shop)
    mug = await written(shop, ada, "Washing mugs", content="Use *lukewarm* water.", tags=["ceramics"])
    await written(shop, ada, "Oiling boards", content="Linseed oil <b>only</b>.")
    await written(shop, ada, "Secret mugs", published=False)
    assert await titles(shop, "?q=mug") == []
    await shop.handle_events()

    assert await titles(shop, "?q=mug") == await titles(shop, "?q=wash+mugs") == ["Washing mugs"]
    assert await titles(shop, "?q=ceramic") == await titles(shop, '?q="lukewarm+water"') == ["Washing mugs"]
    assert await titles(shop, "?q=oil+-mug") == ["Oiling boards"]
    assert await titles(shop, "?q=secret") == []
    for odd in ("%26|!():*", "'", '"', "-", "a" * 200, "%25_", "\\"):
        await titles(shop, f"?q={odd}")

    path = f"/posts/{mug['id']}"
    await shop.client.patch(path, json={"title": "Cleaning cups"}, headers=ada.headers)
    await shop.handle_events()
    assert (await titles(shop, "?q=mugs"), await titles(shop, "?q=cup")) == ([], ["Cleaning cups"])
    await shop.client.patch(path, json={"published": False}, headers=ada.headers)
    await shop.handle_events()
    assert await titles(shop, "?q=cup") == []
    assert await shop.rows("SELECT count(*) FROM post_search") == [(1,)]


async def test_words_are_taken_apart_by_the_language_that_posts_are_written_in(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "de-AT,en")
    ada = await author(shop)
    await written(shop, ada, "Becher spülen", content="Nur in den Korb damit.")
    await shop.handle_events()

    assert await titles(shop, "?q=bechern") == await titles(shop, "?q=den+korb") == ["Becher spülen"]
    assert "'den'" not in str(await shop.rows("SELECT words::text FROM post_search"))


async def test_the_configurations_are_among_those_of_postgresql(shop: Shop) -> None:
    known = {name for (name,) in await shop.rows("SELECT cfgname::text FROM pg_ts_config")}
    assert {*CONFIGURATIONS.values()} <= known


def client_of(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://shop.test/api/v1")


async def test_what_is_cached_is_what_there_is(shop: Shop, make: Make, redis_server: Redis) -> None:
    ada, admin = await author(shop), await shop.admin()
    post = await written(shop, ada, "First", tags=["care"])
    path = f"/posts/{post['id']}"
    await shop.handle_events()
    apps = [make(redis_url=redis_server.url, cache_timeout="5") for _ in range(2)]
    paths = ("/posts", "/posts?tag=care&cursor=", "/posts?q=first", path, "/posts/first", "/posts/second")

    async def edit(**changes: Any) -> None:
        assert (await shop.client.patch(path, json=changes, headers=ada.headers)).status_code == 200

    async def rename_author() -> None:
        answer = await shop.client.patch("/users/me", json={"first_name": "Grace"}, headers=ada.headers)
        assert answer.status_code == 200

    async def another() -> None:
        assert (await write(shop, ada, "Another")).status_code == 201

    async def delete() -> None:
        assert (await shop.client.delete(path, headers=admin.headers)).status_code == 204

    changes: dict[str, Callable[[], Awaitable[None]]] = {
        "nothing": lambda: edit(title="First"),
        "another text": lambda: edit(content="New."),
        "another title": lambda: edit(title="Second"),
        "no tags": lambda: edit(tags=[]),
        "the author renamed": rename_author,
        "taken back": lambda: edit(published=False),
        "published again": lambda: edit(published=True),
        "another post": another,
        "deleted": delete,
    }
    async with client_of(apps[0]) as here, client_of(apps[1]) as there, client_of(make(cache="false")) as truth:
        assert (await here.get("/posts")).headers["cache-status"] == MISS
        assert (await here.get("/posts")).headers["cache-status"] == MEMORY
        for what, change in changes.items():
            await change()
            for handled in (False, True):
                if handled:
                    await shop.handle_events()
                for one in paths:
                    expected = await truth.get(one)
                    for client in (here, there, here, there):
                        found = await client.get(one)
                        assert (found.status_code, found.text.replace(found.headers["x-request-id"], "")) == (
                            expected.status_code,
                            expected.text.replace(expected.headers["x-request-id"], ""),
                        ), (what, one)
                        assert found.headers.get("location") == expected.headers.get("location"), (what, one)


async def test_a_draft_never_enters_a_cache(shop: Shop, make: Make, redis_server: Redis) -> None:
    ada = await author(shop)
    draft = await written(shop, ada, "Secret plans", published=False)
    app = make(redis_url=redis_server.url, cache_timeout="5")
    async with client_of(app) as client:
        for _ in range(2):
            for path in ("/posts?published=false", f"/posts/{draft['slug']}", f"/posts/{draft['id']}"):
                assert "Secret" in (await client.get(path, headers=ada.headers)).text
                assert "Secret" not in (await client.get(path)).text
            assert "Secret" not in (await client.get("/posts")).text
        kept = [await app.state.redis.get(name) for name in await app.state.redis.keys("mercat:cache:*")]
        assert all(b"Secret" not in (value or b"") for value in kept)
        assert all(b"Secret" not in entry.page.body for entry in app.state.cache.memory.entries())
