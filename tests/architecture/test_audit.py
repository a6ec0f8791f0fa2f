"""Whatever changes the books leaves an entry in the audit log: every route that may change something has its story."""

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest

import contract
from mercat import auth, vendors
from mercat.inventory.models import MAIN_LOCATION
from mercat.routes import PREFIX
from payouts import stories
from pictures import drawn, upload
from shopping import ADDRESS, PASSWORD, Shop

UNSAFE = {
    f"{method} {path.removeprefix(PREFIX)}"
    for method, path, _ in contract.described()
    if method not in {"GET", "HEAD", "OPTIONS"}
}
NOT_IN_THE_BOOKS = {
    # what somebody puts into a cart is a wish: nothing is promised, nobody else sees it
    "POST /cart/add",
    "PUT /cart/{item_id}",
    "DELETE /cart/{item_id}",
    "PUT /cart/coupon",
    "PUT /cart/currency",
    "DELETE /cart/coupon",
    "POST /orders/{order_id}/reorder",
    # asks a provider, which keeps nothing yet; what came of it is told when the card is kept
    "POST /payments/methods/setup",
    # kept as it came; what it means is written down when the job has asked the provider
    "POST /payments/webhooks/{provider}",
    # asks a provider; tests/payouts/test_stripe.py finds the entry of the account that it changes
    "POST /vendor/payout-account/stripe",
    # kept until its job has read it: each batch of products that it brings is entered as `feed.imported`
    "POST /vendor/imports",
    # asks a provider of rates; tests/exchange/test_refreshing.py finds the entry of the operator
    "POST /currencies/refresh",
    # kept until its job has read it: each thing that it translates has an entry, as if it were edited
    "POST /translations/import",
    # shows a text that is not saved
    "POST /mail-templates/{mail_kind}/preview",
    # a question: the code is in the body because addresses are written into logs
    "POST /gift-cards/balance",
    # what somebody keeps an eye on is theirs alone: nothing is promised, nobody else acts on it
    "POST /products/{product_id}/views",
    "POST /products/{product_id}/alerts",
    # a reader's opinion of an opinion; the count is beside it
    "POST /reviews/{review_id}/helpful",
    "DELETE /reviews/{review_id}/helpful",
}
ACCOUNTS = ("/auth/", "/users/")
"""What `auth` writes down about accounts and sessions is tested with it."""


@pytest.fixture(autouse=True)
def two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be a language to translate into."""
    monkeypatch.setenv("MERCAT_LOCALES", "en,de")


Story = Callable[[Shop], Awaitable[httpx2.Response]]
STORIES: dict[str, tuple[str, Story]] = {}


def story(route: str, action: str) -> Callable[[Story], Story]:
    """Say what calling a route successfully leaves in the log."""

    def register(tell: Story) -> Story:
        assert route not in STORIES
        STORIES[route] = action, tell
        return tell

    return register


async def send(shop: Shop, method: str, path: str, body: Any = None) -> httpx2.Response:
    """Send what the operator sends."""
    admin = await shop.admin()
    arguments = {} if body is None else {"json": body}
    answer: httpx2.Response = await shop.client.request(method, path, headers=admin.headers, **arguments)
    return answer


async def category(shop: Shop) -> str:
    return str((await send(shop, "POST", "/products/categories", {"name": "Kitchen"})).json()["id"])


@story("POST /products", "product.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/products", {"name": "Mug", "price": "1"})


@story("PUT /products/{product_id}", "product.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"/products/{(await shop.item()).product_id}", {"name": "Cup", "price": "2"})


@story("PATCH /products/{product_id}", "product.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PATCH", f"/products/{(await shop.item()).product_id}", {"name": "Cup"})


@story("DELETE /products/{product_id}", "product.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/products/{(await shop.item()).product_id}")


async def deleted(shop: Shop) -> str:
    item = await shop.item()
    await send(shop, "DELETE", f"/products/{item.product_id}")
    return item.product_id


@story("POST /products/{product_id}/restore", "product.restored")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", f"/products/{await deleted(shop)}/restore")


@story("DELETE /products/{product_id}/purge", "product.purged")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/products/{await deleted(shop)}/purge")


@story("PUT /products/{product_id}/variants/{variant_id}/stock", "product.stock_set")
async def _(shop: Shop) -> httpx2.Response:
    item = await shop.item(stock=1)
    return await send(shop, "PUT", f"/products/{item.product_id}/variants/{item.variant_id}/stock", {"available": 7})


async def at_portal(shop: Shop, method: str, path: str, body: Any = None) -> httpx2.Response:
    """Send what somebody in a vendor's portal sends."""
    keeper, _ = await shop.seller("north-kiln")
    headers = {**keeper.headers, "Idempotency-Key": uuid4().hex}
    return await shop.client.request(method, f"/vendor{path}", headers=headers, json=body)


async def a_location(shop: Shop) -> str:
    code = f"shelf-{uuid4().hex[:6]}"
    return str((await at_portal(shop, "POST", "/locations", {"code": code, "name": "Shelf"})).json()["id"])


@story("POST /vendor/locations", "stock_location.created")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal(shop, "POST", "/locations", {"code": "berlin", "name": "Berlin"})


