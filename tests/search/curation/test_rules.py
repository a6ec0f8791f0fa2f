"""Rules of operators: pinned products first, buried ones last, and where a query leads."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from mercat.search.curation.rules import Effect, Redirect, Rule, Rules
from mercat.search.text import analyzer, parse
from shopping import Item, Shop

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HELP = Redirect("path", "/help")


def effect(typed: str, *rules: Rule, locale: str = "en") -> Effect:
    words = analyzer(locale)
    return Rules(rules, words).effect(parse(typed, words), NOW)


@pytest.mark.parametrize(
    ("typed", "query", "exact", "contains"),
    [
        ("mug", "mug", True, True), ("MUGS", "Mug", True, True), ("blue mug", "mug", False, True),
        ("mug blue", "blue mug", True, True), ("mug", "blue mug", False, False), ("the mugs", "mug", True, True),
        ("mug -red", "mug", False, True), ("-mug", "mug", False, False), ('"mug of blue"', "blue mug", True, True),
        ("gruene tasse", "Grüne Tasse", True, True), ("tshirt", "T-Shirt", True, True),
        ("t shirt", "t-shirt", True, True),
        ("mug mug", "mug", True, True), ("", "mug", False, False),
    ],
)  # fmt: skip
def test_a_query_meets_a_rule(typed: str, query: str, exact: bool, contains: bool) -> None:  # noqa: FBT001
    met = [bool(effect(typed, Rule(query, is_exact, redirect=HELP)).redirect) for is_exact in (True, False)]

    assert met == [exact, contains]


def test_a_rule_has_its_time() -> None:
    hour = timedelta(hours=1)
    for begins, ends, runs in (
        (None, None, True), (NOW, None, True), (NOW + hour, None, False), (None, NOW, False), (None, NOW + hour, True),
        (NOW - hour, NOW + hour, True), (NOW - 2 * hour, NOW - hour, False),
    ):  # fmt: skip
        rule = Rule("mug", is_exact=True, redirect=HELP, starts_at=begins, ends_at=ends)
        assert bool(effect("mug", rule).redirect) is runs, (begins, ends)


def test_rules_add_up_and_the_one_with_more_words_goes_first() -> None:
    a, b, c = uuid4(), uuid4(), uuid4()
    general = Rule("mug", is_exact=False, pinned=(a, b), buried=(c,), redirect=Redirect("path", "/mugs"))
    special = Rule("blue mug", is_exact=True, pinned=(c, b), redirect=HELP)

    assert effect("blue mug", general, special) == Effect((c, b, a), (), HELP)
    assert effect("red mug", general, special) == Effect((a, b), (c,), general.redirect)


async def send(shop: Shop, method: str, path: str, **more: Any) -> httpx2.Response:
    headers = {**(await shop.admin()).headers, **more.pop("headers", {})}
    answer: httpx2.Response = await shop.client.request(method, f"/search-rules{path}", headers=headers, **more)
    return answer


async def rule(shop: Shop, query: str, **fields: Any) -> dict[str, Any]:
    answer = await send(shop, "POST", "", json={"query": query, **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def search(shop: Shop, **asked: Any) -> dict[str, Any]:
    answer = await shop.client.get("/products/search", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def names(shop: Shop, **asked: Any) -> list[str]:
    return [item["name"] for item in (await search(shop, **asked))["items"]]


@pytest.fixture
async def shelf(shop: Shop) -> dict[str, Item]:
    names = ("Mug 1", "Mug 2", "Mug 3", "Mug 4", "Bowl", "Teapot")
    items = {name: await shop.item(name=name, vendor="clay" if name == "Teapot" else None) for name in names}
    await shop.handle_events()
    return items


@pytest.mark.usefixtures("each_engine")
async def test_pinned_products_come_first_and_buried_ones_last(shop: Shop, shelf: dict[str, Item]) -> None:
    plain = await names(shop, q="mug")
    pinned = [shelf["Teapot"].product_id, shelf[plain[2]].product_id]
    await rule(
        shop, "mug", match="contains", pinned=pinned, buried=[shelf[plain[0]].product_id, shelf["Bowl"].product_id]
    )

    expected = ["Teapot", plain[2], plain[1], plain[3], plain[0]]
    for size in (1, 2, 3, 5, 20):
        pages = [await search(shop, q="mugs", size=size, page=page) for page in range(1, 5 // size + 2)]
        assert {page["total"] for page in pages} == {5}, size
        assert {page["pages"] for page in pages} == {-(-5 // size)}
        assert [item["name"] for page in pages for item in page["items"]] == expected, size
    by_cursor: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await shop.client.get("/products", params={"q": "mug", "cursor": cursor, "limit": 2})).json()
        by_cursor += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert by_cursor == expected
    assert await names(shop, q="bowl") == ["Bowl"]
    assert set(await names(shop, q="mug", sort="name")) == {"Mug 1", "Mug 2", "Mug 3", "Mug 4"}


@pytest.mark.usefixtures("each_engine")
async def test_only_what_is_listed_and_fits_is_pinned(shop: Shop, shelf: dict[str, Item]) -> None:
    await rule(shop, "mug", pinned=[shelf["Teapot"].product_id, shelf["Bowl"].product_id])
    assert (await names(shop, q="mug"))[:2] == ["Teapot", "Bowl"]

    assert await names(shop, q="mug", vendor="clay") == ["Teapot"]
    assert "Teapot" not in await names(shop, q="mug", vendor="marketplace")
    assert len(await names(shop, q="mug", max_price="1")) == 0
    admin = await shop.admin()
    await shop.client.patch(f"/products/{shelf['Bowl'].product_id}", json={"status": "draft"}, headers=admin.headers)
    assert "Bowl" not in await names(shop, q="mug")
    await shop.handle_events()
    found = await search(shop, q="mug")
    assert (found["items"][0]["name"], found["total"]) == ("Teapot", 5)


async def test_what_finds_nothing_can_pin(shop: Shop, shelf: dict[str, Item]) -> None:
    await rule(shop, "gift", pinned=[shelf["Teapot"].product_id])
    await rule(shop, "teapot", pinned=[shelf["Bowl"].product_id])

    assert await names(shop, q="gift") == ["Teapot"]
    found = await search(shop, q="teapto")  # and so is what was meant by a slip
    assert ([item["name"] for item in found["items"]], found["did_you_mean"]) == (["Bowl", "Teapot"], "teapot")


async def test_a_query_leads_somewhere(shop: Shop, shelf: dict[str, Item]) -> None:
    admin = await shop.admin()
    teapot = shelf["Teapot"]
    made = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)
    kitchen = made.json()["id"]
    [(vendor,)] = await shop.rows("SELECT id::text FROM vendors WHERE slug = 'clay'")
    for query, kind, to in (
        ("shipping", "path", "/help/shipping?a=1#costs"), ("kitchen", "category", kitchen), ("clay", "vendor", vendor),
        ("pot", "product", teapot.product_id),
    ):  # fmt: skip
        await rule(shop, query, match="contains", redirect={"kind": kind, "to": to})

    async def leads(query: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = (await search(shop, q=query))["redirect"]
        return found

    assert await leads("mug") is None
    path = "/help/shipping?a=1#costs"
    assert await leads("shipping costs") == {"kind": "path", "id": None, "slug": None, "path": path}
    assert await leads("shippnig") is None
    await shop.item(name="Sipping cup")
    await shop.handle_events()
    for typed, meant in (("shippping", "sipping"), ("shipping", None)):  # what leads somewhere is no slip
        assert (await search(shop, q=typed))["did_you_mean"] == meant
    assert await leads("kitchen") == {"kind": "category", "id": kitchen, "slug": "kitchen", "path": None}
    assert await leads("clay") == {"kind": "vendor", "id": vendor, "slug": "clay", "path": None}
    assert await leads("pots") == {"kind": "product", "id": teapot.product_id, "slug": "teapot", "path": None}

    # what is not there for everybody leads nowhere
    await shop.client.patch(f"/products/{teapot.product_id}", json={"status": "draft"}, headers=admin.headers)
    await shop.client.delete(f"/products/categories/{kitchen}", headers=admin.headers)
    assert (await leads("pots"), await leads("kitchen")) == (None, None)


async def test_a_rule_is_in_effect_at_once_and_ends(shop: Shop, shelf: dict[str, Item]) -> None:
    pinned = {"pinned": [shelf["Bowl"].product_id]}
    made = await rule(shop, "mug", **pinned)
    assert (await names(shop, q="mug"))[0] == "Bowl"

    async def put(**fields: Any) -> None:
        answer = await send(shop, "PUT", f"/{made['id']}", json={"query": "mug", **pinned, **fields})
        assert answer.status_code == 200, answer.text

    await put(is_active=False)
    assert "Bowl" not in await names(shop, q="mug")
    await put(ends_at="2020-01-01T00:00:00Z")
    assert "Bowl" not in await names(shop, q="mug")
    await put(starts_at="2020-01-01T00:00:00Z", ends_at="2999-01-01T00:00:00Z")
    assert (await names(shop, q="mug"))[0] == "Bowl"
    assert (await send(shop, "DELETE", f"/{made['id']}")).status_code == 204
    assert "Bowl" not in await names(shop, q="mug")


ID = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"redirect": {"kind": "path", "to": "//evil.example"}},
        {"redirect": {"kind": "path", "to": "/\\evil.example"}},
        {"redirect": {"kind": "path", "to": "https://evil.example"}},
        {"redirect": {"kind": "path", "to": "javascript:x"}},
        {"redirect": {"kind": "path", "to": "/a\nb"}}, {"redirect": {"kind": "category", "to": "kitchen"}},
        {"redirect": {"kind": "page", "to": "/x"}}, {"pinned": [ID, ID]}, {"pinned": [ID], "buried": [ID]},
        {"pinned": [ID]}, {"redirect": {"kind": "vendor", "to": ID}}, {"redirect": {"kind": "product", "to": ID}},
        {"redirect": {"kind": "path", "to": "/x"}, "query": "--"},
        {"redirect": {"kind": "path", "to": "/x"}, "match": "regex"},
        {"redirect": {"kind": "path", "to": "/x"}, "starts_at": "2026-01-02T00:00:00Z",
         "ends_at": "2026-01-01T00:00:00Z"},
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(shop: Shop, fields: dict[str, Any]) -> None:
    assert (await send(shop, "POST", "", json={"query": "mug", **fields})).status_code == 422
    assert await shop.rows("SELECT count(*) FROM search_rules") == [(0,)]


async def test_one_rule_for_a_query_and_only_so_many(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = {"redirect": {"kind": "path", "to": "/x"}}
    made = await rule(shop, "blue mug", **leads)

    again = await send(shop, "POST", "", json={"query": "Mugs blue", **leads})
    assert (again.status_code, again.json()["code"]) == (409, "search.rule_taken")
    await rule(shop, "blue mug", match="contains", **leads)
    await rule(shop, "blue mug", ends_at="2999-01-01T00:00:00Z", **leads)
    etag = (await send(shop, "GET", f"/{made['id']}")).headers["ETag"]
    body = {"query": "red mug", **leads}
    assert (await send(shop, "PUT", f"/{made['id']}", json=body, headers={"If-Match": etag})).status_code == 200
    assert (await send(shop, "PUT", f"/{made['id']}", json=body, headers={"If-Match": etag})).status_code == 412
    assert (await send(shop, "GET", "?q=RED")).json()["total"] == 1
    assert (await send(shop, "GET", "?is_active=false")).json()["total"] == 0

    monkeypatch.setattr("mercat.search.curation.rules.service.MOST", 3)
    refused = await send(shop, "POST", "", json={"query": "more", **leads})
    assert (refused.status_code, refused.json()["code"]) == (409, "search.too_many_rules")


async def test_other_words_of_the_same_letters_are_another_query(shop: Shop) -> None:
    leads = {"redirect": {"kind": "path", "to": "/x"}}
    answers = [await send(shop, "POST", "", json={"query": query, **leads}) for query in ("tea", "eat", "mug", "gum")]

    assert [answer.status_code for answer in answers] == [201] * 4
    assert (await send(shop, "GET", "")).json()["total"] == 4


async def test_only_operators_make_rules(shop: Shop) -> None:
    buyer = await shop.buyer()
    body = {"query": "mug", "redirect": {"kind": "path", "to": "/x"}}
    assert (await shop.client.post("/search-rules", json=body, headers=buyer.headers)).status_code == 403
    assert (await shop.client.get("/search-rules", headers=buyer.headers)).status_code == 403
    assert await shop.rows("SELECT count(*) FROM search_rules") == [(0,)]
