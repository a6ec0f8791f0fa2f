"""A cart names things as its reader does: in the language of the request, text by text, at the cost of one question."""

from typing import Any

import httpx2
import pytest

from pricing.operating import made, method
from shopping import Item, Shop
from translating import translate

Body = dict[str, Any]
ENGLISH, GERMAN = ("Stoneware mug", "Grey / Large"), ("Steingutbecher", "Grau / Large")


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr")


async def mug(shop: Shop, *values: tuple[str, str], name: str = "Stoneware mug") -> list[Item]:
    """Put a mug on sale, with a variant for each colour and size."""
    options = [{"options": {"Colour": colour, "Size": size}, "stock_quantity": 9} for colour, size in values]
    body = {
        "name": name,
        "price": "12.00",
        "options": [{"name": "Colour"}, {"name": "Size"}],
        "variants": options,
        "images": [{"url": "https://pictures.example/mug.jpg", "alt": "A mug"}],
    }
    answer = await shop.client.post("/products", json=body, headers=(await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return [Item(made["id"], variant["id"], made["slug"]) for variant in made["variants"]]


async def in_german(shop: Shop, item: Item) -> None:
    texts = {"name": "Steingutbecher", "description_html": "<p>Zweimal gebrannt.</p>", "slug": "steingutbecher"}
    await translate(shop, "product", item.product_id, "de", texts)
    await translate(shop, "attribute", "colour", "de", {"name": "Farbe", "values.Grey": "Grau"})


async def seen(shop: Shop, cart: dict[str, str], query: str = "", **headers: str) -> httpx2.Response:
    answer: httpx2.Response = await shop.client.get(f"/cart{query}", headers={**cart, **headers})
    assert answer.status_code == 200, answer.text
    return answer


def named(cart: Body) -> list[tuple[str, str]]:
    return [(line["product"]["name"], line["title"]) for line in cart["items"]]


async def test_a_cart_is_read_in_the_language_that_is_asked_for(shop: Shop) -> None:
    [item] = await mug(shop, ("Grey", "Large"))
    await in_german(shop, item)
    await translate(shop, "product", item.product_id, "de-AT", {"name": "Häferl"})
    await translate(shop, "attribute", "size", "fr", {"values.Large": "Grand"})
    cart = await shop.guest_cart(item)

    for locale, language, names in (
        ("en", "en", ENGLISH),
        ("de", "de", GERMAN),
        ("de-at", "de-AT", ("Häferl", "Grau / Large")),  # the name of its own, the colour from de
        ("de-CH", "de", GERMAN),
        ("fr", "fr", ("Stoneware mug", "Grey / Grand")),
    ):
        by_header = await seen(shop, cart, **{"Accept-Language": locale})
        by_address = await seen(shop, cart, f"?locale={locale}")
        for read in (by_header, by_address):
            assert named(read.json()) == [names], locale
            assert read.headers["content-language"] == language
        assert "accept-language" in by_header.headers["vary"].lower()
        assert "accept-language" not in by_address.headers.get("vary", "").lower()
        page = (await shop.client.get(f"/products/{item.product_id}?locale={locale}")).json()
        assert (page["name"], page["variants"][0]["title"]) == names
    assert named((await seen(shop, cart, **{"Accept-Language": "ja"})).json()) == [ENGLISH]
    assert (await seen(shop, cart, "?locale=de")).json()["items"][0]["product"]["image"]["alt"] == "Steingutbecher"
    assert (await shop.client.get("/cart?locale=xx", headers=cart)).status_code == 422


async def test_every_answer_with_a_cart_is_in_the_language_of_its_reader(shop: Shop) -> None:
    [item] = await mug(shop, ("Grey", "Large"))
    await in_german(shop, item)
    buyer = await shop.buyer()
    headers = {**buyer.headers, "Accept-Language": "de"}
    added = await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=headers)
    line = f"/cart/{added.json()['items'][0]['id']}"
    assert (await shop.client.post("/users/me/wishlists", json={"name": "Later"}, headers=headers)).status_code == 201
    path = "/users/me/wishlists/default/items"
    wished = await shop.client.post(path, json={"product_id": item.product_id}, headers=headers)
    assert wished.json()["items"][0]["product"]["name"] == "Steingutbecher"
    moved = f"{path}/{wished.json()['items'][0]['id']}/move-to-cart"

    for answer in (
        added,
        await shop.client.put(line, json={"quantity": 2}, headers=headers),
        await shop.client.put("/cart/currency", json={"currency": "EUR"}, headers=headers),
        await shop.client.delete("/cart/coupon", headers=headers),
        await shop.client.post(moved, headers=headers),
    ):
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-language"] == "de"
        assert named(answer.json()) == [GERMAN]
    emptied = await shop.client.delete(line, headers=headers)
    assert (emptied.json()["items"], emptied.headers["content-language"]) == ([], "de")

    order = (await shop.order(item, headers=buyer.headers)).json()
    again = await shop.client.post(f"/orders/{order['id']}/reorder", headers=headers)
    assert again.status_code == 200, again.text
    assert named(again.json()["cart"]) == [GERMAN]


async def test_variants_that_are_called_the_same_in_a_language_can_be_told_apart(shop: Shop) -> None:
    grey, gray, blue = await mug(shop, ("Grey", "Large"), ("Gray", "Large"), ("Blue", "Large"))
    words = {"values.Grey": "Grau", "values.Gray": "Grau", "values.Blue": "Blau"}
    await translate(shop, "attribute", "colour", "de", words)

    cart = await shop.guest_cart(gray, blue, grey)

    page = (await shop.client.get(f"/products/{grey.product_id}?locale=de")).json()
    titles = {variant["id"]: variant["title"] for variant in page["variants"]}
    lines = (await seen(shop, cart, "?locale=de")).json()["items"]
    assert [line["title"] for line in lines] == ["Gray / Large", "Blau / Large", "Grau / Large"]
    assert [line["title"] for line in lines] == [titles[line["variant_id"]] for line in lines]


async def test_what_is_not_sold_any_more_keeps_its_name_in_the_language(shop: Shop) -> None:
    grey, blue = await mug(shop, ("Grey", "Large"), ("Blue", "Large"))
    await in_german(shop, grey)
    cart = await shop.guest_cart(grey, blue)
    admin = await shop.admin()
    left = {
        "options": [{"name": "Colour"}, {"name": "Size"}],
        "variants": [{"id": blue.variant_id, "options": {"Colour": "Blue", "Size": "Large"}}],
    }
    gone = await shop.client.patch(f"/products/{grey.product_id}", json=left, headers=admin.headers)
    assert gone.is_success, gone.text

    lines = (await seen(shop, cart, "?locale=de")).json()["items"]
    assert [line["problem"] for line in lines] == ["cart.not_for_sale", None]
    assert [(line["product"]["name"], line["title"]) for line in lines] == [GERMAN, ("Steingutbecher", "Blue / Large")]


async def test_ways_of_shipping_are_named_in_the_language_that_is_asked_for(
    shop: Shop, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    britain = await made(shop, "/shipping/zones", {"name": "Britain", "areas": [{"country": "GB"}]})
    names = ("Courier", "Post", "Pigeon")
    ids = [(await method(shop, britain, one.lower(), f"{n}.00", position=n))["id"] for n, one in enumerate(names)]
    await translate(shop, "shipping_method", ids[0], "de", {"name": "Bote"})
    await translate(shop, "shipping_method", ids[0], "de-AT", {"name": "Botendienst"})
    await translate(shop, "shipping_method", ids[2], "de", {"name": "Taube"})
    await translate(shop, "shipping_method", ids[1], "fr", {"name": "Poste"})
    cart = await shop.guest_cart(*await mug(shop, ("Grey", "Large")))
    path = "/cart/shipping-methods?country=GB"

    async def offered(path: str = path, **headers: str) -> tuple[httpx2.Response, list[str], int]:
        asked.clear()
        answer = await shop.client.get(path, headers={**cart, **headers})
        assert answer.status_code == 200, answer.text
        return answer, [one["name"] for one in answer.json()["items"]], len(asked)

    _, _, in_source = await offered()
    assert not any("translations" in one for one in asked)
    for locale, language, shown in (
        ("en", "en", [*names]),
        ("de", "de", ["Bote", "Post", "Taube"]),
        ("de-at", "de-AT", ["Botendienst", "Post", "Taube"]),
        ("fr", "fr", ["Courier", "Poste", "Pigeon"]),
        ("ja", "en", [*names]),
    ):
        answer, found, statements = await offered(**{"Accept-Language": locale})
        assert (found, answer.headers["content-language"]) == (shown, language)
        assert "accept-language" in answer.headers["vary"].lower()
        assert statements == in_source + (language != "en")
        if locale != "ja":
            answer, found, _ = await offered(f"{path}&locale={locale}", **{"Accept-Language": "fr"})
            assert (found, answer.headers["content-language"]) == (shown, language)
            assert "accept-language" not in answer.headers.get("vary", "").lower()
    assert (await shop.client.get(f"{path}&locale=xx", headers=cart)).status_code == 422
    monkeypatch.setenv("MERCAT_LOCALES", "en")
    assert (await offered(**{"Accept-Language": "de"}))[1:] == ([*names], in_source)


async def test_another_language_is_one_question_more_however_long_the_cart_is(
    shop: Shop, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [(await mug(shop, ("Grey", "Large"), name=f"Mug {n}"))[0] for n in range(8)]
    for item in items:
        await in_german(shop, item)
    short, long = await shop.guest_cart(items[0]), await shop.guest_cart(*items)

    async def statements(cart: dict[str, str], query: str = "", **headers: str) -> int:
        asked.clear()
        await seen(shop, cart, query, **headers)
        return len(asked)

    in_source = await statements(long)
    assert not any("translations" in one for one in asked)
    assert await statements(long, **{"Accept-Language": "en-GB"}) == in_source
    assert await statements(long, "?locale=de") == in_source + 1
    assert await statements(short, "?locale=de") == in_source + 1
    monkeypatch.setenv("MERCAT_LOCALES", "en")
    assert await statements(long, **{"Accept-Language": "de"}) == in_source
