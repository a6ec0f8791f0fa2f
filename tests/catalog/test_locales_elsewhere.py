"""What stands beside products in the language of its reader: vendors' pages and recommendations."""

from typing import Any

import pytest

from shopping import Item, Shop
from translating import translate


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr")


async def product(shop: Shop, **fields: Any) -> Item:
    body = {"price": "12.00", "stock_quantity": 3, **fields}
    answer = await shop.client.post("/products", json=body, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Item(made["id"], made["variants"][0]["id"], made["slug"])


async def test_vendors_present_themselves_in_the_language_under_their_own_name(shop: Shop) -> None:
    _, vendor_id = await shop.seller("north-kiln")
    await shop.rows("UPDATE vendors SET tagline = 'Fired twice', returns_policy = '30 days' RETURNING 1")
    texts = {"tagline": "Zweimal gebrannt", "returns_policy": "30 Tage", "name": "Nordofen"}
    await translate(shop, "vendor", str(vendor_id), "de", texts)
    await translate(shop, "vendor", str(vendor_id), "de-AT", {"description": "Servus"})
    for locale, tagline, returns, description in (
        ("en", "Fired twice", "30 days", ""),
        ("de", "Zweimal gebrannt", "30 Tage", ""),
        ("de-AT", "Zweimal gebrannt", "30 Tage", "Servus"),
        ("fr", "Fired twice", "30 days", ""),
    ):
        for headers, query in (({"Accept-Language": locale}, ""), ({}, f"?locale={locale}")):
            read = await shop.client.get(f"/vendors/north-kiln{query}", headers=headers)
            page = read.json()
            assert (page["name"], page["tagline"], page["description"]) == ("North-Kiln", tagline, description)
            assert page["policies"]["returns"] == returns
            assert read.headers["content-language"] == locale
            assert ("accept-language" in read.headers["vary"].lower()) == (query == "")
            listed = await shop.client.get(f"/vendors{query}", headers=headers)
            [vendor] = listed.json()["items"]
            assert (vendor["name"], vendor["tagline"]) == ("North-Kiln", tagline)
            assert listed.headers["content-language"] == locale
    for path in ("/vendors", "/vendors/north-kiln"):
        assert (await shop.client.get(f"{path}?locale=xx")).status_code == 422


async def test_recommendations_and_their_reasons_are_in_the_language(shop: Shop) -> None:
    words = {"brand": "Fernweh", "tags": ["tea"], "attributes": {"Material": "Clay"}}
    pot, cup = await product(shop, name="Teapot", **words), await product(shop, name="Teacup", **words)
    await translate(shop, "product", pot.product_id, "de", {"name": "Teekanne", "slug": "teekanne"})
    await translate(shop, "product", cup.product_id, "de", {"name": "Teetasse"})
    [(brand,)] = await shop.rows("SELECT id::text FROM brands")
    await translate(shop, "brand", brand, "de", {"name": "Fernweh (DE)"})
    path = f"/products/{pot.product_id}/recommendations?kind=similar"
    english = await shop.client.get(path)
    german = await shop.client.get(f"{path}&locale=de")
    assert (english.headers["content-language"], german.headers["content-language"]) == ("en", "de")
    [written], [shown] = english.json()["items"], german.json()["items"]
    assert (written["name"], shown["name"]) == ("Teacup", "Teetasse")
    assert (written["because"]["product"]["name"], shown["because"]["product"]["name"]) == ("Teapot", "Teekanne")
    assert shown["because"]["product"]["slug"] == "teekanne"
    assert shown["brand"]["name"] == "Fernweh (DE)"
    assert (shown["in_stock"], shown["id"], shown["price"]) == (True, written["id"], written["price"])
    for kind in ("trending", "for_you", "recently_viewed"):
        answer = await shop.client.get(f"/recommendations?kind={kind}&locale=de")
        assert (answer.status_code, answer.headers["content-language"]) == (200, "de")
    assert (await shop.client.get("/recommendations?locale=xx")).status_code == 422
    assert (await shop.client.get(f"{path}&locale=xx")).status_code == 422
