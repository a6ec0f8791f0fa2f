"""Narrowing what was found by every property, by those of categories' own, and what is refused."""

from typing import Any

import pytest

from mercat.search.postgresql import keep_counts
from shopping import Shop


async def call(shop: Shop, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    admin = await shop.admin()
    answer = await shop.client.request(method, f"/products{path}", json=body, headers=admin.headers)
    assert answer.is_success, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
async def kitchen(shop: Shop) -> str:
    """The id of a category that declares filters, with products below it."""
    home = await call(shop, "POST", "/categories", {"name": "Home", "filters": ["Material"]})
    kitchen = await call(shop, "POST", "/categories", {"name": "Kitchen", "parent_id": home["id"], "filters": ["size"]})
    garden = await call(shop, "POST", "/categories", {"name": "Garden"})
    sizes = [{"name": "Size"}]
    for name, material, values, category in (
        ("Mug", "Stoneware", "SL", kitchen), ("Cup", "Glass", "S", kitchen), ("Pot", "stoneware ", "M", garden),
        ("Lamp", "Glass", "XL", home),
    ):  # fmt: skip
        variants = [{"options": {"Size": size}, "price": "5"} for size in values]
        fields = {"name": name, "category_id": category["id"], "attributes": {"Material": material, "Colour": "Red"}}
        await call(shop, "POST", "", {**fields, "options": sizes, "variants": variants})
    await shop.handle_events()
    return str(kitchen["id"])


async def found(shop: Shop, query: str) -> tuple[set[str], dict[str, dict[str, int]]]:
    """Return the names of what is found, in search and lists alike, and the facets' counts, kept or not."""
    await keep_counts(shop.database, "en", 1_000_000)
    counted = (await shop.client.get(f"/products/search?{query}")).json()
    await keep_counts(shop.database, "en", 1)
    page = (await shop.client.get(f"/products/search?{query}")).json()
    assert page == counted
    listed = (await shop.client.get(f"/products?{query}")).json()
    assert [item["id"] for item in listed["items"]] == [item["id"] for item in page["items"]]
    counts = {
        name: {value["value"]: value["count"] for value in facet["values"]} for name, facet in page["facets"].items()
    }
    return {item["name"] for item in page["items"]}, counts


@pytest.mark.usefixtures("each_engine", "kitchen")
async def test_attributes_and_options_are_facets_where_a_category_declares_them(shop: Shop) -> None:
    names, counts = await found(shop, "q=")

    assert names == {"Mug", "Cup", "Pot", "Lamp"}
    assert counts["attr.material"] == {"stoneware": 1, "glass": 2}
    assert counts["option.size"] == {"s": 2, "l": 1}
    assert not {"attr.colour", "attr.size", "option.material"} & set(counts)
    assert counts["category"] == {"home": 3, "kitchen": 2, "garden": 1}
    labels = (await shop.client.get("/products/search?q=")).json()["facets"]["attr.material"]
    assert (labels["label"], {value["label"] for value in labels["values"]}) == ("Material", {"Stoneware", "Glass"})


@pytest.mark.usefixtures("each_engine", "kitchen")
async def test_several_values_are_alternatives_and_several_facets_are_not(shop: Shop) -> None:
    for query, expected in {
        "attr.material=glass": {"Cup", "Lamp"}, "attr.material=GLASS&attr.material=Stoneware": {"Cup", "Lamp", "Mug"},
        "attr.material=glass&option.size=s": {"Cup"}, "option.size=s&option.size=l": {"Mug", "Cup"},
        "option.size=s&q=mug": {"Mug"}, "attr.material=wood": set(), "attr.colour=red": set(),
        "attr.material=glass&category=kitchen": {"Cup"}, "attr.Material=glass&category=garden": set(),
        "category=kitchen&category=garden": {"Mug", "Cup", "Pot"}, "option.size=+S+": {"Mug", "Cup"},
    }.items():  # fmt: skip
        assert (await found(shop, query))[0] == expected, query


@pytest.mark.usefixtures("each_engine")
async def test_a_category_declares_filters_later_and_is_renamed(shop: Shop, kitchen: str) -> None:
    [(home,)] = await shop.rows("SELECT id::text FROM categories WHERE slug = 'home'")
    await call(shop, "PATCH", f"/categories/{kitchen}", {"filters": ["Colour", "Size"]})
    await call(shop, "PATCH", f"/categories/{home}", {"name": "House", "slug": "house"})
    await shop.handle_events()

    names, counts = await found(shop, "attr.colour=red")
    assert names == {"Mug", "Cup"}
    assert counts["category"] == {"house": 2, "kitchen": 2}
    assert (await found(shop, "category=house"))[0] == {"Mug", "Cup", "Lamp"}
    assert (await found(shop, f"category={home}"))[0] == {"Mug", "Cup", "Lamp"}
    assert (await found(shop, "category=home"))[0] == set()
    assert (await found(shop, "q=house&attr.material=glass"))[0] == {"Cup", "Lamp"}

    admin = await shop.admin()
    shown = (await shop.client.get(f"/products/categories/{kitchen}", headers=admin.headers)).json()
    assert shown["filters"] == ["Colour", "Size"]


@pytest.mark.usefixtures("each_engine")
async def test_what_is_reduced_and_well_rated(shop: Shop) -> None:
    await call(shop, "POST", "", {"name": "Reduced", "variants": [{"price": "5", "compare_at_price": "9"}]})
    await call(shop, "POST", "", {"name": "Usual", "price": "5"})
    await shop.handle_events()

    assert (await found(shop, "on_sale=true"))[0] == {"Reduced"}
    names, counts = await found(shop, "on_sale=false&q=usual")
    assert (names, counts["on_sale"]) == ({"Usual"}, {"false": 1})
    assert (await found(shop, "min_rating=4"))[0] == set()
    assert (await found(shop, "min_rating=0&min_price=5&max_price=5"))[0] == {"Reduced", "Usual"}


@pytest.mark.parametrize(
    "query",
    [
        "attr.=x", "attr.material=", "option.=", "attr.material=" + "x" * 201, "attr." + "x" * 200 + "=1",
        "attrmaterial=x",
        "&".join(f"attr.a{n}=1" for n in range(21)), "&".join(["attr.a=1"] * 21), "min_rating=6", "min_rating=nan",
        "min_rating=-1", "on_sale=maybe", "sort=popular", "facet.x=1", "q=a&q=b", "attr.a=%00", "q=" + "x" * 201,
    ],
)  # fmt: skip
async def test_what_is_no_filter_is_refused(shop: Shop, query: str) -> None:
    for path in ("/products/search", "/products"):
        answer = await shop.client.get(f"{path}?{query}")
        assert answer.status_code == 422, (path, query)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_cursor_of_another_search_is_refused(shop: Shop) -> None:
    for n in range(3):
        await call(shop, "POST", "", {"name": f"Mug {n}", "price": "1"})
    await shop.handle_events()
    page = (await shop.client.get("/products?q=mug&cursor=&limit=1")).json()
    cursor = page["next_cursor"]

    assert (await shop.client.get(f"/products?q=mug&cursor={cursor}&limit=1")).status_code == 200
    for query in (
        f"q=mug&sort=price&cursor={cursor}",
        f"cursor={cursor}",
        "q=mug&cursor=x",
        f"q=mug&page=1&cursor={cursor}",
    ):
        assert (await shop.client.get(f"/products?{query}")).status_code == 422, query
    assert (await shop.client.get("/products/search?q=mug&cursor=")).status_code == 422
