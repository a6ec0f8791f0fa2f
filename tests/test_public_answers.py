"""What the cache serves is what would be computed now, whoever changed it and wherever. Nothing private is in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from mercat import catalog
from mercat.catalog.router import GONE, PAGE, PRICED_PAGE
from mercat.content import navigation, pages, posts
from mercat.embedded import Redis
from mercat.kit.cache import Policy, cached
from mercat.kit.cache.counters import Outcome
from mercat.kit.cache.store import PREFIX
from mercat.kit.database import Database, Reads
from mercat.search.router import FOUND, LISTING, SEARCHES, SUGGESTIONS
from shopping import Item, Shop

Make = Callable[..., FastAPI]
MEMORY, REDIS, MISS = "mercat; hit; detail=memory", "mercat; hit; detail=redis", "mercat; fwd=miss; stored"


def speak(app: FastAPI, **headers: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1", headers=headers)


@dataclass
class Processes:
    """Two processes with caches, and one without that tells the truth."""

    here: httpx2.AsyncClient
    there: httpx2.AsyncClient
    truth: httpx2.AsyncClient
    apps: list[FastAPI]


@pytest.fixture
async def processes(make: Make, redis_server: Redis) -> AsyncIterator[Processes]:
    apps = [make(redis_url=redis_server.url, cache_timeout="5") for _ in range(2)]
    apps.append(make(cache="false"))
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(speak(app, **{"X-Request-ID": "same"})) for app in apps]
        yield Processes(*clients, apps)


async def show_dollars(shop: Shop, rate: str = "1.1") -> None:
    """Show prices in dollars, too, at a rate."""
    admin = await shop.admin()
    answer = await shop.client.put("/currencies/USD", json={}, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    answer = await shop.client.post("/currencies/rates", json={"rates": {"USD": rate}}, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    await shop.handle_events()


@pytest.fixture
async def mug(shop: Shop) -> Item:
    """A product with everything that lists are narrowed by."""
    return await shop.item(name="Stoneware mug", stock=3, vendor="north-kiln")


async def status(client: httpx2.AsyncClient, path: str, **headers: str) -> str | None:
    answer = await client.get(path, headers=headers)
    assert answer.status_code in {200, 304}, answer.text
    return answer.headers.get("cache-status")


def paths_of(mug: Item) -> list[str]:
    return [
        "/products",
        "/products?cursor=&limit=5",
        "/products?in_stock=true",
        "/products?brand=fernweh",
        "/products?vendor=north-kiln&sort=price",
        "/products?category=cups",
        "/products?q=mug",
        "/products/search?q=mug",
        "/products/search?q=beaker&in_stock=true",
        "/products/suggest?q=mu",
        f"/products/{mug.slug}",
        f"/products/{mug.product_id}",
        f"/products/{mug.product_id.upper()}",
        "/products/beaker",
    ]


async def assert_right(processes: Processes, paths: Collection[str], what: str) -> None:
    for path in paths:
        expected = await processes.truth.get(path)
        for _ in range(2):  # the second time from memory
            for client in (processes.here, processes.there):
                found = await client.get(path)
                assert (found.status_code, found.text) == (expected.status_code, expected.text), f"{path}: {what}"
                assert found.headers.get("location") == expected.headers.get("location"), f"{path}: {what}"


async def test_an_answer_is_computed_once_for_all_processes(processes: Processes, mug: Item) -> None:
    for path in paths_of(mug)[:-1]:
        assert await status(processes.here, path) == MISS, path
        assert await status(processes.here, path) == MEMORY, path
        assert await status(processes.there, path) in {REDIS, MISS}, path
        assert await status(processes.there, path) == MEMORY, path
        assert await status(processes.truth, path) is None
    here = processes.apps[0].state.cache.counters
    assert here.of(Outcome.memory) >= len(paths_of(mug)) - 1
    assert here.by_name()["products.page"]["memory"] == 3


async def test_prices_in_another_currency_are_seen_at_once_by_every_process(
    processes: Processes, shop: Shop, mug: Item
) -> None:
    admin = await shop.admin()
    paths = [
        "/products",
        "/products?currency=USD",
        "/products?currency=USD&sort=price&cursor=",
        "/products?currency=USD&max_price=11.50",
        "/products?currency=USD&q=mug",
        "/products/search?q=mug&currency=USD",
        "/products/suggest?q=mu&currency=USD",
        f"/products/{mug.slug}",
        f"/products/{mug.slug}?currency=USD",
        f"/products/{mug.product_id}?currency=USD",
    ]

    async def set_price() -> None:
        price = {"price": {"amount": "9.00", "currency": "USD"}}
        await change(shop, mug, variants=[{"id": mug.variant_id, "prices": [price]}])

    async def take_away() -> None:
        answer = await shop.client.delete("/currencies/USD", headers=admin.headers)
        assert answer.status_code == 204, answer.text
        await shop.handle_events()

    changes: dict[str, Callable[[], Awaitable[None]]] = {
        "before it is shown": shop.handle_events,
        "shown": lambda: show_dollars(shop),
        "another rate": lambda: show_dollars(shop, "1.2"),
        "another price": lambda: change(shop, mug, price="12.00"),
        "a price of its own": set_price,
        "one sold": lambda: stocked(shop, mug, available=1),
        "taken away": take_away,
        "back": lambda: show_dollars(shop, "1.3"),
    }
    for what, make_it in changes.items():
        await make_it()
        await assert_right(processes, paths, what)
        await shop.handle_events()
        await assert_right(processes, paths, f"{what}, and all events handled")
    assert await status(processes.here, paths[1]) == MEMORY
    assert await status(processes.here, paths[-1]) == MEMORY


async def change(shop: Shop, mug: Item, **changes: Any) -> None:
    admin = await shop.admin()
    answer = await shop.client.patch(f"/products/{mug.product_id}", json=changes, headers=admin.headers)
    assert answer.status_code == 200, answer.text


async def category(shop: Shop, **fields: Any) -> str:
    admin = await shop.admin()
    answer = await shop.client.post("/products/categories", json=fields, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def suspend(shop: Shop, verb: str) -> None:
    admin = await shop.admin()
    [(vendor_id,)] = await shop.rows("SELECT id FROM vendors WHERE slug = 'north-kiln'")
    answer = await shop.client.post(f"/vendors/{vendor_id}/{verb}", json={"reason": "why"}, headers=admin.headers)
    assert answer.status_code == 200, answer.text


async def stocked(shop: Shop, mug: Item, **wanted: Any) -> None:
    admin = await shop.admin()
    path = f"/products/{mug.product_id}/variants/{mug.variant_id}/stock"
    answer = await shop.client.put(path, json=wanted, headers=admin.headers)
    assert answer.status_code == 200, answer.text


async def test_every_change_is_seen_at_once_by_every_process(processes: Processes, shop: Shop, mug: Item) -> None:
    admin = await shop.admin()
    paths = paths_of(mug)
    await assert_right(processes, paths, "in the beginning")
    cups = await category(shop, name="Cups", slug="cups")

    async def rename_category() -> None:
        body = {"name": "Mugs", "slug": "mugs"}
        answer = await shop.client.patch(f"/products/categories/{cups}", json=body, headers=admin.headers)
        assert answer.status_code == 200, answer.text

    async def delete() -> None:
        assert (await shop.client.delete(f"/products/{mug.product_id}", headers=admin.headers)).status_code == 204

    async def restore() -> None:
        answer = await shop.client.post(f"/products/{mug.product_id}/restore", headers=admin.headers)
        assert answer.status_code == 200, answer.text

    async def order(quantity: int) -> None:
        assert (await shop.order(mug, quantity=quantity)).status_code == 201

    async def another() -> None:
        await shop.item(name="Another mug", stock=0)

    async def count_sold() -> None:
        async with shop.database.transaction() as session:
            await catalog.set_sold(session, {UUID(mug.product_id): 7})

    changes: dict[str, Callable[[], Awaitable[None]]] = {
        "renamed": lambda: change(shop, mug, name="Stoneware beaker"),
        "another price": lambda: change(shop, mug, price="12.00"),
        "a brand": lambda: change(shop, mug, brand="Fernweh"),
        "a category": lambda: change(shop, mug, category_id=cups),
        "the category renamed": rename_category,
        "one sold": lambda: order(1),
        "all sold": lambda: order(2),
        "back-orders allowed": lambda: stocked(shop, mug, available=0, allow_backorder=True),
        "restocked": lambda: stocked(shop, mug, available=5),
        "another product": another,
        "counted as sold": count_sold,
        "the slug taken from nobody": lambda: change(shop, mug, slug="beaker"),
        "the slug left": lambda: change(shop, mug, slug="stone-beaker"),
        "deleted": delete,
        "restored": restore,
        "the vendor suspended": lambda: suspend(shop, "suspend"),
        "the vendor reinstated": lambda: suspend(shop, "reinstate"),
    }
    for what, make_it in changes.items():
        await make_it()
        await assert_right(processes, paths, what)
        await shop.handle_events()
        await assert_right(processes, paths, f"{what}, and all events handled")


async def test_a_client_that_has_an_answer_is_told_so_only_as_long_as_it_is_right(
    processes: Processes, shop: Shop, mug: Item
) -> None:
    for path in ("/products", f"/products/{mug.slug}"):
        known = {"If-None-Match": (await processes.here.get(path)).headers["etag"]}
        for client in (processes.here, processes.there, processes.there, processes.truth):
            same = await client.get(path, headers=known)
            assert (same.status_code, same.content) == (304, b"")
            assert same.headers["etag"] == known["If-None-Match"]
            assert same.headers["cache-control"] == "public, max-age=0, must-revalidate"
        await change(shop, mug, name=f"Mug of {path}")
        for client in (processes.there, processes.here, processes.there):
            other = await client.get(path, headers=known)
            assert other.status_code == 200
            assert f"Mug of {path}" in other.text


@pytest.mark.parametrize("of", ["list", "page", "search"])
async def test_writers_and_readers_in_parallel_never_meet_an_old_answer(
    processes: Processes, shop: Shop, mug: Item, size: Callable[[int, int], int], of: str
) -> None:
    path = {"list": "/products", "page": f"/products/{mug.slug}", "search": "/products?q=mug"}[of]
    committed, over, served = 0, asyncio.Event(), 0
    await shop.handle_events()

    async def write() -> None:
        nonlocal committed
        for n in range(1, size(40, 4000)):
            await change(shop, mug, name=f"Mug {n}")
            committed = n
            await asyncio.sleep(0.005)
        over.set()

    async def read(client: httpx2.AsyncClient) -> None:
        nonlocal served
        known: dict[str, str] = {}
        seen = 0
        while not over.is_set():
            before = committed
            answer = await client.get(path, headers=known)
            served += 1
            if answer.status_code == 304:
                assert before <= seen
                continue
            shown = answer.json()["items"][0] if of != "page" else answer.json()
            seen = int(shown["name"].removeprefix("Mug ")) if shown["name"].startswith("Mug ") else 0
            assert seen >= before, "an old answer"
            known = {"If-None-Match": answer.headers["etag"]} if served % 3 else {}
            await asyncio.sleep(0)

    await asyncio.gather(write(), *(read(client) for client in (processes.here, processes.there) for _ in range(3)))

    hits = sum(app.state.cache.counters.of(Outcome.memory) for app in processes.apps)
    assert served > hits > 0


async def test_what_was_found_is_right_when_its_event_was_handled(
    processes: Processes, shop: Shop, mug: Item, size: Callable[[int, int], int]
) -> None:
    over = asyncio.Event()

    async def read(client: httpx2.AsyncClient) -> None:
        while not over.is_set():  # keeps the entries of every moment hot
            for word in ("mug", "word1"):
                assert (await client.get(f"/products/search?q={word}")).status_code == 200

    async def write() -> None:
        for n in range(size(8, 300)):
            await change(shop, mug, name=f"Mug word{n}")
            await shop.handle_events()
            for client in (processes.here, processes.there):
                assert (await client.get(f"/products/search?q=word{n}")).json()["total"] == 1
                assert (await client.get(f"/products/search?q=word{n - 1}&page=1")).json()["total"] == 0
        over.set()

    await asyncio.gather(write(), read(processes.here), read(processes.there))


@pytest.mark.parametrize("header", ["Authorization", "Cookie", "X-API-Key", "X-Cart-Token", "Proxy-Authorization"])
async def test_whoever_is_known_neither_finds_nor_leaves_anything(
    processes: Processes, shop: Shop, mug: Item, header: str
) -> None:
    admin = await shop.admin()
    value = admin.headers["Authorization"] if header == "Authorization" else "x"
    cache = processes.apps[0].state.cache
    for path in paths_of(mug)[:-1]:
        answer = await processes.here.get(path, headers={header: value})
        assert (answer.status_code in {200, 401}, answer.headers.get("cache-status")) == (True, None)
    assert len(cache.memory) == 0
    assert await cache.store.reach.redis.keys(f"{PREFIX}*") == []

    await processes.here.get("/products")
    assert (await processes.here.get("/products", headers={header: value})).headers.get("cache-status") is None


async def test_a_draft_never_gets_to_anybody_else(processes: Processes, shop: Shop) -> None:
    admin = await shop.admin()
    body = {"name": "Secret mug", "price": "5.00", "status": "draft"}
    created = await shop.client.post("/products", json=body, headers=admin.headers)
    slug = created.json()["slug"]

    for client in (processes.here, processes.there):
        for _ in range(2):
            seen = await client.get(f"/products/{slug}", headers=admin.headers)
            assert (seen.status_code, seen.headers["cache-control"]) == (200, "private, no-store")
            assert (await client.get(f"/products/{slug}")).status_code == 404
            assert "Secret" not in (await client.get("/products")).text
    for app in processes.apps:
        assert all(b"Secret" not in entry.page.body for entry in app.state.cache.memory.entries())


async def test_what_differs_in_anything_that_counts_is_apart(processes: Processes, mug: Item) -> None:
    client = processes.here
    await client.get("/products?sort=price&size=5")
    assert await status(client, "/products?sort=price&size=5") == MEMORY
    assert await status(client, "/products?size=5&sort=price") == REDIS  # in another order it asks for the same
    assert await status(client, "/products?sort=price&size=6") == MISS
    assert await status(client, "/products?sort=-price&size=5") == MISS
    assert await status(client, "/products/search?sort=price&size=5") == MISS
    assert await status(client, "/products?sort=price&size=5", Host="other.test") == REDIS
    assert await status(client, "/products?sort=price&size=5", Origin="https://front.example") == REDIS
    plain = await client.get("/products?sort=price&size=5", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for _ in range(2):
        packed = await client.get(f"/products/{mug.slug}", headers={"Accept-Encoding": "gzip"})
        assert packed.json()["id"] == mug.product_id
    assert (await client.get("/products?nonsense=1")).status_code == 422
    assert (await client.get("/products?nonsense=1")).status_code == 422


SHARED = Policy("shared", ("products",))


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "private, no-store"},
        {"Cache-Control": "public, no-store"},
        {"Set-Cookie": "a=b"},
        {"Vary": "Accept-Language"},
        {"Vary": "*"},
        {},
    ],
)
async def test_what_its_route_says_is_not_for_all_is_not_kept(make: Make, headers: dict[str, str]) -> None:
    app = make()

    async def answer(request: Request) -> Response:
        async def load(_reads: Reads) -> bytes:
            return b"{}"

        kept = await cached(request, SHARED, load)
        told = {"Cache-Control": "public, max-age=0"} if headers and "Cache-Control" not in headers else {}
        return Response(kept.body, headers={**told, **headers})

    app.router.routes.insert(0, _route("/api/v1/products/odd", answer))
    async with speak(app) as client:
        for _ in range(2):
            assert (await client.get("/products/odd")).headers.get("cache-status") is None
    assert len(app.state.cache.memory) == 0


def _route(path: str, function: Callable[[Request], Awaitable[Response]]) -> Any:
    from starlette.routing import Route  # noqa: PLC0415

    return Route(path, function)


async def test_an_answer_that_is_not_given_to_the_cache_is_not_kept(processes: Processes, shop: Shop) -> None:
    await shop.seller("north-kiln")
    for path in ("/vendors/north-kiln", "/products/categories"):
        for _ in range(2):
            assert (await processes.here.get(path)).headers.get("cache-status") is None


async def test_without_redis_memory_is_still_right(make: Make, shop: Shop, mug: Item) -> None:
    app = make()
    async with speak(app) as client:
        assert [await status(client, "/products") for _ in range(2)] == [MISS, MEMORY]
        await change(shop, mug, name="Other")
        assert "Other" in (await client.get("/products")).text


async def test_redis_that_goes_and_is_emptied_makes_nothing_wrong(
    processes: Processes, shop: Shop, mug: Item, redis_server: Redis
) -> None:
    paths = paths_of(mug)
    await assert_right(processes, paths, "in the beginning")
    await processes.apps[0].state.redis.flushall()
    await change(shop, mug, name="Flushed mug")
    await assert_right(processes, paths, "flushed")
    redis_server.stop()
    await change(shop, mug, name="Mug without Redis")
    await assert_right(processes, paths, "gone")
    redis_server.start()
    await change(shop, mug, name="Mug with Redis")
    await assert_right(processes, paths, "back")


@pytest.mark.usefixtures("mug")
async def test_memory_is_bounded(make: Make) -> None:
    app = make(cache_memory_mb="1")
    memory = app.state.cache.memory
    async with speak(app) as client:
        for n in range(1, 1500):
            await client.get(f"/products?page={n}")
    assert memory.size <= 1 << 20
    assert 500 < len(memory) < 1100


async def tables_read(database: Database, statements: Collection[tuple[str, Any]]) -> set[str]:
    """Return the tables that these statements read, as PostgreSQL plans them."""
    found: set[str] = set()

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if "Relation Name" in node:
                found.add(node["Relation Name"])
            node = list(node.values())
        if isinstance(node, list):
            for one in node:
                look(one)

    for sql, params in statements:
        [(plan,)] = await database.primary.rows(f"EXPLAIN (FORMAT JSON) {sql}", params)
        look(plan)
    return found


DERIVED = {
    "product_counts": "products",  # by a trigger, from projections alone
    "product_slugs": "products",  # a former slug leads on only to what has a projection, which says its present one
    "search_counts": "search",  # by a trigger and a job, from documents alone: sums that say what a count would
    "search_kept_terms": "search",
    "cache_generations": None,  # asked before anything is loaded
}
PROVEN = {
    PAGE: {"product_projections", "stock_levels"},
    PRICED_PAGE: {
        "product_projections",
        "product_projection_texts",
        "product_prices",
        "shown_currencies",
        "stock_levels",
    },
    GONE: {"stock_levels"},
}
"""What is proven by its own state, and so by no generation. Before a page is gone it was looked for."""


@pytest.mark.usefixtures("mug")
@pytest.mark.parametrize(
    ("policy", "path"),
    [
        (LISTING, "/products?category=cups&tag=a&brand=b&vendor=c&min_price=1&in_stock=true"),
        (LISTING, "/products"),
        (LISTING, "/products?cursor=&in_stock=false"),
        (FOUND, "/products?q=mug&category=cups"),
        (FOUND, "/products?cursor=&q=mgu"),
        (SEARCHES, "/products/search?q=mug+stoneware&brand=b&attr.a=b&on_sale=true&min_rating=3&sort=price"),
        (SEARCHES, "/products/search?q=stonewrae"),
        (SEARCHES, "/products/search"),
        (SUGGESTIONS, "/products/suggest?q=stoneware+mu"),
        (SUGGESTIONS, "/products/suggest?q=stonewrae"),
        (PAGE, "/products/stoneware-mug"),
        (GONE, "/products/nothing"),
        (LISTING, "/products?currency=USD&category=cups&min_price=1&sort=price"),
        (LISTING, "/products?currency=USD&cursor="),
        (FOUND, "/products?currency=USD&q=mug&max_price=100"),
        (SEARCHES, "/products/search?q=mug&currency=USD&sort=-price&min_price=1"),
        (SUGGESTIONS, "/products/suggest?q=stoneware+mu&currency=USD"),
        (PRICED_PAGE, "/products/stoneware-mug?currency=USD"),
        (posts.LIST, "/posts?q=stoneware&tag=care&sort=created_at"),
        (posts.LIST, "/posts?cursor="),
        (posts.PAGE, "/posts/how-to-care-for-stoneware"),
        (posts.PAGE, "/posts/nothing"),
        (pages.PAGES, "/pages"),
        (pages.PAGES, "/pages/terms"),
        (navigation.MENUS, "/menus/footer"),
    ],
)
async def test_whatever_an_answer_is_read_from_raises_its_generation(
    make: Make, shop: Shop, monkeypatch: pytest.MonkeyPatch, policy: Policy, path: str
) -> None:
    await shop.handle_events()
    if "currency" in path:
        await show_dollars(shop)
    app = make()
    cache, database = app.state.cache, app.state.database
    asked: list[tuple[str, Any]] = []
    rows, fetch = Reads.rows, cache.fetch
    loads: list[Policy] = []

    async def recorded(self: Reads, sql: str, params: Any = ()) -> Any:
        asked.append((sql, params))
        return await rows(self, sql, params)

    async def fetched(policy: Policy, *more: Any) -> Any:
        loads.append(policy)
        return await fetch(policy, *more)

    monkeypatch.setattr(Reads, "rows", recorded)
    monkeypatch.setattr(cache, "fetch", fetched)
    async with speak(app) as client:
        await client.get(path)
    monkeypatch.setattr(Reads, "rows", rows)

    assert policy in loads
    triggers = await shop.rows(
        "SELECT tgrelid::regclass::text, encode(tgargs, 'escape'), count(*) FROM pg_trigger "
        "WHERE tgname LIKE 'raise_generation_%%' GROUP BY 1, 2"
    )
    raised = {table: tag.removesuffix("\\000") for table, tag, times in triggers if times == 4}
    raised |= {"stock_levels": "stock", "users": "names"}
    read = await tables_read(database, asked)
    assert read, "nothing was read"
    read -= PROVEN.get(policy, set())
    missing = {table for table in read if DERIVED.get(table, raised.get(table)) not in {*policy.tags, None}}
    unwatched = {table for table in read if table not in DERIVED and table not in raised}
    assert (unwatched, missing) == (set(), set())
