"""Which tax is contained in an order, or comes on top of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from mercat.kit.settings_memory import read_anew
from pricing.operating import GERMAN, amounts, coupon, look, operate, rate
from shopping import ADDRESS, Shop

CALIFORNIAN = {**ADDRESS, "city": "Oakland", "region": "CA", "postal_code": "94601", "country": "US"}


@pytest.fixture
def on_top(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Prices without taxes."""
    monkeypatch.setenv("MERCAT_PRICES_INCLUDE_TAX", "false")
    read_anew()
    yield
    monkeypatch.undo()
    read_anew()


async def test_without_rates_there_are_no_taxes(shop: Shop) -> None:
    order = (await shop.order(await shop.item(price="10.00"))).json()

    assert amounts(order, "tax", "included_tax", "total") == ("0.00", "0.00", "14.90")
    assert order["prices_include_tax"] is True
    assert (order["items"][0]["tax_rate"], *amounts(order["items"][0], "tax")) == ("0", "0.00")


async def test_the_address_decides_what_is_contained(shop: Shop) -> None:
    await rate(shop, "DE", "0.19")
    await rate(shop, "GB", "0.2")
    item = await shop.item(price="11.90")
    cart = await shop.guest_cart(item)

    shown = await look(shop, cart)
    at_home = (await shop.order(item, shipping_address=GERMAN)).json()
    abroad = (await shop.order(item)).json()

    assert amounts(shown, "included_tax", "total") == amounts(at_home, "included_tax", "total") == ("2.68", "16.80")
    assert (at_home["items"][0]["tax_rate"], *amounts(at_home["items"][0], "tax")) == ("0.19", "1.90")
    assert amounts(at_home["vendor_orders"][0], "shipping_tax", "tax", "included_tax") == ("0.78", "0.00", "2.68")
    assert (abroad["items"][0]["tax_rate"], *amounts(abroad, "included_tax", "total")) == ("0.2", "2.80", "16.80")


@pytest.mark.usefixtures("on_top")
async def test_taxes_come_on_top_where_prices_are_without(shop: Shop) -> None:
    await rate(shop, "US", "0.06")
    await rate(shop, "US", "0.0725", region="CA")
    await rate(shop, "US", "0", region="CA", tax_class="books")
    item, book = await shop.item(price="100.00"), await shop.item(price="50.00", vendor="north-kiln")
    await operate(shop, "PATCH", f"/products/{book.product_id}", {"tax_class": "books"})
    await coupon(shop)

    order = (await shop.order(item, book, shipping_address=CALIFORNIAN, coupon="WELCOME10")).json()

    assert order["prices_include_tax"] is False
    # 7.25 % of 90.00 and of the fee's 3.27 for what is taxed
    assert amounts(order, "discount", "shipping", "tax", "included_tax", "total") == (
        "15.00", "4.90", "6.77", "0.00", "146.67",
    )  # fmt: skip
    assert [(line["tax_rate"], *amounts(line, "tax")) for line in order["items"]] == [("0.0725", "6.53"), ("0", "0.00")]
    totals = sorted(amounts(part, "tax", "total") for part in order["vendor_orders"])
    assert totals == [("0.00", "46.63"), ("6.77", "100.04")]
    elsewhere = (
        await shop.order(item, shipping_address={**CALIFORNIAN, "region": "NV", "postal_code": "89501"})
    ).json()
    assert elsewhere["items"][0]["tax_rate"] == "0.06"


async def test_of_several_rates_the_one_that_began_last_counts(shop: Shop) -> None:
    await rate(shop, "GB", "0.175", valid_from="2000-01-01T00:00:00Z")
    await rate(shop, "GB", "0.2", valid_from="2011-01-04T00:00:00Z")
    await rate(shop, "GB", "0.05", valid_from="2020-07-01T00:00:00Z", valid_to="2021-01-01T00:00:00Z")
    await rate(shop, "GB", "0.3", valid_from="2100-01-01T00:00:00Z")

    order = (await shop.order(await shop.item())).json()

    assert order["items"][0]["tax_rate"] == "0.2"


async def test_a_rate_is_kept_by_operators(shop: Shop) -> None:
    made = await rate(shop, "DE", "0.19", region="Bayern")
    path = f"/taxes/rates/{made['id']}"
    body = {"name": "MwSt.", "country": "DE", "rate": "0.2", "valid_from": "2020-01-01T00:00:00Z"}

    twin = {"name": "Twin", "country": "DE", "region": "BAYERN", "rate": "0.1", "valid_from": "2020-01-01T00:00:00Z"}
    taken = await operate(shop, "POST", "/taxes/rates", twin)
    assert (taken.status_code, taken.json()["code"]) == (409, "pricing.rate_taken")
    read = await operate(shop, "GET", path)
    assert (read.json()["rate"], read.json()["region"], read.headers["etag"]) == ("0.19", "bayern", '"1"')
    changed = await operate(shop, "PUT", path, body, **{"If-Match": '"1"'})
    assert (changed.json()["rate"], changed.json()["region"], changed.json()["version"]) == ("0.2", None, 2)
    assert (await operate(shop, "PUT", path, body, **{"If-Match": '"1"'})).status_code == 412
    assert (await operate(shop, "GET", "/taxes/rates")).json()["items"] == [changed.json()]
    assert (await operate(shop, "DELETE", path)).status_code == 204
    assert (await operate(shop, "GET", path)).json()["code"] == "pricing.rate_not_found"
    assert (await operate(shop, "DELETE", path)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": 0.19},
        {"rate": "19"},
        {"rate": "-0.1"},
        {"rate": "0.123456"},
        {"country": "XX"},
        {"valid_to": "2020-01-01T00:00:00Z"},
        {"tax_class": "Standard"},
    ],
)
async def test_a_rate_that_makes_no_sense_is_refused(shop: Shop, wrong: dict[str, Any]) -> None:
    body = {"name": "VAT", "country": "DE", "rate": "0.19", "valid_from": "2020-01-01T00:00:00Z"}

    answer = await operate(shop, "POST", "/taxes/rates", {**body, **wrong})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid"), answer.text


async def test_a_product_says_its_class(shop: Shop) -> None:
    item = await shop.item()
    assert (await shop.client.get(f"/products/{item.slug}")).json()["tax_class"] == "standard"

    await operate(shop, "PATCH", f"/products/{item.product_id}", {"tax_class": "books"})

    assert (await shop.client.get(f"/products/{item.slug}")).json()["tax_class"] == "books"
