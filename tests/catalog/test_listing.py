"""Lists of products: every filter, every sort in both ways of paging, and totals that are counts."""

import asyncio
import base64
import json
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

import httpx2
import pytest

from mercat import catalog, outbox, vendors
from mercat.auth import Actor
from mercat.catalog.listing.product_list import Sort
from mercat.catalog.write_schemas import CategoryCreate, ProductCreate
from mercat.kit.money import Money
from shopping import Shop

SORTS = get_args(Sort)


@dataclass(frozen=True)
class Made:
    """What a product of the shelf was made with, to filter it in Python as the list does in SQL."""

    id: str
    vendor: str
    brand: str | None
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    price: int
    stocked: bool


@pytest.fixture
async def shelf(shop: Shop) -> list[Made]:
    """Thirty products whose prices, names and moments tie."""
    made = []
    async with shop.database.transaction() as session:
        root = await catalog.create_category(session, Actor.system(), CategoryCreate(name="Home"))
        kitchen = await catalog.create_category(
            session, Actor.system(), CategoryCreate(name="Kitchen", parent_id=root.id)
        )
        garden = await catalog.create_category(session, Actor.system(), CategoryCreate(name="Garden"))
        shops = {slug: await vendors.ensure(session, Actor.system(), slug, slug.title()) for slug in ("north", "south")}
        paths: list[tuple[UUID | None, tuple[str, ...]]] = [
            (None, ()), (root.id, ("home",)), (kitchen.id, ("home", "kitchen")), (garden.id, ("garden",)),
        ]  # fmt: skip
        for n in range(30):
            category_id, path = paths[n % 4]
            vendor, brand = ("north", "south")[n % 2], (None, "Acme", "Zeta")[n % 3]
            tags = ["Gift ideas"] if n % 2 else []
            tags += ["sale"] if n % 5 == 0 else []
            new = ProductCreate(
                name=f"Thing {n % 3}", price=Money(100 * (n % 4), "EUR"), stock_quantity=n % 3,
                vendor_id=shops[vendor], brand=brand, category_id=category_id, tags=tags,
            )  # fmt: skip
            product_id = await catalog.create(session, Actor.system(), new)
            slugs = tuple(tag.lower().replace(" ", "-") for tag in tags)
            made.append(Made(str(product_id), vendor, brand and brand.lower(), path, slugs, 100 * (n % 4), bool(n % 3)))
        await session.flush()
    await shop.rows("UPDATE product_projections SET created_at = date_trunc('day', created_at) RETURNING 1")
    await shop.rows(
        "UPDATE product_projections SET rating_average = price_minor / 100, sold_count = price_minor RETURNING 1"
    )
    await shop.handle_events()
    return made


