"""Where the shop sends to, in which ways, for how much."""

from typing import Any

import pytest

from mercat.kit.settings_memory import read_anew
from pricing.operating import GERMAN, amounts, coupon, look, made, method, operate
from shopping import ADDRESS, Shop

AUSTRIAN = {**ADDRESS, "city": "Wien", "postal_code": "1010", "country": "AT"}


async def zone(shop: Shop, *areas: dict[str, Any], name: str = "Zone") -> dict[str, Any]:
    return await made(shop, "/shipping/zones", {"name": name, "areas": list(areas)})


async def offered(shop: Shop, cart: dict[str, str], **where: str) -> dict[str, tuple[str, ...]]:
    answer = await shop.client.get("/cart/shipping-methods", params=where, headers=cart)
    assert answer.status_code == 200, answer.text
    return {one["code"]: amounts(one, "price", "total") for one in answer.json()["items"]}


async def test_without_zones_there_is_the_flat_fee_everywhere(shop: Shop) -> None:
    cart = await shop.guest_cart(await shop.item(price="10.00"))

    for country in ("GB", "DE", "NZ"):
        assert await offered(shop, cart, country=country) == {"standard": ("4.90", "14.90")}
    assert await offered(shop, {}, country="DE") == {}


async def test_what_is_offered_is_what_is_charged(shop: Shop) -> None:
    germany = await zone(shop, {"country": "DE"})
    await method(shop, germany, "standard", "3.90", free_from="50.00")
    await method(shop, germany, "express", "9.90", position=1)
    item = await shop.item(price="10.00", stock=20)
    cart = await shop.guest_cart(item)

    assert amounts(await look(shop, cart), "shipping", "total") == ("3.90", "13.90")  # at home
    assert await offered(shop, cart, country="DE") == {"standard": ("3.90", "13.90"), "express": ("9.90", "19.90")}
    assert await offered(shop, cart, country="GB") == {"standard": ("4.90", "14.90")}
    order = await shop.check_out(cart, shipping_method="express", shipping_address=GERMAN, expected_total="19.90")
    assert amounts(order.json()["order"], "shipping", "total") == ("9.90", "19.90")
    assert amounts((await shop.order(item, quantity=5, shipping_address=GERMAN)).json(), "shipping") == ("0.00",)


async def test_the_most_precise_area_decides(shop: Shop) -> None:
    places = {
        "world": {},
        "country": {"country": "DE"},
        "island": {"country": "DE", "postal_prefix": "2599"},
        "region": {"country": "DE", "region": "Bayern"},
    }
    for fee, (name, area) in enumerate(places.items(), start=1):
        await method(shop, await zone(shop, area, name=name), name, f"{fee}.00")
    cart = await shop.guest_cart(await shop.item())

    assert list(await offered(shop, cart, country="DE", postal_code="10115")) == ["country"]
    assert list(await offered(shop, cart, country="DE", postal_code="25 996")) == ["island"]
    assert list(await offered(shop, cart, country="DE", region="BAYERN", postal_code="80331")) == ["region"]
    assert list(await offered(shop, cart, country="NZ")) == ["world"]


async def test_a_postal_prefix_ends_where_the_code_s_own_parts_end(shop: Shop) -> None:
    for prefix, price in (("PA67", "29.90"), ("", "7.90")):
        area = {"country": "GB", **({"postal_prefix": prefix} if prefix else {})}
        await method(shop, await zone(shop, area, name=prefix or "Mainland"), "standard", price)
    item = await shop.item()
    cart = await shop.guest_cart(item)
    prices = {"PA6 7LN": "7.90", "pa67ln": "7.90", "PA67 6AA": "29.90", "pa676aa": "29.90"}

    for code, price in prices.items():
        assert (await offered(shop, cart, country="GB", postal_code=code))["standard"][0] == price, code
        address = {**ADDRESS, "city": "Bridge of Weir", "country": "GB", "postal_code": code}
        order = await shop.order(item, shipping_address=address)
        assert amounts(order.json(), "shipping") == (price,), order.text


async def test_a_method_that_does_not_go_there_is_refused(shop: Shop) -> None:
    austria = await zone(shop, {"country": "AT"})
    await method(shop, austria, "sledge", "7.00")
    item = await shop.item()

    async def refused(method: str, address: dict[str, str]) -> tuple[int, str]:
        answer = await shop.order(item, shipping_method=method, shipping_address=address)
        return answer.status_code, answer.json()["code"]

    assert await refused("sledge", ADDRESS) == (409, "checkout.shipping_not_offered")
    assert await refused("standard", AUSTRIAN) == (409, "checkout.shipping_not_offered")
    assert await refused("pigeon", AUSTRIAN) == (422, "checkout.unknown_shipping_method")
    assert await shop.rows("SELECT count(*) FROM orders") == [(0,)]
    assert (await shop.order(item, shipping_method="sledge", shipping_address=AUSTRIAN)).status_code == 201


async def test_weight_decides_and_what_is_too_heavy_does_not_go(shop: Shop) -> None:
    bands = [{"up_to_grams": 1000, "price": "3.00"}, {"up_to_grams": 3000, "price": "6.00"}]
    await method(shop, await zone(shop, {"country": "GB"}), "standard", basis="weight", bands=bands)
    item = await shop.item(stock=20)
    await operate(shop, "PATCH", f"/products/{item.product_id}", {"weight_grams": 700})

    orders = [await shop.order(item, quantity=quantity) for quantity in (1, 2, 4, 5)]

    assert [amounts(order.json(), "shipping") for order in orders[:3]] == [("3.00",), ("6.00",), ("6.00",)]
    assert [order.status_code for order in orders] == [201, 201, 201, 409]


