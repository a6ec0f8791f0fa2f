"""Which of the products found come first."""

from typing import Any
from uuid import UUID

import pytest

from mercat import catalog
from shopping import Shop

pytestmark = pytest.mark.usefixtures("each_engine")


async def make(shop: Shop, name: str, **fields: Any) -> UUID:
    admin = await shop.admin()
    answer = await shop.client.post("/products", json={"name": name, "price": "1", **fields}, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def names(shop: Shop, **asked: Any) -> list[str]:
    return [item["name"] for item in (await shop.client.get("/products/search", params=asked)).json()["items"]]


async def test_where_the_words_are_decides_before_anything_else(shop: Shop) -> None:
    await make(shop, "Vase", description="Nice beside a mug.", stock_quantity=9)
    await make(shop, "Bowl", tags=["mug"], stock_quantity=9)
    await make(shop, "Two mugs", stock_quantity=9)
    await make(shop, "A mug")
    await shop.handle_events()

    assert await names(shop, q="mug") == ["A mug", "Two mugs", "Bowl", "Vase"]
    assert await names(shop, q="mugs") == ["Two mugs", "A mug", "Bowl", "Vase"]


async def test_of_several_words_more_in_the_name_are_better(shop: Shop) -> None:
    await make(shop, "Vase", description="As blue as a mug.")
    await make(shop, "Mug", description="In blue.")
    await make(shop, "Bowl", tags=["mug", "blue"])
    await make(shop, "Cup", tags=["blue"], description="No mug.")
    await make(shop, "Mug set", tags=["blue"])
    await make(shop, "Mug, blue")
    await shop.handle_events()

    found = await names(shop, q="blue mug")

    assert found[:4] == ["Mug, blue", "Mug set", "Mug", "Bowl"]
    assert set(found[4:]) == {"Cup", "Vase"}


async def test_of_equals_the_popular_come_first(shop: Shop) -> None:
    sold, rated, _plain, gone = [
        await make(shop, f"Mug {name}", stock_quantity=int(name != "gone"))
        for name in ("sold", "rated", "plain", "gone")
    ]
    async with shop.database.transaction() as session:
        await catalog.set_sold(session, {sold: 100})
        await catalog.rate(session, {rated: catalog.RatingChange(50, 250), gone: catalog.RatingChange(1, 5)})
    await shop.handle_events()

    assert await names(shop, q="mug") == ["Mug sold", "Mug rated", "Mug plain", "Mug gone"]
    assert await names(shop, sort="relevance") == ["Mug sold", "Mug rated", "Mug plain", "Mug gone"]


async def test_the_weights_are_settings(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await make(shop, "Bowl", tags=["mug"], stock_quantity=1)
    await make(shop, "Mug")
    await shop.handle_events()
    assert await names(shop, q="mug") == ["Mug", "Bowl"]

    monkeypatch.setenv("MERCAT_SEARCH_WEIGHT_ABOUT", "20")

    assert await names(shop, q="mug") == ["Bowl", "Mug"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price", "cab"), ("-price", "bac"), ("name", "abc"), ("-name", "cba"), ("newest", "cba"),
        ("-created_at", "cba"), ("created_at", "abc"), ("-rating", "abc"), ("best_selling", "bca"),
    ],
)  # fmt: skip
async def test_what_was_found_is_sorted_as_lists_are(shop: Shop, sort: str, expected: str) -> None:
    made = {name: await make(shop, f"Mug {name}", price=price) for name, price in (("a", "5"), ("b", "9"), ("c", "1"))}
    async with shop.database.transaction() as session:
        await catalog.set_sold(session, {made["b"]: 3, made["c"]: 2})
        await catalog.rate(session, {made["a"]: catalog.RatingChange(1, 5), made["b"]: catalog.RatingChange(1, 4)})
    await shop.handle_events()

    assert "".join(name[-1] for name in await names(shop, q="mugs", sort=sort)) == expected


async def test_pages_meet_and_none_is_shown_twice(shop: Shop) -> None:
    for n in range(11):
        await make(shop, f"Mug {n}", **({"tags": ["mug"]} if n % 2 else {}))
    await make(shop, "Bowl", description="Not a mug.")
    await shop.handle_events()

    whole = await names(shop, q="mug", size=50)
    assert len(set(whole)) == 12
    for size in (1, 5, 12):
        pages = [await names(shop, q="mug", size=size, page=page) for page in range(1, 13 // size + 2)]
        assert [name for page in pages for name in page] == whole
    by_cursor: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await shop.client.get("/products", params={"q": "mug", "cursor": cursor, "limit": 5})).json()
        by_cursor += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert by_cursor == whole
    beyond = (await shop.client.get("/products/search", params={"q": "mug", "page": 99})).json()
    assert (beyond["items"], beyond["total"], beyond["corrected"]) == ([], 12, False)
