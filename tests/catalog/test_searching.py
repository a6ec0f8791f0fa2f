"""Finding products by words, with facets over all that was found; and completing what is typed."""

from typing import Any

import pytest

from shopping import Shop


async def make(shop: Shop, name: str, **fields: Any) -> dict[str, Any]:
    admin = await shop.admin()
    answer = await shop.client.post("/products", json={"name": name, "price": "1", **fields}, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
async def shelf(shop: Shop) -> None:
    admin = await shop.admin()
    kitchen = (await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)).json()
    plain = {"category_id": kitchen["id"], "brand": "North Kiln", "stock_quantity": 1}
    await make(shop, "Stoneware mug", price="10", sku="SKU-77", **plain)
    await make(shop, "Stoneware bowl", price="20", tags=["Breakfast"], **plain)
    await make(shop, "Garden mug", price="30", brand="Other")
    await make(shop, "Hidden mug", status="draft", **plain)
    await shop.rows("UPDATE product_projections SET rating_average = 4.5 WHERE price_minor = 1000 RETURNING 1")


async def search(shop: Shop, **asked: Any) -> dict[str, Any]:
    answer = await shop.client.get("/products/search", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.usefixtures("shelf")
async def test_words_are_found_wherever_they_stand(shop: Shop) -> None:
    expected = {
        "stoneware": 2, "mug": 2, "MUG": 2, "stoneware mug": 1, "mug stoneware": 1, "kitchen": 2, "breakfast": 1,
        "north kiln": 2, "sku-77": 1, "marketplace": 3, "mug -garden": 1, "bowl or garden": 2, '"stoneware mug"': 1,
        "nothing": 0, "hidden": 0, "": 3,
    }  # fmt: skip

    found = {words: (await search(shop, q=words))["total"] for words in expected}

    assert found == expected


async def test_no_words_break_it(shop: Shop) -> None:
    await shop.item(name="Mug")

    for words in ("'", '"', "\\", "%", "& | !", "<->", "a:*", "-", "(", "'; DROP TABLE users; --", "🍵", "*"):
        assert (await search(shop, q=words))["total"] == 0, words
    assert (await search(shop, q="mug"))["total"] == 1


@pytest.mark.usefixtures("shelf")
async def test_facets_count_all_that_was_found(shop: Shop) -> None:
    found = await search(shop, q="stoneware or mug", size=1)

    assert (found["total"], len(found["items"]), found["pages"]) == (3, 1, 3)
    assert found["did_you_mean"] is None
    facets = found["facets"]
    assert set(facets) == {"category", "brand", "vendor", "price", "rating", "in_stock"}
    assert facets["category"] == [{"value": "kitchen", "label": "Kitchen", "count": 2}]
    assert facets["brand"] == [
        {"value": "north-kiln", "label": "North Kiln", "count": 2},
        {"value": "other", "label": "Other", "count": 1},
    ]
    assert facets["vendor"] == [{"value": "marketplace", "label": "Marketplace", "count": 3}]
    assert facets["rating"] == [{"value": "4", "label": "4", "count": 1}]
    assert {value["value"]: value["count"] for value in facets["in_stock"]} == {"true": 2, "false": 1}
    assert sum(value["count"] for value in facets["price"]) == 3


@pytest.mark.usefixtures("shelf")
async def test_a_facet_can_be_chosen_and_counts_what_it_promised(shop: Shop) -> None:
    facets = (await search(shop, q="stoneware or mug"))["facets"]

    for name in ("category", "brand", "vendor", "in_stock"):
        for value in facets[name]:
            chosen = await search(shop, q="stoneware or mug", **{name: value["value"]})
            assert chosen["total"] == value["count"], (name, value)
    for value in facets["price"]:
        low, high = value["value"].split("-")
        chosen = await search(shop, q="stoneware or mug", min_price=low, max_price=high)
        assert chosen["total"] == value["count"], value


async def test_nothing_found_has_empty_facets(shop: Shop) -> None:
    found = await search(shop, q="nothing")

    assert (found["items"], found["total"]) == ([], 0)
    assert all(values == [] for values in found["facets"].values())


async def test_an_edit_is_found_at_once(shop: Shop) -> None:
    made = await make(shop, "Mug")
    admin = await shop.admin()

    await shop.client.patch(f"/products/{made['id']}", json={"name": "Teapot"}, headers=admin.headers)

    assert ((await search(shop, q="mug"))["total"], (await search(shop, q="teapot"))["total"]) == (0, 1)


async def test_a_beginning_is_completed(shop: Shop) -> None:
    for name in ("Mug", "mug tree", "MUGSHOT", "Smug", *(f"Mugwort {n:02}" for n in range(12))):
        await make(shop, name)
    await make(shop, "Mug of secrets", status="draft")

    async def names(typed: str) -> list[str]:
        answer = await shop.client.get("/products/suggest", params={"q": typed})
        assert answer.status_code == 200
        found = answer.json()["products"]
        assert all(set(one) == {"id", "slug", "name", "price", "image"} for one in found)
        return [one["name"] for one in found]

    assert await names("mug") == ["Mug", "mug tree", "MUGSHOT", *(f"Mugwort {n:02}" for n in range(7))]
    assert await names(" MUGS ") == ["MUGSHOT"]
    assert await names("xyz") == await names("") == await names("  ") == []


async def test_what_is_special_to_the_database_is_not_special_to_suggest(shop: Shop) -> None:
    for name in ("100% wool", "100x wool", "a_b", "axb", "back\\slash", "backxslash"):
        await make(shop, name)

    for typed, expected in {
        "100%": ["100% wool"], "%": [], "a_": ["a_b"], "_": [], "back\\": ["back\\slash"], "\\": [], "'": [],
    }.items():  # fmt: skip
        answer = await shop.client.get("/products/suggest", params={"q": typed})
        assert [found["name"] for found in answer.json()["products"]] == expected, typed


async def test_suggest_wants_something_of_a_sane_length(shop: Shop) -> None:
    assert (await shop.client.get("/products/suggest")).status_code == 422
    assert (await shop.client.get("/products/suggest", params={"q": "x" * 101})).status_code == 422
    assert (await shop.client.get("/products/suggest?q=%00")).status_code == 422
