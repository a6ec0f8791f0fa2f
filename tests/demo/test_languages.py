"""The demo in other languages: German of nearly everything that is sold, and some of it in others."""

import json

import pytest

from mercat.demo import catalogue, content
from mercat.demo.content import DATA, Category
from mercat.kit import clock
from shopping import Shop

TOLD = json.loads((DATA / "translations.json").read_bytes())


def slugs_of(category: Category) -> set[str]:
    return {category.slug}.union(*(slugs_of(child) for child in category.children))


def test_what_is_translated_is_there_and_german_has_all_categories() -> None:
    all_of_it = content.content()
    categories = set[str]().union(*(slugs_of(one) for one in all_of_it.categories))
    products = {product.slug for product in all_of_it.products}
    for locale, kinds in TOLD.items():
        assert kinds["category"].keys() <= categories, locale
        assert kinds["product"].keys() <= products, locale
        names = [texts["name"] for texts in kinds["product"].values()]
        assert len(set(names)) == len(names), locale
    methods = {method.name for zone in all_of_it.zones for method in zone.methods}
    assert TOLD["de"]["shipping_method"].keys() == TOLD["fr"]["shipping_method"].keys() == methods
    assert TOLD["de"]["category"].keys() == TOLD["fr"]["category"].keys() == categories
    # the others are German already
    assert len(products - TOLD["de"]["product"].keys()) < 10


async def test_the_demo_is_read_and_found_in_its_languages(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,fr,ar,ja")
    all_of_it = content.content()
    async with shop.database.transaction() as session:
        vendor_ids = await catalogue.load_vendors(session, all_of_it.vendors)
        await catalogue.load_catalogue(session, all_of_it, vendor_ids, clock.now())
    for locale, name in (
        ("en", "Harbour Teapot"),
        ("de", "Teekanne Hafen"),
        ("fr", "Théière du port"),
        ("ja", "港の急須"),
    ):
        read = await shop.client.get(f"/products/harbour-teapot?locale={locale}")
        assert (read.status_code, read.json()["name"]) == (200, name)
    german = (await shop.client.get("/products/teekanne-hafen?locale=de")).json()
    assert german["attributes"]["Herkunft"] == "In unserer Werkstatt gedreht und gebrannt"
    assert german["category"]["name"] in {texts["name"] for texts in TOLD["de"]["category"].values()}