async def test_a_shop_with_its_own_tariff_gets_its_own_fee(shop: Shop) -> None:
    here = await zone(shop, {"country": "GB"})
    thing, other = await shop.item(price="10.00"), await shop.item(price="10.00", vendor="north-kiln")
    vendor = (await shop.rows("SELECT id FROM vendors WHERE slug = 'north-kiln'"))[0][0]
    await method(shop, here, "standard", "4.00")
    await method(shop, here, "standard", "7.50", vendor_id=str(vendor))

    order = (await shop.order(thing, other)).json()

    parts = {part["vendor"]["slug"]: amounts(part, "shipping", "total") for part in order["vendor_orders"]}
    assert parts.pop("north-kiln") == ("7.50", "17.50")
    assert list(parts.values()) == [("4.00", "14.00")]
    assert amounts(order, "shipping", "total") == ("11.50", "31.50")


async def test_free_shipping_by_coupon(shop: Shop) -> None:
    await coupon(shop, "SHIPFREE", kind="free_shipping")

    order = (await shop.order(await shop.item(price="10.00"), coupon="SHIPFREE")).json()

    assert amounts(order, "discount", "shipping", "total") == ("0.00", "0.00", "10.00")


async def test_without_a_fee_the_shop_sends_to_its_zones_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_SHIPPING_FEE", "")
    read_anew()
    try:
        item = await shop.item(price="10.00")
        cart = await shop.guest_cart(item)
        assert amounts(await look(shop, cart), "shipping", "total") == ("0.00", "10.00")
        assert (await shop.order(item)).json()["code"] == "checkout.unknown_shipping_method"
    finally:
        monkeypatch.undo()
        read_anew()


async def test_an_area_belongs_to_one_zone(shop: Shop) -> None:
    first = await zone(shop, {"country": "AT"}, {"country": "CH", "region": "Uri"})

    for areas in ([{"country": "AT"}], [{"country": "CH", "region": "URI"}], [{"country": "FR"}, {"country": "FR"}]):
        twin = await operate(shop, "POST", "/shipping/zones", {"name": "Twin", "areas": areas})
        assert (twin.status_code, twin.json()["code"]) == (409, "pricing.area_taken")
    assert (await operate(shop, "DELETE", f"/shipping/zones/{first['id']}")).status_code == 204
    await zone(shop, {"country": "AT"})
    assert (await operate(shop, "GET", "/shipping/zones")).json()["total"] == 1


async def test_edits_are_guarded_by_the_version(shop: Shop) -> None:
    here = await zone(shop, {"country": "AT"})
    sent = await method(shop, here, "standard", "4.00")
    for path, body in (
        (f"/shipping/zones/{here['id']}", {"name": "Alps", "areas": [{"country": "CH"}]}),
        (f"/shipping/methods/{sent['id']}", {"code": "standard", "name": "Post", "price": "5.00"}),
    ):
        changed = await operate(shop, "PUT", path, body, **{"If-Match": '"1"'})
        assert (changed.status_code, changed.json()["version"], changed.headers["etag"][:2]) == (200, 2, '"2')
        stale = await operate(shop, "PUT", path, body, **{"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "request.precondition_failed")
        assert (await operate(shop, "DELETE", path, **{"If-Match": '"1"'})).status_code == 412
    read = (await operate(shop, "GET", f"/shipping/zones/{here['id']}")).json()
    assert (read["name"], [area["country"] for area in read["areas"]]) == ("Alps", ["CH"])
    assert [(one["name"], one["price"]["amount"]) for one in read["methods"]] == [("Post", "5.00")]
    assert (await operate(shop, "DELETE", f"/shipping/methods/{sent['id']}")).status_code == 204
    assert (await operate(shop, "GET", f"/shipping/zones/{here['id']}")).json()["methods"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"basis": "weight"},
        {"price": "-1"},
        {"price": {"amount": "1", "currency": "JPY"}},
        {"price": "1", "bands": [{"price": "1"}]},
        {"basis": "weight", "bands": [{"up_to_value": "5", "price": "1"}]},
        {"basis": "value", "bands": [{"up_to_grams": 5, "price": "1"}]},
        {"basis": "weight", "bands": [{"up_to_grams": 5, "price": "1"}, {"up_to_grams": 5, "price": "2"}]},
        {"basis": "weight", "bands": [{"price": "1"}, {"up_to_grams": 5, "price": "2"}]},
        {"basis": "weight", "bands": [{"up_to_grams": 1.5, "price": "1"}]},
    ],
)
async def test_a_tariff_that_makes_no_sense_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    here = await zone(shop, {"country": "AT"})

    path = f"/shipping/zones/{here['id']}/methods"
    answer = await operate(shop, "POST", path, {"code": "x", "name": "X", **body})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid"), answer.text


async def test_a_code_is_there_once_a_zone_and_shop(shop: Shop) -> None:
    here = await zone(shop, {"country": "AT"})
    await method(shop, here, "standard", "1.00")

    path = f"/shipping/zones/{here['id']}/methods"
    twin = await operate(shop, "POST", path, {"code": "standard", "name": "X", "price": "1"})
    assert (twin.status_code, twin.json()["code"]) == (409, "pricing.method_taken")
    unknown = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56"
    nobody = await operate(shop, "POST", path, {"code": "y", "name": "X", "price": "1", "vendor_id": unknown})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "pricing.unknown_scope")