@story("PATCH /vendor/locations/{location_id}", "stock_location.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal(shop, "PATCH", f"/locations/{await a_location(shop)}", {"name": "Mitte"})


@story("DELETE /vendor/locations/{location_id}", "stock_location.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal(shop, "DELETE", f"/locations/{await a_location(shop)}")


@story("PUT /vendor/stock/{variant_id}", "product.stock_set")
async def _(shop: Shop) -> httpx2.Response:
    item = await shop.item(stock=1, vendor="north-kiln")
    return await at_portal(shop, "PUT", f"/stock/{item.variant_id}", {"on_hand": 7, "low_stock_at": 2})


@story("POST /vendor/stock/{variant_id}/adjust", "product.stock_adjusted")
async def _(shop: Shop) -> httpx2.Response:
    item = await shop.item(stock=1, vendor="north-kiln")
    return await at_portal(shop, "POST", f"/stock/{item.variant_id}/adjust", {"delta": 7, "reason": "Delivered"})


@story("POST /products/{product_id}/variants/{variant_id}/stock/adjust", "product.stock_adjusted")
async def _(shop: Shop) -> httpx2.Response:
    item = await shop.item(stock=1)
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock/adjust"
    headers = {**(await shop.admin()).headers, "Idempotency-Key": uuid4().hex}
    answer: httpx2.Response = await shop.client.post(path, json={"delta": 7, "reason": "Delivered"}, headers=headers)
    return answer


@story("PUT /vendor/stock", "product.stock_set")
async def _(shop: Shop) -> httpx2.Response:
    item = await shop.item(stock=1, vendor="north-kiln")
    return await at_portal(shop, "PUT", "/stock", {"lines": [{"variant_id": item.variant_id, "low_stock_at": 2}]})


@story("PUT /vendor/stock/threshold", "stock_threshold.changed")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal(shop, "PUT", "/stock/threshold", {"low_stock_at": 5})


@story("POST /vendor/stock/transfers", "stock_location.transferred")
async def _(shop: Shop) -> httpx2.Response:
    item = await shop.item(stock=1, vendor="north-kiln")
    lines = [{"variant_id": item.variant_id, "quantity": 1}]
    ends = {"from_location_id": str(MAIN_LOCATION), "to_location_id": await a_location(shop)}
    return await at_portal(shop, "POST", "/stock/transfers", {**ends, "lines": lines})


async def pictured(shop: Shop) -> tuple[str, str]:
    """Return the path of a product's pictures and the id of one."""
    path = f"/products/{(await shop.item()).product_id}"
    images = (await send(shop, "PATCH", path, {"images": [{"url": "https://elsewhere.example/a.jpg"}]})).json()[
        "images"
    ]
    return f"{path}/images", str(images[0]["id"])


@story("POST /products/{product_id}/images", "product.pictures_added")
async def _(shop: Shop) -> httpx2.Response:
    return await upload(shop, (await shop.item()).product_id, await shop.admin(), drawn(size=(20, 20)))


@story("PUT /products/{product_id}/images/order", "product.pictures_arranged")
async def _(shop: Shop) -> httpx2.Response:
    path, image_id = await pictured(shop)
    return await send(shop, "PUT", f"{path}/order", {"image_ids": [image_id]})


@story("PATCH /products/{product_id}/images/{image_id}", "product.picture_updated")
async def _(shop: Shop) -> httpx2.Response:
    path, image_id = await pictured(shop)
    return await send(shop, "PATCH", f"{path}/{image_id}", {"alt": "From above"})


@story("DELETE /products/{product_id}/images/{image_id}", "product.picture_deleted")
async def _(shop: Shop) -> httpx2.Response:
    path, image_id = await pictured(shop)
    return await send(shop, "DELETE", f"{path}/{image_id}")


@story("POST /products/categories", "category.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/products/categories", {"name": "Kitchen"})


@story("PATCH /products/categories/{category_id}", "category.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PATCH", f"/products/categories/{await category(shop)}", {"name": "Cuisine"})


@story("DELETE /products/categories/{category_id}", "category.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/products/categories/{await category(shop)}")


@story("POST /products/categories/{category_id}/restore", "category.restored")
async def _(shop: Shop) -> httpx2.Response:
    node = await category(shop)
    await send(shop, "DELETE", f"/products/categories/{node}")
    return await send(shop, "POST", f"/products/categories/{node}/restore")


@story("DELETE /products/categories/{category_id}/purge", "category.purged")
async def _(shop: Shop) -> httpx2.Response:
    node = await category(shop)
    await send(shop, "DELETE", f"/products/categories/{node}")
    return await send(shop, "DELETE", f"/products/categories/{node}/purge")


@story("POST /cart/checkout", "order.placed")
async def _(shop: Shop) -> httpx2.Response:
    return await shop.check_out(await shop.guest_cart(await shop.item()))


@story("POST /orders", "order.placed")
async def _(shop: Shop) -> httpx2.Response:
    return await shop.order(await shop.item())


@story("PUT /orders/{order_id}/status", "order.paid")
async def _(shop: Shop) -> httpx2.Response:
    return await shop.move((await shop.order(await shop.item())).json()["id"], "paid")


@story("DELETE /orders/{order_id}", "order.cancelled")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/orders/{(await shop.order(await shop.item())).json()['id']}")


async def by_card(shop: Shop, card: str | None = None) -> dict[str, Any]:
    """Order something to be paid with a test card, as the operator whose headers `send` has."""
    admin = await shop.admin()
    item = await shop.item()
    answer = await shop.order(item, headers=admin.headers, payment_method="test", payment_method_id=card)
    return dict(answer.json())


async def once(shop: Shop, path: str, body: dict[str, Any]) -> httpx2.Response:
    headers = {**(await shop.admin()).headers, "Idempotency-Key": uuid4().hex}
    return await shop.client.post(path, json=body, headers=headers)


@story("POST /payments/create", "payment.opened")
async def _(shop: Shop) -> httpx2.Response:
    return await once(shop, "/payments/create", {"order_id": (await by_card(shop))["id"], "provider": "manual"})


@story("POST /payments/confirm", "payment.captured")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/payments/confirm", {"payment_id": (await by_card(shop))["payment"]["id"]})


@story("POST /payments/refund", "refund.requested")
async def _(shop: Shop) -> httpx2.Response:
    order = await by_card(shop, "test_approve")
    return await once(shop, "/payments/refund", {"payment_id": order["payment"]["id"]})


@story("POST /payments/{payment_id}/refresh", "payment.captured")
async def _(shop: Shop) -> httpx2.Response:
    order = await by_card(shop, "test_processing")
    return await send(shop, "POST", f"/payments/{order['payment']['id']}/refresh")


@story("POST /payments/{payment_id}/capture", "payment.captured")
async def _(shop: Shop) -> httpx2.Response:
    order = await by_card(shop)
    await shop.rows(
        "UPDATE payments SET status = 'authorized', provider_ref = 'test_' || replace(id::text, '-', '') RETURNING 1"
    )
    await shop.rows("""
        INSERT INTO test_charges (ref, payment_id, state, currency, amount_minor, created_at)
        SELECT provider_ref, id, 'authorized', currency, amount_minor, now() FROM payments RETURNING 1""")
    return await send(shop, "POST", f"/payments/{order['payment']['id']}/capture")


@story("POST /payments/methods", "payment_method.added")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/payments/methods", {"payment_method_id": "test_approve"})


@story("DELETE /payments/methods/{payment_method_id}", "payment_method.removed")
async def _(shop: Shop) -> httpx2.Response:
    kept = await send(shop, "POST", "/payments/methods", {"payment_method_id": "test_approve"})
    return await send(shop, "DELETE", f"/payments/methods/{kept.json()['id']}")


async def sent_back(shop: Shop) -> httpx2.Response:
    order = (await shop.order(await shop.item())).json()
    await shop.move(order["id"], "paid")
    await shop.move(order["id"], "shipped")
    headers = {**(await shop.admin()).headers, "Idempotency-Key": "1"}
    pieces = [{"item_id": order["items"][0]["id"], "quantity": 1}]
    body = {"items": pieces, "reason": "other", "note": "The handle came off."}
    return await shop.client.post(f"/orders/{order['id']}/returns", json=body, headers=headers)


@story("POST /orders/{order_id}/returns", "return.requested")
async def _(shop: Shop) -> httpx2.Response:
    return await sent_back(shop)


@story("PUT /returns/{return_id}/status", "return.approved")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"/returns/{(await sent_back(shop)).json()['id']}/status", {"status": "approved"})


@story("DELETE /returns/{return_id}", "return.cancelled")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/returns/{(await sent_back(shop)).json()['id']}")


async def about_part(shop: Shop, method: str, path: str, body: Any = None) -> httpx2.Response:
    """Send what the shop's owner sends about its part of a paid order."""
    owner, _ = await shop.seller("clay")
    order = (await shop.order(await shop.item(vendor="clay"), quantity=2)).json()
    await shop.move(order["id"], "paid")
    part, headers = order["vendor_orders"][0], {**owner.headers, "Idempotency-Key": "1"}
    if "{shipment_id}" in path:
        sent = await shop.client.post(f"/vendor/orders/{part['id']}/shipments", json={}, headers=headers)
        path = path.replace("{shipment_id}", sent.json()["shipments"][0]["id"])
    return await shop.client.request(method, f"/vendor/orders/{part['id']}{path}", json=body, headers=headers)


@story("PUT /vendor/orders/{vendor_order_id}/status", "vendor_order.processing")
async def _(shop: Shop) -> httpx2.Response:
    return await about_part(shop, "PUT", "/status", {"status": "processing"})


@story("POST /vendor/orders/{vendor_order_id}/shipments", "shipment.sent")
async def _(shop: Shop) -> httpx2.Response:
    return await about_part(shop, "POST", "/shipments", {"carrier": "DHL"})


@story("PATCH /vendor/orders/{vendor_order_id}/shipments/{shipment_id}", "shipment.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await about_part(shop, "PATCH", "/shipments/{shipment_id}", {"tracking": "JD01"})


@story("POST /vendor/orders/{vendor_order_id}/refunds", "refund.requested")
async def _(shop: Shop) -> httpx2.Response:
    return await about_part(shop, "POST", "/refunds", {"amount": "1.00", "reason": "Late"})


async def paid_part(shop: Shop) -> str:
    """Return the path of a part of an order that its buyer, the operator, has paid."""
    admin = await shop.admin()
    order = (await shop.order(await shop.item(), headers=admin.headers)).json()
    await shop.move(order["id"], "paid")
    return f"/orders/{order['id']}/vendor-orders/{order['vendor_orders'][0]['id']}"


@story("PUT /orders/{order_id}/vendor-orders/{vendor_order_id}/status", "vendor_order.processing")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"{await paid_part(shop)}/status", {"status": "processing"})


@story("DELETE /orders/{order_id}/vendor-orders/{vendor_order_id}", "vendor_order.cancelled")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", await paid_part(shop))


@story("PUT /vendor/returns/{return_id}/status", "return.approved")
async def _(shop: Shop) -> httpx2.Response:
    asked = (await sent_back(shop)).json()
    ((slug,),) = await shop.rows("SELECT slug FROM vendors")
    owner, _ = await shop.seller(slug)
    path = f"/vendor/returns/{asked['id']}/status"
    return await shop.client.put(path, json={"status": "approved"}, headers=owner.headers)


PROMOTION = {"name": "Welcome", "code": "WELCOME10", "kind": "percent", "percent": "10"}
ZONE = {"name": "Austria", "areas": [{"country": "AT"}]}
METHOD = {"code": "express", "name": "Express", "price": "9.90"}
RATE = {"name": "USt.", "country": "DE", "rate": "0.19", "valid_from": "2020-01-01T00:00:00Z"}


async def entered(shop: Shop, path: str, body: dict[str, Any]) -> str:
    return str((await send(shop, "POST", path, body)).json()["id"])


async def shipped(shop: Shop) -> str:
    return await entered(shop, f"/shipping/zones/{await entered(shop, '/shipping/zones', ZONE)}/methods", METHOD)


SYNONYM = {"terms": ["couch", "sofa"]}


@story("POST /search-synonyms", "search_synonym.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/search-synonyms", SYNONYM)


@story("PUT /search-synonyms/{synonym_id}", "search_synonym.updated")
async def _(shop: Shop) -> httpx2.Response:
    synonym = await entered(shop, "/search-synonyms", SYNONYM)
    return await send(shop, "PUT", f"/search-synonyms/{synonym}", {"terms": ["couch", "divan"]})


@story("DELETE /search-synonyms/{synonym_id}", "search_synonym.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/search-synonyms/{await entered(shop, '/search-synonyms', SYNONYM)}")


@story("POST /search-synonyms/import", "search_synonym.created")
async def _(shop: Shop) -> httpx2.Response:
    content = b"locale,terms,finds\r\nen,couch | sofa,\r\n"
    files = {"file": ("synonyms.csv", content, "text/csv")}
    answer: httpx2.Response = await shop.client.post(
        "/search-synonyms/import", files=files, headers=(await shop.admin()).headers
    )
    return answer


RULE = {"query": "shipping", "redirect": {"kind": "path", "to": "/help"}}


@story("POST /search-rules", "search_rule.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/search-rules", RULE)


@story("PUT /search-rules/{rule_id}", "search_rule.updated")
async def _(shop: Shop) -> httpx2.Response:
    rule = await entered(shop, "/search-rules", RULE)
    return await send(shop, "PUT", f"/search-rules/{rule}", {**RULE, "match": "contains"})


@story("DELETE /search-rules/{rule_id}", "search_rule.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/search-rules/{await entered(shop, '/search-rules', RULE)}")


@story("POST /promotions", "promotion.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/promotions", PROMOTION)


@story("PUT /promotions/{promotion_id}", "promotion.updated")
async def _(shop: Shop) -> httpx2.Response:
    promotion = await entered(shop, "/promotions", PROMOTION)
    return await send(shop, "PUT", f"/promotions/{promotion}", {**PROMOTION, "percent": "5"})


@story("DELETE /promotions/{promotion_id}", "promotion.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/promotions/{await entered(shop, '/promotions', PROMOTION)}")


@story("POST /shipping/zones", "shipping_zone.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/shipping/zones", ZONE)


@story("PUT /shipping/zones/{zone_id}", "shipping_zone.updated")
async def _(shop: Shop) -> httpx2.Response:
    zone = await entered(shop, "/shipping/zones", ZONE)
    return await send(shop, "PUT", f"/shipping/zones/{zone}", {**ZONE, "name": "Alps"})


@story("DELETE /shipping/zones/{zone_id}", "shipping_zone.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/shipping/zones/{await entered(shop, '/shipping/zones', ZONE)}")


@story("POST /shipping/zones/{zone_id}/methods", "shipping_method.created")
async def _(shop: Shop) -> httpx2.Response:
    zone = await entered(shop, "/shipping/zones", ZONE)
    return await send(shop, "POST", f"/shipping/zones/{zone}/methods", METHOD)


@story("PUT /shipping/methods/{method_id}", "shipping_method.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"/shipping/methods/{await shipped(shop)}", {**METHOD, "price": "8"})


@story("DELETE /shipping/methods/{method_id}", "shipping_method.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/shipping/methods/{await shipped(shop)}")


async def enabled(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", "/currencies/USD", {"margin": "1"})


@story("PUT /currencies/{currency_code}", "currency.enabled")
async def _(shop: Shop) -> httpx2.Response:
    return await enabled(shop)


@story("DELETE /currencies/{currency_code}", "currency.disabled")
async def _(shop: Shop) -> httpx2.Response:
    await enabled(shop)
    return await send(shop, "DELETE", "/currencies/USD")


@story("POST /currencies/rates", "exchange_rate.entered")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/currencies/rates", {"rates": {"USD": "1.1"}})


@story("POST /taxes/rates", "tax_rate.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/taxes/rates", RATE)


@story("PUT /taxes/rates/{rate_id}", "tax_rate.updated")
async def _(shop: Shop) -> httpx2.Response:
    rate = await entered(shop, "/taxes/rates", RATE)
    return await send(shop, "PUT", f"/taxes/rates/{rate}", {**RATE, "rate": "0.2"})


@story("DELETE /taxes/rates/{rate_id}", "tax_rate.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/taxes/rates/{await entered(shop, '/taxes/rates', RATE)}")


async def reviewed(shop: Shop, *, bought: bool = True) -> httpx2.Response:
    """Let the operator say something about a thing; it waits if they have not bought it."""
    admin, item = await shop.admin(), await shop.item(vendor="clay")
    order = (await shop.order(item, headers=admin.headers)).json()
    for step in ("paid", "shipped", "delivered") if bought else ():
        await shop.move(order["id"], step)
    return await send(shop, "POST", f"/products/{item.product_id}/reviews", {"rating": 5, "body": "Warm."})


async def others_review(shop: Shop, what: str, body: Any) -> httpx2.Response:
    review = (await reviewed(shop)).json()["id"]
    person, _ = await shop.seller("clay")
    path = f"/vendor/reviews/{review}/{what}" if what == "reply" else f"/reviews/{review}/{what}"
    method = "PUT" if what == "reply" else "POST"
    return await shop.client.request(method, path, json=body, headers=person.headers)


@story("POST /products/{product_id}/reviews", "review.written")
async def _(shop: Shop) -> httpx2.Response:
    return await reviewed(shop)


@story("PATCH /reviews/{review_id}", "review.changed")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PATCH", f"/reviews/{(await reviewed(shop)).json()['id']}", {"rating": 3})


@story("DELETE /reviews/{review_id}", "review.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/reviews/{(await reviewed(shop)).json()['id']}")


async def photographed(shop: Shop) -> tuple[str, str]:
    """Return the path of a review's photos and the id of one."""
    path = f"/reviews/{(await reviewed(shop)).json()['id']}/photos"
    admin = await shop.admin()
    shown = await shop.client.post(path, files={"file": drawn(size=(20, 20))}, headers=admin.headers)
    return path, str(shown.json()["photos"][0]["id"])


@story("POST /reviews/{review_id}/photos", "review.photos_added")
async def _(shop: Shop) -> httpx2.Response:
    path, _photo = await photographed(shop)
    admin = await shop.admin()
    return await shop.client.post(path, files={"file": drawn(size=(20, 20))}, headers=admin.headers)


@story("DELETE /reviews/{review_id}/photos/{photo_id}", "review.photo_deleted")
async def _(shop: Shop) -> httpx2.Response:
    path, photo = await photographed(shop)
    return await send(shop, "DELETE", f"{path}/{photo}")


@story("POST /reviews/{review_id}/photos/{photo_id}/remove", "review.photo_removed")
async def _(shop: Shop) -> httpx2.Response:
    path, photo = await photographed(shop)
    return await send(shop, "POST", f"{path}/{photo}/remove", {"reason": "Shows a person."})


@story("POST /reviews/{review_id}/reports", "review.reported")
async def _(shop: Shop) -> httpx2.Response:
    return await others_review(shop, "reports", {"reason": "spam"})


@story("PUT /vendor/reviews/{review_id}/reply", "review.answered")
async def _(shop: Shop) -> httpx2.Response:
    return await others_review(shop, "reply", {"body": "Thank you!"})


@story("DELETE /vendor/reviews/{review_id}/reply", "review.reply_removed")
async def _(shop: Shop) -> httpx2.Response:
    review = (await others_review(shop, "reply", {"body": "Thank you!"})).json()["id"]
    person, _ = await shop.seller("clay")
    return await shop.client.delete(f"/vendor/reviews/{review}/reply", headers=person.headers)


@story("POST /reviews/{review_id}/approve", "review.approved")
async def _(shop: Shop) -> httpx2.Response:
    review = (await reviewed(shop, bought=False)).json()["id"]
    return await send(shop, "POST", f"/reviews/{review}/approve", {})


@story("POST /reviews/{review_id}/reject", "review.rejected")
async def _(shop: Shop) -> httpx2.Response:
    review = (await reviewed(shop, bought=False)).json()["id"]
    return await send(shop, "POST", f"/reviews/{review}/reject", {"reason": "Names a person."})


@story("POST /reviews/{review_id}/hide", "review.hidden")
async def _(shop: Shop) -> httpx2.Response:
    review = (await reviewed(shop)).json()["id"]
    return await send(shop, "POST", f"/reviews/{review}/hide", {"reason": "Names a person."})


GIFT_CARD = {"amount": "50.00"}


async def a_post(shop: Shop, **more: object) -> str:
    body = {"title": "How to care for stoneware", "content": "With *warm* water.", **more}
    return str((await send(shop, "POST", "/posts", body)).json()["id"])


async def picture_of(shop: Shop, post_id: str) -> httpx2.Response:
    files = {"file": drawn(size=(20, 20))}
    return await shop.client.post(f"/posts/{post_id}/image", files=files, headers=(await shop.admin()).headers)


@story("POST /posts", "post.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/posts", {"title": "How to care for stoneware", "content": "Well."})


@story("PUT /posts/{post_id}", "post.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"/posts/{await a_post(shop)}", {"title": "Another", "content": "Text."})


@story("PATCH /posts/{post_id}", "post.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PATCH", f"/posts/{await a_post(shop)}", {"tags": ["care"]})


@story("DELETE /posts/{post_id}", "post.deleted")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/posts/{await a_post(shop)}")


@story("POST /posts/{post_id}/image", "post.picture_changed")
async def _(shop: Shop) -> httpx2.Response:
    return await picture_of(shop, await a_post(shop))


@story("DELETE /posts/{post_id}/image", "post.picture_removed")
async def _(shop: Shop) -> httpx2.Response:
    post_id = await a_post(shop)
    await picture_of(shop, post_id)
    return await send(shop, "DELETE", f"/posts/{post_id}/image")


async def commented(shop: Shop, body: str = "Well said.") -> httpx2.Response:
    path = f"/posts/{await a_post(shop, published=True)}/comments"
    return await shop.client.post(path, json={"body": body}, headers=(await shop.buyer()).headers)


async def a_comment(shop: Shop, body: str = "Well said.") -> str:
    return str((await commented(shop, body)).json()["id"])


async def approved(shop: Shop) -> str:
    comment_id = await a_comment(shop)
    await send(shop, "POST", f"/comments/{comment_id}/approve", {})
    return comment_id


@story("POST /posts/{post_id}/comments", "comment.written")
async def _(shop: Shop) -> httpx2.Response:
    return await commented(shop)


@story("PATCH /comments/{comment_id}", "comment.changed")
async def _(shop: Shop) -> httpx2.Response:
    path, buyer = f"/comments/{await a_comment(shop)}", await shop.buyer()
    return await shop.client.patch(path, json={"body": "Otherwise."}, headers=buyer.headers)


@story("DELETE /comments/{comment_id}", "comment.deleted")
async def _(shop: Shop) -> httpx2.Response:
    path, buyer = f"/comments/{await a_comment(shop)}", await shop.buyer()
    return await shop.client.delete(path, headers=buyer.headers)


@story("POST /comments/{comment_id}/reports", "comment.reported")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", f"/comments/{await approved(shop)}/reports", {"reason": "spam"})


@story("POST /comments/{comment_id}/approve", "comment.approved")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", f"/comments/{await a_comment(shop)}/approve", {})


@story("POST /comments/{comment_id}/reject", "comment.rejected")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", f"/comments/{await a_comment(shop)}/reject", {"reason": "No."})


@story("POST /comments/{comment_id}/hide", "comment.hidden")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", f"/comments/{await approved(shop)}/hide", {"reason": "No."})


PAGE = {"slug": "terms", "title": "Terms", "content": "Be kind."}
VERSION = {"title": "Terms", "content": "Be kinder."}
MENU = {"items": [{"label": "Terms", "kind": "page", "target": "terms"}]}


@story("POST /pages", "page.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/pages", PAGE)


@story("POST /pages/{page_slug}/versions", "page.version_written")
async def _(shop: Shop) -> httpx2.Response:
    await send(shop, "POST", "/pages", PAGE)
    return await send(shop, "POST", "/pages/terms/versions", VERSION)


@story("POST /pages/{page_slug}/versions/{page_version}/publish", "page.published")
async def _(shop: Shop) -> httpx2.Response:
    await send(shop, "POST", "/pages", {**PAGE, "published": False})
    return await send(shop, "POST", "/pages/terms/versions/1/publish")


@story("PUT /menus/{menu_name}", "menu.changed")
async def _(shop: Shop) -> httpx2.Response:
    await send(shop, "PUT", "/menus/footer", {"items": []})
    return await send(shop, "PUT", "/menus/footer", MENU)


@story("POST /redirects", "redirect.created")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/redirects", {"from_path": "/a", "to_path": "/b"})


@story("DELETE /redirects/{redirect_id}", "redirect.deleted")
async def _(shop: Shop) -> httpx2.Response:
    made = (await send(shop, "POST", "/redirects", {"from_path": "/a", "to_path": "/b"})).json()
    return await send(shop, "DELETE", f"/redirects/{made['id']}")


@story("POST /gift-cards", "gift_card.issued")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/gift-cards", GIFT_CARD)


@story("PATCH /gift-cards/{gift_card_id}", "gift_card.updated")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PATCH", f"/gift-cards/{await entered(shop, '/gift-cards', GIFT_CARD)}", {"blocked": True})


async def a_job(shop: Shop, status: str) -> int:
    await shop.order(await shop.item())
    rows = await shop.rows(f"UPDATE procrastinate_jobs SET status = '{status}' WHERE status = 'todo' RETURNING id")
    return int(rows[0][0])


@story("POST /jobs/{job_id}/retry", "job.retried")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", f"/jobs/{await a_job(shop, 'failed')}/retry")


@story("DELETE /jobs/{job_id}", "job.cancelled")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "DELETE", f"/jobs/{await a_job(shop, 'failed')}")


@story("POST /commission-terms", "commission_terms.agreed")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/commission-terms", {"rate": "0.12"})


@story("PUT /vendors/{vendor_id}/terms/tax", "commission_tax.changed")
async def _(shop: Shop) -> httpx2.Response:
    _, vendor_id = await shop.seller("north-kiln")
    return await send(shop, "PUT", f"/vendors/{vendor_id}/terms/tax", {"rate": "0"})


@story("POST /vendors/{vendor_id}/terms", "commission_terms.agreed")
async def _(shop: Shop) -> httpx2.Response:
    _, vendor_id = await shop.seller("north-kiln")
    return await send(shop, "POST", f"/vendors/{vendor_id}/terms", {"rate": "0.12"})


APPLICATION = {
    "name": "North Kiln",
    "legal_name": "North Kiln GmbH",
    "address": {"line1": "Hafenstr. 7", "city": "Husum", "postal_code": "25813", "country": "DE"},
}


@story("POST /vendors/apply", "vendor.applied")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/vendors/apply", APPLICATION)


@story("POST /vendors/{vendor_id}/approve", "vendor.approved")
async def _(shop: Shop) -> httpx2.Response:
    applied = await send(shop, "POST", "/vendors/apply", APPLICATION)
    return await send(shop, "POST", f"/vendors/{applied.json()['id']}/approve")


@story("POST /vendors/{vendor_id}/reject", "vendor.rejected")
async def _(shop: Shop) -> httpx2.Response:
    applied = await send(shop, "POST", "/vendors/apply", APPLICATION)
    return await send(shop, "POST", f"/vendors/{applied.json()['id']}/reject", {"reason": "No."})


@story("POST /vendors/{vendor_id}/suspend", "vendor.suspended")
async def _(shop: Shop) -> httpx2.Response:
    _, vendor_id = await shop.seller("north-kiln")
    return await send(shop, "POST", f"/vendors/{vendor_id}/suspend", {"reason": "Fraud."})


@story("POST /vendors/{vendor_id}/reinstate", "vendor.reinstated")
async def _(shop: Shop) -> httpx2.Response:
    _, vendor_id = await shop.seller("north-kiln")
    await send(shop, "POST", f"/vendors/{vendor_id}/suspend", {"reason": "Fraud."})
    return await send(shop, "POST", f"/vendors/{vendor_id}/reinstate")


async def at_portal_of(shop: Shop, method: str, path: str, body: Any = None) -> httpx2.Response:
    """Send what the owner of a shop sends; `{clerk}` stands for somebody who works there."""
    owner, vendor_id = await shop.seller("north-kiln")
    clerk = await shop.person(auth.Role.vendor)
    async with shop.database.transaction() as session:
        await vendors.add_member(session, auth.Actor.system(), vendor_id, clerk.id, "staff")
    answer: httpx2.Response = await shop.client.request(
        method, path.format(clerk=clerk.id), json=body, headers=owner.headers
    )
    return answer


DETAILS = {name: APPLICATION[name] for name in ("legal_name", "address")}


@story("PUT /vendors/{vendor_id}/legal-details", "vendor.legal_details_changed")
async def _(shop: Shop) -> httpx2.Response:
    _, vendor_id = await shop.seller("north-kiln")
    return await send(shop, "PUT", f"/vendors/{vendor_id}/legal-details", DETAILS)


@story("PUT /vendor/legal-details", "vendor.legal_details_changed")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal_of(shop, "PUT", "/vendor/legal-details", DETAILS)


@story("PATCH /vendor/profile", "vendor.profile_updated")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal_of(shop, "PATCH", "/vendor/profile", {"tagline": "Mugs"})


async def at_its_wall(shop: Shop, part: str) -> httpx2.Response:
    owner, _ = await shop.seller("north-kiln")
    picture = {"file": drawn(size=(20, 20))}
    return await shop.client.put(f"/vendor/profile/{part}", files=picture, headers=owner.headers)


@story("PUT /vendor/profile/logo", "vendor.logo_changed")
async def _(shop: Shop) -> httpx2.Response:
    return await at_its_wall(shop, "logo")


@story("PUT /vendor/profile/banner", "vendor.banner_changed")
async def _(shop: Shop) -> httpx2.Response:
    return await at_its_wall(shop, "banner")


@story("DELETE /vendor/profile/logo", "vendor.logo_removed")
async def _(shop: Shop) -> httpx2.Response:
    await at_its_wall(shop, "logo")
    return await at_portal_of(shop, "DELETE", "/vendor/profile/logo")


@story("DELETE /vendor/profile/banner", "vendor.banner_removed")
async def _(shop: Shop) -> httpx2.Response:
    await at_its_wall(shop, "banner")
    return await at_portal_of(shop, "DELETE", "/vendor/profile/banner")


@story("PATCH /vendor/members/{user_id}", "vendor.member_role_changed")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal_of(shop, "PATCH", "/vendor/members/{clerk}", {"role": "manager", "password": PASSWORD})


@story("DELETE /vendor/members/{user_id}", "vendor.member_removed")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal_of(shop, "DELETE", "/vendor/members/{clerk}")


INVITED = {"email": "ada@example.com", "password": PASSWORD}


@story("POST /vendor/invitations", "vendor.member_invited")
async def _(shop: Shop) -> httpx2.Response:
    return await at_portal_of(shop, "POST", "/vendor/invitations", INVITED)


@story("DELETE /vendor/invitations/{invitation_id}", "vendor.invitation_revoked")
async def _(shop: Shop) -> httpx2.Response:
    owner, _ = await shop.seller("north-kiln")
    sent = await shop.client.post("/vendor/invitations", json=INVITED, headers=owner.headers)
    return await shop.client.delete(f"/vendor/invitations/{sent.json()['id']}", headers=owner.headers)


@story("POST /vendors/invitations/accept", "vendor.member_added")
async def _(shop: Shop) -> httpx2.Response:
    ada = await shop.person(email="ada@example.com")
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", ada.id)
    await at_portal_of(shop, "POST", "/vendor/invitations", INVITED)
    [(token_id,)] = await shop.rows("SELECT id FROM one_time_tokens WHERE purpose = 'vendor_invitation'")
    answer = {"token": auth.token_of(auth.Purpose.vendor_invitation, token_id)}
    return await shop.client.post("/vendors/invitations/accept", json=answer, headers=ada.headers)


@story("PATCH /vendor/products", "product.updated")
async def _(shop: Shop) -> httpx2.Response:
    item = await shop.item(vendor="north-kiln")
    return await at_portal_of(shop, "PATCH", "/vendor/products", {"items": [{"id": item.product_id, "name": "Cup"}]})


async def the_payout(shop: Shop) -> tuple[str, str]:
    """Let money of a shop be on its way; returns the payout and its run."""
    await stories.sold(shop, await stories.a_shop(shop))
    await stories.cleared(shop)
    run_id = await stories.run(shop)
    ((payout_id,),) = await shop.rows("SELECT id FROM payouts")
    return str(payout_id), str(run_id)


@story("POST /commission-invoices", "commission_invoices.requested")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/commission-invoices", {"month": "2020-01"})


@story("POST /payouts/run", "payout_run.started")
async def _(shop: Shop) -> httpx2.Response:
    return await once(shop, "/payouts/run", {"all_vendors": True})


@story("PUT /payouts/runs/{run_id}/status", "payout.paid")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"/payouts/runs/{(await the_payout(shop))[1]}/status", {"status": "paid"})


@story("PUT /payouts/{payout_id}/status", "payout.paid")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", f"/payouts/{(await the_payout(shop))[0]}/status", {"status": "paid"})


@story("POST /vendors/{vendor_id}/adjustments", "adjustment.made")
async def _(shop: Shop) -> httpx2.Response:
    vendor_id = await stories.a_shop(shop)
    return await once(shop, f"/vendors/{vendor_id}/adjustments", {"amount": "5.00", "reason": "Label"})


@story("PUT /vendor/payout-account", "payout_account.changed")
async def _(shop: Shop) -> httpx2.Response:
    owner, _ = await shop.seller("north-kiln")
    body = {"holder": "North Kiln Ltd", "iban": stories.IBAN, "password": PASSWORD}
    return await shop.client.put("/vendor/payout-account", json=body, headers=owner.headers)


OWN_TEXT = {"subject": "Thank you for {number}"}


@story("PUT /mail-templates/{mail_kind}/{locale}", "mail_template.changed")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "PUT", "/mail-templates/order_paid/de", OWN_TEXT)


@story("DELETE /mail-templates/{mail_kind}/{locale}", "mail_template.deleted")
async def _(shop: Shop) -> httpx2.Response:
    await send(shop, "PUT", "/mail-templates/order_paid/de", OWN_TEXT)
    return await send(shop, "DELETE", "/mail-templates/order_paid/de")


@story("POST /mail-templates/{mail_kind}/test", "mail.tested")
async def _(shop: Shop) -> httpx2.Response:
    return await send(shop, "POST", "/mail-templates/order_paid/test", {"locale": "de", **OWN_TEXT})


NOT_THE_ASKER = {
    "POST /cart/checkout": ("guest", "the story is told by a guest, who has no account"),
    "POST /orders": ("guest", "the story is told by a guest, who has no account"),
    "POST /payments/confirm": ("system", "the provider says that the payment was captured"),
}
"""Who is written down where it is not the account that asked, and why."""


def who_asked(answer: httpx2.Response) -> str:
    """Return the account whose token the request was sent with."""
    claims = answer.request.headers["Authorization"].removeprefix("Bearer ").split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])


