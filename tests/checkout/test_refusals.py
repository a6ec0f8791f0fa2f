"""What a checkout refuses, and that a refusal leaves nothing behind."""

from uuid import uuid4

import pytest

from shopping import ADDRESS, Shop


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"shipping_method": "pigeon"}, 422, "checkout.unknown_shipping_method"),
        ({"payment_method": "bitcoin"}, 422, "payments.unknown_method"),
        ({"coupon": "FREE"}, 422, "pricing.unknown_coupon"),
        ({"expected_total": {"amount": "14.89", "currency": "EUR"}}, 409, "checkout.total_changed"),
        ({"expected_total": {"amount": "14.90", "currency": "USD"}}, 409, "checkout.total_changed"),
        ({"email": None}, 422, "checkout.email_missing"),
        ({"email": "nobody"}, 422, "request.invalid"),
        ({"shipping_address": {**ADDRESS, "country": "Atlantis"}}, 422, "request.invalid"),
        ({"shipping_address": {**ADDRESS, "country": "XX"}}, 422, "addresses.not_valid"),
        ({"billing_address": {**ADDRESS, "country": "UK"}}, 422, "addresses.not_valid"),
        ({"shipping_address": {**ADDRESS, "name": "Eve\r\nBcc: all@example.com"}}, 422, "request.invalid"),
        ({"items": []}, 422, "request.invalid"),
        ({"total": "0.01"}, 422, "request.invalid"),
        ({"items": [{"variant_id": str(uuid4()), "quantity": 1}]}, 404, "catalog.variant_not_found"),
    ],
)
async def test_it_says_why_and_nothing_happened(shop: Shop, changes: dict[str, object], status: int, code: str) -> None:
    item = await shop.item(price="10")
    await shop.rows("DELETE FROM events RETURNING 1")

    answer = await shop.order(item, **changes)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    for table in ("orders", "payments", "events", "stock_reservations", "idempotency_keys", "carts"):
        assert await shop.rows(f"SELECT 1 FROM {table}") == [], table
    assert await shop.level(item) == (10, 0)


async def test_the_total_that_was_shown_is_the_total_that_is_charged(shop: Shop) -> None:
    item = await shop.item(price="10")

    placed = await shop.order(item, expected_total="14.90")

    assert placed.json()["total"] == placed.json()["payment"]["amount"] == {"amount": "14.90", "currency": "EUR"}


async def test_naming_the_total_agrees_to_new_prices_and_only_to_that_total(shop: Shop) -> None:
    item = await shop.item(price="10")
    cart = await shop.guest_cart(item)
    admin = await shop.admin()
    await shop.client.patch(f"/products/{item.product_id}", json={"price": "12"}, headers=admin.headers)

    old = await shop.check_out(cart, expected_total="14.90")
    new = await shop.check_out(cart, expected_total="16.90")

    assert (old.status_code, old.json()["code"]) == (409, "checkout.total_changed")
    assert new.status_code == 201


async def test_a_person_needs_no_address_but_the_accounts(shop: Shop) -> None:
    buyer = await shop.buyer()

    placed = await shop.order(await shop.item(), headers=buyer.headers, email=None)

    assert placed.json()["email"] == buyer.email


async def test_what_was_withdrawn_is_not_sold(shop: Shop) -> None:
    item = await shop.item()
    admin = await shop.admin()
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "archived"}, headers=admin.headers)

    answer = await shop.order(item)

    assert (answer.status_code, answer.json()["code"], answer.json()["variants"]) == (
        409,
        "cart.not_for_sale",
        [item.variant_id],
    )


async def test_an_order_is_split_per_shop_to_the_cent(shop: Shop) -> None:
    items = [await shop.item(price=price, vendor=name) for name, price in (("a", "0.01"), ("b", "33.33"), ("c", "7"))]

    order = (await shop.order(*items, quantity=3)).json()

    def cents(money: dict[str, str]) -> int:
        return round(float(money["amount"]) * 100)

    assert sum(cents(part["subtotal"]) for part in order["vendor_orders"]) == cents(order["subtotal"])
    assert sum(cents(part["shipping"]) for part in order["vendor_orders"]) == cents(order["shipping"])
    assert sum(cents(line["line_total"]) for line in order["items"]) == cents(order["subtotal"])
    assert cents(order["total"]) == cents(order["subtotal"]) + cents(order["shipping"])
