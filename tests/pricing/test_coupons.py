"""Coupons and sales, as buyers meet them."""

from typing import Any
from uuid import uuid4

import pytest

from pricing.operating import amounts, coupon, look, operate, sale
from shopping import Shop

pytestmark = pytest.mark.usefixtures("_fresh_counts")
PAST, FUTURE = "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"


async def use(shop: Shop, cart: dict[str, str], code: str) -> Any:
    return await shop.client.put("/cart/coupon", json={"code": code}, headers=cart)


async def test_what_the_cart_shows_is_what_is_paid(shop: Shop) -> None:
    await coupon(shop, usage_limit=5)
    cart = await shop.guest_cart(await shop.item(price="10.05"), await shop.item(price="20.00", vendor="north-kiln"))

    shown = (await use(shop, cart, "welcome10")).json()
    order = (await shop.check_out(cart, expected_total=shown["total"])).json()["order"]

    assert (shown["coupon"], shown["coupon_problem"]) == ("WELCOME10", None)
    assert amounts(shown, "subtotal", "discount", "shipping", "total") == ("30.05", "3.01", "4.90", "31.94")
    assert order["coupon"] == "WELCOME10"
    assert amounts(order, "subtotal", "discount", "shipping", "total") == ("30.05", "3.01", "4.90", "31.94")
    assert sorted(item["discount"]["amount"] for item in order["items"]) == ["1.01", "2.00"]
    assert sum(float(part["total"]["amount"]) for part in order["vendor_orders"]) == pytest.approx(31.94)
    promotions = (await operate(shop, "GET", "/promotions")).json()["items"]
    assert [one["used"] for one in promotions] == [1]


async def test_guests_and_people_pay_the_same_with_a_cart_and_without(shop: Shop) -> None:
    await coupon(shop)
    await sale(shop, kind="fixed", amount="1.00", applies_to="lines")
    item, buyer = await shop.item(price="9.99"), await shop.buyer()

    orders = [
        (await shop.order(item, coupon="WELCOME10", quantity=2)).json(),
        (await shop.order(item, coupon="WELCOME10", quantity=2, headers=buyer.headers)).json(),
        (await shop.check_out(await shop.guest_cart(item, quantity=2), coupon="WELCOME10")).json()["order"],
    ]

    assert {amounts(order, "discount", "total") for order in orders} == {("3.80", "21.08")}


@pytest.mark.parametrize(
    "typed", ["WELC0ME1O", " we1come-10 ", "WELCOMEIO", "\uff37\uff25\uff2c\uff23\uff2f\uff2d\uff25\uff11\uff10"]
)
async def test_a_code_is_read_as_people_write_it(shop: Shop, typed: str) -> None:
    await coupon(shop)
    cart = await shop.guest_cart(await shop.item())

    assert (await use(shop, cart, typed)).json()["coupon"] == "WELCOME10"


async def test_no_two_coupons_look_alike(shop: Shop) -> None:
    await coupon(shop)

    twin = {"name": "Twin", "code": "WELC0ME-IO", "kind": "percent", "percent": "90"}
    answer = await operate(shop, "POST", "/promotions", twin)

    assert (answer.status_code, answer.json()["code"]) == (409, "pricing.code_taken")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"starts_at": FUTURE}, 422, "pricing.unknown_coupon"),
        ({"ends_at": PAST}, 422, "pricing.unknown_coupon"),
        ({"is_active": False}, 422, "pricing.unknown_coupon"),
        ({"minimum": "10.01"}, 409, "pricing.coupon_below_minimum"),
        ({"kind": "free_shipping", "vendor_ids": None}, 409, "pricing.coupon_not_for_these"),
    ],
)
async def test_one_that_does_not_apply_is_refused_and_never_dropped(
    shop: Shop, fields: dict[str, Any], status: int, code: str
) -> None:
    item = await shop.item(price="10.00")
    if "vendor_ids" in fields:
        _, vendor_id = await shop.seller("elsewhere")
        fields = {**fields, "vendor_ids": [str(vendor_id)]}
    await coupon(shop, **fields)
    cart = await shop.guest_cart(item)

    refused = [await shop.order(item, coupon="WELCOME10"), await shop.check_out(cart, coupon="WELCOME10")]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(status, code)] * 2
    assert await shop.rows("SELECT count(*) FROM orders") == [(0,)]
    assert await shop.level(item) == (10, 0)
    assert await shop.rows("SELECT used_count FROM promotions") == [(0,)]
    assert (await shop.check_out(cart)).status_code == 201