async def said(shop: Shop, kind: str) -> str:
    """Return the address of a post, a page or a menu."""
    if kind == "menu":
        await send(shop, "PUT", "/menus/footer", {"items": [{"label": "Terms", "kind": "page", "target": "terms"}]})
        return "/menus/footer"
    if kind == "post":
        return f"/posts/{(await send(shop, 'POST', '/posts', {'title': 'A mug', 'content': 'Of clay'})).json()['id']}"
    await send(shop, "POST", "/pages", {"slug": "about", "title": "About", "content": "Us"})
    return "/pages/about"


async def translatable(shop: Shop, kind: str) -> str:
    """Return the address of something of a kind."""
    if kind == "product":
        return f"/products/{(await shop.item()).product_id}"
    if kind == "category":
        return f"/categories/{await category(shop)}"
    if kind == "shipping_method":
        return f"/shipping/methods/{await shipped(shop)}"
    if kind in {"post", "page", "menu"}:
        return await said(shop, kind)
    if kind == "vendor":
        return f"/vendors/{(await shop.seller('north-kiln'))[1]}"
    await send(shop, "POST", "/products", {"name": "Mug", "price": "1", "brand": "Kiln", "attributes": {"Use": "Tea"}})
    return "/attributes/use" if kind == "attribute" else f"/brands/{(await shop.rows('SELECT id FROM brands'))[0][0]}"


