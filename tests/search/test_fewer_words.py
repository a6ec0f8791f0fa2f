"""Where all words together find nothing, most of them may, and the answer says which were left out."""

from typing import Any

import pytest

from shopping import Shop

pytestmark = pytest.mark.usefixtures("each_engine", "shelf")


@pytest.fixture
async def shelf(shop: Shop, each_engine: str) -> None:
    assert each_engine
    admin = await shop.admin()
    shoes = (await shop.client.post("/products/categories", json={"name": "Shoes"}, headers=admin.headers)).json()
    for name, more in {
        "Runner": {"description": "Light, size 9.", "category_id": shoes["id"]},
        "Loafer": {"description": "Size 12 in brown leather.", "category_id": shoes["id"]},
        "Formal belt": {"description": "Size 9."},
        "Brown hat": {"description": "Warm."},
    }.items():
        fields: dict[str, Any] = {"name": name, "price": "1", **more}
        assert (await shop.client.post("/products", json=fields, headers=admin.headers)).status_code == 201
    await shop.handle_events()


async def ask(shop: Shop, q: str, **asked: str) -> tuple[list[str], list[str], str | None]:
    """Return names and dropped words, which lists tell as search does, and what was meant."""
    found = (await shop.client.get("/products/search", params={"q": q, **asked})).json()
    listed = (await shop.client.get("/products", params={"q": q, **asked})).json()
    told = ("items", "total", "relaxed", "dropped_words")
    assert [listed[name] for name in told] == [found[name] for name in told]
    assert found["relaxed"] == bool(found["dropped_words"])
    assert found["corrected"] == (found["did_you_mean"] is not None)
    assert found["total"] == len(found["items"])
    counted = sum(one["count"] for one in found["facets"]["in_stock"]["values"])
    assert counted == found["total"]
    return [one["name"] for one in found["items"]], found["dropped_words"], found["did_you_mean"]


async def test_most_of_the_words_are_better_than_nothing(shop: Shop) -> None:
    assert await ask(shop, "formal shoes size 9") == (["Runner"], ["formal"], None)
    assert await ask(shop, "xqzzyk shoes leather") == (["Loafer"], ["xqzzyk"], None)
    assert await ask(shop, "leathr size xqzzyk") == (["Loafer"], ["xqzzyk"], "leather size")
    assert await ask(shop, "size 9 shoes") == (["Runner"], [], None)


@pytest.mark.parametrize(
    "q",
    [
        "xqzzyk shoes", "brown belt", "shoes xqzzyk plugh", '"size 9" formal shoes', "formal shoes size 9 -warm",
        'formal shoes -"size 9" xqzzyk', "-07", "xqzzyk", "formal warm brown leather",
    ],
)  # fmt: skip
async def test_nothing_stays_nothing(shop: Shop, q: str) -> None:
    assert (await ask(shop, q))[:2] == ([], [])


async def test_what_kind_of_product_is_wanted_is_never_left_out(shop: Shop) -> None:
    assert (await ask(shop, "warm hat shoes"))[:2] == ([], [])
    assert (await ask(shop, "warm brown shoes"))[:2] == (["Loafer"], ["warm"])


async def test_where_filters_find_nothing_no_word_goes(shop: Shop) -> None:
    assert (await ask(shop, "size 9 shoes", min_price="5"))[:2] == ([], [])
    assert (await ask(shop, "formal shoes size 9", max_price="5"))[0] == ["Runner"]
