"""What operators do with sales and coupons."""

from typing import Any

import pytest

from pricing.operating import coupon, operate, sale
from shopping import Shop


async def test_a_coupon_is_changed_by_who_has_read_it(shop: Shop) -> None:
    made = await coupon(shop, usage_limit=3)
    await shop.order(await shop.item(), coupon="WELCOME10")
    path = f"/promotions/{made['id']}"
    read = await operate(shop, "GET", path)
    body = {"name": "Hello", "code": "HELLO", "kind": "fixed", "amount": "2.50", "usage_limit": 1}

    changed = await operate(shop, "PUT", path, body, **{"If-Match": read.headers["etag"]})

    assert (read.json()["used"], changed.json()["used"], changed.json()["version"]) == (1, 1, 2)
    assert (changed.json()["percent"], changed.json()["amount"]["amount"]) == (None, "2.50")
    stale = await operate(shop, "PUT", path, body, **{"If-Match": read.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "request.precondition_failed")
    assert (await operate(shop, "DELETE", path, **{"If-Match": '"1"'})).status_code == 412
    assert (await operate(shop, "DELETE", path)).status_code == 204
    assert (await operate(shop, "GET", path)).json()["code"] == "pricing.promotion_not_found"
    assert (await coupon(shop, "HELLO"))["used"] == 0


async def test_a_limit_is_not_below_what_was_used(shop: Shop) -> None:
    made = await coupon(shop, usage_limit=3)
    item = await shop.item()
    for _ in range(2):
        await shop.order(item, coupon="WELCOME10")

    body = {"name": "Less", "code": "WELCOME10", "kind": "percent", "percent": "10", "usage_limit": 1}
    answer = await operate(shop, "PUT", f"/promotions/{made['id']}", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "pricing.limit_below_uses")


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": None},
        {"percent": 10},
        {"percent": "0"},
        {"percent": "100.01"},
        {"percent": "1e1"},
        {"amount": "5"},
        {"kind": "fixed", "percent": None},
        {"kind": "fixed", "percent": None, "amount": "0"},
        {"kind": "fixed", "percent": None, "amount": {"amount": "5", "currency": "JPY"}},
        {"kind": "free_shipping"},
        {"code": "A"},
        {"code": "W\u0415LCOME"},
        {"code": None, "usage_limit": 5},
        {"code": None, "once_per_customer": True},
        {"usage_limit": 0},
        {"starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"},
    ],
)
async def test_one_that_makes_no_sense_is_refused(shop: Shop, wrong: dict[str, Any]) -> None:
    body = {"name": "X", "code": "CODE", "kind": "percent", "percent": "10", **wrong}

    answer = await operate(shop, "POST", "/promotions", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid"), answer.text
    assert await shop.rows("SELECT count(*) FROM promotions") == [(0,)]


@pytest.mark.parametrize("field", ["vendor_ids", "category_ids", "product_ids"])
async def test_a_scope_of_what_there_is_not_is_refused(shop: Shop, field: str) -> None:
    nothing = ["0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56"]
    body = {"name": "X", "kind": "percent", "percent": "10", field: nothing}

    answer = await operate(shop, "POST", "/promotions", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "pricing.unknown_scope")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_sale_applies_by_itself_in_its_time(shop: Shop) -> None:
    await sale(shop, kind="percent", percent="50", ends_at="2020-01-01T00:00:00Z")
    await sale(shop, kind="percent", percent="50", starts_at="2100-01-01T00:00:00Z")
    await sale(shop, kind="percent", percent="50", is_active=False)
    await sale(shop, kind="percent", percent="12.5", applies_to="lines")

    order = (await shop.order(await shop.item(price="10.00"))).json()

    assert (order["discount"]["amount"], order["coupon"]) == ("1.25", None)


async def test_others_cannot(shop: Shop) -> None:
    buyer = await shop.buyer()
    for path in ("/promotions", "/shipping/zones", "/taxes/rates"):
        assert (await shop.client.get(path, headers=buyer.headers)).status_code == 403
        assert (await shop.client.get(path)).status_code == 401
