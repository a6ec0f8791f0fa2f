"""What is kept of products in other languages is what would be made of them now, whatever was edited in which order."""

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from mercat import catalog
from shopping import Shop
from translating import translate

LOCALES = ("en", "de", "de-AT", "fr")
KEPT = """
SELECT product_id, locale, slug, name_key, summary, page, variant_bodies FROM product_projection_texts ORDER BY 1, 2
"""
WORDS = ("Becher", "Kanne", "Teller", "Bol", "Pichet", "Schale", "Häferl", "Vase")


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", ",".join(LOCALES))


async def naive(shop: Shop, product_id: str, locale: str) -> dict[str, Any]:
    """Return texts of a product looked up one by one, the nearest language first."""
    chain = [locale, *([locale.partition("-")[0]] if "-" in locale else [])]

    async def text(kind: str, key: str, field: str, written: str) -> str:
        for one in chain:
            sql = "SELECT texts->>%s FROM translations WHERE kind = %s AND key = %s AND locale = %s"
            found = await shop.rows(sql, field, kind, key, one)
            if found and found[0][0]:
                return str(found[0][0])
        return written

    [(name, description, category_id, category, brand_id, brand, attributes)] = await shop.rows(
        "SELECT p.name, p.description_html, c.id, c.name, b.id, b.name, p.attributes FROM products p "
        "JOIN categories c ON c.id = p.category_id JOIN brands b ON b.id = p.brand_id WHERE p.id = %s",
        product_id,
    )
    return {
        "name": await text("product", product_id, "name", name),
        "description_html": await text("product", product_id, "description_html", description),
        "category": await text("category", str(category_id), "name", category),
        "brand": await text("brand", str(brand_id), "name", brand),
        "attributes": {
            await text("attribute", one.casefold(), "name", one): await text(
                "attribute", one.casefold(), f"values.{value}", value
            )
            for one, value in attributes.items()
        },
    }


@pytest.mark.parametrize("seed", range(3))
async def test_kept_texts_are_those_that_would_be_made_now(
    shop: Shop, size: Callable[[int, int], int], seed: int
) -> None:
    chance = random.Random(seed)
    headers = (await shop.admin()).headers

    async def ask(method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await shop.client.request(method, path, json=body, headers=headers)
        assert answer.status_code in {200, 201, 204}, answer.text
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told

    categories = [(await ask("POST", "/products/categories", {"name": name}))["id"] for name in ("Cups", "Pots")]
    products: list[str] = []
    for n in range(4):
        body = {
            "name": f"Thing {n}", "price": "3.00", "category_id": chance.choice(categories), "brand": f"Brand {n % 2}",
            "attributes": {"Material": chance.choice(("Clay", "Glass")), "Straße": "x"},
        }  # fmt: skip
        products.append((await ask("POST", "/products", body))["id"])
    brands = [str(row[0]) for row in await shop.rows("SELECT id FROM brands ORDER BY slug")]

    async def retell() -> None:
        locale, word = chance.choice(LOCALES[1:]), chance.choice(WORDS)
        kind, key, texts = chance.choice((
            ("product", chance.choice(products), {"name": word, "description_html": f"<p>{word}</p>"}),
            ("product", chance.choice(products), {"name": word, "slug": f"{word.lower()}-{chance.randrange(10**9)}"}),
            ("product", chance.choice(products), {}),
            ("category", chance.choice(categories), {"name": word}),
            ("brand", chance.choice(brands), {"name": word}),
            ("attribute", "material", {"name": word, "values.Clay": f"{word} (1)", "values.Glass": f"{word} (2)"}),
            ("attribute", "strasse", {"name": f"{word}straße"}),
        ))  # fmt: skip
        await translate(shop, kind, key, locale, texts)

    async def edit() -> None:
        product_id, word = chance.choice(products), chance.choice(WORDS)
        changes: dict[str, Any] = chance.choice((
            {"name": f"Written {word}"},
            {"category_id": chance.choice(categories)},
            {"attributes": {"Material": "Glass", "Straße": "y"}},
            {"status": "archived"},
            {"status": "active"},
            {"brand": chance.choice(("Brand 0", "Brand 1"))},
        ))  # fmt: skip
        await ask("PATCH", f"/products/{product_id}", changes)

    async def rename() -> None:
        await ask("PATCH", f"/products/categories/{chance.choice(categories)}", {"name": chance.choice(WORDS)})

    for _ in range(size(25, 400)):
        await chance.choice((retell, retell, edit, rename))()
    await shop.handle_events()

    kept = await shop.rows(KEPT)
    async with shop.database.transaction() as session:
        await catalog.refresh_projections(session, [UUID(one) for one in products])
    assert await shop.rows(KEPT) == kept  # nothing was stale
    await shop.rows("DELETE FROM product_projection_texts RETURNING 1")
    async with shop.database.transaction() as session:
        await catalog.refresh_projections(session, [UUID(one) for one in products])
    assert await shop.rows(KEPT) == kept  # and nothing was left
    on_sale = {str(row[0]) for row in await shop.rows("SELECT product_id FROM product_projections")}
    assert {(str(row[0]), row[1]) for row in kept} == {(one, locale) for one in on_sale for locale in LOCALES[1:]}
    for product_id in on_sale:
        for locale in LOCALES[1:]:
            shown = (await shop.client.get(f"/products/{product_id}?locale={locale}")).json()
            named = {"category": shown["category"]["name"], "brand": shown["brand"]["name"]}
            told = {name: shown[name] for name in ("name", "description_html", "attributes")} | named
            assert told == await naive(shop, product_id, locale)
