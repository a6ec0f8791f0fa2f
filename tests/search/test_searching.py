"""Finding products by words, with facets over all that was found; and completing what is typed."""

from typing import Any
from uuid import UUID

import pytest

from mercat import catalog
from mercat.search.postgresql import keep_counts
from search.conftest import sample_everything
from shopping import Shop

pytestmark = pytest.mark.usefixtures("each_engine")


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
    mug = await make(shop, "Stoneware mug", price="10", sku="SKU-77", **plain)
    await make(shop, "Stoneware bowl", price="20", tags=["Breakfast"], **plain)
    await make(shop, "Garden mug", price="30", brand="Other")
    await make(shop, "Hidden mug", status="draft", **plain)
    async with shop.database.transaction() as session:
        await catalog.rate(session, {UUID(mug["id"]): catalog.RatingChange(2, 9)})
    await shop.handle_events()


async def search(shop: Shop, **asked: Any) -> dict[str, Any]:
    """Search with and without kept counts, and by a sample of everything: nobody can tell which it is."""
    found: list[dict[str, Any]] = []
    for frequent in (1, 1_000_000):
        await keep_counts(shop.database, "en", frequent)
        found.append(await once(shop, asked))
    with pytest.MonkeyPatch.context() as patched:
        await keep_counts(shop.database, "en", 1)
        sample_everything(patched, exact=0)
        sampled = await once(shop, {**asked, "page": 1})  # another address, so that no cache answers
    assert found[0] == found[1]
    assert found[0] | {"total_is_estimate": sampled["total_is_estimate"]} == {
        **sampled,
        "facets": {name: {**facet, "is_estimate": False} for name, facet in sampled["facets"].items()},
    }
    return found[0]


