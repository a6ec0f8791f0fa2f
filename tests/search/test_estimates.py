"""What is too much to be counted is estimated by a sample, and says so; what is little is counted as it is."""

from typing import Any

import pytest

from mercat.search.postgresql import keep_counts
from search.conftest import sample_everything
from shopping import Shop


@pytest.fixture
async def shelf(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six red mugs, of which two are of another brand, and two blue ones; more than four are too many to be counted."""
    admin = await shop.admin()
    for n in range(8):
        fields = {
            "name": f"{'Blue' if n > 5 else 'Red'} mug",
            "price": str(n + 1),
            "brand": "Loom" if n < 2 else "Kiln",
        }
        answer = await shop.client.post("/products", json=fields, headers=admin.headers)
        assert answer.status_code == 201, answer.text
    await shop.handle_events()
    await keep_counts(shop.database, "en", 1)
    sample_everything(monkeypatch, exact=4)


async def search(shop: Shop, **asked: Any) -> dict[str, Any]:
    answer = await shop.client.get("/products/search", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.usefixtures("shelf")
async def test_what_is_too_much_is_estimated_and_says_so(shop: Shop) -> None:
    found = {
        words: await search(shop, q=words) for words in ("red mug", "mug", "blue mug", "", "red -blue", "red or blue")
    }

    assert {words: (one["total"], one["total_is_estimate"]) for words, one in found.items()} == {
        "red mug": (6, True), "mug": (8, False), "blue mug": (2, False), "": (8, False), "red -blue": (6, True),
        "red or blue": (8, True),
    }  # fmt: skip
    assert all(len(one["items"]) == one["total"] for one in found.values())
    assert [facet["is_estimate"] for facet in found["red mug"]["facets"].values()] == [True] * 7
    assert [facet["is_estimate"] for facet in found["blue mug"]["facets"].values()] == [False] * 7


@pytest.mark.usefixtures("shelf")
async def test_a_facet_that_is_counted_over_more_says_so_by_itself(shop: Shop) -> None:
    found = await search(shop, q="red mug", brand="loom")

    assert (found["total"], found["total_is_estimate"]) == (2, False)
    assert {name for name, facet in found["facets"].items() if facet["is_estimate"]} == {"brand"}
    brands = {one["value"]: one["count"] for one in found["facets"]["brand"]["values"]}
    assert brands == {"loom": 2, "kiln": 4}


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("sort", ["relevance", "newest", "price", "-price", "name", "-name", "-rating", "best_selling"])
async def test_an_estimate_leaves_nothing_out_whatever_the_order(shop: Shop, sort: str) -> None:
    numbered = [
        one["id"]
        for page in (1, 2, 3)
        for one in (await search(shop, q="red mug", sort=sort, size=2, page=page))["items"]
    ]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {"q": "red mug", "sort": sort, "limit": "2", "cursor": cursor}
        page = (await shop.client.get("/products", params=asked)).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]

    assert (len(set(numbered)), seen) == (6, numbered)
    assert (await search(shop, q="red mug", sort=sort, size=2, page=9))["total"] == 6


@pytest.mark.usefixtures("shelf")
async def test_a_bound_of_the_order_is_where_an_index_is_followed_from(shop: Shop) -> None:
    found = await search(shop, q="red mug", sort="price", min_price="2", max_price="6")
    sold_out = await search(shop, q="red mug", in_stock="false")

    assert [one["price"]["amount"] for one in found["items"]] == ["2.00", "3.00", "4.00", "5.00", "6.00"]
    assert (found["total"], sold_out["total"], len(sold_out["items"])) == (5, 6, 6)


@pytest.mark.usefixtures("shelf")
async def test_what_operators_pin_is_not_estimated_away(shop: Shop) -> None:
    last = (await search(shop, q="mug"))["items"][-1]["id"]
    admin = await shop.admin()
    rule = {"query": "mug", "match": "contains", "pinned": [last]}
    assert (await shop.client.post("/search-rules", json=rule, headers=admin.headers)).status_code == 201

    found = await search(shop, q="mug", size=20)

    assert (found["total"], found["total_is_estimate"], found["items"][0]["id"]) == (8, False, last)
    assert len(found["items"]) == 8
