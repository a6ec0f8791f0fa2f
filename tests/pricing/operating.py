"""What an operator does with prices, and what buyers look at."""

from typing import Any

import httpx2

from shopping import ADDRESS, Shop

GERMAN = {**ADDRESS, "city": "Berlin", "postal_code": "10115", "country": "DE"}


async def operate(shop: Shop, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    """Send what the operator sends."""
    admin = await shop.admin()
    more = {} if body is None else {"json": body}
    answer: httpx2.Response = await shop.client.request(method, path, headers={**admin.headers, **headers}, **more)
    return answer


async def made(shop: Shop, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Make something as the operator."""
    answer = await operate(shop, "POST", path, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def coupon(shop: Shop, code: str = "WELCOME10", **more: Any) -> dict[str, Any]:
    """Make a coupon of ten percent, or of what is said."""
    given = {"kind": "percent", "percent": "10"} if "kind" not in more else {}
    return await made(shop, "/promotions", {"name": "Test", "code": code, **given, **more})


async def sale(shop: Shop, **more: Any) -> dict[str, Any]:
    """Make a sale."""
    return await made(shop, "/promotions", {"name": "Sale", **more})


async def method(shop: Shop, zone: dict[str, Any], code: str, price: str | None = None, **more: Any) -> dict[str, Any]:
    """Offer a shipping method in a zone."""
    body = {"code": code, "name": code.title(), **({"price": price} if price else {}), **more}
    return await made(shop, f"/shipping/zones/{zone['id']}/methods", body)


async def rate(shop: Shop, country: str, value: str, **more: Any) -> dict[str, Any]:
    """Enter a tax rate."""
    body = {"name": "VAT", "country": country, "rate": value, "valid_from": "2020-01-01T00:00:00Z", **more}
    return await made(shop, "/taxes/rates", body)


async def look(shop: Shop, cart: dict[str, str]) -> dict[str, Any]:
    """Return the cart."""
    found: dict[str, Any] = (await shop.client.get("/cart", headers=cart)).json()
    return found


def amounts(shown: dict[str, Any], *names: str) -> tuple[str, ...]:
    """Return amounts of a cart, an order or a part."""
    return tuple(shown[name]["amount"] for name in names)
