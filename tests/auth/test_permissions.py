"""Which role may do what: deny by default, by a table, over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from mercat.auth import Actor, Permission, Role
from mercat.auth.exceptions import NotAllowed
from mercat.auth.permissions import GRANTS
from shopping import Shop

NOWHERE = str(uuid4())
CATALOG = {Role.admin, Role.moderator}
SELLERS = CATALOG | {Role.vendor}
OPERATORS = {Role.admin, Role.support}
# method, path, body, who gets past the door
DOORS: list[tuple[str, str, Any, set[Role]]] = [
    ("POST", "/products", {"name": "X", "price": "1"}, SELLERS),
    ("PUT", f"/products/{NOWHERE}", {"name": "X", "price": "1"}, SELLERS),
    ("PATCH", f"/products/{NOWHERE}", {"name": "X"}, SELLERS),
    ("DELETE", f"/products/{NOWHERE}", None, SELLERS),
    ("GET", f"/products/{NOWHERE}/variants/{NOWHERE}/stock", None, SELLERS),
    ("PUT", f"/products/{NOWHERE}/variants/{NOWHERE}/stock", {"available": 1}, SELLERS),
    ("POST", "/products/categories", {"name": "X"}, CATALOG),
    ("PATCH", f"/products/categories/{NOWHERE}", {"name": "X"}, CATALOG),
    ("DELETE", f"/products/categories/{NOWHERE}", None, CATALOG),
    ("GET", "/products/deleted?page=0", None, SELLERS),
    ("POST", f"/products/{NOWHERE}/restore", None, SELLERS),
    ("DELETE", f"/products/{NOWHERE}/purge", None, CATALOG),
    ("GET", "/products/categories/deleted?page=0", None, CATALOG),
    ("POST", f"/products/categories/{NOWHERE}/restore", None, CATALOG),
    ("DELETE", f"/products/categories/{NOWHERE}/purge", None, CATALOG),
    ("PUT", f"/orders/{NOWHERE}/status", {"status": "paid"}, OPERATORS),
    ("GET", "/audit?page=0", None, {Role.admin}),
    ("GET", "/audit/export?format=none", None, {Role.admin}),
]


async def test_the_doors_open_for_their_roles_and_for_nobody_else(shop: Shop) -> None:
    people = {role: await shop.person(role) for role in Role}
    found: dict[tuple[str, str], set[Role]] = {}

    for method, path, body, _ in DOORS:
        arguments: dict[str, Any] = {} if body is None else {"json": body}
        guest = await shop.client.request(method, path, **arguments)
        assert (guest.status_code, guest.json()["code"]) == (401, "auth.unauthenticated"), path
        assert guest.headers["www-authenticate"] == "Bearer"
        found[method, path] = set()
        for role, person in people.items():
            answer = await shop.client.request(method, path, headers=person.headers, **arguments)
            if answer.status_code == 403:
                assert answer.json()["code"] == "auth.forbidden"
            else:
                assert answer.status_code in {201, 404, 409, 422}, f"{role} {method} {path}: {answer.text}"
                found[method, path].add(role)

    assert found == {(method, path): allowed for method, path, _, allowed in DOORS}


async def test_a_refused_write_writes_nothing(shop: Shop) -> None:
    buyer = await shop.buyer()

    await shop.client.post("/products", json={"name": "Mine", "price": "1"}, headers=buyer.headers)
    await shop.client.post("/products/categories", json={"name": "Mine"}, headers=buyer.headers)

    assert await shop.rows("SELECT id FROM products") == []
    assert await shop.rows("SELECT id FROM categories") == []


def test_every_role_has_its_line_and_buyers_have_nothing() -> None:
    assert set(GRANTS) == set(Role)
    assert GRANTS[Role.buyer] == frozenset()
    assert GRANTS[Role.admin] == set(Permission)
    assert list(Permission) == sorted(Permission)
    assert all(permission.value.count(":") == 1 for permission in Permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_guests_may_nothing_and_roles_add_up(permission: Permission) -> None:
    guest = Actor()
    both = Actor(uuid4(), "both", frozenset({Role.buyer, Role.admin}))

    assert not guest.can(permission)
    with pytest.raises(NotAllowed):
        guest.require(permission)
    both.require(permission)
    assert Actor.system().can(permission)