def translating(kind: str, method: str) -> Story:
    async def tell(shop: Shop) -> httpx2.Response:
        path = f"{await translatable(shop, kind)}/translations/de"
        texts = {
            {"vendor": "tagline", "post": "title", "page": "title", "menu": "labels.Terms"}.get(kind, "name"): "Anders"
        }
        put = await send(shop, "PUT", path, {"texts": texts})
        return put if method == "PUT" else await send(shop, "DELETE", path)

    return tell


for path, kind in {
    "/products/{product_id}": "product",
    "/categories/{category_id}": "category",
    "/brands/{brand_id}": "brand",
    "/attributes/{attribute}": "attribute",
    "/vendors/{vendor_id}": "vendor",
    "/shipping/methods/{method_id}": "shipping_method",
    "/posts/{post_id}": "post",
    "/pages/{page_slug}": "page",
    "/menus/{menu_name}": "menu",
}.items():
    for method in ("PUT", "DELETE"):
        story(f"{method} {path}/translations/{{locale}}", f"{kind}.translated")(translating(kind, method))


def test_every_route_that_may_change_something_has_its_story() -> None:
    elsewhere = {route for route in UNSAFE if route.partition(" ")[2].startswith(ACCOUNTS)}

    assert len(UNSAFE) > 15
    assert set(STORIES) | NOT_IN_THE_BOOKS | elsewhere == UNSAFE


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("route", STORIES)
async def test_what_it_changes_is_written_down(shop: Shop, route: str) -> None:
    action, tell = STORIES[route]

    answer = await tell(shop)

    assert answer.is_success, answer.text
    entries = await shop.rows(
        "SELECT action, target_id, actor_id, actor FROM audit_log WHERE request_id = %s",
        answer.headers["x-request-id"],
    )
    assert action in {found for found, *_ in entries}
    assert all(target is not None for _, target, *_ in entries)
    doers = {actor if actor_id is None else str(actor_id) for found, _, actor_id, actor in entries if found == action}
    assert doers == {NOT_THE_ASKER[route][0] if route in NOT_THE_ASKER else who_asked(answer)}


