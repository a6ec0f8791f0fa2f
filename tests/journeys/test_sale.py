"""One sale from the shelf to the doorstep, as a guest and as a registered buyer, through the running product."""

from uuid import uuid4

import httpx2
import pytest

from journeys.conftest import Letterbox, Product, until
from mercat.auth import Role
from shopping import ADDRESS, PASSWORD, Shop

pytestmark = pytest.mark.long


def check_out(client: httpx2.Client, headers: dict[str, str], **more: object) -> httpx2.Response:
    body = {"shipping_address": ADDRESS, "payment_method": "manual", **more}
    return client.post("/cart/checkout", json=body, headers={**headers, "Idempotency-Key": uuid4().hex})


async def test_a_guest_buys_and_the_operator_ships(
    product: Product, shop: Shop, letterbox: tuple[Letterbox, str]
) -> None:
    mug = await shop.item(name="Stoneware mug", price="19.99", stock=5, vendor="north-kiln")
    scarf = await shop.item(name="Wool scarf", price="35.00", stock=2, vendor="weavers")
    operator = await shop.person(Role.admin)
    product.serve()
    product.run("worker")
    with product.client() as client:
        asked = {"q": "stoneware", "sort": "price"}
        until(lambda: client.get("/products", params=asked).json()["total"] > 0, "the mug to be found")
        found = client.get("/products", params=asked).json()
        assert [item["slug"] for item in found["items"]] == [mug.slug]
        seen = client.get(f"/products/{mug.slug}").json()
        added = client.post("/cart/add", json={"product_id": seen["id"], "quantity": 2})
        guest = {"X-Cart-Token": added.headers["X-Cart-Token"]}
        client.post("/cart/add", json={"variant_id": scarf.variant_id}, headers=guest)
        cart = client.get("/cart", headers=guest).json()
        assert cart["item_count"] == 3
        assert cart["total"] == {"amount": "79.88", "currency": "EUR"}

        placed = check_out(
            client, {**guest, "Accept-Language": "de"}, email="ada@example.com", expected_total=cart["total"]
        )
        assert placed.status_code == 201, placed.text
        order = placed.json()["order"]
        assert placed.json()["payment"]["status"] == "requires_action"
        assert {part["vendor"]["slug"] for part in order["vendor_orders"]} == {"north-kiln", "weavers"}
        assert client.get(f"/products/{mug.slug}").json()["stock_quantity"] == 3

        for status in ("paid", "processing", "shipped", "delivered", "completed"):
            moved = client.put(f"/orders/{order['id']}/status", json={"status": status}, headers=operator.headers)
            assert moved.status_code == 200, moved.text
        story = client.get(f"/orders/{order['id']}", headers=guest).json()

    assert [(step["from"], step["to"]) for step in story["history"]] == [
        (None, "pending"), ("pending", "paid"), ("paid", "processing"), ("processing", "shipped"),
        ("shipped", "delivered"), ("delivered", "completed"),
    ]  # fmt: skip
    assert (story["payment_status"], story["fulfillment_status"]) == ("paid", "delivered")
    assert await shop.level(mug) == (3, 0)
    assert await shop.level(scarf) == (1, 0)
    await shop.stock_is_explained()
    confirmed, shipped = (f"Ihre Bestellung {order['number']} ist {what}" for what in ("bestätigt", "unterwegs"))

    def subjects() -> list[str]:
        return [letter["Subject"] for letter in letterbox[0].letters]

    until(lambda: {confirmed, shipped} <= set(subjects()), "the mail about it arrives")
    until(product.is_idle, "everything that waits is done")
    assert [subjects().count(one) for one in (confirmed, shipped)] == [1, 1]
    assert {letter["To"] for letter in letterbox[0].letters} == {"ada@example.com"}
    letter = next(one for one in letterbox[0].letters if one["Subject"] == confirmed)
    text = letter.get_body(("plain",))
    assert text is not None
    assert "Gesamtbetrag: 79,88" in text.get_content().replace("\xa0", " ")


async def test_a_registered_buyer_takes_the_guests_cart_along(product: Product, shop: Shop) -> None:
    mug = await shop.item(name="Mug", stock=9)
    product.serve()
    with product.client() as client:
        guest = {
            "X-Cart-Token": client.post("/cart/add", json={"product_id": mug.product_id, "quantity": 2}).json()["token"]
        }
        client.cookies.clear()
        registered = client.post("/auth/register", json={"email": "bob@example.com", "password": PASSWORD})
        assert registered.status_code == 201
        tokens = client.post("/auth/login", data={"username": "bob@example.com", "password": PASSWORD}).json()
        bob = {"Authorization": f"Bearer {tokens['access_token']}"}
        client.post("/cart/add", json={"product_id": mug.product_id, "quantity": 1}, headers=bob)

        assert client.get("/cart", headers={**bob, **guest}).json()["item_count"] == 3
        assert client.get("/cart", headers={**bob, **guest}).json()["item_count"] == 3
        assert client.get("/cart", headers=guest).json()["items"] == []

        placed = check_out(client, bob)
        assert placed.status_code == 201
        mine = client.get("/orders", headers=bob).json()
        assert [order["email"] for order in mine["items"]] == ["bob@example.com"]
        assert client.get("/payments", headers=bob).json()["total"] == 1
        cancelled = client.delete(f"/orders/{mine['items'][0]['id']}", headers=bob)
        assert cancelled.json()["status"] == "cancelled"
    assert await shop.level(mug) == (9, 0)
