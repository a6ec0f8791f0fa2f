"""Private answers are kept by nobody: tokens, orders, lists of one's own, and every refusal."""

from typing import Any

import httpx2
import pytest

from shopping import ADDRESS, PASSWORD, Shop

NOBODY = "no-store"


async def kept(answer: httpx2.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert NOBODY in answer.headers["cache-control"].split(", "), answer.request.url


async def test_tokens_and_orders_are_kept_by_nobody(shop: Shop) -> None:
    person = await shop.buyer()
    form = {"username": person.email, "password": PASSWORD}
    tokens = await shop.client.post("/auth/token", data=form)
    await kept(tokens, 200)
    await kept(await shop.client.post("/auth/login", data=form), 200)
    await kept(await shop.client.post("/auth/refresh", json={"refresh_token": tokens.json()["refresh_token"]}), 200)
    order = await shop.order(await shop.item(), headers=person.headers)
    await kept(order, 201)
    await kept(await shop.client.get(f"/orders/{order.json()['id']}", headers=person.headers), 200)
    await kept(await shop.client.post("/users/me/addresses", json=ADDRESS, headers=person.headers), 201)


@pytest.mark.parametrize("path", ["/auth/me", "/users/me", "/orders", "/payments", "/users/me/wishlists", "/cart"])
async def test_what_is_ones_own_is_kept_by_nobody(shop: Shop, path: str) -> None:
    await kept(await shop.client.get(path, headers=(await shop.buyer()).headers), 200)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/orders/0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56", None, 404),
        ("GET", "/audit", None, 403),
        ("GET", "/nowhere", None, 404),
        ("POST", "/nowhere", {}, 404),
        ("PATCH", "/orders", {}, 405),
        ("POST", "/users/me/addresses", {}, 422),
        ("POST", "/orders", {}, 400),
    ],
)
async def test_refusals_are_kept_by_nobody(shop: Shop, method: str, path: str, body: Any, status: int) -> None:
    headers = (await shop.buyer()).headers
    await kept(await shop.client.request(method, path, json=body, headers=headers), status)


@pytest.mark.parametrize("path", ["/products", "/products/categories"])
async def test_public_pages_may_be_kept(shop: Shop, path: str) -> None:
    answer = await shop.client.get(path)

    assert "public" in answer.headers["cache-control"]
    assert NOBODY not in answer.headers["cache-control"]