async def once(shop: Shop, asked: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.client.get("/products/search", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def counts(found: dict[str, Any], facet: str) -> dict[str, int]:
    return {one["value"]: one["count"] for one in found["facets"][facet]["values"]}


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
    await shop.handle_events()

    for words in ("'", '"', "\\", "%", "& | !", "<->", "a:*", "-", "(", "'; DROP TABLE users; --", "🍵", "*"):
        assert (await search(shop, q=words))["total"] == 0, words
    assert (await search(shop, q="mug"))["total"] == 1


@pytest.mark.usefixtures("shelf")
async def test_facets_count_all_that_was_found(shop: Shop) -> None:
    found = await search(shop, q="stoneware or mug", size=1)

    assert (found["total"], len(found["items"]), found["pages"]) == (3, 1, 3)
    assert found["did_you_mean"] is None
    facets = found["facets"]
    assert list(facets) == ["category", "brand", "vendor", "price", "rating", "in_stock", "on_sale"]
    assert facets["category"] == {
        "label": "Category",
        "is_estimate": False,
        "values": [{"value": "kitchen", "label": "Kitchen", "count": 2, "selected": False}],
    }
    assert counts(found, "brand") == {"north-kiln": 2, "other": 1}
    assert counts(found, "vendor") == {"marketplace": 3}
    assert counts(found, "rating") == {"4": 1, "3": 1, "2": 1, "1": 1}
    assert counts(found, "in_stock") == {"true": 2, "false": 1}
    assert counts(found, "on_sale") == {"false": 3}
    assert [(one["min"], one["max"], one["count"]) for one in facets["price"]["values"]] == [
        ("10.00", "15.00", 1), ("20.00", "25.00", 1), ("30.00", "40.00", 1),
    ]  # fmt: skip


@pytest.mark.usefixtures("shelf")
async def test_a_facet_can_be_chosen_and_counts_what_it_promised(shop: Shop) -> None:
    facets = (await search(shop, q="stoneware or mug"))["facets"]

    for name in ("category", "brand", "vendor", "in_stock", "on_sale"):
        for value in facets[name]["values"]:
            chosen = await search(shop, q="stoneware or mug", **{name: value["value"]})
            assert chosen["total"] == value["count"], (name, value)
            assert [one["value"] for one in chosen["facets"][name]["values"] if one["selected"]] == [value["value"]]
    for value in facets["price"]["values"]:
        chosen = await search(shop, q="stoneware or mug", min_price=value["min"], max_price=value["max"])
        assert chosen["total"] == value["count"], value
    for value in facets["rating"]["values"]:
        chosen = await search(shop, q="stoneware or mug", min_rating=value["value"])
        assert chosen["total"] == value["count"], value


@pytest.mark.usefixtures("shelf")
async def test_what_is_chosen_of_a_facet_narrows_all_others_and_not_itself(shop: Shop) -> None:
    one = await search(shop, q="stoneware or mug", brand="other")
    both = await search(shop, q="stoneware or mug", brand=["other", "north-kiln"], in_stock="true")

    assert (one["total"], both["total"]) == (1, 2)
    assert counts(one, "brand") == {"north-kiln": 2, "other": 1}
    assert counts(one, "category") == {}
    assert counts(one, "in_stock") == {"false": 1}
    assert counts(both, "brand") == {"north-kiln": 2}
    assert counts(both, "in_stock") == {"true": 2, "false": 1}
    assert (await search(shop, q="mug", brand="nobody"))["total"] == 0


async def test_nothing_found_has_empty_facets(shop: Shop) -> None:
    found = await search(shop, q="nothing")

    assert (found["items"], found["total"]) == ([], 0)
    assert all(facet["values"] == [] for facet in found["facets"].values())


async def test_an_edit_is_found_when_its_event_was_handled(shop: Shop) -> None:
    made = await make(shop, "Mug")
    await shop.handle_events()
    admin = await shop.admin()
    assert (await search(shop, q="mug"))["total"] == 1

    await shop.client.patch(f"/products/{made['id']}", json={"name": "Teapot"}, headers=admin.headers)
    await shop.handle_events()

    assert ((await search(shop, q="mug"))["total"], (await search(shop, q="teapot"))["total"]) == (0, 1)


async def suggest(shop: Shop, typed: str) -> dict[str, Any]:
    answer = await shop.client.get("/products/suggest", params={"q": typed})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    assert set(found) == {"products", "categories", "brands", "vendors", "queries"}
    return found


async def test_a_beginning_is_completed(shop: Shop) -> None:
    for name in ("Mug", "mug tree", "MUGSHOT", "Smug", "Big mug", *(f"Mugwort {n:02}" for n in range(12))):
        await make(shop, name)
    await make(shop, "Mug of secrets", status="draft")
    await shop.handle_events()

    async def names(typed: str) -> list[str]:
        found = (await suggest(shop, typed))["products"]
        assert all(set(one) == {"id", "slug", "name", "price", "image"} for one in found)
        return [one["name"] for one in found]

    assert len(await names("mug")) == 8
    assert await names(" MUGS ") == ["MUGSHOT"]
    assert await names("mug t") == ["mug tree"]
    assert await names("big mu") == ["Big mug"]
    assert await names("mugshut") == ["MUGSHOT"]
    assert await names("xyz") == await names("") == await names("  ") == await names("mug of s") == []


async def test_categories_brands_vendors_and_words_are_completed(shop: Shop) -> None:
    admin = await shop.admin()
    kitchen = (await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)).json()
    await shop.client.post("/products/categories", json={"name": "Kitsch"}, headers=admin.headers)
    await make(shop, "Stoneware kite", category_id=kitchen["id"], brand="North Kiln")
    await shop.handle_events()

    found = await suggest(shop, "ki")
    assert found["categories"] == [{"slug": "kitchen", "name": "Kitchen"}]  # nothing is in the other one
    assert found["brands"] == [{"slug": "north-kiln", "name": "North Kiln"}]
    assert sorted(found["queries"]) == ["kiln", "kitchen", "kite"]
    assert (await suggest(shop, "north ki"))["brands"] == found["brands"]
    assert (await suggest(shop, "mark"))["vendors"] == [{"slug": "marketplace", "name": "Marketplace"}]
    assert (await suggest(shop, "stoneware ki"))["queries"][0].startswith("stoneware ki")


async def test_what_is_special_to_the_database_is_not_special_to_suggest(shop: Shop) -> None:
    for name in ("100% wool", "a_b", "back\\slash"):
        await make(shop, name)
    await shop.handle_events()

    for typed, expected in {
        "100%": ["100% wool"], "%": [], "a_": ["a_b"], "_": [], "back\\s": ["back\\slash"], "\\": [], "'": [],
    }.items():  # fmt: skip
        assert [found["name"] for found in (await suggest(shop, typed))["products"]] == expected, typed


async def test_suggest_wants_something_of_a_sane_length(shop: Shop) -> None:
    assert (await shop.client.get("/products/suggest")).status_code == 422
    assert (await shop.client.get("/products/suggest", params={"q": "x" * 101})).status_code == 422
    assert (await shop.client.get("/products/suggest?q=%00")).status_code == 422
