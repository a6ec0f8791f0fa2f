"""Whatever shows what products cost shows it in the currency that a reader chooses."""

from collections.abc import Iterator
from typing import Any

import pytest

from catalog.test_currency_prices import enable
from mercat.kit.openapi import operations
from mercat.main import create_app
from shopping import Shop

PREFIX = "/api/v1"
PRICES = frozenset({"price", "unit_price", "compare_at_price", "lowest_price_30d"})
IN_THEIR_OWN = {
    "/cart": "a cart has a currency",
    "/cart/shipping-methods": "in the currency of the cart",
    "/orders": "an order keeps the currency that it was placed in",
    "/orders/{order_id}": "an order keeps the currency that it was placed in",
    "/users/{user_id}/orders": "an order keeps the currency that it was placed in",
    "/vendor/orders": "an order keeps the currency that it was placed in",
    "/vendor/orders/{vendor_order_id}": "an order keeps the currency that it was placed in",
    "/products/{product_id}/price-history": "every price has the currency that it was shown in",
    "/shipping/zones": "tariffs are kept in the currency of the books, for operators",
    "/shipping/zones/{zone_id}": "tariffs are kept in the currency of the books, for operators",
    "/vendor/products": "vendors see what they have set",
    "/users/me/export": "what is stored about a person, as it is stored",
}
DOCUMENT = create_app().openapi()


def answered(node: Any, seen: set[str]) -> Iterator[str]:
    """Return the names of all fields in a schema and what it is made of."""
    if isinstance(node, list):
        for one in node:
            yield from answered(one, seen)
    elif isinstance(node, dict):
        name = node.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield from answered(DOCUMENT["components"]["schemas"][name], seen)
        yield from node.get("properties", {})
        for one in node.values():
            yield from answered(one, seen)


def priced() -> dict[str, set[str]]:
    """Return the GET routes that show prices of products, with the parameters of their queries."""
    found = {}
    for method, path, operation in operations(DOCUMENT):
        shown = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema")
        if method.upper() == "GET" and PRICES & set(answered(shown, set())):
            found[path.removeprefix(PREFIX)] = {one["name"] for one in operation.get("parameters", [])}
    return found


def test_whatever_shows_prices_of_products_takes_a_currency() -> None:
    found = priced()
    assert len(found) > 12
    assert sorted(IN_THEIR_OWN.keys() - found.keys()) == []
    assert [path for path, names in found.items() if path not in IN_THEIR_OWN and "currency" not in names] == []
    assert [path for path in IN_THEIR_OWN if "currency" in found[path] and not path.endswith("orders")] == []


@pytest.mark.parametrize("currency", ["", "GBP", "XXX", "usd", "USDD", "'; DROP TABLE products; --", "\x00"])
async def test_a_currency_that_is_none_is_refused_by_all_of_them(shop: Shop, currency: str) -> None:
    item = await shop.item(name="Mug")
    await enable(shop, "USD")
    buyer = await shop.buyer()
    filled = {
        "{id_or_slug}": item.slug,
        "{product_id}": item.product_id,
        "{post_id}": item.product_id,
        "{wishlist_id}": "default",
        "{share_token}": "4mYx0PqvYkKdX3nT5cQm1pJw",
    }
    for path in priced().keys() - IN_THEIR_OWN.keys():
        address = path
        for name, value in filled.items():
            address = address.replace(name, value)
        assert "{" not in address
        asked = {"currency": currency, **({"q": "mug"} if path.endswith("suggest") else {})}
        answer = await shop.client.get(address, params=asked, headers=buyer.headers)
        assert answer.status_code == 422, (path, answer.text)
