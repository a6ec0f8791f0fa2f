"""The lowest price of the 30 days before a reduction, in the currency in which the reduction is shown."""

from typing import Any

import pytest

from catalog.test_currency_prices import costs, enable, read, told
from catalog.test_price_history import change, later, make
from pricing.operating import sale
from shopping import Shop

Body = dict[str, Any]


async def lowest(shop: Shop, product: Body, currency: str = "USD") -> list[str | None]:
    """Return the lowest price that the product's page, its variant and the lists show in a currency."""
    await shop.handle_events()
    page = await read(shop, f"/products/{product['id']}", currency=currency)
    [variant] = page["variants"]
    lists = [
        one
        for path in ("/products", "/products/search")
        for one in (await read(shop, path, currency=currency, q="mug"))["items"]
        if one["id"] == product["id"]
    ]
    assert len(lists) == 2
    return [one["lowest_price_30d"] and told(one["lowest_price_30d"]) for one in (page, variant, *lists)]


@pytest.fixture
async def mug(shop: Shop) -> Body:
    await enable(shop, "USD", "JPY")
    return await make(shop)


async def priced(shop: Shop, product: Body, *prices: Body) -> None:
    [variant] = (await read(shop, f"/products/{product['id']}"))["variants"]
    await change(shop, product, variants=[{"id": variant["id"], "price": "100.00", "prices": list(prices)}])
    await shop.handle_events()


async def test_a_converted_price_is_measured_by_what_the_books_had(shop: Shop, mug: Body) -> None:
    await later(shop, 10)
    await change(shop, mug, price="90.00")
    await later(shop, 10)
    await change(shop, mug, price="100.00")
    await later(shop, 5)
    assert await lowest(shop, mug) == [None] * 4
    await change(shop, mug, price="80.00", compare_at_price="100.00")
    await shop.handle_events()

    assert await lowest(shop, mug) == ["98.99 USD"] * 4  # 90.00 at 1.10, by the rule of dollars
    assert await lowest(shop, mug, "JPY") == ["14690 JPY"] * 4


async def test_a_price_that_was_set_has_a_history_of_its_own(shop: Shop, mug: Body) -> None:
    await later(shop, 40)
    await priced(shop, mug, costs("120.00", "USD"))
    await later(shop, 40)
    await priced(shop, mug, costs("105.00", "USD"))
    await later(shop, 10)
    await priced(shop, mug, costs("130.00", "USD"))
    await later(shop, 10)
    await priced(shop, mug, costs("95.00", "USD", compare_at="130.00"))

    assert await lowest(shop, mug) == ["105.00 USD"] * 4
    assert await lowest(shop, mug, "JPY") == [None] * 4  # there nothing is reduced


async def test_whoever_raises_a_price_by_setting_it_shows_what_it_was_before(shop: Shop, mug: Body) -> None:
    await later(shop, 20)
    await change(shop, mug, price="70.00")
    await later(shop, 10)
    await change(shop, mug, price="100.00")
    await later(shop, 5)
    await priced(shop, mug, costs("200.00", "USD"))
    await later(shop, 1)
    await priced(shop, mug, costs("150.00", "USD", compare_at="200.00"))

    assert await lowest(shop, mug) == ["76.99 USD"] * 4


async def test_a_price_that_was_reduced_from_the_first_day_has_none_before(shop: Shop) -> None:
    await enable(shop, "USD")
    body = {"options": {}, "price": "100.00", "prices": [costs("80.00", "USD", compare_at="120.00")]}
    mug = await make(shop, price=None, stock_quantity=None, variants=[body])
    await shop.handle_events()

    assert await lowest(shop, mug) == [None] * 4


async def test_a_sale_is_measured_in_every_currency(shop: Shop, mug: Body) -> None:
    await later(shop, 10)
    await sale(shop, kind="percent", percent="20", applies_to="lines")
    await shop.handle_events()

    assert await lowest(shop, mug) == ["109.99 USD"] * 4
    assert await lowest(shop, mug, "JPY") == ["16320 JPY"] * 4
