"""What is in a cart, whose it is, and what happens to it meanwhile."""

import asyncio
from uuid import uuid4

import pytest

from shopping import Shop


async def test_a_guest_gets_a_token_once_and_keeps_the_cart_by_it(shop: Shop) -> None:
    item = await shop.item(price="3.50")

    first = await shop.client.post("/cart/add", json={"product_id": item.product_id, "quantity": 2})
    shop.client.cookies.clear()
    headers = {"X-Cart-Token": first.json()["token"]}
    second = await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=headers)

    assert first.headers["X-Cart-Token"] == first.json()["token"]
    assert "httponly" in first.headers["set-cookie"].lower()
    assert second.json()["token"] is None
    assert second.json()["id"] == first.json()["id"]
    line = second.json()["items"][0]
    assert (line["quantity"], line["line_total"]) == (3, {"amount": "10.50", "currency": "EUR"})
    assert second.json()["total"] == {"amount": "15.40", "currency": "EUR"}


async def test_a_line_names_its_product_and_its_vendor(shop: Shop) -> None:
    item = await shop.item()

    [line] = (await shop.client.get("/cart", headers=await shop.guest_cart(item))).json()["items"]

    product = (await shop.client.get(f"/products/{item.product_id}")).json()
    assert line["vendor"] == {name: product["vendor"][name] for name in ("id", "slug", "name")}
    assert (line["product"]["slug"], line["product"]["name"]) == (product["slug"], product["name"])


async def test_an_empty_cart_costs_nothing(shop: Shop) -> None:
    cart = (await shop.client.get("/cart/")).json()

    assert (cart["id"], cart["items"], cart["item_count"]) == (None, [], 0)
    assert {cart[name]["amount"] for name in ("subtotal", "discount", "shipping", "tax", "total")} == {"0.00"}


async def test_lines_are_changed_and_removed(shop: Shop) -> None:
    item, other = await shop.item(), await shop.item()
    headers = await shop.guest_cart(item, other)
    lines = (await shop.client.get("/cart", headers=headers)).json()["items"]

    more = await shop.client.put(f"/cart/{lines[0]['id']}", json={"quantity": 4}, headers=headers)
    none = await shop.client.put(f"/cart/{lines[0]['id']}", json={"quantity": 0}, headers=headers)
    gone = await shop.client.delete(f"/cart/{lines[1]['id']}", headers=headers)
    again = await shop.client.delete(f"/cart/{lines[1]['id']}", headers=headers)

    assert more.json()["items"][0]["quantity"] == 4
    assert [line["id"] for line in none.json()["items"]] == [lines[1]["id"]]
    assert gone.json()["items"] == []
    assert (again.status_code, again.json()["code"]) == (404, "cart.item_not_found")


async def test_nobody_reaches_into_anothers_cart(shop: Shop) -> None:
    item = await shop.item()
    mine, theirs = await shop.guest_cart(item), await shop.guest_cart(item, quantity=2)
    line = (await shop.client.get("/cart", headers=theirs)).json()["items"][0]["id"]
    buyer = await shop.buyer()

    for headers in (mine, buyer.headers, {"X-Cart-Token": "x" * 200}, {}):
        answer = await shop.client.put(f"/cart/{line}", json={"quantity": 9}, headers=headers)
        assert answer.status_code == 404

    assert (await shop.client.get("/cart", headers=theirs)).json()["items"][0]["quantity"] == 2


@pytest.mark.parametrize("quantity", [-1, 0, 1.5, True, "1", None, 2**31, 2**63, 10_001])
async def test_quantities_that_are_none(shop: Shop, quantity: object) -> None:
    item = await shop.item()

    answer = await shop.client.post("/cart/add", json={"variant_id": item.variant_id, "quantity": quantity})

    assert answer.status_code == 422
    assert await shop.rows("SELECT id FROM carts") == []


async def test_what_cannot_be_added(shop: Shop) -> None:
    item = await shop.item(stock=2)
    admin = await shop.admin()

    async def add(**body: object) -> tuple[int, str]:
        answer = await shop.client.post("/cart/add", json=body)
        shop.client.cookies.clear()
        return answer.status_code, answer.json().get("code", "")

    assert await add(variant_id=item.variant_id, quantity=3) == (409, "inventory.insufficient_stock")
    assert await add(variant_id=str(uuid4())) == (404, "catalog.variant_not_found")
    assert await add(product_id=str(uuid4())) == (404, "catalog.product_not_found")
    assert await add() == (422, "request.invalid")
    assert await add(variant_id=item.variant_id, product_id=item.product_id) == (422, "request.invalid")
    shirt = await shop.client.post(
        "/products",
        json={"name": "Shirt", "price": "5", "variants": [{"options": {"Size": "S"}}, {"options": {"Size": "M"}}]},
        headers=admin.headers,
    )
    assert await add(product_id=shirt.json()["id"]) == (422, "cart.choose_variant")
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "archived"}, headers=admin.headers)
    assert await add(variant_id=item.variant_id) == (409, "cart.not_for_sale")
    assert await shop.rows("SELECT id FROM cart_items") == []


