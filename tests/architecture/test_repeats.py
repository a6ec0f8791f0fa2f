"""Repeated query parameters: several values where that makes sense, else a 422, never the last one silently."""

import re
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from mercat import auth
from mercat.kit.openapi import operations
from mercat.main import create_app
from shopping import Shop

SEVERAL = {
    ("/products", "category"), ("/products", "tag"), ("/products", "vendor"), ("/products", "brand"),
    ("/products/search", "category"), ("/products/search", "tag"), ("/products/search", "vendor"),
    ("/products/search", "brand"), ("/orders", "status"), ("/users/{user_id}/orders", "status"),
    ("/vendor/orders", "status"), ("/returns", "status"), ("/vendor/returns", "status"), ("/payouts", "status"),
    ("/vendor/payouts", "status"), ("/users", "role"), ("/users", "state"), ("/vendors", "status"),
    ("/vendor/products", "status"), ("/products/{product_id}/reviews", "rating"), ("/vendor/reviews", "rating"),
    ("/reviews", "rating"), ("/reviews", "status"), ("/comments", "status"),
    ("/jobs", "status"), ("/jobs", "task"), ("/audit", "action"),
    ("/audit", "target_type"), ("/audit/export", "action"), ("/audit/export", "target_type"), ("/ledger", "account"),
    ("/ledger", "kind"), ("/products", "attr.*"), ("/products", "option.*"), ("/products/search", "attr.*"),
    ("/products/search", "option.*"),
}  # fmt: skip


def declared() -> list[tuple[str, str, str, bool]]:
    """Return (method, path, parameter, whether it takes several values) of the whole document."""
    return [
        (method, path, parameter["name"], "array" in str(parameter["schema"]))
        for method, path, operation in operations(create_app().openapi())
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    ]


def test_the_document_says_which_take_several_values() -> None:
    found = {(path.removeprefix("/api/v1"), name) for _, path, name, several in declared() if several}

    assert found == SEVERAL


async def test_every_other_parameter_is_refused_when_it_is_repeated(client: httpx2.AsyncClient) -> None:
    wrong: list[Any] = []
    parameters = declared()
    for method, path, name, several in parameters:
        url = re.sub(r"\{\w+\}", str(uuid4()), path.removeprefix("/api/v1"))
        answer = await client.request(method, url, params=[(name, "1"), (name, "2")])
        told = [] if answer.status_code != 422 else [(e["field"], e["code"]) for e in answer.json()["errors"]]
        if ((name, "repeated_parameter") in told) is several:
            wrong.append((method, path, name, answer.status_code, told))

    assert len(parameters) > 100
    assert wrong == []


