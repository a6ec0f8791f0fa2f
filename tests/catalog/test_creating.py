"""Adding products over HTTP: what becomes of a request, and what is refused and leaves nothing behind."""

import asyncio
from collections import Counter
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from mercat import auth
from shopping import Person, Shop

SUMMARY = {
    "id",
    "slug",
    "name",
    "price",
    "compare_at_price",
    "in_stock",
    "rating",
    "vendor",
    "category",
    "image",
    "tags",
    "created_at",
}
PRODUCT = SUMMARY | {
    "description",
    "description_html",
    "images",
    "options",
    "variants",
    "stock_quantity",
    "status",
    "is_active",
    "listed",
    "seo",
    "updated_at",
}
VARIANT = {"id", "sku", "title", "options", "price", "compare_at_price", "available", "in_stock"}
SHIRT = {
    "name": "Linen shirt",
    "price": "49.00",
    "options": [{"name": "Size", "values": ["S", "M"]}, {"name": "Colour"}],
    "variants": [
        {"options": {"Size": "S", "Colour": "White"}, "sku": "LS-S-W", "stock_quantity": 3},
        {"options": {"Size": "M", "Colour": "White"}, "sku": "LS-M-W", "price": "45.50", "weight_grams": 210},
        {"options": {"Colour": "Blue", "Size": "M"}, "stock_quantity": 0, "allow_backorder": True},
    ],
}


async def create(shop: Shop, by: Person | None = None, **fields: Any) -> httpx2.Response:
    by = by or await shop.admin()
    return await shop.client.post("/products/", json={"name": "Mug", "price": "9.90", **fields}, headers=by.headers)


async def nothing_was_made(shop: Shop) -> None:
    for table in (
        "products",
        "variants",
        "product_projections",
        "product_slugs",
        "product_counts",
        "stock_levels",
        "tags",
    ):
        assert await shop.rows(f"SELECT 1 FROM {table}") == [], table


async def test_a_plain_product_gets_one_default_variant(shop: Shop) -> None:
    answer = await create(shop, price={"amount": "9.90", "currency": "EUR"}, stock_quantity=7, sku="MUG")

    assert answer.status_code == 201
    product = answer.json()
    assert set(product) >= PRODUCT
    assert UUID(product["id"]).version == 7
    assert (product["slug"], product["name"]) == ("mug", "Mug")
    assert product["price"] == {"amount": "9.90", "currency": "EUR"}
    assert (product["status"], product["is_active"]) == ("active", True)
    assert (product["stock_quantity"], product["in_stock"]) == (7, True)
    assert product["rating"] == {"average": 0, "count": 0}
    assert (product["category"], product["image"], product["tags"], product["options"]) == (None, None, [], [])
    [variant] = product["variants"]
    assert set(variant) >= VARIANT
    assert (variant["sku"], variant["title"], variant["options"]) == ("MUG", "Default", {})
    assert (variant["price"], variant["available"], variant["in_stock"]) == (product["price"], 7, True)
    assert product["created_at"].endswith("Z")


async def test_what_was_answered_is_what_readers_get(shop: Shop) -> None:
    made = await create(shop, **SHIRT, tags=["Summer"], description="<p>Cool</p>", seo={"title": "Shirt"})

    by_id = await shop.client.get(f"/products/{made.json()['id']}")
    by_slug = await shop.client.get("/products/linen-shirt/")

    assert by_id.json() == by_slug.json() == made.json()
    assert by_id.headers["etag"] == made.headers["etag"]
    [listed] = (await shop.client.get("/products")).json()["items"]
    assert set(listed) >= SUMMARY
    assert listed == {name: made.json()[name] for name in listed}


async def test_variants_have_their_own_prices_and_stock(shop: Shop) -> None:
    product = (await create(shop, **SHIRT)).json()

    assert [option["name"] for option in product["options"]] == ["Size", "Colour"]
    assert product["options"][0]["values"] == ["S", "M"]
    assert product["options"][1]["values"] == ["White", "Blue"]
    assert [v["title"] for v in product["variants"]] == ["S / White", "M / White", "M / Blue"]
    assert [v["price"]["amount"] for v in product["variants"]] == ["49.00", "45.50", "49.00"]
    assert [(v["available"], v["in_stock"]) for v in product["variants"]] == [(3, True), (0, False), (0, True)]
    assert [v["sku"] for v in product["variants"]] == ["LS-S-W", "LS-M-W", None]
    assert product["variants"][1]["weight_grams"] == 210
    assert (product["price"]["amount"], product["stock_quantity"], product["in_stock"]) == ("45.50", 3, True)
    await shop.stock_is_explained()