async def test_a_cart_says_when_its_coupon_applies_no_more_and_a_checkout_refuses(shop: Shop) -> None:
    given = await coupon(shop, minimum="15.00")
    cart = await shop.guest_cart(await shop.item(price="10.00"))

    kept = await use(shop, cart, "WELCOME10")
    assert (kept.status_code, kept.json()["coupon_problem"]) == (200, "pricing.coupon_below_minimum")
    assert amounts(kept.json(), "discount") == ("0.00",)
    await operate(shop, "DELETE", f"/promotions/{given['id']}")
    assert (await look(shop, cart))["coupon_problem"] == "pricing.unknown_coupon"
    refused = await shop.check_out(cart)
    assert (refused.status_code, refused.json()["code"]) == (422, "pricing.unknown_coupon")

    without = await shop.client.delete("/cart/coupon", headers=cart)
    assert (without.json()["coupon"], without.json()["coupon_problem"]) == (None, None)
    assert (await shop.check_out(cart)).status_code == 201


async def test_the_coupon_of_the_request_comes_before_that_of_the_cart(shop: Shop) -> None:
    await coupon(shop)
    await coupon(shop, "HALF", kind="percent", percent="50")
    item = await shop.item(price="10.00")

    placed = []
    for named in ("HALF", None, ""):
        cart = await shop.guest_cart(item)
        await use(shop, cart, "WELCOME10")
        placed.append((await shop.check_out(cart, coupon=named)).json()["order"])

    assert [(order["coupon"], *amounts(order, "discount")) for order in placed] == [
        ("HALF", "5.00"),
        ("WELCOME10", "1.00"),
        (None, "0.00"),
    ]


async def test_once_per_customer_known_by_account_or_by_address(shop: Shop) -> None:
    await coupon(shop, once_per_customer=True)
    item, buyer = await shop.item(), await shop.buyer()

    async def order(**more: Any) -> tuple[int, str | None]:
        answer = await shop.order(item, coupon="WELCOME10", **more)
        return answer.status_code, answer.json().get("code")

    used = (409, "pricing.coupon_used_before")
    assert await order(email="a@example.com") == (201, None)
    assert await order(email="A@Example.com") == used
    assert await order(email="b@example.com", headers=buyer.headers) == (201, None)
    assert await order(email="c@example.com", headers=buyer.headers) == used
    assert await order(email="b@example.com") == used
    refused = await use(shop, buyer.headers, "WELCOME10")
    assert (refused.status_code, refused.json()["code"]) == used
    assert await shop.rows("SELECT used_count FROM promotions") == [(2,)]
    assert await shop.level(item) == (10, 2)


async def test_a_cancelled_order_gives_its_use_back_once(shop: Shop) -> None:
    await coupon(shop, usage_limit=1, once_per_customer=True)
    item, buyer = await shop.item(), await shop.buyer()
    first = (await shop.order(item, coupon="WELCOME10", headers=buyer.headers)).json()
    assert (await shop.order(item, coupon="WELCOME10")).json()["code"] == "pricing.unknown_coupon"

    assert (await shop.client.delete(f"/orders/{first['id']}", headers=buyer.headers)).status_code == 200
    assert (await shop.client.delete(f"/orders/{first['id']}", headers=buyer.headers)).status_code == 409

    assert await shop.rows("SELECT used_count FROM promotions") == [(0,)]
    again = await shop.order(item, coupon="WELCOME10", headers=buyer.headers)
    assert (again.status_code, again.json()["coupon"]) == (201, "WELCOME10")
    assert await shop.rows("SELECT used_count FROM promotions") == [(1,)]
    order = await shop.client.get(f"/orders/{first['id']}", headers=buyer.headers)
    assert (order.json()["coupon"], *amounts(order.json(), "discount")) == ("WELCOME10", "1.00")


async def test_a_replayed_checkout_uses_a_coupon_once(shop: Shop) -> None:
    await coupon(shop, usage_limit=2)
    item, key = await shop.item(), uuid4().hex

    answers = [await shop.order(item, coupon="WELCOME10", key=key) for _ in range(3)]

    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await shop.rows("SELECT used_count FROM promotions") == [(1,)]


async def test_guessing_ends_soon_and_right_codes_do_not_make_up_for_wrong_ones(shop: Shop) -> None:
    await coupon(shop)
    item = await shop.item()
    cart = await shop.guest_cart(item)

    codes = []
    for n in range(25):
        codes.append((await use(shop, cart, f"GUESS{n}")).status_code)
        if n < 15:
            assert (await use(shop, cart, "WELCOME10")).status_code == 200

    assert codes == [422] * 20 + [429] * 5
    assert (await shop.order(item, coupon="GUESS")).status_code == 429
    assert (await shop.order(item)).status_code == 201


