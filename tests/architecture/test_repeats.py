"""Repeated query parameters: several values where that makes sense, else a 422, never the last one silently."""

import re
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from mercat.kit.openapi import operations
from mercat.main import create_app
from shopping import Shop

SEVERAL = {
    ("/products", "category"), ("/products", "tag"), ("/products", "vendor"), ("/products", "brand"),
    ("/products/search", "category"), ("/products/search", "tag"), ("/products/search", "vendor"),
    ("/products/search", "brand"), ("/orders", "status"), ("/users/{user_id}/orders", "status"),
    ("/vendor/orders", "status"), ("/returns", "status"), ("/vendor/returns", "status"), ("/payouts", "status"),
    ("/vendor/payouts", "status"),
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