async def test_everything_that_a_product_can_be_told(shop: Shop) -> None:
    admin = await shop.admin()
    kitchen = (await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)).json()

    product = (
        await create(
            shop,
            slug="the-mug",
            description="A mug & nothing else",
            category_id=kitchen["id"],
            brand="North Kiln",
            tags=["Stoneware", "Gift ideas", "stoneware"],
            attributes={"Material": "Stoneware", "Height": "9 cm"},
            images=[{"url": "https://cdn.example.com/a.jpg", "alt": "Grey"}, {"url": "/media/b.webp"}],
            compare_at_price="12.00",
            weight_grams=350,
            barcode="4006381333931",
            seo={"title": "Mug", "description": "Buy it"},
        )
    ).json()

    assert product["slug"] == "the-mug"
    assert (product["description"], product["description_html"]) == ("A mug & nothing else", "A mug &amp; nothing else")
    assert product["category"] == {"id": kitchen["id"], "slug": "kitchen", "name": "Kitchen"}
    assert (product["brand"]["slug"], product["brand"]["name"]) == ("north-kiln", "North Kiln")
    assert [tag.lower() for tag in product["tags"]] == ["stoneware", "gift ideas"]
    assert product["attributes"] == {"Material": "Stoneware", "Height": "9 cm"}
    assert product["image"] == {
        "url": "https://cdn.example.com/a.jpg", "alt": "Grey", "width": None, "height": None, "sizes": [],
    }  # fmt: skip
    assert [(i["url"], i["alt"]) for i in product["images"]][1] == ("/media/b.webp", "")
    assert product["compare_at_price"] == {"amount": "12.00", "currency": "EUR"}
    assert product["variants"][0]["barcode"] == "4006381333931"
    assert product["seo"] == {"title": "Mug", "description": "Buy it"}


async def test_a_price_may_be_written_in_three_ways(shop: Shop) -> None:
    written = {"19.99": "19.99", 19.99: "19.99", 20: "20.00", "20": "20.00", "0": "0.00", 0.1: "0.10"}

    shown = {price: (await create(shop, price=price)).json()["price"]["amount"] for price in written}

    assert shown == written
    assert (await create(shop, price={"amount": "1.5", "currency": "EUR"})).json()["price"]["amount"] == "1.50"


async def test_a_sellers_product_goes_to_the_sellers_shop(shop: Shop) -> None:
    seller, vendor_id = await shop.seller("north-kiln")

    product = (await create(shop, seller)).json()
    named = (await create(shop, seller, vendor_id=str(vendor_id))).json()

    assert product["vendor"] == named["vendor"] == {"id": str(vendor_id), "slug": "north-kiln", "name": "North-Kiln"}


async def test_an_operators_product_goes_where_the_operator_says(shop: Shop) -> None:
    _, vendor_id = await shop.seller("north-kiln")

    own = (await create(shop)).json()
    theirs = (await create(shop, vendor_id=str(vendor_id))).json()

    assert own["vendor"]["slug"] == "marketplace"
    assert theirs["vendor"]["id"] == str(vendor_id)


async def test_nobody_adds_to_a_shop_that_is_not_theirs(shop: Shop) -> None:
    seller, _ = await shop.seller("north-kiln")
    _, other = await shop.seller("south-mill")
    homeless = await shop.person(auth.Role.vendor)

    refused = [
        await create(shop, seller, vendor_id=str(other)),
        await create(shop, seller, vendor_id=str(uuid4())),
        await create(shop, homeless),
        await create(shop, homeless, vendor_id=str(other)),
        await create(shop, vendor_id=str(uuid4())),
    ]

    assert [(a.status_code, a.json()["code"]) for a in refused] == [(422, "catalog.unknown_vendor")] * 5
    await nothing_was_made(shop)


