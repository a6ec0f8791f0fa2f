"""Every list that people page through can be sorted, up and down, and each page of it is where it belongs."""

from typing import Any

import httpx2

import contract
from mercat.routes import PREFIX
from payouts import stories
from shopping import Person, Shop

UNSORTED = {
    "/products/{product_id}/recommendations": "the best first, and the others are not there",
    "/recommendations": "the best first, and the others are not there",
    "/translations/missing": "read to its end by cursor, by kind and key",
    "/shipping/zones": "a handful, by name",
    "/taxes/rates": "a table that is read as a whole, by place, class and beginning",
    "/vendor/statement": "lines follow each other: each has the balance after it",
}
"""What is paged and has one order, and why."""
OWN_ORDER = {"/products/search", "/products", "/products/{product_id}/reviews"}
"""Sorted by names of their own as well; tests/catalog/test_listing.py and tests/reviews compare them with Python."""
FEW = {
    "/vendor/imports", "/invoices", "/commission-invoices", "/vendor/commission-invoices", "/vendor/payouts",
    "/vendors/{vendor_id}/terms", "/search-synonyms", "/search-rules", "/search-terms",
    "/posts", "/posts/{post_id}/comments", "/users/me/comments", "/comments", "/redirects",
}  # fmt: skip
"""What has fewer than two rows here; that they are sorted is left to the statement, which is run."""


def lists() -> dict[str, dict[str, dict[str, Any]]]:
    """Return every list that is paged, with its query parameters by name."""
    found = {}
    for method, path, operation in contract.described():
        parameters = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
        if method == "GET" and parameters.keys() & {"size", "limit"}:
            found[path.removeprefix(PREFIX)] = parameters
    return found


def sorts_of(parameter: dict[str, Any]) -> list[str]:
    return list(parameter["schema"]["enum"])


def test_every_list_that_is_paged_can_be_sorted_or_has_a_reason() -> None:
    found = lists()

    assert len(found) > 25
    assert {path for path, parameters in found.items() if "sort" not in parameters} == set(UNSORTED)
    for path, parameters in found.items():
        if "sort" in parameters and path not in OWN_ORDER:
            sorts = set(sorts_of(parameters["sort"]))
            assert {sort.removeprefix("-") for sort in sorts} == {sort for sort in sorts if sort[0] != "-"}, path
            assert parameters["sort"]["schema"]["default"] in sorts


async def send(shop: Shop, path: str, body: Any, person: Person, method: str = "POST") -> dict[str, Any]:
    headers = {**person.headers, "Idempotency-Key": f"{method} {path} {body}"[:255]}
    answer = await shop.client.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


async def a_busy_marketplace(shop: Shop) -> tuple[Person, Person, dict[str, str]]:
    """Fill the lists; returns an operator, an owner of a shop, and what stands for the parameters of paths."""
    admin, buyer = await shop.admin(), await shop.buyer()
    owner, vendor_id = await shop.seller("north")
    items = [
        await shop.item(vendor="north", name=name, price=price, stock=stock)
        for name, price, stock in (("Bowl", "30.00", 5), ("cup", "10.00", 9), ("Axe", "20.00", 5))
    ]
    for item in items:
        order = (await shop.order(item, headers=buyer.headers)).json()
        await shop.move(order["id"], "paid")
        await shop.move(order["id"], "shipped")
        pieces = [{"item_id": order["items"][0]["id"], "quantity": 1}]
        await send(shop, f"/orders/{order['id']}/returns", {"items": pieces, "reason": "other"}, buyer)
        await shop.move(order["id"], "delivered")
        review = {"rating": 5 - items.index(item), "body": f"It is what it says: {item.slug}."}
        await send(shop, f"/products/{item.product_id}/reviews", review, buyer)
        await send(shop, "/promotions", {"name": item.slug, "kind": "percent", "percent": "10"}, admin)
        await send(shop, "/gift-cards", {"amount": f"{50 - items.index(item)}.00", "note": item.slug}, admin)
        category = await send(shop, "/products/categories", {"name": item.slug}, admin)
        await send(shop, f"/products/categories/{category['id']}", None, admin, "DELETE")
        gone = await shop.item(vendor="north", name=f"Old {item.slug}")
        await send(shop, f"/products/{gone.product_id}", None, admin, "DELETE")
    post = await send(shop, "/posts", {"title": "How it is made", "content": "By hand.", "published": True}, admin)
    for year in (2098, 2099):
        await send(shop, "/commission-terms", {"rate": "0.1", "valid_from": f"{year}-01-01T00:00:00Z"}, admin)
    for slug in ("alpha", "beta"):
        await stories.sold(shop, await stories.a_shop(shop, slug))
    await send(shop, f"/products/{items[0].product_id}", {"price": "31.00"}, admin, "PATCH")
    await stories.cleared(shop)
    await stories.run(shop)
    return (
        admin,
        owner,
        {
            "{product_id}": items[0].product_id,
            "{user_id}": str(buyer.id),
            "{vendor_id}": str(vendor_id),
            "{post_id}": post["id"],
        },
    )


