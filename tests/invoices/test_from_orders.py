"""Invoices of real orders add up to them, with discounts and taxes as they were charged."""

from uuid import UUID

import pytest

from mercat import orders
from mercat.invoices.from_orders import sources_of
from pricing.operating import GERMAN, coupon, operate, rate
from pricing.test_taxes import CALIFORNIAN, on_top  # noqa: F401 - a fixture
from shopping import Item, Shop


async def taxes_of(shop: Shop, order_id: str) -> tuple[int, list[tuple[str | None, int, int]]]:
    """Return the sum of an order's invoices, and (rate, net, tax) of all of them."""
    async with shop.database.primary_session() as session:
        sources = await sources_of(session, await orders.read(session, UUID(order_id)), "en")
    found = [(one.rate, one.net, one.tax) for source in sources for one in source.taxes()]
    return sum(source.total for source in sources), sorted(found, key=str)


async def two_items(shop: Shop) -> tuple[Item, Item]:
    item, book = await shop.item(price="100.00"), await shop.item(price="50.00", vendor="north-kiln")
    await operate(shop, "PATCH", f"/products/{book.product_id}", {"tax_class": "books"})
    await coupon(shop)
    return item, book


async def test_taxes_that_are_contained(shop: Shop) -> None:
    await rate(shop, "DE", "0.19")
    await rate(shop, "DE", "0.07", tax_class="books")
    order = (await shop.order(*await two_items(shop), shipping_address=GERMAN, coupon="WELCOME10")).json()

    total, taxes = await taxes_of(shop, order["id"])

    assert total == int(order["total"]["amount"].replace(".", ""))
    assert sum(tax for _, _, tax in taxes) == int(order["included_tax"]["amount"].replace(".", ""))
    assert {one[0] for one in taxes} == {"0.19", "0.07"}


@pytest.mark.usefixtures("on_top")
async def test_taxes_that_come_on_top(shop: Shop) -> None:
    await rate(shop, "US", "0.0725", region="CA")
    await rate(shop, "US", "0", region="CA", tax_class="books")
    order = (await shop.order(*await two_items(shop), shipping_address=CALIFORNIAN, coupon="WELCOME10")).json()

    total, taxes = await taxes_of(shop, order["id"])

    assert total == 14667
    assert taxes == [("0.0725", 9327, 677), (None, 4663, 0)]


async def test_free_shipping_and_no_taxes(shop: Shop) -> None:
    await coupon(shop, code="FREE", kind="free_shipping")
    order = (await shop.order(await shop.item(price="10.00"), coupon="FREE")).json()

    total, taxes = await taxes_of(shop, order["id"])

    assert (total, taxes) == (1000, [(None, 1000, 0)])
