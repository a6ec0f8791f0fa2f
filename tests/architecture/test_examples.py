"""The document's operation ids, tags, and the example of every body, which its route takes."""

import re
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

import contract
from mercat.routes import PREFIX
from shopping import Shop


def bodies() -> dict[str, Any]:
    """Return the example of every JSON body by operation id."""
    found = {}
    for _, _, operation in contract.described():
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if media is not None:
            [example] = media["examples"].values()
            found[operation["operationId"]] = example["value"]
    return found


def test_operation_ids_are_short_and_unique() -> None:
    found = [operation["operationId"] for _, _, operation in contract.described()]

    assert len(found) > 250
    assert len(set(found)) == len(found)
    assert [name for name in found if not re.fullmatch(r"[a-z][a-z0-9_]{2,39}", name)] == []


def test_every_tag_is_described() -> None:
    described = {tag["name"]: tag["description"] for tag in contract.document()["tags"]}
    used = {tag for _, _, operation in contract.described() for tag in operation["tags"]}

    assert set(described) == used
    assert [name for name, about in described.items() if len(about) < 20] == []


def test_every_example_is_a_body_that_its_route_takes() -> None:
    examples, checked, wrong = bodies(), 0, []
    for context in iter_route_contexts(contract.application().routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or route.name not in examples or route.body_field is None:
            continue
        checked += 1
        try:
            TypeAdapter(route.body_field.field_info.annotation).validate_python(examples[route.name])
        except ValueError as error:
            wrong.append(f"{route.name}: {examples[route.name]}: {error}")

    assert checked > 80
    assert wrong == []


@pytest.mark.parametrize(
    "operation_id",
    ["create_product", "create_category", "issue_gift_card", "create_promotion", "create_zone", "create_rate",
     "agree_for_all", "add_address", "change_me", "begin_wishlist", "register"],
)  # fmt: skip
async def test_examples_can_be_sent_as_they_are(shop: Shop, operation_id: str) -> None:
    admin = await shop.admin()
    [(method, path)] = [(m, p) for m, p, operation in contract.described() if operation["operationId"] == operation_id]

    answer: httpx2.Response = await shop.client.request(
        method, path.removeprefix(PREFIX), json=bodies()[operation_id], headers=admin.headers
    )

    assert answer.is_success, answer.text
