"""Payments over HTTP: who sees them, and how they follow the life of their order."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from mercat import auth, orders
from mercat.kit import clock
from mercat.kit.settings_memory import read_anew
from shopping import Person, Shop

SHAPE = {
    "id",
    "order_id",
    "provider",
    "status",
    "amount",
    "books_amount",
    "captured",
    "refunded",
    "client_secret",
    "next_action",
    "failure",
    "surplus",
    "created_at",
}


async def bought(shop: Shop, person: Person | None = None) -> dict[str, Any]:
    answer = await shop.order(await shop.item(price="10.00"), headers=person.headers if person else {})
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def payment(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    admin = await shop.admin()
    answer = await shop.client.get(f"/payments/{order['payment']['id']}", headers=admin.headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_a_new_order_waits_for_its_money_and_says_how_to_pay(shop: Shop) -> None:
    buyer = await shop.buyer()
    order = await bought(shop, buyer)

    found = (await shop.client.get(f"/payments/{order['payment']['id']}", headers=buyer.headers)).json()

    assert found == order["payment"]
    assert set(found) == SHAPE
    assert (found["order_id"], found["provider"], found["status"]) == (order["id"], "manual", "requires_action")
    assert found["amount"] == order["total"]
    assert found["captured"] == found["refunded"] == {"amount": "0.00", "currency": "EUR"}
    assert found["next_action"]["type"] == "manual"
    assert found["next_action"]["instructions"]


async def test_only_the_payer_and_operators_see_a_payment(shop: Shop) -> None:
    buyer, other = await shop.buyer(), await shop.person()
    seller, _ = await shop.seller("north-kiln")
    own, guests = await bought(shop, buyer), await bought(shop)
    path, guest_path = f"/payments/{own['payment']['id']}", f"/payments/{guests['payment']['id']}"

    assert (await shop.client.get(path)).status_code == 401
    for person in (other, seller):
        for hidden in (path, guest_path, f"/payments/{uuid4()}"):
            answer = await shop.client.get(hidden, headers=person.headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "payments.not_found")
        listed = (await shop.client.get("/payments", headers=person.headers)).json()
        assert (listed["items"], listed["total"]) == ([], 0)
    assert (await shop.client.get(guest_path, headers=buyer.headers)).status_code == 404
    assert (await shop.client.get("/payments", headers=buyer.headers)).json()["items"] == [own["payment"]]
    for role in (auth.Role.admin, auth.Role.support, auth.Role.analyst):
        operator = await shop.person(role)
        assert (await shop.client.get(path, headers=operator.headers)).json() == own["payment"]
        listed = (await shop.client.get("/payments/", headers=operator.headers)).json()
        assert [item["id"] for item in listed["items"]] == [guests["payment"]["id"], own["payment"]["id"]]


async def test_the_history_is_paged_newest_first(shop: Shop) -> None:
    buyer = await shop.buyer()
    ids = [(await bought(shop, buyer))["payment"]["id"] for _ in range(3)]

    pages = [
        (await shop.client.get(f"/payments?page={page}&size=2", headers=buyer.headers)).json() for page in (1, 2, 3)
    ]

    assert [[item["id"] for item in page["items"]] for page in pages] == [[ids[2], ids[1]], [ids[0]], []]
    assert {(page["total"], page["pages"]) for page in pages} == {(3, 2)}
    for query in ("page=0", "size=101", "page=1000000000", "status=captured", "page=x"):
        assert (await shop.client.get(f"/payments?{query}", headers=buyer.headers)).status_code == 422
    assert (await shop.client.get("/payments/1", headers=buyer.headers)).status_code == 422


async def test_money_that_came_is_captured_and_stays_so(shop: Shop) -> None:
    order = await bought(shop)

    for status in ("paid", "processing", "shipped", "delivered", "completed"):
        assert (await shop.move(order["id"], status)).status_code == 200
        found = await payment(shop, order)
        assert (found["status"], found["captured"], found["refunded"]["amount"]) == ("captured", order["total"], "0.00")
        assert found["next_action"] is None
    assert (await shop.move(order["id"], "paid")).status_code == 409
    assert (await payment(shop, order)) == found


async def test_money_that_never_came_is_cancelled(shop: Shop) -> None:
    order = await bought(shop)

    await shop.move(order["id"], "cancelled")

    found = await payment(shop, order)
    assert (found["status"], found["captured"]["amount"], found["refunded"]["amount"]) == ("cancelled", "0.00", "0.00")
    assert found["next_action"] is None
    assert (await shop.move(order["id"], "paid")).status_code == 409
    assert await payment(shop, order) == found


async def test_money_of_a_cancelled_order_is_given_back_once(shop: Shop) -> None:
    order = await bought(shop)
    await shop.move(order["id"], "paid")

    assert (await shop.move(order["id"], "cancelled")).status_code == 200
    assert (await shop.move(order["id"], "cancelled")).status_code == 409

    found = await payment(shop, order)
    assert (found["status"], found["captured"], found["refunded"]) == ("refunded", order["total"], order["total"])
    admin = await shop.admin()
    read = (await shop.client.get(f"/orders/{order['id']}", headers=admin.headers)).json()
    assert (read["payment_status"], read["refunded"]) == ("refunded", order["total"])


async def test_an_order_that_was_not_paid_in_time_cancels_its_payment(shop: Shop) -> None:
    order = await bought(shop)
    await shop.rows("UPDATE orders SET expires_at = now() - interval '1 second' RETURNING id")

    async with shop.database.transaction() as session:
        assert str(await orders.service.next_to_expire(session)) == order["id"]
        await orders.service.expire(session, UUID(order["id"]))

    assert clock.now().tzinfo is not None
    assert (await payment(shop, order))["status"] == "cancelled"


AGAIN = """
INSERT INTO payments (id, order_id, provider, status, currency, amount_minor, captured_minor, refunded_minor)
SELECT gen_random_uuid(), order_id, provider, %s, currency, %s, %s, %s FROM payments LIMIT 1 RETURNING id
"""


async def test_the_database_itself_keeps_one_payment_per_order_and_sane_amounts(shop: Shop) -> None:
    order = await bought(shop)

    for status in ("requires_action", "captured", "refunded"):
        with pytest.raises(psycopg.errors.UniqueViolation, match="uq_payments_one_per_order"):
            await shop.rows(AGAIN, status, 100, 0, 0)
    for amounts in ((-1, 0, 0), (100, 101, 0), (100, -1, 0), (100, 50, 51), (100, 50, -1)):
        with pytest.raises(psycopg.errors.CheckViolation):
            await shop.rows(AGAIN, "failed", *amounts)
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_payments_status"):
        await shop.rows(AGAIN, "stolen", 100, 0, 0)
    assert await shop.rows("SELECT count(*) FROM payments") == [(1,)]

    await shop.rows(AGAIN, "failed", 100, 0, 0)
    assert (await shop.move(order["id"], "paid")).status_code == 200
    assert (await payment(shop, order))["status"] == "captured"
    assert await shop.rows("SELECT status FROM payments ORDER BY status") == [("captured",), ("failed",)]


async def test_a_method_that_the_shop_does_not_take_buys_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_TEST_PAYMENTS", "false")
    read_anew()
    item = await shop.item()

    for method in ("card", "test", "bitcoin", "", "MANUAL", 7, None):
        assert (await shop.order(item, payment_method=method)).status_code == 422, method

    read_anew()
    assert await shop.level(item) == (10, 0)
    assert await shop.rows("SELECT id FROM orders") == []