async def test_lines_say_what_stands_in_their_way(shop: Shop) -> None:
    dear, scarce, gone = await shop.item(price="5"), await shop.item(stock=3), await shop.item()
    headers = await shop.guest_cart(dear, scarce, gone, quantity=3)
    admin = await shop.admin()
    await shop.client.patch(f"/products/{dear.product_id}", json={"price": "6"}, headers=admin.headers)
    await shop.client.patch(f"/products/{scarce.product_id}", json={"stock_quantity": 1}, headers=admin.headers)
    await shop.client.delete(f"/products/{gone.product_id}", headers=admin.headers)

    lines = (await shop.client.get("/cart", headers=headers)).json()["items"]

    assert [line["problem"] for line in lines] == [
        "cart.price_changed",
        "inventory.insufficient_stock",
        "cart.not_for_sale",
    ]
    refused = await shop.check_out(headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "checkout.cart_changed")
    differences = {each["code"]: each for each in refused.json()["differences"]}
    assert differences["cart.price_changed"]["unit_price_shown"] == {"amount": "5.00", "currency": "EUR"}
    assert differences["cart.price_changed"]["unit_price"] == {"amount": "6.00", "currency": "EUR"}
    assert differences["inventory.insufficient_stock"]["available"] == 1
    assert await shop.rows("SELECT id FROM orders") == []
    lines = (await shop.client.get("/cart", headers=headers)).json()["items"]
    assert lines[0]["problem"] is None  # told, and so agreed to by trying again


async def test_signing_in_takes_the_guests_cart_along_once(shop: Shop) -> None:
    shared, own, guests = await shop.item(), await shop.item(), await shop.item()
    buyer = await shop.buyer()
    for item in (shared, own):
        await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=buyer.headers)
    guest = await shop.guest_cart(shared, guests, quantity=2)
    both = {**buyer.headers, **guest}

    answers = await asyncio.gather(*(shop.client.get("/cart", headers=both) for _ in range(8)))

    assert {answer.status_code for answer in answers} == {200}
    cart = (await shop.client.get("/cart", headers=both)).json()
    assert {line["variant_id"]: line["quantity"] for line in cart["items"]} == {
        shared.variant_id: 3,
        own.variant_id: 1,
        guests.variant_id: 2,
    }
    assert (await shop.client.get("/cart", headers=guest)).json()["items"] == []


async def test_two_first_requests_of_one_person_make_one_cart(shop: Shop) -> None:
    items = [await shop.item() for _ in range(6)]
    buyer = await shop.buyer()

    answers = await asyncio.gather(
        *(shop.client.post("/cart/add", json={"variant_id": i.variant_id}, headers=buyer.headers) for i in items)
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await shop.client.get("/cart", headers=buyer.headers)).json()["item_count"] == 6
    assert len(await shop.rows("SELECT id FROM carts")) == 1


async def test_a_checked_out_cart_is_done_and_the_next_one_is_new(shop: Shop) -> None:
    item = await shop.item()
    headers = await shop.guest_cart(item)
    placed = (await shop.check_out(headers)).json()["order"]

    assert (await shop.client.get("/cart", headers=headers)).json()["items"] == []
    added = await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=headers)
    assert added.json()["token"] not in (None, headers["X-Cart-Token"])
    shop.client.cookies.clear()
    assert (await shop.client.get(f"/orders/{placed['id']}", headers=headers)).status_code == 200


async def test_a_cart_holds_no_more_lines_than_it_says(shop: Shop) -> None:
    item, last = await shop.item(), await shop.item()
    headers = await shop.guest_cart(item)
    await shop.rows(
        "INSERT INTO variants (id, product_id, vendor_id, options, currency, price_minor)"
        " SELECT gen_random_uuid(), product_id, vendor_id, ARRAY[n::text], 'EUR', 1 FROM variants,"
        " generate_series(1, 199) n WHERE id = %s RETURNING id",
        item.variant_id,
    )
    await shop.rows(
        "INSERT INTO cart_items (id, cart_id, variant_id, quantity, price_seen_minor) SELECT gen_random_uuid(), c.id,"
        " v.id, 1, 1 FROM carts c, variants v WHERE cardinality(v.options) = 1 RETURNING id"
    )

    full = await shop.client.post("/cart/add", json={"variant_id": last.variant_id}, headers=headers)

    assert (full.status_code, full.json()["code"]) == (409, "cart.full")


async def test_a_line_takes_ten_thousand_units_and_no_more(shop: Shop) -> None:
    item = await shop.item(stock=1_000_000)
    headers = await shop.guest_cart(item, quantity=9_999)

    full = await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=headers)
    over = await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=headers)

    assert full.json()["item_count"] == 10_000
    assert (over.status_code, over.json()["code"], over.json()["limit"]) == (409, "cart.line_full", 10_000)
    assert (await shop.client.get("/cart", headers=headers)).json()["item_count"] == 10_000
