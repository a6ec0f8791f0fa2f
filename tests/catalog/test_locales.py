"""Products, categories and their slugs as readers of another language get them."""

from typing import Any

import httpx2
import pytest

from mercat import outbox
from mercat.catalog import jobs
from mercat.kit.database import Reads
from mercat.worker import REACTIONS
from shopping import Item, Shop
from translating import translate

LOCALES = "en,de,fr,de-AT"


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", LOCALES)


@pytest.fixture
async def cups(shop: Shop) -> str:
    return await category(shop, name="Cups", slug="cups")


@pytest.fixture
async def mug(shop: Shop, cups: str) -> Item:
    body = {
        "name": "Stoneware mug",
        "description": "<p>Fired twice.</p>",
        "category_id": cups,
        "brand": "Fernweh",
        "attributes": {"Material": "Stoneware", "Origin": "Sweden"},
        "options": [{"name": "Colour", "values": ["Grey", "Blue"]}],
        "variants": [
            {"options": {"Colour": colour}, "price": "12.00", "stock_quantity": 3} for colour in ("Grey", "Blue")
        ],
        "images": [{"url": "https://pictures.example/mug.jpg", "alt": "A mug"}],
    }
    return await product(shop, **body)


async def category(shop: Shop, **fields: Any) -> str:
    answer = await shop.client.post("/products/categories", json=fields, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def product(shop: Shop, **fields: Any) -> Item:
    body = {"price": "12.00", **fields}
    answer = await shop.client.post("/products", json=body, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Item(made["id"], made["variants"][0]["id"], made["slug"])


async def get(shop: Shop, path: str, **headers: str) -> httpx2.Response:
    answer = await shop.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def names(shop: Shop, path: str, **headers: str) -> list[str]:
    return [item["name"] for item in (await get(shop, path, **headers)).json()["items"]]


async def in_german(shop: Shop, mug: Item, cups: str) -> None:
    shown = (await get(shop, f"/products/{mug.product_id}")).json()
    image = shown["images"][0]["id"]
    texts = {
        "name": "Steingutbecher",
        "description_html": "<p>Zweimal gebrannt.</p>",
        "seo_title": "Becher",
        f"alt.{image}": "Ein Becher",
        "slug": "steingutbecher",
    }
    await translate(shop, "product", mug.product_id, "de", texts)
    await translate(shop, "category", cups, "de", {"name": "Tassen", "slug": "tassen"})
    await translate(shop, "brand", shown["brand"]["id"], "de", {"name": "Fernweh (DE)"})
    await translate(shop, "attribute", "material", "de", {"name": "Werkstoff", "values.Stoneware": "Steingut"})
    await translate(shop, "attribute", "colour", "de", {"name": "Farbe", "values.Grey": "Grau"})


async def test_a_product_is_read_in_the_language_that_is_asked_for(shop: Shop, mug: Item, cups: str) -> None:
    await in_german(shop, mug, cups)
    source = (await get(shop, f"/products/{mug.product_id}")).json()
    read = await get(shop, f"/products/{mug.product_id}?locale=de")
    shown = read.json()

    assert read.headers["content-language"] == "de"
    assert (shown["name"], shown["slug"]) == ("Steingutbecher", "steingutbecher")
    assert (shown["description"], shown["description_html"]) == ("Zweimal gebrannt.", "<p>Zweimal gebrannt.</p>")
    assert shown["seo"] == {"title": "Becher", "description": ""}
    assert shown["category"] == {"id": cups, "slug": "tassen", "name": "Tassen"}
    assert shown["brand"]["name"] == "Fernweh (DE)"
    assert shown["attributes"] == {"Werkstoff": "Steingut", "Origin": "Sweden"}
    assert shown["options"] == [{"name": "Farbe", "values": ["Grau", "Blue"]}]
    assert [variant["options"] for variant in shown["variants"]] == [{"Farbe": "Grau"}, {"Farbe": "Blue"}]
    assert [variant["title"] for variant in shown["variants"]] == ["Grau", "Blue"]
    assert shown["images"][0]["alt"] == shown["image"]["alt"] == "Ein Becher"
    same = ("id", "price", "in_stock", "stock_quantity", "vendor", "tags", "version", "created_at", "slugs")
    assert {name: shown[name] for name in same} == {name: source[name] for name in same}
    assert source["slugs"] == {
        "en": mug.slug, "de": "steingutbecher", "fr": mug.slug, "de-AT": "steingutbecher",
    }  # fmt: skip
    assert source["name"] == "Stoneware mug"


async def test_texts_fall_back_to_the_language_and_then_to_the_source(shop: Shop, mug: Item, cups: str) -> None:
    await in_german(shop, mug, cups)
    await translate(shop, "product", mug.product_id, "de-AT", {"name": "Häferl"})

    austrian = (await get(shop, f"/products/{mug.product_id}?locale=de-at")).json()
    assert (austrian["name"], austrian["description"]) == ("Häferl", "Zweimal gebrannt.")
    assert austrian["slug"] == "steingutbecher"
    swiss = await get(shop, f"/products/{mug.product_id}?locale=de_CH")
    assert (swiss.json()["name"], swiss.headers["content-language"]) == ("Steingutbecher", "de")
    french = await get(shop, f"/products/{mug.product_id}?locale=fr")
    assert (french.json()["name"], french.headers["content-language"]) == ("Stoneware mug", "fr")


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("de", "de"),
        ("de-CH, en;q=0.5", "de"),
        ("de-AT", "de-AT"),
        ("nl, fr;q=0.8, de;q=0.9", "de"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("ja", "en"),
        ("*", "en"),
        ("", "en"),
        (";;;q=x,\x80", "en"),
        ("de" * 3_000, "en"),
    ],
)
async def test_the_header_chooses_where_nothing_else_does(shop: Shop, mug: Item, header: str, locale: str) -> None:
    for path in ("/products", f"/products/{mug.product_id}", "/products/search", "/products/categories"):
        answer = await shop.client.get(path, headers={"Accept-Language": header.encode("latin-1")})
        assert answer.headers["content-language"] == locale, path
        assert "accept-language" in answer.headers["vary"].lower(), path
        chosen = await get(shop, f"{path}?locale=fr", **{"Accept-Language": "de"})
        assert chosen.headers["content-language"] == "fr"
        assert "accept-language" not in chosen.headers["vary"].lower()
        assert "accept-language" in (await get(shop, path)).headers["vary"].lower()


HOSTILE = [
    "",
    "xx",
    "ja",
    "..",
    "de'--",
    "de%00",
    "%C3%A4",
    "a" * 36,
    "de-" * 30,
    "de,fr",
    "*",
    "null",
    "-",
    "de;q=1",
    "🦆",
]


@pytest.mark.parametrize("locale", HOSTILE)
async def test_a_language_that_is_none_of_ours_is_refused(shop: Shop, mug: Item, locale: str) -> None:
    paths = ("/products", f"/products/{mug.slug}", "/products/search", "/products/suggest?q=mu", "/products/categories")
    for path in paths:
        answer = await shop.client.get(f"{path}{'&' if '?' in path else '?'}locale={locale}")
        assert answer.status_code == 422, path
        assert "xx" not in answer.text


async def test_a_language_is_named_once(shop: Shop) -> None:
    assert (await shop.client.get("/products?locale=de&locale=fr")).status_code == 422


async def test_with_one_language_nobody_looks_at_the_header(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, mug: Item
) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en")
    for path in ("/products", f"/products/{mug.slug}", "/products/search", "/products/categories"):
        answer = await get(shop, path, **{"Accept-Language": "de"})
        assert answer.headers["content-language"] == "en"
        assert "accept-language" not in answer.headers["vary"].lower()
        assert "content-location" not in answer.headers
        assert (await shop.client.get(f"{path}?locale=de")).status_code == 422
        assert (await shop.client.get(f"{path}?locale=en")).status_code == 200
    admin = await shop.admin()
    patched = await shop.client.patch(f"/products/{mug.product_id}", json={"name": "Mug"}, headers=admin.headers)
    assert patched.json()["slugs"] == {}
    assert (await get(shop, f"/products/{mug.slug}")).json()["slugs"] == {}


async def test_a_product_is_found_by_its_slug_of_any_language_whoever_reads(shop: Shop, mug: Item, cups: str) -> None:
    await in_german(shop, mug, cups)
    for slug in (mug.slug, "steingutbecher", mug.product_id):
        for locale, name, own in (
            ("en", "Stoneware mug", mug.slug),
            ("de", "Steingutbecher", "steingutbecher"),
            ("fr", "Stoneware mug", mug.slug),
        ):
            answer = await get(shop, f"/products/{slug}?locale={locale}")
            assert answer.json()["name"] == name
            assert answer.headers["content-location"] == f"/api/v1/products/{own}?locale={locale}"
            by_header = await get(shop, f"/products/{slug}", **{"Accept-Language": locale})
            assert by_header.json()["name"] == name
    assert (await shop.client.get("/products/nothing?locale=de")).status_code == 404


async def test_of_two_products_with_one_slug_that_of_the_language_comes_first(shop: Shop, mug: Item) -> None:
    poison = await product(shop, name="Poison ring", slug="poison-ring")
    gift = await product(shop, name="Gift card", slug="gift")
    await translate(shop, "product", poison.product_id, "de", {"name": "Giftring", "slug": "gift"})
    await translate(shop, "product", mug.product_id, "fr", {"slug": "poison-ring"})
    for locale, expected in (("de", poison), ("en", gift), ("fr", gift)):
        assert (await get(shop, f"/products/gift?locale={locale}")).json()["id"] == expected.product_id
    for locale, expected in (("de", poison), ("en", poison), ("fr", mug)):
        assert (await get(shop, f"/products/poison-ring?locale={locale}")).json()["id"] == expected.product_id


async def test_a_former_slug_of_a_language_leads_to_the_present_one(shop: Shop, mug: Item, cups: str) -> None:
    await in_german(shop, mug, cups)
    await translate(shop, "product", mug.product_id, "de", {"name": "Becher", "slug": "becher"})
    for query in ("", "?locale=de", "?locale=en"):
        moved = await shop.client.get(f"/products/steingutbecher{query}")
        assert (moved.status_code, moved.headers["location"]) == (301, f"/api/v1/products/becher{query}")
    admin = await shop.admin()
    await shop.client.patch(f"/products/{mug.product_id}", json={"slug": "mug"}, headers=admin.headers)
    moved = await shop.client.get(f"/products/{mug.slug}?locale=de")
    assert (moved.status_code, moved.headers["location"]) == (301, "/api/v1/products/mug?locale=de")
    deleted = await shop.client.delete(f"/products/{mug.product_id}", headers=admin.headers)
    assert deleted.status_code == 204
    for slug in ("mug", "becher", "steingutbecher"):
        assert (await shop.client.get(f"/products/{slug}?locale=de")).status_code == 404


async def test_lists_are_in_the_language_and_ordered_by_its_names(shop: Shop, cups: str) -> None:
    made = {name: await product(shop, name=name, category_id=cups) for name in ("Apple", "Bowl", "Cup", "Dish")}
    for name, german in (("Apple", "Zwiebel"), ("Bowl", "Änderung"), ("Cup", "Becher")):
        await translate(shop, "product", made[name].product_id, "de", {"name": german})
    by_source = ["Zwiebel", "Änderung", "Becher", "Dish"]
    assert await names(shop, "/products?locale=de&sort=created_at") == by_source
    assert await names(shop, "/products?locale=de&sort=name") == by_source  # until all are known to have a name
    await jobs.follow_locales(outbox.JobContext(shop.database, REACTIONS))
    by_name = ["Becher", "Dish", "Zwiebel", "Änderung"]
    for filters in ("", "&category=cups", "&category=cups&min_price=1", "&in_stock=false"):
        assert await names(shop, f"/products?locale=de&sort=name{filters}") == by_name
        assert await names(shop, f"/products?locale=de&sort=-name{filters}") == by_name[::-1]
        assert await names(shop, f"/products?locale=en&sort=name{filters}") == [*made]
        walked, cursor = list[str](), ""
        while cursor is not None:
            page = (await get(shop, f"/products?locale=de&sort=name{filters}&limit=1&cursor={cursor}")).json()
            walked += [item["name"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert walked == by_name
    paged = [await names(shop, f"/products?locale=de&sort=name&size=1&page={n}") for n in (1, 2, 3, 4, 5)]
    assert paged == [*([name] for name in by_name), []]
    assert (await get(shop, "/products?locale=de&sort=name&page=9")).json()["total"] == 4


async def test_filters_name_things_as_the_source_does_or_as_any_language(shop: Shop, mug: Item, cups: str) -> None:
    await in_german(shop, mug, cups)
    for path in ("/products", "/products/search"):
        for value in ("cups", "tassen", cups):
            for locale in ("en", "de", "fr"):
                found = (await get(shop, f"{path}?category={value}&locale={locale}")).json()
                assert (found["total"], len(found["items"])) == (1, 1), (path, value, locale)
        assert (await get(shop, f"{path}?category=nothing&locale=de")).json()["total"] == 0
    facet = (await get(shop, "/products/search?category=tassen&locale=de")).json()["facets"]["category"]
    assert [(one["value"], one["selected"]) for one in facet["values"]] == [("cups", True)]


async def test_the_tree_of_categories_is_in_the_language(shop: Shop, cups: str) -> None:
    await category(shop, name="Tea", slug="tea", parent_id=cups)
    await category(shop, name="Bowls", slug="bowls")
    await translate(shop, "category", cups, "de", {"name": "Aufguss", "slug": "aufguss"})
    german = (await get(shop, "/products/categories?locale=de")).json()
    assert [(one["name"], one["slug"]) for one in german] == [("Aufguss", "aufguss"), ("Bowls", "bowls")]
    assert [one["name"] for one in german[0]["children"]] == ["Tea"]
    english = (await get(shop, "/products/categories")).json()
    assert [one["name"] for one in english] == ["Bowls", "Cups"]
    assert german[0]["id"] == english[1]["id"] == cups


async def test_names_that_become_one_stay_apart(shop: Shop) -> None:
    colours = ["Grey", "Slate", "Red"]
    made = await product(
        shop,
        name="Scarf",
        attributes={"Weave": "Plain", "Texture": "Soft"},
        options=[{"name": "Colour", "values": colours}, {"name": "Shade", "values": ["Dark"]}],
        variants=[{"options": {"Colour": colour, "Shade": "Dark"}, "price": "5.00"} for colour in colours],
    )
    one = {"name": "Farbe", "values.Grey": "Grau", "values.Slate": "Grau", "values.Red": "Grey"}
    await translate(shop, "attribute", "colour", "de", one)
    await translate(shop, "attribute", "shade", "de", {"name": "Farbe"})
    await translate(shop, "attribute", "weave", "de", {"name": "Gewebe"})
    await translate(shop, "attribute", "texture", "de", {"name": "Gewebe"})
    shown = (await get(shop, f"/products/{made.product_id}?locale=de")).json()
    assert shown["options"] == [
        {"name": "Farbe", "values": ["Grau", "Slate", "Red"]},
        {"name": "Shade", "values": ["Dark"]},
    ]
    assert shown["attributes"] == {"Gewebe": "Plain", "Texture": "Soft"}


async def test_languages_have_etags_of_their_own(shop: Shop, mug: Item, cups: str) -> None:
    path = f"/products/{mug.product_id}"
    before = {locale: (await get(shop, f"{path}?locale={locale}")).headers["etag"] for locale in ("en", "de", "fr")}
    assert len(set(before.values())) == 3
    known = await shop.client.get(path, headers={"Accept-Language": "de", "If-None-Match": before["de"]})
    assert (known.status_code, known.headers["content-location"]) == (304, f"/api/v1/products/{mug.slug}?locale=de")
    other = await shop.client.get(path, headers={"Accept-Language": "fr", "If-None-Match": before["de"]})
    assert other.status_code == 200
    await in_german(shop, mug, cups)
    after = {locale: (await get(shop, f"{path}?locale={locale}")).headers["etag"] for locale in ("en", "de", "fr")}
    assert after["de"] != before["de"]
    admin = await shop.admin()
    edit = await shop.client.patch(
        path, json={"name": "Mug"}, headers={**admin.headers, "If-Match": after["de"]}
    )  # whatever language it was read in, it is this version
    assert edit.status_code == 200


async def test_however_many_products_a_list_is_as_many_statements_as_in_the_source(
    shop: Shop, cups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(12):
        made = await product(shop, name=f"Cup {n}", category_id=cups, attributes={"Material": "Clay"})
        await translate(shop, "product", made.product_id, "de", {"name": f"Tasse {n}", "slug": f"tasse-{n}"})
    await jobs.follow_locales(outbox.JobContext(shop.database, REACTIONS))
    asked: list[str] = []
    rows = Reads.rows

    async def recorded(self: Reads, sql: str, params: Any = ()) -> Any:
        if "cache_generations" not in sql:
            asked.append(sql)
        return await rows(self, sql, params)

    monkeypatch.setattr(Reads, "rows", recorded)

    async def statements(path: str) -> int:
        asked.clear()
        await get(shop, path)
        return len(asked)

    for path, more in (
        ("/products?size=2", 0),
        ("/products?size=12", 0),
        ("/products?size=12&sort=name", 1),  # whether every product has a name
        ("/products?cursor=&limit=12", 0),
        ("/products?category=cups&min_price=1", 0),
    ):
        in_source = await statements(path)
        assert not any("product_projection_texts" in sql for sql in asked)
        assert await statements(f"{path}&locale=de") == in_source + more, path
    await get(shop, "/products/search?locale=de")  # reads what operators told search, once
    few, many = [await statements(f"/products/search?size={size}&locale=de") for size in (1, 12)]
    assert few == many


async def test_a_language_that_is_added_is_filled_and_one_that_goes_is_forgotten(
    shop: Shop, mug: Item, cups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = outbox.JobContext(shop.database, REACTIONS)
    await in_german(shop, mug, cups)
    kept = "SELECT DISTINCT locale FROM product_projection_texts ORDER BY 1"
    assert await shop.rows(kept) == [("de",), ("de-AT",), ("fr",)]
    monkeypatch.setenv("MERCAT_LOCALES", "en,de-LI,de")
    assert (await get(shop, f"/products/{mug.slug}?locale=de-LI")).json()["name"] == "Stoneware mug"  # for now
    await jobs.follow_locales(context)
    assert (await get(shop, f"/products/{mug.slug}?locale=de-LI")).json()["name"] == "Steingutbecher"
    assert await shop.rows(kept) == [("de",), ("de-LI",)]
    before = await shop.rows("SELECT max(rendered_at) FROM product_projection_texts")
    await jobs.follow_locales(context)
    assert await shop.rows("SELECT max(rendered_at) FROM product_projection_texts") == before
    monkeypatch.setenv("MERCAT_LOCALES", "en")
    await jobs.follow_locales(context)
    assert await shop.rows(kept) == []
    assert await shop.rows("SELECT * FROM projected_locales") == []
    assert (await get(shop, f"/products/{mug.slug}")).json()["slugs"] == {}


async def test_whoever_leaves_the_lists_leaves_them_in_every_language(shop: Shop, mug: Item, cups: str) -> None:
    await in_german(shop, mug, cups)
    admin = await shop.admin()
    await shop.client.patch(f"/products/{mug.product_id}", json={"status": "archived"}, headers=admin.headers)
    assert await shop.rows("SELECT FROM product_projection_texts") == []
    assert await names(shop, "/products?locale=de") == []
