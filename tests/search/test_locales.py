"""Search in several languages: each by its own words, by the source's as long as there are none."""

from typing import Any

import pytest

from mercat import outbox
from mercat.search import jobs
from mercat.worker import REACTIONS
from shopping import Item, Shop
from translating import translate


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,fr,ar,ja")


async def category(shop: Shop, **fields: Any) -> str:
    answer = await shop.client.post("/products/categories", json=fields, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def product(shop: Shop, **fields: Any) -> Item:
    body = {"price": "12.00", "stock_quantity": 3, **fields}
    answer = await shop.client.post("/products", json=body, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Item(made["id"], made["variants"][0]["id"], made["slug"])


async def fill(shop: Shop) -> None:
    await shop.handle_events()
    await jobs.follow_locales(outbox.JobContext(shop.database, REACTIONS))


async def search(shop: Shop, query: str, locale: str, **more: str) -> dict[str, Any]:
    answer = await shop.client.get("/products/search", params={"q": query, "locale": locale, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == locale
    found: dict[str, Any] = answer.json()
    return found


async def names(shop: Shop, query: str, locale: str) -> list[str]:
    return [item["name"] for item in (await search(shop, query, locale))["items"]]


TEXTS = {
    "de": ("Teekanne", "<p>Für grünen Tee.</p>"),
    "fr": ("Théière en grès", "<p>Pour les thés verts de l'été.</p>"),
    "ja": ("急須", "<p>緑茶のための陶器です。</p>"),
    "ar": ("إِبْرِيق شاي", "<p>للشاي الأخضر</p>"),
}


async def test_each_language_is_searched_by_its_own_words(shop: Shop) -> None:
    pot = await product(shop, name="Teapot", description="For green tea.", sku="POT-7")
    await product(shop, name="Anvil")
    for locale, (name, description) in TEXTS.items():
        await translate(shop, "product", pot.product_id, locale, {"name": name, "description_html": description})
    await fill(shop)
    for locale, queries in {
        "en": ("teapot", "teapots", "green tea"),
        "de": ("Teekanne", "teekannen", "grüner tee", "gruener Tee", "grun", "kanne", "Kannen", "tee kanne"),
        "fr": ("theiere", "Théières", "grès", "gres", "vert", "l'été", "ete"),
        "ja": ("急須", "緑茶", "陶器"),
        "ar": ("ابريق", "شاي", "إبريق", "الأخضر"),
    }.items():
        name = TEXTS[locale][0] if locale != "en" else "Teapot"
        for query in queries:
            found = await search(shop, query, locale)
            assert [one["name"] for one in found["items"]] == [name], (locale, query)
            assert (found["total"], found["corrected"]) == (1, False), (locale, query)
        assert await names(shop, "POT-7", locale) == [name]
        assert await names(shop, "anvil", locale) == ["Anvil"]  # not translated: found as it was written
        assert await names(shop, "nothing", locale) == []
    assert await names(shop, "teapot", "fr") == []
    assert await names(shop, "theiere", "en") == []


async def test_until_a_language_has_all_its_documents_those_of_the_source_answer(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en")
    pot = await product(shop, name="Teapot")
    await shop.handle_events()
    monkeypatch.setenv("MERCAT_LOCALES", "en,de")
    cup = await product(shop, name="Cup")
    for item, name in ((pot, "Teekanne"), (cup, "Tasse")):
        await translate(shop, "product", item.product_id, "de", {"name": name})
    assert await names(shop, "teapot", "de") == ["Teekanne"]
    assert await names(shop, "tasse", "de") == []
    await fill(shop)
    assert await names(shop, "teapot", "de") == []
    assert (await names(shop, "tasse", "de"), await names(shop, "teekanne", "de")) == (["Tasse"], ["Teekanne"])
    before = await shop.rows("SELECT product_id, locale, xmin::text FROM search_documents ORDER BY 1, 2")
    await jobs.follow_locales(outbox.JobContext(shop.database, REACTIONS))
    assert await shop.rows("SELECT product_id, locale, xmin::text FROM search_documents ORDER BY 1, 2") == before
    monkeypatch.setenv("MERCAT_LOCALES", "en,fr")
    await fill(shop)
    for table in ("search_documents", "search_lexemes"):
        assert await shop.rows(f"SELECT DISTINCT locale FROM {table} ORDER BY 1") == [("en",), ("fr",)]
    assert await shop.rows("SELECT locale FROM searched_locales") == [("fr",)]


async def test_facets_are_called_as_readers_call_them_and_filter_as_the_source_does(shop: Shop) -> None:
    kitchen = await category(shop, name="Kitchen", slug="kitchen")
    cups = await category(shop, name="Cups", slug="cups", parent_id=kitchen, filters=["Material", "Size"])
    made = await product(
        shop,
        name="Cup",
        category_id=cups,
        brand="Fernweh",
        attributes={"Material": "Clay"},
        options=[{"name": "Size", "values": ["Small"]}],
        variants=[{"options": {"Size": "Small"}, "price": "5.00", "stock_quantity": 1}],
    )
    await translate(shop, "category", kitchen, "de", {"name": "Küche", "slug": "kueche"})
    await translate(shop, "category", cups, "de", {"name": "Tassen", "slug": "tassen"})
    await translate(shop, "attribute", "material", "de", {"name": "Werkstoff", "values.Clay": "Ton"})
    await translate(shop, "attribute", "size", "de", {"values.Small": "Klein"})
    await fill(shop)
    facets = (await search(shop, "", "de"))["facets"]
    shown = {
        name: (facet["label"], [(one["value"], one["label"]) for one in facet["values"]])
        for name, facet in facets.items()
    }
    assert shown["category"] == ("Kategorie", [("kitchen", "Küche"), ("cups", "Tassen")])
    assert shown["brand"] == ("Marke", [("fernweh", "Fernweh")])
    assert shown["attr.material"] == ("Werkstoff", [("clay", "Ton")])
    assert shown["option.size"] == ("Size", [("small", "Klein")])
    assert shown["price"][0] == "Preis"
    for query in ("Küche", "kueche", "Ton", "Klein", "tassen"):
        assert [one["id"] for one in (await search(shop, query, "de"))["items"]] == [made.product_id], query
    for locale in ("en", "de", "fr"):
        for filters in ({"attr.material": "clay"}, {"category": "kitchen"}, {"category": "kueche"}):
            assert (await search(shop, "", locale, **filters))["total"] == 1
    english = (await search(shop, "", "en"))["facets"]
    assert english["category"]["label"] == "Category"
    assert [one["label"] for one in english["attr.material"]["values"]] == ["Clay"]


async def test_what_is_typed_is_completed_in_the_language(shop: Shop) -> None:
    kitchen = await category(shop, name="Kitchen", slug="kitchen")
    garden = await category(shop, name="Garden", slug="garden")
    pot = await product(shop, name="Teapot", category_id=kitchen)
    await product(shop, name="Rake", category_id=garden)
    await translate(shop, "product", pot.product_id, "de", {"name": "Teekanne"})
    await translate(shop, "category", kitchen, "de", {"name": "Große Küche", "slug": "kueche"})
    await fill(shop)

    async def suggested(q: str, locale: str) -> dict[str, Any]:
        answer = await shop.client.get("/products/suggest", params={"q": q, "locale": locale})
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()
        return told

    german = await suggested("teek", "de")
    assert ([one["name"] for one in german["products"]], german["queries"]) == (["Teekanne"], ["teekanne"])
    assert (await suggested("teap", "de"))["products"] == []
    for typed in ("küc", "kuch", "große ku"):
        assert (await suggested(typed, "de"))["categories"] == [{"slug": "kitchen", "name": "Große Küche"}], typed
    assert (await suggested("kitch", "de"))["categories"] == []
    assert (await suggested("gard", "de"))["categories"] == [{"slug": "garden", "name": "Garden"}]
    assert (await suggested("kitch", "en"))["categories"] == [{"slug": "kitchen", "name": "Kitchen"}]


async def test_a_translation_is_found_when_its_event_was_handled(shop: Shop) -> None:
    kitchen = await category(shop, name="Kitchen", slug="kitchen")
    cups = await category(shop, name="Cups", slug="cups", parent_id=kitchen)
    made = await product(shop, name="Cup", category_id=cups)
    await fill(shop)
    assert await names(shop, "Tasse", "de") == []
    await translate(shop, "product", made.product_id, "de", {"name": "Tasse"})
    assert await names(shop, "Tasse", "de") == ["Tasse"]
    await translate(shop, "category", kitchen, "de", {"name": "Wohnküche"})  # above its category: in no JSON of it
    assert await names(shop, "wohnkueche", "de") == ["Tasse"]
    await translate(shop, "product", made.product_id, "de", {"name": "Becher"})
    assert (await names(shop, "Tasse", "de"), await names(shop, "Becher", "de")) == ([], ["Becher"])


COMPOUNDS = {
    "Kanne": {"Teekanne", "Kaffeekanne", "Kanne"},
    "Kannen": {"Teekanne", "Kaffeekanne", "Kanne"},
    "Tee Kanne": {"Teekanne"},
    "Geburtstag Karte": {"Geburtstagskarte"},
    "Karte": {"Geburtstagskarte"},
    "Kaffeekanne": {"Kaffeekanne"},
    "Schreibtisch": {"Tisch zum Schreiben"},
    "Rat": set(),
}


@pytest.mark.parametrize("query", COMPOUNDS)
async def test_german_compounds_are_found_by_their_parts_and_the_other_way(shop: Shop, query: str) -> None:
    for name in ("Teekanne", "Kaffeekanne", "Kanne", "Geburtstagskarte", "Krawatte", "Tisch zum Schreiben"):
        made = await product(shop, name=f"English {name}")
        await translate(
            shop, "product", made.product_id, "de", {"name": name, "description_html": "Tee. Geburtstag. Schreib"[:0]}
        )
    await fill(shop)
    assert set(await names(shop, query, "de")) == COMPOUNDS[query]
