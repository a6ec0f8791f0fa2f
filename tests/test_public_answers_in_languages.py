"""What the cache serves is in the language of its reader, whoever was served before and whatever changes meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from mercat import outbox
from mercat.catalog import jobs
from mercat.catalog.router import GONE
from mercat.embedded import Redis
from mercat.kit.database import Reads
from mercat.search import jobs as search_jobs
from mercat.search.router import FOUND, LISTING, SEARCHES, SUGGESTIONS
from mercat.worker import REACTIONS
from shopping import Item, Shop
from test_public_answers import DERIVED, MEMORY, MISS, PROVEN, speak, tables_read
from translating import translate

LOCALES = ("en", "de", "fr")
HEADERS = {
    "en": ["", "en", "en-GB,en;q=0.9", "ja", "*"],
    "de": ["de", "de-CH,de;q=0.9,en;q=0.5", "nl,de;q=0.1"],
    "fr": ["fr", "fr-CA, de;q=0.2"],
}


@dataclass
class Processes:
    """A process with a cache, another one beside it, and one without that tells the truth."""

    here: httpx2.AsyncClient
    there: httpx2.AsyncClient
    truth: httpx2.AsyncClient
    apps: list[FastAPI]


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", ",".join(LOCALES))


@pytest.fixture
async def processes(make: Callable[..., FastAPI], redis_server: Redis) -> AsyncIterator[Processes]:
    apps = [make(redis_url=redis_server.url, cache_timeout="5") for _ in range(2)]
    apps.append(make(cache="false"))
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(speak(app, **{"X-Request-ID": "same"})) for app in apps]
        yield Processes(*clients, apps)


@pytest.fixture
async def mug(shop: Shop) -> Item:
    made = await shop.item(name="Stoneware mug", stock=3, vendor="north-kiln")
    await shop.handle_events()
    context = outbox.JobContext(shop.database, REACTIONS)
    await jobs.follow_locales(context)
    await search_jobs.follow_locales(context)
    return made


def paths_of(mug: Item) -> list[str]:
    return [
        "/products",
        "/products?sort=name",
        "/products?cursor=&limit=5&sort=-name",
        "/products?category=tassen",
        "/products/search?q=mug",
        "/products/search?q=becher",
        "/products/search",
        "/products/suggest?q=be",
        f"/products/{mug.slug}",
        f"/products/{mug.product_id}",
        "/products/becher",
        "/products/humpen",
    ]


TOLD = ("location", "content-language", "content-location", "etag")


async def assert_right(processes: Processes, mug: Item, what: str) -> None:
    for path in paths_of(mug):
        for locale in LOCALES:
            header = {"Accept-Language": HEADERS[locale][-1]}
            named = f"{path}{'&' if '?' in path else '?'}locale={locale}"
            for asked, headers in ((path, header), (named, {"Accept-Language": "de"}), (named, {})):
                expected = await processes.truth.get(asked, headers=headers)
                assert expected.status_code in {200, 301, 404}
                for _ in range(2):  # the second time from memory
                    for client in (processes.here, processes.there):
                        found = await client.get(asked, headers=headers)
                        about = f"{asked} {locale}: {what}"
                        assert (found.status_code, found.text) == (expected.status_code, expected.text), about
                        for name in TOLD:
                            assert found.headers.get(name) == expected.headers.get(name), f"{name} of {about}"
                        varies = "accept-language" in found.headers.get("vary", "").lower()
                        assert varies == (asked is path) or found.status_code == 404, about


async def test_every_change_is_seen_at_once_in_every_language(processes: Processes, shop: Shop, mug: Item) -> None:
    admin = await shop.admin()
    made = await shop.client.post("/products/categories", json={"name": "Cups"}, headers=admin.headers)
    cups = made.json()["id"]

    async def change(**changes: Any) -> None:
        answer = await shop.client.patch(f"/products/{mug.product_id}", json=changes, headers=admin.headers)
        assert answer.status_code == 200, answer.text

    async def rename() -> None:
        path = f"/products/categories/{cups}"
        answer = await shop.client.patch(path, json={"name": "Mugs"}, headers=admin.headers)
        assert answer.status_code == 200, answer.text
        await shop.handle_events()

    product = ("product", mug.product_id)
    changes: dict[str, Callable[[], Awaitable[object]]] = {
        "a German name": lambda: translate(shop, *product, "de", {"name": "Becher", "slug": "becher"}),
        "a French name": lambda: translate(shop, *product, "fr", {"name": "Tasse", "slug": "tasse"}),
        "a category": lambda: change(category_id=cups),
        "the category in German": lambda: translate(shop, "category", cups, "de", {"name": "Tassen", "slug": "tassen"}),
        "the category renamed": rename,
        "the source renamed": lambda: change(name="Beaker"),
        "another German slug": lambda: translate(shop, *product, "de", {"name": "Humpen", "slug": "humpen"}),
        "another price": lambda: change(price="7.00"),
        "sold": lambda: shop.order(mug, quantity=3),
        "no German": lambda: translate(shop, *product, "de", {}),
    }
    await assert_right(processes, mug, "in the beginning")
    for what, make_it in changes.items():
        await make_it()
        await assert_right(processes, mug, what)
        await shop.handle_events()
        await assert_right(processes, mug, f"{what}, and all events handled")


async def test_all_ways_to_ask_for_a_language_find_one_entry(processes: Processes, mug: Item) -> None:
    cache = processes.apps[0].state.cache
    for path in ("/products", f"/products/{mug.slug}", "/products/search?q=mug"):
        before = len(cache.memory)
        for locale, headers in HEADERS.items():
            for place, header in enumerate(headers):
                answer = await processes.here.get(path, headers={"Accept-Language": header})
                assert answer.headers["content-language"] == locale
                assert answer.headers["cache-status"] == (MEMORY if place else MISS), (path, header)
        assert len(cache.memory) == before + len(LOCALES)


async def test_what_only_looks_like_a_language_in_the_address_is_none(processes: Processes, mug: Item) -> None:
    for query in ("xlocale=de", "%6Cocale=fr", "a=locale=de"):
        for locale in LOCALES:
            path = f"/products/{mug.slug}?{query}"
            expected = await processes.truth.get(path, headers={"Accept-Language": locale})
            for _ in range(2):
                found = await processes.here.get(path, headers={"Accept-Language": locale})
                assert found.status_code == expected.status_code
                assert found.headers["content-language"] == expected.headers["content-language"]


@pytest.mark.parametrize("of", ["list", "page", "search"])
async def test_writers_and_readers_of_two_languages_never_meet_an_old_or_a_foreign_answer(
    processes: Processes, shop: Shop, mug: Item, size: Callable[[int, int], int], of: str
) -> None:
    path = {"list": "/products?sort=name", "page": f"/products/{mug.slug}", "search": "/products/search"}[of]
    committed = dict.fromkeys(("de", "fr"), 0)
    over = asyncio.Event()

    async def write() -> None:
        for n in range(1, size(12, 400)):
            for locale in committed:
                await translate(shop, "product", mug.product_id, locale, {"name": f"{locale} {n}"})
                committed[locale] = n
        over.set()

    async def read(client: httpx2.AsyncClient, locale: str, *, named: bool) -> None:
        asked = f"{path}{'&' if '?' in path else '?'}locale={locale}" if named else path
        known: dict[str, str] = {}
        seen = 0
        while not over.is_set():
            before = committed.get(locale, 0)
            answer = await client.get(asked, headers={"Accept-Language": "fr" if named else locale, **known})
            if answer.status_code == 304:
                assert before <= seen
                continue
            assert answer.headers["content-language"] == locale
            shown = answer.json()["items"][0] if of != "page" else answer.json()
            language, _, number = shown["name"].partition(" ")
            if locale == "en":
                assert shown["name"] == "Stoneware mug"
            elif language != "Stoneware":
                assert language == locale, "a foreign answer"
                seen = int(number)
            assert locale == "en" or seen >= before, "an old answer"
            known = {"If-None-Match": answer.headers["etag"]}
            await asyncio.sleep(0)

    readers = [
        read(client, locale, named=named)
        for client in (processes.here, processes.there)
        for locale in LOCALES
        for named in (True, False)
    ]
    await asyncio.gather(write(), *readers)


@pytest.mark.usefixtures("mug")
async def test_whatever_an_answer_in_another_language_is_read_from_raises_its_generation(
    make: Callable[..., FastAPI], shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    triggers = await shop.rows(
        "SELECT tgrelid::regclass::text, encode(tgargs, 'escape'), count(*) FROM pg_trigger "
        "WHERE tgname LIKE 'raise_generation_%%' GROUP BY 1, 2"
    )
    raised = {table: tag.removesuffix("\\000") for table, tag, times in triggers if times == 4}
    raised["stock_levels"] = "stock"
    app = make()
    asked: list[tuple[str, Any]] = []
    rows = Reads.rows

    async def recorded(self: Reads, sql: str, params: Any = ()) -> Any:
        asked.append((sql, params))
        return await rows(self, sql, params)

    async with speak(app) as client:
        for policy, path in (
            (LISTING, "/products?category=cups&sort=name"),
            (FOUND, "/products?q=mug&category=tassen"),
            (SEARCHES, "/products/search?q=kanne&attr.a=b"),
            (SUGGESTIONS, "/products/suggest?q=mug+be"),
            (GONE, "/products/nothing"),
        ):
            asked.clear()
            monkeypatch.setattr(Reads, "rows", recorded)
            await client.get(path, headers={"Accept-Language": "de"})
            monkeypatch.setattr(Reads, "rows", rows)
            read = await tables_read(app.state.database, asked) - PROVEN.get(policy, set())
            if policy is GONE:
                read -= {"product_projection_texts"}  # what a page is proven by, looked at before
            tags = {table: DERIVED.get(table, raised.get(table)) for table in read}
            assert {table for table, tag in tags.items() if tag not in {*policy.tags, None}} == set(), path
            assert {table for table in read if table not in DERIVED and table not in raised} == set(), path