def value(row: dict[str, Any], name: str) -> Any:
    found = row.get(name)
    if isinstance(found, dict):
        return float(found["amount"])
    return found.casefold() if isinstance(found, str) else found


async def test_up_is_down_reversed_and_pages_meet(shop: Shop) -> None:
    admin, owner, places = await a_busy_marketplace(shop)

    async def read(path: str, person: Person, **query: Any) -> httpx2.Response:
        return await shop.client.get(path, params=query, headers=person.headers)

    few = set()
    for template, parameters in lists().items():
        if "sort" not in parameters or template in OWN_ORDER:
            continue
        path, person = template, owner if template.startswith("/vendor/") else admin
        if template == "/users/me/reviews":
            person = await shop.buyer()
        for name, place in places.items():
            path = path.replace(name, place)
        sorts = sorts_of(parameters["sort"])
        for sort in sorts:
            answer = await read(path, person, sort=sort, size=100)
            assert answer.status_code == 200, (path, sort, answer.text)
            rows = answer.json()["items"]
            if len(rows) < 2:
                few.add(template)
            name = sort.removeprefix("-")
            known = [value(row, name) for row in rows if row.get(name) is not None]
            assert known == sorted(known, reverse=sort != name), (path, sort)
            if len(known) == len(rows):
                opposite = name if sort != name else f"-{name}"
                assert (await read(path, person, sort=opposite, size=100)).json()["items"] == rows[::-1], (path, sort)
            paged = [(await read(path, person, sort=sort, size=2, page=n)).json()["items"] for n in (1, 2)]
            assert [row for page in paged for row in page] == rows[:4], (path, sort)
            if "cursor" in parameters:
                assert await by_cursor(shop, path, person, sort) == rows, (path, sort)
        refused = await read(path, person, sort="hue")
        assert refused.status_code == 422, path
        [error] = refused.json()["errors"]
        assert error["field"] == "sort"
        assert all(sort in error["message"] for sort in sorts), (path, error)

    assert few == FEW


async def by_cursor(shop: Shop, path: str, person: Person, sort: str) -> list[dict[str, Any]]:
    """Read a whole list two rows at a time."""
    rows, cursor = [], ""
    while True:
        answer = await shop.client.get(
            path, params={"sort": sort, "cursor": cursor, "limit": 2}, headers=person.headers
        )
        assert answer.status_code == 200, answer.text
        rows += answer.json()["items"]
        if not (cursor := answer.json()["next_cursor"]):
            return rows


async def test_a_cursor_of_another_order_is_refused(shop: Shop) -> None:
    admin, item = await shop.admin(), await shop.item()
    for _ in range(2):
        await shop.order(item)
    query = {"sort": "-total", "cursor": "", "limit": "1"}
    first = (await shop.client.get("/orders", params=query, headers=admin.headers)).json()

    other = {"sort": "total", "cursor": first["next_cursor"]}
    refused = await shop.client.get("/orders", params=other, headers=admin.headers)

    assert (refused.status_code, refused.json()["code"]) == (422, "pagination.bad_cursor")