async def test_what_nobody_declared_is_refused_without_being_repeated_to_its_sender(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/orders/{uuid4()}?hunter2=1&hunter2=2")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["query"]
    assert "hunter2" not in answer.text


async def test_a_query_that_is_no_text_is_refused_everywhere(client: httpx2.AsyncClient) -> None:
    for path in ("/products", "/products/search", "/products/suggest", "/vendors", "/recommendations"):
        for query in ("category=%ED%A0%80", "q=%FF", "q=mug&size=%C0%AF"):
            answer = await client.get(f"{path}?{query}")
            assert (answer.status_code, answer.json()["code"]) == (422, "request.bad_text"), (path, query)


async def test_several_states_are_either_of_them(shop: Shop) -> None:
    item, admin = await shop.item(), await shop.admin()
    pending, paid, shipped = [(await shop.order(item)).json()["id"] for _ in range(3)]
    for order in (paid, shipped):
        await shop.move(order, "paid")
    await shop.move(shipped, "shipped")

    async def found(query: str) -> set[str]:
        answer = await shop.client.get(f"/orders?{query}", headers=admin.headers)
        assert answer.status_code == 200, answer.text
        return {order["id"] for order in answer.json()["items"]}

    assert await found("status=paid&status=shipped") == {paid, shipped}
    assert await found("cursor=&status=paid&status=pending") == {paid, pending}
    assert await found("status=paid") == {paid}
    assert await found("") == {pending, paid, shipped}


@pytest.mark.parametrize("way", ["/products?", "/products?cursor=&", "/products/search?"])
async def test_several_values_of_a_facet_are_either_of_them(shop: Shop, way: str) -> None:
    admin = await shop.admin()
    named = {}
    for vendor, tag in (("clay", "red"), ("wool", "green"), ("wood", "blue")):
        item = await shop.item(vendor=vendor, name=vendor)
        edited = await shop.client.patch(f"/products/{item.product_id}", json={"tags": [tag]}, headers=admin.headers)
        assert edited.status_code == 200
        named[vendor] = edited.json()["vendor"]["id"]
    await shop.handle_events()

    async def found(query: str) -> tuple[set[str], int | None]:
        answer = (await shop.client.get(f"{way}{query}")).json()
        return {product["name"] for product in answer["items"]}, answer.get("total")

    for query, expected in {
        "vendor=clay&vendor=wool": {"clay", "wool"},
        f"vendor={named['clay']}&vendor=wool": {"clay", "wool"},
        "tag=red&tag=blue": {"clay", "wood"},
        "vendor=clay&vendor=wool&tag=green&tag=blue": {"wool"},
        "vendor=clay": {"clay"},
        "tag=blue": {"wood"},
        "vendor=nobody&vendor=wood": {"wood"},
    }.items():
        names, total = await found(query)
        assert names == expected, query
        assert total in {None, len(expected)}, query


async def test_several_values_of_what_operators_filter_by_are_either_of_them(shop: Shop) -> None:
    admin, buyer, item = await shop.admin(), await shop.buyer(), await shop.item(vendor="clay")
    support, moderator = await shop.person(auth.Role.support), await shop.person(auth.Role.moderator)
    await shop.client.delete(f"/users/{moderator.id}", headers=admin.headers)
    await shop.client.post(f"/users/{support.id}/deactivate", headers=admin.headers)
    order = (await shop.order(item)).json()
    await shop.move(order["id"], "paid")
    made = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)
    path = f"/products/categories/{made.json()['id']}"
    assert (await shop.client.patch(path, json={"name": "Table"}, headers=admin.headers)).status_code == 200

    async def found(path: str, field: str) -> list[Any]:
        answer = await shop.client.get(path, headers=admin.headers)
        assert answer.status_code == 200, answer.text
        return [row[field] for row in answer.json()["items"]]

    assert set(await found("/users?role=support&role=moderator", "id")) == {str(support.id), str(moderator.id)}
    assert set(await found("/users?state=deleted&state=deactivated", "id")) == {str(support.id), str(moderator.id)}
    assert set(await found("/users?state=active&role=buyer&role=admin", "id")) == {str(admin.id), str(buyer.id)}
    assert set(await found("/users?state=deleted", "id")) == {str(moderator.id)}
    assert set(await found("/audit?action=order.paid&action=user.deleted", "action")) == {"order.paid", "user.deleted"}
    assert set(await found("/audit?action=user.deleted&action=order.", "target_type")) == {"user", "order"}
    assert set(await found("/audit?target_type=vendor&target_type=order&size=100", "target_type")) == {
        "vendor",
        "order",
    }
    kinds = set(await found("/ledger", "kind"))
    assert set(await found("/ledger?" + "&".join(f"kind={kind}" for kind in kinds), "kind")) == kinds
    one, two = [set(await found(f"/ledger?account={account}", "id")) for account in ("prepayments", "sales")]
    assert set(await found("/ledger?account=prepayments&account=sales", "id")) == one | two
    tasks = set(await found("/jobs?size=100", "task"))
    assert len(tasks) > 1
    assert set(await found("/jobs?size=100&" + "&".join(f"task={task}" for task in tasks), "task")) == tasks
    assert set(await found("/jobs?status=queued&status=scheduled&size=100", "status")) <= {"queued", "scheduled"}
    assert await found("/jobs?status=parked&status=running", "id") == []
    assert await found("/vendors?status=active&status=suspended", "slug") == ["clay"]
    assert await found("/vendors?status=rejected&status=suspended", "slug") == []


async def test_several_values_of_what_vendors_filter_by_are_either_of_them(shop: Shop) -> None:
    owner, _ = await shop.seller("clay")
    admin, buyer = await shop.admin(), await shop.buyer()
    items = [await shop.item(vendor="clay", name=name) for name in ("Mug", "Cup", "Jug")]
    for number, (item, status) in enumerate(zip(items, ("draft", "archived", "active"), strict=True)):
        review = {"rating": number + 1, "body": f"It is what it says, number {number}."}
        path = f"/products/{item.product_id}"
        said = await shop.client.post(f"{path}/reviews", json=review, headers=buyer.headers)
        approve = f"/reviews/{said.json()['id']}/approve"
        assert (await shop.client.post(approve, json={}, headers=admin.headers)).status_code == 200
        assert (await shop.client.patch(path, json={"status": status}, headers=owner.headers)).status_code == 200

    async def found(path: str, field: str, headers: dict[str, str]) -> list[Any]:
        answer = await shop.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return sorted(row[field] for row in answer.json()["items"])

    own = "/vendor/products?status=draft&status=archived"
    assert await found(own, "status", owner.headers) == ["archived", "draft"]
    assert await found("/vendor/products", "status", owner.headers) == ["active", "archived", "draft"]
    assert await found("/vendor/reviews?rating=1&rating=2", "rating", owner.headers) == [1, 2]
    assert await found("/reviews?rating=2&rating=3&status=published&status=pending", "rating", admin.headers) == [2, 3]
    assert await found("/reviews?status=hidden&status=rejected", "rating", admin.headers) == []
    last = f"/products/{items[2].product_id}/reviews"
    assert await found(f"{last}?rating=3&rating=5", "rating", buyer.headers) == [3]
    assert await found(f"{last}?rating=1&rating=2", "rating", buyer.headers) == []