TWO = [{"options": {"Size": "S"}}, {"options": {"Size": "M"}}]
BAD: dict[str, dict[str, Any]] = {
    "no name": {"name": None},
    "empty name": {"name": ""},
    "blank name": {"name": "  \t "},
    "name of two lines": {"name": "a\nb"},
    "name that is a number": {"name": 5},
    "long name": {"name": "x" * 256},
    "no price": {"price": None},
    "negative price": {"price": "-0.01"},
    "negative number": {"price": -1},
    "too many decimals": {"price": "9.999"},
    "too many decimals as a number": {"price": 9.999},
    "price in words": {"price": "ten"},
    "price NaN": {"price": "NaN"},
    "price Infinity": {"price": "Infinity"},
    "price with an exponent": {"price": "1e3"},
    "price 1e309 in words": {"price": "1e309"},
    "price with a comma": {"price": "9,90"},
    "price beyond every order": {"price": "100000000000000"},
    "price of forty-one digits": {"price": "9" * 41},
    "price that is true": {"price": True},
    "price that is a list": {"price": ["9.90"]},
    "price in another currency": {"price": {"amount": "9.90", "currency": "USD"}},
    "price in no currency": {"price": {"amount": "9.90", "currency": "XXX"}},
    "price without a currency": {"price": {"amount": "9.90"}},
    "price with more": {"price": {"amount": "9.90", "currency": "EUR", "minor": 1}},
    "compare-at in another currency": {"compare_at_price": {"amount": "9.90", "currency": "USD"}},
    "negative compare-at": {"compare_at_price": "-1"},
    "stock -1": {"stock_quantity": -1},
    "stock 1.5": {"stock_quantity": 1.5},
    "stock 1.0": {"stock_quantity": 1.0},
    "stock true": {"stock_quantity": True},
    "stock in words": {"stock_quantity": "1"},
    "stock 2^31": {"stock_quantity": 2**31},
    "stock 2^63": {"stock_quantity": 2**63},
    "weight true": {"weight_grams": True},
    "weight -1": {"weight_grams": -1},
    "weight 2^31": {"weight_grams": 2**31},
    "backorder in words": {"variants": [{"allow_backorder": "yes"}]},
    "backorder 1": {"variants": [{"allow_backorder": 1}]},
    "variant stock in words": {"variants": [{"stock_quantity": "1"}]},
    "unknown status": {"status": "deleted"},
    "unknown category": {"category_id": str(uuid4())},
    "category that is no id": {"category_id": "kitchen"},
    "slug with a blank": {"slug": "a b"},
    "slug in capitals": {"slug": "Mug"},
    "slug with a dot": {"slug": "../mug"},
    "script as picture": {"images": [{"url": "javascript:alert(1)"}]},
    "data as picture": {"images": [{"url": "data:image/png;base64,AAAA"}]},
    "empty tag": {"tags": [""]},
    "tags in one string": {"tags": "a,b"},
    "too many tags": {"tags": [f"t{n}" for n in range(101)]},
    "attributes of attributes": {"attributes": {"a": {"b": "c"}}},
    "variant without its option": {"options": [{"name": "Size"}], "variants": [{"options": {}}]},
    "variant with another option": {"options": [{"name": "Size"}], "variants": [{"options": {"Colour": "Red"}}]},
    "variant with one option too many": {
        "options": [{"name": "Size"}],
        "variants": [{"options": {"Size": "S", "X": "1"}}],
    },
    "variants that differ in options": {"variants": [*TWO, {"options": {"Colour": "Red"}}]},
    "options without variants": {"options": [{"name": "Size", "values": ["S"]}]},
    "an option twice": {"options": [{"name": "Size"}, {"name": "Size"}], "variants": TWO},
    "two equal variants": {"variants": [*TWO, TWO[0]]},
    "two variants without options": {"variants": [{}, {}]},
    "a variant of another product": {"variants": [{"id": str(uuid4())}]},
    "variant price in another currency": {"variants": [{"price": {"amount": "1", "currency": "JPY"}}]},
    "variant price below zero": {"variants": [{"price": "-1"}]},
    "too many variants": {"variants": [{"options": {"n": str(n)}} for n in range(501)]},
    "publish at a naive moment": {"publish_at": "2030-01-01T00:00:00", "status": "draft"},
    "publish at a number": {"publish_at": 5, "status": "draft"},
    "publish at a number in words": {"publish_at": "5", "status": "draft"},
    "publish at a day": {"publish_at": "2030-01-01", "status": "draft"},
    "publish beyond the calendar": {"publish_at": "9999-12-31T23:59:59-12:00", "status": "draft"},
    "publish before the calendar": {"publish_at": "0001-01-01T00:00:00+12:00", "status": "draft"},
    "an unknown field": {"rating": 5},
    "somebody else's field": {"version": 7},
    "a sold count": {"sold_count": 1000},
}


async def test_what_a_product_cannot_be_is_refused_and_leaves_nothing(shop: Shop) -> None:
    answers = {name: await create(shop, **fields) for name, fields in BAD.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(BAD, 422)
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in answers.values())
    assert answers["unknown category"].json()["code"] == "catalog.unknown_category"
    assert answers["two equal variants"].json()["code"] == "catalog.duplicate_variant"
    assert answers["variant without its option"].json()["code"] == "catalog.options_mismatch"
    assert answers["no price"].json()["code"] == "catalog.price_missing"
    await nothing_was_made(shop)


async def test_numbers_that_json_does_not_have_are_malformed(shop: Shop) -> None:
    admin = await shop.admin()
    headers = {**admin.headers, "Content-Type": "application/json"}

    numbers = ("NaN", "Infinity", "-Infinity", "1e309", "9" * 30)
    for number, field in product(numbers, ("price", "stock_quantity")):
        body = f'{{"name": "Mug", "price": 1, "{field}": {number}}}'.replace('"price": 1, "price"', '"price"')
        answer = await shop.client.post("/products", content=body.encode(), headers=headers)
        assert answer.status_code in {400, 422}, (number, field)
    await nothing_was_made(shop)