async def test_what_is_refused_leaves_no_entry(shop: Shop) -> None:
    item, (rival, _) = await shop.item(stock=1), await shop.seller("south-mill")
    order = (await shop.order(item)).json()
    await shop.admin()
    before = await shop.rows("SELECT count(*) FROM audit_log")

    refused = [
        await shop.order(item),
        await shop.move(order["id"], "delivered"),
        await shop.client.patch(f"/products/{item.product_id}", json={"name": "Mine"}, headers=rival.headers),
        await send(shop, "PATCH", f"/products/{item.product_id}", {"name": "X", "slug": "export"}),
        await send(shop, "POST", "/products/categories", {"name": "Kitchen", "parent_id": str(uuid4())}),
        await shop.client.post(
            "/orders", json={"items": [], "shipping_address": ADDRESS}, headers={"Idempotency-Key": "1"}
        ),
    ]

    assert all(answer.is_client_error for answer in refused), [answer.status_code for answer in refused]
    assert await shop.rows("SELECT count(*) FROM audit_log") == before


async def test_what_is_put_into_a_cart_is_a_wish(shop: Shop) -> None:
    item = await shop.item()
    before = await shop.rows("SELECT count(*) FROM audit_log")

    await shop.guest_cart(item)

    assert await shop.rows("SELECT count(*) FROM audit_log") == before
