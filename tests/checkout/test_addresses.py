"""An order goes to an address that is written, or to one of the buyer's own address book."""

from typing import Any
from uuid import uuid4

import pytest

from shopping import ADDRESS, Person, Shop

HONG_KONG = {"name": "Ada Lovelace", "line1": "1 Nathan Road", "region": "Kowloon", "country": "HK"}


async def kept(shop: Shop, person: Person, **parts: Any) -> str:
    answer = await shop.client.post("/users/me/addresses", json={**parts}, headers=person.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_an_address_of_the_book_is_frozen_into_the_order(shop: Shop) -> None:
    ada = await shop.person()
    home, work = await kept(shop, ada, **ADDRESS), await kept(shop, ada, **HONG_KONG)
    item = await shop.item()

    placed = await shop.order(
        item, headers=ada.headers, shipping_address=None, shipping_address_id=work, billing_address_id=home
    )
    await shop.client.delete(f"/users/me/addresses/{work}", headers=ada.headers)

    order = (await shop.client.get(f"/orders/{placed.json()['id']}", headers=ada.headers)).json()
    nothing = {"line2": None, "region": None, "phone": None, "city": "", "postal_code": ""}
    assert order["shipping_address"] == {**nothing, **HONG_KONG}
    assert order["billing_address"] == {**nothing, **ADDRESS}


async def test_a_cart_is_checked_out_to_it_too(shop: Shop) -> None:
    ada = await shop.person()
    home, item = await kept(shop, ada, **ADDRESS), await shop.item()
    await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=ada.headers)

    placed = await shop.check_out(ada.headers, shipping_address=None, shipping_address_id=home)

    assert placed.status_code == 201
    assert placed.json()["order"]["billing_address"]["line1"] == ADDRESS["line1"]


@pytest.mark.parametrize("field", ["shipping_address", "billing_address"])
async def test_somebody_elses_address_is_none(shop: Shop, field: str) -> None:
    ada, eve = await shop.person(), await shop.person()
    item = await shop.item()
    for address_id in (await kept(shop, ada, **ADDRESS), str(uuid4())):
        for headers in (eve.headers, {}):
            answer = await shop.order(item, headers=headers, **{field: None, f"{field}_id": address_id})
            assert (answer.status_code, answer.json()["code"]) == (404, "users.address_not_found")
    assert await shop.rows("SELECT 1 FROM orders") == []
    assert await shop.level(item) == (10, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"shipping_address": None}, "shipping_address"),
        ({"shipping_address_id": str(uuid4())}, "shipping_address"),
        ({"billing_address": ADDRESS, "billing_address_id": str(uuid4())}, "billing_address"),
        ({"shipping_address_id": "home", "shipping_address": None}, "shipping_address_id"),
    ],
)
async def test_one_of_both_is_needed(shop: Shop, changes: dict[str, Any], field: str) -> None:
    answer = await shop.order(await shop.item(), **changes)

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert field in {error["field"] for error in answer.json()["errors"]}


async def test_an_address_that_was_left_out_is_named(shop: Shop) -> None:
    item = await shop.item()
    lines = [{"variant_id": item.variant_id, "quantity": 1}]

    answer = await shop.client.post(
        "/orders", json={"items": lines, "email": "ada@example.com"}, headers={"Idempotency-Key": "1"}
    )

    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("shipping_address", "missing")]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"country": "IN", "region": "CA", "city": "Mumbai", "postal_code": "400001"}, "region"),
        ({"country": "US", "city": "Austin", "postal_code": "78701"}, "region"),
        ({"country": "US", "region": "CA", "city": "Austin", "postal_code": "78701"}, "postal_code"),
        ({"country": "DE", "city": "Berlin", "postal_code": "ABCDE"}, "postal_code"),
        ({"country": "GB", "postal_code": "SW1Y 4JH"}, "city"),
    ],
)
@pytest.mark.parametrize("which", ["shipping_address", "billing_address"])
async def test_a_written_address_is_checked_as_those_of_the_book_are(
    shop: Shop, parts: dict[str, str], field: str, which: str
) -> None:
    item = await shop.item(stock=1)
    written = {"name": "Ada Lovelace", "line1": "1 High Street", **parts}

    refused = await shop.order(item, **{which: written})

    assert (refused.status_code, refused.json()["code"]) == (422, "addresses.not_valid")
    assert [error["field"] for error in refused.json()["errors"]] == [f"{which}.{field}"]
    assert await shop.rows("SELECT count(*) FROM orders") == [(0,)]


@pytest.mark.parametrize(
    "parts",
    [
        {"country": "HK", "region": "Kowloon"},
        {"country": "AE", "region": "Dubai"},
        {"country": "IE", "city": "Galway"},
        {"country": "QA", "city": "Doha"},
        {"country": "PA", "city": "Panama"},
        {"country": "JM", "city": "Kingston", "region": "Kingston"},
        {"country": "SG", "postal_code": "546080"},
    ],
)
async def test_what_a_country_does_not_have_is_needed_nowhere(shop: Shop, parts: dict[str, str]) -> None:
    item = await shop.item(stock=1)
    written = {"name": "Ada Lovelace", "line1": "1 High Street", **parts}
    ada = await shop.person()

    assert await kept(shop, ada, **written)
    placed = await shop.order(item, shipping_address=written)

    assert placed.status_code == 201, placed.text


async def test_a_postal_code_is_kept_in_capitals(shop: Shop) -> None:
    placed = await shop.order(await shop.item(), shipping_address={**ADDRESS, "postal_code": "sw1y4jh"})

    assert placed.json()["shipping_address"]["postal_code"] == "SW1Y4JH"