async def test_a_scope_is_a_shop_a_branch_of_categories_or_products(shop: Shop) -> None:
    branch = (await operate(shop, "POST", "/products/categories", {"name": "Kitchen"})).json()
    leaf = (await operate(shop, "POST", "/products/categories", {"name": "Mugs", "parent_id": branch["id"]})).json()
    mug, other = await shop.item(price="10.00"), await shop.item(price="10.00", vendor="north-kiln")
    await operate(shop, "PATCH", f"/products/{mug.product_id}", {"category_id": leaf["id"]})
    vendor = (await shop.rows("SELECT id FROM vendors WHERE slug = 'north-kiln'"))[0][0]
    await coupon(shop, "BRANCH", category_ids=[branch["id"]])
    await coupon(shop, "SHOP", vendor_ids=[str(vendor)])
    await coupon(shop, "PRODUCT", product_ids=[mug.product_id])
    await coupon(shop, "NOBODY", product_ids=[mug.product_id], vendor_ids=[str(vendor)])

    found = {}
    for code in ("BRANCH", "SHOP", "PRODUCT", "NOBODY"):
        answer = (await shop.order(mug, other, coupon=code)).json()
        lines = answer.get("items", [])
        found[code] = [item["discount"]["amount"] for item in lines] or answer["code"]

    assert found == {
        "BRANCH": ["1.00", "0.00"],
        "SHOP": ["0.00", "1.00"],
        "PRODUCT": ["1.00", "0.00"],
        "NOBODY": "pricing.coupon_not_for_these",
    }


async def test_a_shop_sees_its_own_part_of_the_sums(shop: Shop) -> None:
    await coupon(shop)
    seller, _ = await shop.seller("north-kiln")
    order = (
        await shop.order(await shop.item(price="30.00"), await shop.item(vendor="north-kiln"), coupon="WELCOME10")
    ).json()

    seen = (await shop.client.get(f"/orders/{order['id']}", headers=seller.headers)).json()

    own = next(part for part in order["vendor_orders"] if part["vendor"]["slug"] == "north-kiln")
    assert amounts(own, "subtotal", "discount", "shipping", "total") == ("10.00", "1.00", "1.22", "10.22")
    names = ("subtotal", "discount", "shipping", "tax", "included_tax", "total")
    assert amounts(seen, *names) == amounts(own, *names)
    assert seen["coupon"] is None
    assert [item["discount"]["amount"] for item in seen["items"]] == ["1.00"]


async def test_an_erased_buyer_is_forgotten_by_the_coupons(shop: Shop) -> None:
    await coupon(shop, once_per_customer=True)
    buyer = await shop.buyer()
    order = (await shop.order(await shop.item(), coupon="WELCOME10", headers=buyer.headers)).json()
    exported = (await shop.client.get("/users/me/export", headers=buyer.headers)).json()
    assert [(use["code"], use["order_id"]) for use in exported["coupons"]] == [("WELCOME10", order["id"])]
    await shop.move(order["id"], "cancelled")

    erased = await shop.client.post(
        "/users/me/erase", json={"password": "correct horse battery staple"}, headers=buyer.headers
    )

    assert erased.status_code == 204, erased.text
    assert await shop.rows("SELECT user_id, email_hash FROM coupon_uses") == [(None, None)]


async def test_a_guests_coupon_follows_who_signs_in(shop: Shop) -> None:
    await coupon(shop)
    guest, buyer = await shop.guest_cart(await shop.item()), await shop.buyer()
    await use(shop, guest, "WELCOME10")

    assert (await look(shop, {**guest, **buyer.headers}))["coupon"] == "WELCOME10"


async def test_once_per_customer_counts_mailboxes_and_not_ways_to_write_them(shop: Shop) -> None:
    await coupon(shop, once_per_customer=True)
    item = await shop.item()
    addresses = ("a.da@gmail.com", "ada+2@gmail.com", "A.D.A@googlemail.com", "bea@gmail.com")

    answers = [await shop.order(item, coupon="WELCOME10", email=email) for email in addresses]

    assert [answer.status_code for answer in answers] == [201, 409, 409, 201]
    assert {answer.json()["code"] for answer in answers[1:3]} == {"pricing.coupon_used_before"}