async def by_page(shop: Shop, **asked: Any) -> list[dict[str, Any]]:
    """Walk numbered pages to the end."""
    items: list[dict[str, Any]] = []
    for page in range(1, 50):
        answer = (await shop.client.get("/products", params={**asked, "page": page, "size": 7})).json()
        assert (answer["page"], answer["size"]) == (page, 7)
        assert answer["pages"] == -(-answer["total"] // 7)
        items += answer["items"]
        if page >= answer["pages"]:
            assert answer["total"] == len(items)
            break
    return items


async def by_cursor(shop: Shop, **asked: Any) -> list[dict[str, Any]]:
    """Walk by cursor to the end."""
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = (await shop.client.get("/products", params={**asked, "cursor": cursor, "limit": 7})).json()
        assert set(answer) == {"items", "next_cursor"}
        assert answer["items"] or not cursor
        items += answer["items"]
        cursor = answer["next_cursor"]
    return items


KEYS: dict[str, Any] = {
    "price": lambda item: float(item["price"]["amount"]),
    "name": lambda item: item["name"].casefold(),
    "created_at": lambda _: 0,
    "rating": lambda item: float(item["price"]["amount"]),
    "best_selling": lambda item: float(item["price"]["amount"]),
}


async def test_every_sort_walks_everything_once_in_both_ways(shop: Shop, shelf: list[Made]) -> None:
    for sort in SORTS:
        pages, cursors = await by_page(shop, sort=sort), await by_cursor(shop, sort=sort)

        ids = [item["id"] for item in pages]
        assert ids == [item["id"] for item in cursors], sort
        assert sorted(ids) == sorted(made.id for made in shelf), sort
        name = sort.removeprefix("-").replace("newest", "created_at")
        down = sort[0] == "-" or sort in {"newest", "best_selling"}
        keys = [(KEYS[name](item), item["id"]) for item in pages]
        assert keys == sorted(keys, reverse=down), sort


FILTERS: dict[str, Any] = {
    "category=home": lambda made: "home" in made.categories,
    "category=kitchen": lambda made: "kitchen" in made.categories,
    "category=nowhere": lambda _: False,
    "vendor=north": lambda made: made.vendor == "north",
    "vendor=nobody": lambda _: False,
    "brand=acme": lambda made: made.brand == "acme",
    "tag=sale": lambda made: "sale" in made.tags,
    "tag=gift-ideas": lambda made: "gift-ideas" in made.tags,
    "tag=Gift+ideas": lambda made: "gift-ideas" in made.tags,
    "tag=nothing": lambda _: False,
    "min_price=1": lambda made: made.price >= 100,
    "min_price=1.01": lambda made: made.price > 100,
    "max_price=1.00": lambda made: made.price <= 100,
    "max_price=0": lambda made: made.price == 0,
    "min_price=1&max_price=2": lambda made: 100 <= made.price <= 200,
    "min_price=2&max_price=1": lambda _: False,
    "in_stock=true": lambda made: made.stocked,
    "in_stock=false": lambda made: not made.stocked,
    "q=acme": lambda made: made.brand == "acme",
    "q=kitchen": lambda made: made.categories[-1:] == ("kitchen",),
    "q=": lambda _: True,
}


async def matching(shop: Shop, query: str, expected: list[str]) -> None:
    answer = (await shop.client.get(f"/products?{query}&size=100")).json()
    assert sorted(item["id"] for item in answer["items"]) == sorted(expected), query
    assert (answer["total"], answer["pages"]) == (len(expected), -(-len(expected) // 100)), query


async def test_every_filter_alone(shop: Shop, shelf: list[Made]) -> None:
    for query, fits in FILTERS.items():
        await matching(shop, query, [made.id for made in shelf if fits(made)])


async def test_filters_together(shop: Shop, shelf: list[Made]) -> None:
    names = list(FILTERS)
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :: 4] if not _share(a, b)]
    assert len(pairs) > 30
    for a, b in pairs:
        await matching(shop, f"{a}&{b}", [made.id for made in shelf if FILTERS[a](made) and FILTERS[b](made)])
    every = "category=home&vendor=north&brand=acme&tag=gift-ideas&min_price=0&max_price=3&in_stock=true&q=thing"
    fitting = [
        made.id
        for made in shelf
        if "home" in made.categories and made.vendor == "north" and made.brand == "acme" and made.stocked
        and "gift-ideas" in made.tags
    ]  # fmt: skip
    await matching(shop, every, fitting)


def _share(a: str, b: str) -> bool:
    names = [{part.split("=")[0] for part in query.split("&")} for query in (a, b)]
    return bool(names[0] & names[1])


async def test_filters_by_id_and_in_any_case_of_it(shop: Shop, shelf: list[Made]) -> None:
    [(kitchen,)] = await shop.rows("SELECT id::text FROM categories WHERE slug = 'kitchen'")
    [(north,)] = await shop.rows("SELECT id::text FROM vendors WHERE slug = 'north'")
    [(acme,)] = await shop.rows("SELECT id::text FROM brands WHERE slug = 'acme'")

    for query, same in ((f"category={kitchen}", "category=kitchen"), (f"vendor={north.upper()}", "vendor=north"),
                        (f"brand={acme}", "brand=acme")):  # fmt: skip
        await matching(shop, query, [made.id for made in shelf if FILTERS[same](made)])


async def test_filters_hold_on_every_page_by_cursor(shop: Shop, shelf: list[Made]) -> None:
    for sort in ("price", "-name", "newest"):
        found = await by_cursor(shop, sort=sort, category="home", in_stock="true")
        expected = [made.id for made in shelf if "home" in made.categories and made.stocked]
        assert sorted(item["id"] for item in found) == sorted(expected)


async def kept_counts_are_true(shop: Shop) -> None:
    """The sums of the log are what counting says, for every dimension; nothing is counted that is not there."""
    kept = await shop.rows(
        "SELECT dimension, key, sum(delta)::int FROM product_counts GROUP BY 1, 2 HAVING sum(delta) <> 0"
    )
    counted = await shop.rows("""
        SELECT 'all', '', count(*)::int FROM product_projections HAVING count(*) > 0
        UNION ALL SELECT 'vendor', vendor_id::text, count(*)::int FROM product_projections GROUP BY 2
        UNION ALL SELECT 'brand', brand_id::text, count(*)::int FROM product_projections
        WHERE brand_id IS NOT NULL GROUP BY 2
        UNION ALL SELECT 'category', c::text, count(*)::int FROM product_projections, unnest(category_path) c GROUP BY 2
        UNION ALL SELECT 'tag', t, count(*)::int FROM product_projections, unnest(tags) t GROUP BY 2""")
    assert sorted(kept) == sorted(counted)


async def test_totals_stay_true_through_every_kind_of_change(shop: Shop, shelf: list[Made]) -> None:
    admin = await shop.admin()
    await kept_counts_are_true(shop)
    [(garden,)] = await shop.rows("SELECT id::text FROM categories WHERE slug = 'garden'")
    [(kitchen,)] = await shop.rows("SELECT id::text FROM categories WHERE slug = 'kitchen'")
    changes = [
        {"category_id": garden}, {"brand": "Acme"}, {"brand": None}, {"tags": ["sale", "new"]}, {"tags": []},
        {"status": "draft"}, {"status": "archived"}, {"name": "Another"}, {"category_id": None},
    ]  # fmt: skip
    answers = await asyncio.gather(
        *(
            shop.client.patch(f"/products/{made.id}", json=change, headers=admin.headers)
            for made, change in zip(shelf, changes, strict=False)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    await asyncio.gather(*(shop.client.delete(f"/products/{made.id}", headers=admin.headers) for made in shelf[10:13]))
    await shop.client.patch(f"/products/{shelf[5].id}", json={"status": "active"}, headers=admin.headers)
    await kept_counts_are_true(shop)

    moved = await shop.client.patch(
        f"/products/categories/{kitchen}", json={"parent_id": garden}, headers=admin.headers
    )
    assert moved.status_code == 200
    await outbox.run_worker(outbox.JobContext(shop.database, {}), wait=False, install_signal_handlers=False)
    await kept_counts_are_true(shop)

    before = (await shop.client.get("/products?size=1")).json()["total"]
    await catalog_fold(shop)
    await kept_counts_are_true(shop)
    assert before == (await shop.client.get("/products?size=1")).json()["total"]
    assert before == (await shop.rows("SELECT count(*) FROM product_projections"))[0][0]
    entries = await shop.rows("SELECT dimension, key FROM product_counts")
    assert len(entries) == len(set(entries))
    tree = (await shop.client.get("/products/categories")).json()
    for node in tree:
        listed = (await shop.client.get("/products", params={"category": node["id"], "size": 1})).json()
        assert node["product_count"] == listed["total"]


async def catalog_fold(shop: Shop) -> None:
    """Run the schedule that folds the log, now, on the job queue as a worker would."""
    async with shop.database.transaction() as session:
        await outbox.defer(session, outbox.jobs.app.tasks["catalog.fold_counts"], timestamp=0)
    await outbox.run_worker(outbox.JobContext(shop.database, {}), wait=False, install_signal_handlers=False)


async def test_totals_are_true_when_shops_publish_while_the_log_is_folded(shop: Shop) -> None:
    await asyncio.gather(*(shop.item(name=f"Thing {n}") for n in range(12)), catalog_fold(shop))
    await catalog_fold(shop)

    await kept_counts_are_true(shop)
    assert (await shop.client.get("/products")).json()["total"] == 12


BAD = [
    "nonsense=1", "page=0", "page=-1", "page=1.5", "page=1e3", "page=1_0", "page=%2B1", "page=", "page=%D9%A1",
    "page=1000000000", "page=99999999999999999999", "size=0", "size=101", "size=x", "size=-1", "size=true",
    "sort=random", "sort=", "sort=price%3B", "sort=PRICE", "limit=0&cursor=", "limit=101&cursor=", "cursor=x&page=1",
    "cursor=&page=1", "min_price=x", "min_price=1.999", "min_price=NaN", "min_price=-", "max_price=Infinity",
    "max_price=1e9", "max_price=100000000000000", "in_stock=maybe", "in_stock=", "category=", "vendor=", "tag=",
    f"category={'x' * 201}", f"q={'x' * 201}", "page=1&page=2", "sort=price&sort=name", "q=a&q=b", "Page=1",
    "q=%FF", "q=%00", "category=%00", f"cursor={'x' * 4001}", "&".join(f"a{n}=1" for n in range(31)),
]  # fmt: skip


async def test_what_a_list_cannot_be_asked_is_refused(shop: Shop) -> None:
    answers = {query: await shop.client.get(f"/products?{query}") for query in BAD}

    assert {query: answer.status_code for query, answer in answers.items()} == dict.fromkeys(BAD, 422)
    assert answers["page=0"].json()["errors"][0]["field"] == "page"
    assert answers["nonsense=1"].json()["errors"][0]["field"] == "nonsense"
    for query in ("page=0", "nonsense=1", "page=1&page=2"):
        assert (await shop.client.get(f"/products/search?{query}")).status_code == 422


def cursor_of(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


ID = "0190a8c0-7e57-7000-8000-000000000001"
FORGED = [
    ("newest", "x"), ("newest", "!!!!"), ("newest", "AAAA"), ("newest", cursor_of()), ("newest", cursor_of("newest")),
    ("newest", cursor_of("price", 1, ID)), ("newest", cursor_of("newest", "yesterday", ID)),
    ("newest", cursor_of("newest", 1, ID)), ("newest", cursor_of("newest", "2026-01-01T00:00:00Z", "x")),
    ("newest", cursor_of("newest", "2026-01-01T00:00:00Z", ID, 1)),
    ("price", cursor_of("price", "1", ID)), ("price", cursor_of("price", 2**63, ID)),
    ("price", cursor_of("price", 1.5, ID)), ("price", cursor_of("price", {"a": 1}, ID)),
    ("price", cursor_of("price", 1, None)), ("price", cursor_of("price", [1], ID)),
    ("-rating", cursor_of("-rating", "many", ID)), ("name", cursor_of("name", "a\0b", ID)),
    ("name", cursor_of("name", "\ud800", ID)), ("name", cursor_of("name", {}, ID)),
]  # fmt: skip


async def test_a_cursor_of_another_list_is_refused(shop: Shop) -> None:
    answers = {(s, c): await shop.client.get("/products", params={"sort": s, "cursor": c}) for s, c in FORGED}

    for asked, answer in answers.items():
        assert (answer.status_code, answer.json()["code"]) == (422, "pagination.bad_cursor"), asked


STRANGE = [
    ("newest", "0001-01-01T00:00:00+23:59"),
    ("newest", "9999-12-31T23:59:59-23:59"),
    ("created_at", "2026-01-01"),
    ("-rating", "NaN"),
    ("-rating", "sNaN"),
    ("-rating", "Infinity"),
    ("-rating", "1e999999"),
    ("best_selling", -(2**62)),
    ("name", "'; DROP TABLE product_projections; --"),
]


async def test_a_forged_position_never_breaks_anything(shop: Shop) -> None:
    await shop.item()

    for sort, value in STRANGE:
        answer = await shop.client.get("/products", params={"sort": sort, "cursor": cursor_of(sort, value, ID)})
        assert answer.status_code in {200, 422}, (sort, value)
    assert (await shop.client.get("/products")).json()["total"] == 1


async def test_the_longest_names_can_be_paged_past(shop: Shop) -> None:
    for letter in '杯"🍵':
        await shop.item(name=letter * 255)

    for sort in ("name", "-name"):
        names: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            answer: httpx2.Response = await shop.client.get(
                "/products", params={"sort": sort, "cursor": cursor, "limit": 1}
            )
            assert answer.status_code == 200, answer.text
            names += [item["name"][0] for item in answer.json()["items"]]
            cursor = answer.json()["next_cursor"]
        assert sorted(names) == sorted('杯"🍵')


async def test_beyond_the_end_there_is_nothing_and_the_total_is_still_true(shop: Shop) -> None:
    for _ in range(3):
        await shop.item()

    for query in ("page=2", "page=100000&size=100", "page=9&in_stock=true"):
        answer = (await shop.client.get(f"/products?{query}")).json()
        assert (answer["items"], answer["total"]) == ([], 3)
    empty = (await shop.client.get("/products?tag=none")).json()
    assert empty == {"items": [], "page": 1, "size": 20, "total": 0, "pages": 0}


async def test_an_empty_shop_has_an_empty_list(shop: Shop) -> None:
    assert (await shop.client.get("/products")).json() == {"items": [], "page": 1, "size": 20, "total": 0, "pages": 0}
    assert (await shop.client.get("/products?cursor=")).json() == {"items": [], "next_cursor": None}
    assert (await shop.client.get("/products/categories")).json() == []


async def test_a_trailing_slash_makes_no_difference(shop: Shop) -> None:
    await shop.item()

    for path in ("/products", "/products/search", "/products/suggest?q=t", "/products/categories", "/vendors"):
        name, _, query = path.partition("?")
        with_slash = await shop.client.get(f"{name}/?{query}")
        without = await shop.client.get(path)
        assert (without.status_code, without.content) == (200, with_slash.content)


async def test_a_product_that_comes_while_one_pages_by_cursor_moves_nothing(shop: Shop) -> None:
    old = [(await shop.item(name=f"Old {n}")).product_id for n in range(4)]

    first = (await shop.client.get("/products?cursor=&limit=2")).json()
    await shop.item(name="New")
    second = (await shop.client.get("/products", params={"cursor": first["next_cursor"], "limit": 2})).json()

    assert [item["id"] for item in (*first["items"], *second["items"])] == old[::-1]
    assert second["next_cursor"] is None


async def test_the_stock_of_a_list_is_that_of_this_moment(shop: Shop) -> None:
    item = await shop.item(stock=1)
    assert (await shop.client.get("/products")).json()["items"][0]["in_stock"] is True

    await shop.order(item)

    assert (await shop.client.get("/products")).json()["items"][0]["in_stock"] is False
    assert (await shop.client.get("/products?in_stock=true")).json()["total"] == 0
    assert (await shop.client.get("/products?in_stock=false")).json()["total"] == 1
