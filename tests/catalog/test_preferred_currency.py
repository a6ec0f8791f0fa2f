"""Who is signed in sees prices in the currency that they prefer; nobody else ever sees that answer."""

import httpx2
import pytest

from catalog.test_currency_prices import enable, told
from recommendations.test_counting import bought
from shopping import Item, Person, Shop

PATHS = ("/products", "/products?q=mug", "/products/search?q=mug", "/products/suggest?q=mug", "/products/mug")


@pytest.fixture
async def mug(shop: Shop) -> Item:
    item = await shop.item(name="Mug", price="10.00")
    await enable(shop, "USD", "JPY")
    return item


async def prefer(shop: Shop, person: Person, currency: str | None) -> None:
    answer = await shop.client.patch("/users/me", json={"currency": currency}, headers=person.headers)
    assert answer.status_code == 200, answer.text


def price(answer: httpx2.Response) -> str:
    body = answer.json()
    one = body if "price" in body else (body.get("items") or body["products"])[0]
    return told(one["price"])


@pytest.mark.usefixtures("mug")
@pytest.mark.parametrize("path", PATHS)
async def test_a_preference_is_followed_and_kept_by_nobody(shop: Shop, path: str) -> None:
    buyer = await shop.buyer()
    plain = await shop.client.get(path, headers=buyer.headers)
    assert (price(plain), plain.headers["cache-control"]) == ("10.00 EUR", "public, max-age=0, must-revalidate")

    await prefer(shop, buyer, "JPY")
    for _ in range(2):
        own = await shop.client.get(path, headers=buyer.headers)
        assert (price(own), own.headers["cache-control"]) == ("1630 JPY", "private, no-store")
        anonymous = await shop.client.get(path)
        assert price(anonymous) == "10.00 EUR"
        assert anonymous.headers["cache-control"] == "public, max-age=0, must-revalidate"

    named = f"{path}{'&' if '?' in path else '?'}currency="
    for code, expected in (("USD", "10.99 USD"), ("EUR", "10.00 EUR")):  # what the address names wins
        for headers in ({}, buyer.headers):
            answer = await shop.client.get(f"{named}{code}", headers=headers)
            assert (price(answer), answer.headers["cache-control"]) == (expected, "public, max-age=0, must-revalidate")


@pytest.mark.usefixtures("mug")
@pytest.mark.parametrize("path", PATHS)
async def test_a_preference_that_is_not_shown_and_a_bad_token_are_no_reason_to_refuse(shop: Shop, path: str) -> None:
    buyer = await shop.buyer()
    await prefer(shop, buyer, "GBP")
    for headers in (buyer.headers, {"Authorization": "Bearer nonsense"}, {"Cookie": "a=b"}, {"X-API-Key": "x"}):
        assert price(await shop.client.get(path, headers=headers)) == "10.00 EUR"


@pytest.mark.usefixtures("mug")
async def test_amounts_in_filters_are_in_the_preferred_currency(shop: Shop) -> None:
    buyer = await shop.buyer()
    await prefer(shop, buyer, "JPY")
    for path in ("/products", "/products/search"):
        for bounds, count in (({"min_price": "1600"}, 1), ({"min_price": "1640"}, 0), ({"max_price": "20"}, 0)):
            found = await shop.client.get(path, params=bounds, headers=buyer.headers)
            assert len(found.json()["items"]) == count
        assert (await shop.client.get(path, params={"min_price": "0.5"}, headers=buyer.headers)).status_code == 422


async def test_recommendations_show_the_currency_that_is_asked_for_or_preferred(shop: Shop, mug: Item) -> None:
    other = await shop.item(name="Bowl", price="20.00")
    for items in ((mug, other), (mug, other), (await shop.item(),), (await shop.item(),)):
        await bought(shop, *items)
    await shop.handle_events()
    buyer = await shop.buyer()
    beside = f"/products/{mug.product_id}/recommendations"
    trending = (await shop.client.get("/recommendations", params={"currency": "USD"})).json()["items"]
    assert {told(one["price"]) for one in trending} <= {"21.99 USD", "10.99 USD"}
    found = (await shop.client.get(beside, params={"currency": "USD"})).json()["items"]
    assert [told(one["price"]) for one in found] == ["21.99 USD"]
    await prefer(shop, buyer, "JPY")
    own = await shop.client.get(beside, headers=buyer.headers)
    assert [told(one["price"]) for one in own.json()["items"]] == ["3260 JPY"]
    assert own.headers["cache-control"] == "private, no-store"
    assert [told(one["price"]) for one in (await shop.client.get(beside)).json()["items"]] == ["20.00 EUR"]
    assert (await shop.client.get(beside, params={"currency": "GBP"})).status_code == 422


@pytest.mark.usefixtures("mug")
async def test_the_country_of_the_default_address_decides_unless_something_else_was_said(shop: Shop) -> None:
    buyer = await shop.buyer()
    here = {
        "name": "Ada", "line1": "1-1 Chiyoda", "city": "Chiyoda-ku", "region": "Tokyo", "postal_code": "100-0001",
        "country": "JP",
    }  # fmt: skip
    kept = await shop.client.post("/users/me/addresses", json=here, headers=buyer.headers)
    assert kept.status_code == 201, kept.text

    answer = await shop.client.get("/products/mug", headers=buyer.headers)
    assert (price(answer), answer.headers["cache-control"]) == ("1630 JPY", "private, no-store")
    await prefer(shop, buyer, "EUR")
    assert price(await shop.client.get("/products/mug", headers=buyer.headers)) == "10.00 EUR"


@pytest.mark.usefixtures("mug")
async def test_currencies_say_in_which_countries_they_are_paid_with(shop: Shop) -> None:
    currencies = {one["code"]: one["countries"] for one in (await shop.client.get("/currencies")).json()["items"]}
    assert currencies["JPY"] == ["JP"]
    assert {"DE", "FR", "AT"} <= set(currencies["EUR"])
    assert "US" in currencies["USD"]