async def test_a_sku_is_unique_within_a_shop_and_only_there(shop: Shop) -> None:
    north, _ = await shop.seller("north")
    south, _ = await shop.seller("south")
    await create(shop, north, sku="MUG-1")

    taken = await create(shop, north, sku="MUG-1")
    within = await create(
        shop, north, variants=[{"options": {"Size": "S"}, "sku": "X"}, {"options": {"Size": "M"}, "sku": "X"}]
    )

    assert [(a.status_code, a.json()["code"]) for a in (taken, within)] == [(409, "catalog.sku_taken")] * 2
    assert (await create(shop, south, sku="MUG-1")).status_code == 201
    assert await shop.rows("SELECT count(*) FROM products") == [(2,)]


async def test_names_that_collide_get_numbers(shop: Shop) -> None:
    slugs = [(await create(shop, name=name)).json()["slug"] for name in ("Mug", "mug", "Mug!", "Mug 2", "Mug")]

    assert slugs == ["mug", "mug-2", "mug-3", "mug-2-2", "mug-4"]


async def test_names_that_collide_at_the_same_moment_get_numbers_too(shop: Shop) -> None:
    await shop.admin()

    answers = await asyncio.gather(*(create(shop, tags=["new"], brand="New") for _ in range(6)))

    assert Counter(answer.status_code for answer in answers) == {201: 6}
    assert {a.json()["slug"] for a in answers} == {"mug", *(f"mug-{n}" for n in range(2, 7))}


async def test_a_slug_that_was_asked_for_is_given_or_refused(shop: Shop) -> None:
    assert (await create(shop, slug="tasse")).json()["slug"] == "tasse"

    taken = await create(shop, slug="tasse")

    assert (taken.status_code, taken.json()["code"]) == (409, "catalog.slug_taken")
    assert await shop.rows("SELECT count(*) FROM products") == [(1,)]


@pytest.mark.parametrize("word", ["Search", "Suggest", "Categories", "0190a8c0-7e57-7000-8000-000000000001"])
async def test_a_name_that_is_an_address_already_gets_another(shop: Shop, word: str) -> None:
    made = (await create(shop, name=word)).json()

    assert made["slug"] == f"{word.lower()}-2"
    assert (await shop.client.get(f"/products/{made['slug']}")).json() == made
    asked = await create(shop, slug=word.lower())
    assert (asked.status_code, asked.json()["code"]) == (409, "catalog.slug_taken")


@pytest.mark.parametrize(
    ("name", "slug"), [("!!!", "product"), ("Grüße & Küsse", "grusse-kusse"), ("x" * 255, "x" * 180)]
)
async def test_every_name_has_a_slug(shop: Shop, name: str, slug: str) -> None:
    made = (await create(shop, name=name)).json()

    assert made["slug"] == slug
    assert (await shop.client.get(f"/products/{slug}")).json()["name"] == name


DANGEROUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&#58;alert(1)'>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "<p style='position:fixed' onclick='x()'>y</p>",
    "<scr<script>ipt>alert(1)</script>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<form action='/x'><input name=a></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


async def test_descriptions_cannot_run_load_or_restyle_anything(shop: Shop) -> None:
    for text in DANGEROUS:
        product = (await create(shop, description=f"<p>Good <b>mug</b></p>{text}")).json()

        shown = product["description_html"]
        assert shown.startswith("<p>Good <b>mug</b></p>")
        for word in (
            "<script",
            "onerror",
            "javascript:",
            "JaVa",
            "<svg",
            "<iframe",
            "style=",
            "onclick",
            "<form",
            "data:",
        ):
            assert word not in shown.replace("&lt;script", ""), text
        assert product["description"].startswith("Good mug")


async def test_links_and_lists_of_a_description_stay(shop: Shop) -> None:
    markup = (
        '<h2>Care</h2><ul><li>Wash</li></ul><p>See <a href="https://example.com/a?b=1&amp;c=2" title="t">here</a></p>'
    )

    product = (await create(shop, description=markup)).json()

    assert product["description"] == "Care\nWash\nSee here"
    assert '<a href="https://example.com/a?b=1&amp;c=2" title="t"' in product["description_html"]


async def test_letters_of_every_script_come_back_as_they_went(shop: Shop) -> None:
    name = 'Ünïcödé "mug" \\ 杯子 🍵 عربى'

    made = (await create(shop, name=name, tags=["杯子"], attributes={"Größe": "9 ㎝"})).json()

    read = (await shop.client.get(f"/products/{made['id']}")).json()
    assert (read["name"], read["tags"], read["attributes"]) == (name, ["杯子"], {"Größe": "9 ㎝"})
    await shop.handle_events()
    listed = (await shop.client.get("/products", params={"q": "杯子"})).json()
    assert [item["name"] for item in listed["items"]] == [name]
