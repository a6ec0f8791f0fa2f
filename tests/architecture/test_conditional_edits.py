"""No edit is lost: whatever changes something that others change too honours `If-Match`, at the same moment too."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
import pytest
from fastapi import FastAPI

import contract
from architecture.test_audit import STORIES, Story, send, two_languages
from mercat.exchange.models import EnabledCurrency
from mercat.kit.database import Database
from mercat.routes import PREFIX
from payouts import stories
from shopping import ADDRESS, PASSWORD, Shop

__all__ = ["two_languages"]
"""A fixture of every test here."""

MOVE = "a move along a life cycle is made from one state only: the second one is a 409"
ONE_OWNER = "nobody but its owner changes it, by a word or note that is written whole"
NAMED = {
    "PUT /cart/coupon": "a cart is one person's wish; what it comes to is agreed to at the checkout",
    "PUT /cart/currency": "a cart is one person's wish; what it comes to is agreed to at the checkout",
    "PUT /cart/{item_id}": "a cart is one person's wish; what it comes to is agreed to at the checkout",
    "PUT /orders/{order_id}/status": MOVE,
    "PUT /orders/{order_id}/vendor-orders/{vendor_order_id}/status": MOVE,
    "PUT /vendor/orders/{vendor_order_id}/status": MOVE,
    "PUT /returns/{return_id}/status": MOVE,
    "PUT /vendor/returns/{return_id}/status": MOVE,
    "PUT /payouts/runs/{run_id}/status": MOVE,
    "PUT /payouts/{payout_id}/status": MOVE,
    "PATCH /vendor/products": "many products at once: each names the `version` that it is based on, in the body",
    "PUT /vendor/stock": "a count of many variants at once, which holds whatever was believed before",
    "PATCH /vendor/members/{user_id}": "one word, the role, under a lock on all members",
    "PATCH /reviews/{review_id}": ONE_OWNER,
    "PATCH /comments/{comment_id}": ONE_OWNER,
    "PATCH /users/me/wishlists/{wishlist_id}": ONE_OWNER,
    "PATCH /users/me/wishlists/{wishlist_id}/items/{wishlist_item_id}": ONE_OWNER,
    "PATCH /users/me/passkeys/{passkey_id}": ONE_OWNER,
    "PUT /users/me/identities/{provider}": "the end of a sign-in elsewhere: nothing is there before",
}
"""What takes no `If-Match`, and why nothing is lost."""

READ = {
    "PUT /products/{product_id}/images/order": r"/images/order$",
    "PATCH /products/{product_id}/images/{image_id}": r"/images/[^/]+$",
    "PATCH /vendor/orders/{vendor_order_id}/shipments/{shipment_id}": r"/shipments/[^/]+$",
    "PUT /vendor/reviews/{review_id}/reply": r"/reply$",
    "PUT /vendor/profile/logo": r"/logo$",
    "PUT /vendor/profile/banner": r"/banner$",
    "PUT /users/{user_id}/roles": r"/roles$",
}
"""Where the ETag comes from if it is not the address itself: what to take off it."""
WITHOUT_ADDRESS = {"PUT /shipping/methods/{method_id}": '"1"'}
"""Read as part of something else: the ETag is the `version` there, in quotes."""


def edits() -> dict[str, bool]:
    """Return every PUT and PATCH, and whether the document says that it honours `If-Match`."""
    found = {}
    for method, path, operation in contract.described():
        if method in {"PUT", "PATCH"}:
            headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
            assert ("If-Match" in headers) is ("412" in operation["responses"]) or path.endswith("/vendor/products")
            found[f"{method} {path.removeprefix(PREFIX)}"] = "If-Match" in headers
    return found


HONOURING = sorted(route for route, honours in edits().items() if honours)


def test_every_edit_honours_if_match_or_has_a_reason() -> None:
    found = edits()

    assert len(found) > 40
    assert {route for route, honours in found.items() if not honours} == set(NAMED)


async def the_payout_account(shop: Shop) -> httpx2.Response:
    owner, _ = await shop.seller("north-kiln")
    body = {"holder": "North Kiln", "iban": stories.IBAN, "password": PASSWORD}
    assert (await shop.client.put("/vendor/payout-account", json=body, headers=owner.headers)).status_code == 200
    return await shop.client.put(
        "/vendor/payout-account", json={**body, "holder": "North Kiln Ltd"}, headers=owner.headers
    )


async def own_profile(shop: Shop) -> httpx2.Response:
    buyer = await shop.buyer()
    return await shop.client.patch("/users/me", json={"phone": "+44 20 7946 0018"}, headers=buyer.headers)


async def an_address(shop: Shop) -> httpx2.Response:
    buyer = await shop.buyer()
    made = (await shop.client.post("/users/me/addresses", json=ADDRESS, headers=buyer.headers)).json()
    path = f"/users/me/addresses/{made['id']}"
    return await shop.client.put(path, json={**ADDRESS, "line1": "1 Broad Street"}, headers=buyer.headers)


async def a_person(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"/users/{(await shop.buyer()).id}", {"first_name": "Grace"})


async def roles(shop: Shop) -> httpx2.Response:
    body = {"roles": ["buyer", "support"], "password": PASSWORD}
    return await send(shop, "PUT", f"/users/{(await shop.buyer()).id}/roles", body)


async def a_currency(shop: Shop) -> httpx2.Response:
    async with shop.database.transaction() as session:
        session.add(EnabledCurrency(code="USD"))
    return await send(shop, "PUT", "/currencies/USD", {"margin": "1"})


EDITS: dict[str, Story] = {
    **{route: tell for route, (_, tell) in STORIES.items()},
    "PUT /currencies/{currency_code}": a_currency,
    "PUT /vendor/payout-account": the_payout_account,
    "PATCH /users/me": own_profile,
    "PUT /users/me/addresses/{address_id}": an_address,
    "PUT /users/{user_id}": a_person,
    "PUT /users/{user_id}/roles": roles,
}


def based_on(etag: str) -> str:
    """Return the part of an ETag that edits are compared by; a compressed answer has a weak one."""
    return etag.removeprefix("W/").strip('"').split(".")[0]


@dataclass
class Twice(httpx2.AsyncBaseTransport):
    """Sends the edits of one route first with a stale ETag, then twice at once with the right one."""

    inner: httpx2.AsyncBaseTransport
    route: str = ""
    stale: list[httpx2.Response] = field(default_factory=list)
    at_once: list[httpx2.Response] = field(default_factory=list)
    read_again: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Serve one request."""
        method, _, template = self.route.partition(" ")
        pattern = re.escape(PREFIX) + re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(template))
        if request.method != method or not re.fullmatch(pattern, request.url.path):
            return await self.inner.handle_async_request(request)
        await request.aread()
        read = re.sub(READ.get(self.route, "$"), "", request.url.path)
        before = WITHOUT_ADDRESS.get(self.route) or (await self._read(request, read)).headers.get("etag")
        if before is None:  # nothing is there before the first edit
            return await self.inner.handle_async_request(request)
        self.stale.append(await self._send(request, '"stale"'))
        if self.route not in WITHOUT_ADDRESS:
            self.read_again = [before, (await self._read(request, read)).headers["etag"]]
        self.at_once = list(await asyncio.gather(*(self._send(request, before) for _ in range(2))))
        if self.route not in WITHOUT_ADDRESS:
            self.read_again.append((await self._read(request, read)).headers["etag"])
        return min(self.at_once, key=lambda answer: answer.status_code)

    async def _read(self, request: httpx2.Request, path: str) -> httpx2.Response:
        headers = {"Authorization": request.headers["Authorization"]}
        return await self._answer(httpx2.Request("GET", request.url.copy_with(path=path), headers=headers))

    async def _send(self, request: httpx2.Request, etag: str) -> httpx2.Response:
        headers = {**request.headers, "If-Match": etag}
        return await self._answer(httpx2.Request(request.method, request.url, headers=headers, content=request.content))

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self.inner.handle_async_request(request)
        await answer.aread()
        return answer


@pytest.fixture
async def twice(app: FastAPI, database: Database) -> AsyncIterator[tuple[Twice, Shop]]:
    transport = Twice(httpx2.ASGITransport(app=app))
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop.test/api/v1") as client:
        yield transport, Shop(database, client)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("route", HONOURING)
async def test_of_two_edits_that_are_based_on_the_same_one_is_made(twice: tuple[Twice, Shop], route: str) -> None:
    transport, shop = twice
    transport.route = route

    await EDITS[route](shop)

    assert [(answer.status_code, answer.json()["code"]) for answer in transport.stale] == [
        (412, "request.precondition_failed")
    ]
    assert sorted(answer.status_code for answer in transport.at_once) == [200, 412], transport.at_once[0].text
    [made] = [answer for answer in transport.at_once if answer.status_code == 200]
    if transport.read_again:
        before, refused, after = transport.read_again
        assert before == refused
        assert based_on(after) != based_on(before)
        assert based_on(made.headers["etag"]) == based_on(after)
