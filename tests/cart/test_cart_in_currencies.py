"""A cart has a currency: everything in it is in that one, and it says what the pages say."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from catalog.test_currency_prices import costs, enable, read, set_prices, told
from catalog.test_preferred_currency import prefer
from mercat.kit import clock
from mercat.kit.currencies import EXPONENTS
from pricing.operating import coupon, look, made, method, operate, rate, sale
from shopping import Item, Person, Shop

Body = dict[str, Any]
MONEY = ("subtotal", "discount", "shipping", "tax", "included_tax", "total")


async def add(shop: Shop, item: Item, headers: dict[str, str] | None = None, **more: Any) -> httpx2.Response:
    body = {"variant_id": item.variant_id, **more}
    answer: httpx2.Response = await shop.client.post("/cart/add", json=body, headers=headers or {})
    shop.client.cookies.clear()
    return answer


async def choose(shop: Shop, currency: str, headers: dict[str, str] | None = None) -> httpx2.Response:
    answer: httpx2.Response = await shop.client.put(
        "/cart/currency", json={"currency": currency}, headers=headers or {}
    )
    shop.client.cookies.clear()
    return answer


async def chosen(shop: Shop, currency: str, headers: dict[str, str]) -> Body:
    answer = await choose(shop, currency, headers)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


def currencies(cart: Body) -> set[str]:
    """Return every currency that a cart mentions."""
    amounts = [cart[name] for name in MONEY]
    amounts += [line[name] for line in cart["items"] for name in ("unit_price", "line_total", "discount")]
    return {amount["currency"] for amount in amounts} | {cart["currency"]}


def costs_what(cart: Body) -> tuple[str, ...]:
    return tuple(cart[name]["amount"] for name in ("subtotal", "discount", "shipping", "total"))


def problems(cart: Body) -> list[str | None]:
    return [line["problem"] for line in cart["items"]]


async def test_a_cart_is_in_the_currency_that_its_buyer_chooses(shop: Shop) -> None:
    await enable(shop, "USD", "JPY", "KWD")
    item, other = await shop.item(price="19.99"), await shop.item(price="10.00")
    assert (await set_prices(shop, other, costs("12.34", "USD"))).status_code == 200
    cart = await shop.guest_cart(item, other, quantity=2)

    books = await look(shop, cart)
    assert (books["currency"], currencies(books), costs_what(books)) == (
        "EUR", {"EUR"}, ("59.98", "0.00", "4.90", "64.88"),
    )  # fmt: skip
    # converted by the currency's rule, but what its vendor has set; fees exactly
    for code, units, totals in (
        ("USD", ["21.99", "12.34"], ("68.66", "0.00", "5.39", "74.05")),
        ("JPY", ["3260", "1630"], ("9780", "0", "800", "10580")),
        ("KWD", ["6.685", "3.345"], ("20.060", "0.000", "1.640", "21.700")),
        ("EUR", ["19.99", "10.00"], ("59.98", "0.00", "4.90", "64.88")),
    ):
        switched = await chosen(shop, code, cart)
        assert switched["token"] is None
        assert [line["unit_price"]["amount"] for line in switched["items"]] == units
        assert (currencies(switched), costs_what(switched)) == ({code}, totals)
        assert problems(switched) == [None, None]
        again = await look(shop, cart)
        assert again == switched
        page = await read(shop, f"/products/{item.slug}", currency=code)
        assert page["price"] == switched["items"][0]["unit_price"]


@pytest.mark.parametrize("code", ["USD", "JPY", "KWD"])
@pytest.mark.parametrize(
    "given", [{"kind": "percent", "percent": "12.5"}, {"kind": "fixed", "amount": "3.33"}], ids=["percent", "fixed"]
)
async def test_a_page_promises_what_the_cart_takes(shop: Shop, code: str, given: Body) -> None:
    await enable(shop, code)
    items = [await shop.item(price=price) for price in ("0.35", "9.50", "19.99", "1234.56")]
    own = {"USD": "21.50", "JPY": "3333", "KWD": "7.775"}[code]
    assert (await set_prices(shop, items[2], costs(own, code), price="19.99")).status_code == 200
    await sale(shop, applies_to="lines", **given)
    await shop.handle_events()

    for quantity in (1, 3):
        cart = await shop.guest_cart(*items, quantity=quantity)
        lines = (await chosen(shop, code, cart))["items"]
        for item, line in zip(items, lines, strict=True):
            page = await read(shop, f"/products/{item.slug}", currency=code)
            scale = Decimal(10) ** EXPONENTS[code]
            paid = (Decimal(line["line_total"]["amount"]) - Decimal(line["discount"]["amount"])) * scale
            promised = Decimal(page["price"]["amount"]) * scale
            assert abs(paid - promised * quantity) < quantity  # a share is rounded once a line
            assert quantity > 1 or paid == promised
            before = page["compare_at_price"] or page["price"]
            assert before == line["unit_price"]


async def test_discounts_thresholds_and_shipping_are_in_the_currency_of_the_cart(shop: Shop) -> None:
    await enable(shop, "USD")
    zone = await made(shop, "/shipping/zones", {"name": "Home", "areas": [{"country": "DE"}]})
    await method(shop, zone, "standard", "4.90", free_from="50.00")
    bands = [{"up_to_value": "30.00", "price": "5.00"}, {"price": "9.00"}]
    await method(shop, zone, "value", basis="value", bands=bands)
    await rate(shop, "DE", "0.19")
    await coupon(shop, "FIVER", kind="fixed", amount="5.00", applies_to="order", minimum="30.00")
    await sale(shop, kind="fixed", amount="1.00", applies_to="lines")
    item = await shop.item(price="19.99")
    cart = await shop.guest_cart(item)
    await chosen(shop, "USD", cart)

    used = await shop.client.put("/cart/coupon", json={"code": "FIVER"}, headers=cart)
    assert used.status_code == 200, used.text
    one = await look(shop, cart)
    assert (costs_what(one), one["coupon_problem"]) == (
        ("21.99", "1.10", "5.39", "26.28"), "pricing.coupon_below_minimum",
    )  # fmt: skip
    refused = await shop.check_out(cart)
    assert (refused.status_code, refused.json()["code"]) == (409, "pricing.coupon_below_minimum")
    assert "33.00 USD" in refused.json()["detail"]

    await add(shop, item, cart)
    two = await look(shop, cart)
    assert (costs_what(two), two["coupon_problem"]) == (("43.98", "7.70", "5.39", "41.67"), None)
    assert two["included_tax"] == {"amount": "6.65", "currency": "USD"}
    ways = (await shop.client.get("/cart/shipping-methods", params={"country": "DE"}, headers=cart)).json()["items"]
    assert {way["code"]: told(way["price"]) for way in ways} == {"standard": "5.39 USD", "value": "9.90 USD"}
    assert {way["code"]: told(way["total"]) for way in ways} == {"standard": "41.67 USD", "value": "46.18 USD"}
    await add(shop, item, cart)
    three = await look(shop, cart)  # 65.97 less 3.30 and 5.50: more than 55.00
    assert costs_what(three) == ("65.97", "8.80", "0.00", "57.17")


async def test_a_new_rate_changes_prices_and_the_cart_says_so(shop: Shop) -> None:
    await enable(shop, "USD")
    item = await shop.item(price="10.00")
    cart = await shop.guest_cart(item)
    assert problems(await chosen(shop, "USD", cart)) == [None]

    await operate(shop, "POST", "/currencies/rates", {"rates": {"USD": "1.30"}})
    moved = await look(shop, cart)
    assert ([told(line["unit_price"]) for line in moved["items"]], problems(moved)) == (
        ["12.99 USD"], ["cart.price_changed"],
    )  # fmt: skip
    line = moved["items"][0]["id"]
    agreed = (await shop.client.put(f"/cart/{line}", json={"quantity": 2}, headers=cart)).json()
    assert (problems(agreed), problems(await look(shop, cart))) == ([None], [None])


async def test_a_guest_begins_a_cart_in_a_currency(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item = await shop.item(price="10.00")

    first = await add(shop, item, currency="USD")
    assert first.status_code == 200, first.text
    assert (first.json()["currency"], told(first.json()["subtotal"])) == ("USD", "10.99 USD")
    cart = {"X-Cart-Token": first.json()["token"]}
    more = await add(shop, item, cart, currency="JPY")  # the cart that is there keeps its own
    assert (more.json()["currency"], told(more.json()["subtotal"]), problems(more.json())) == (
        "USD", "21.98 USD", [None],
    )  # fmt: skip

    empty = await choose(shop, "JPY")
    assert (empty.status_code, empty.json()["currency"], told(empty.json()["total"])) == (200, "JPY", "0 JPY")
    token = {"X-Cart-Token": empty.json()["token"]}
    assert (await add(shop, item, token)).json()["currency"] == "JPY"
    plain = await add(shop, item)
    assert plain.json()["currency"] == "EUR"


async def test_a_new_cart_of_somebody_is_in_the_currency_that_they_prefer(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item = await shop.item(price="10.00")
    people = {code: await shop.person() for code in ("USD", "EUR", "GBP", "")}
    for code, person in people.items():
        if code:
            await prefer(shop, person, code)
    begun = {code: (await add(shop, item, person.headers)).json() for code, person in people.items()}
    assert {code: told(cart["subtotal"]) for code, cart in begun.items()} == {
        "USD": "10.99 USD", "EUR": "10.00 EUR", "GBP": "10.00 EUR", "": "10.00 EUR",
    }  # fmt: skip
    await prefer(shop, people["USD"], "JPY")  # a cart that is there stays as it is
    assert (await add(shop, item, people["USD"].headers)).json()["currency"] == "USD"

    asked = await shop.person()
    await prefer(shop, asked, "USD")
    assert (await add(shop, item, asked.headers, currency="JPY")).json()["currency"] == "JPY"
    books = await shop.person()
    await prefer(shop, books, "USD")
    assert (await add(shop, item, books.headers, currency="EUR")).json()["currency"] == "EUR"


@pytest.mark.parametrize("wanted", ["GBP", "XXX", "usd", "", None, 1, "USDD"])
async def test_a_currency_that_is_not_shown_is_refused_and_nothing_changes(shop: Shop, wanted: Any) -> None:
    await enable(shop, "USD")
    item = await shop.item()
    cart = await shop.guest_cart(item)
    for body, path in (({"currency": wanted}, "/cart/currency"), ({}, "/cart/currency")):
        answer = await shop.client.put(path, json=body, headers=cart)
        assert answer.status_code == 422, answer.text
        assert wanted != "GBP" or not body or answer.json()["code"] == "exchange.unknown_currency"
    if wanted is not None:
        refused = await add(shop, item, currency=wanted)
        assert refused.status_code == 422
        assert (await add(shop, item, cart, currency=wanted)).status_code == 422
    [(number,)] = await shop.rows("SELECT count(*) FROM carts")
    assert number == 1
    assert (await look(shop, cart))["items"][0]["quantity"] == 1


async def merged(shop: Shop, person: Person, guest: dict[str, str]) -> Body:
    return await look(shop, {**person.headers, **guest})


async def test_what_a_guest_put_in_follows_into_the_currency_of_the_account(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item, other = await shop.item(price="10.00"), await shop.item(price="20.00")
    guest = await shop.guest_cart(item, other)
    await chosen(shop, "USD", guest)
    buyer = await shop.buyer()
    await add(shop, item, buyer.headers, currency="JPY")

    together = await merged(shop, buyer, guest)
    assert (together["currency"], currencies(together)) == ("JPY", {"JPY"})
    shown = {line["variant_id"]: (line["quantity"], told(line["unit_price"])) for line in together["items"]}
    assert shown == {item.variant_id: (2, "1630 JPY"), other.variant_id: (1, "3260 JPY")}
    # 20.99 dollars is what they were shown: yen are another price, until they are agreed to
    assert problems(together) == [None, "cart.price_changed"]
    first = await shop.check_out(buyer.headers)
    assert (first.status_code, first.json()["code"]) == (409, "checkout.cart_changed")
    [difference] = first.json()["differences"]
    assert (told(difference["unit_price_shown"]), told(difference["unit_price"])) == ("21.99 USD", "3260 JPY")
    assert problems(await look(shop, buyer.headers)) == [None, None]


@pytest.mark.parametrize(("chose", "prefers"), [("USD", "JPY"), ("EUR", "USD"), ("USD", None)])
async def test_a_cart_that_an_account_gets_from_a_guest_keeps_its_currency(
    shop: Shop, chose: str, prefers: str | None
) -> None:
    await enable(shop, "USD", "JPY")
    guest = await shop.guest_cart(await shop.item(price="10.00"))
    before = await chosen(shop, chose, guest)
    buyer = await shop.buyer()
    await prefer(shop, buyer, prefers)

    after = await merged(shop, buyer, guest)
    assert (after["currency"], after["total"], problems(after)) == (chose, before["total"], [None])


async def test_a_cart_whose_currency_is_gone_is_shown_in_that_of_the_books_and_says_so(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item = await shop.item(price="10.00")
    cart = await shop.guest_cart(item)
    await chosen(shop, "USD", cart)
    assert (await operate(shop, "DELETE", "/currencies/USD")).status_code == 204

    there = await look(shop, cart)
    assert (there["currency"], there["currency_problem"], currencies(there)) == (
        "EUR", "exchange.unknown_currency", {"EUR"},
    )  # fmt: skip
    assert costs_what(there) == ("10.00", "0.00", "4.90", "14.90")
    ways = (await shop.client.get("/cart/shipping-methods", params={"country": "DE"}, headers=cart)).json()["items"]
    assert told(ways[0]["total"]) == "14.90 EUR"
    more = await add(shop, item, cart)
    assert (more.status_code, told(more.json()["subtotal"])) == (200, "20.00 EUR")
    refused = await shop.check_out(cart, expected_total={"amount": "24.90", "currency": "EUR"})
    assert (refused.status_code, refused.json()["code"]) == (422, "exchange.unknown_currency")

    settled = await chosen(shop, "EUR", cart)
    assert (settled["currency_problem"], problems(settled)) == (None, [None])
    assert (await shop.check_out(cart)).status_code == 201


async def test_a_cart_at_a_rate_that_is_too_old_waits_for_another(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_RATES_URL", "http://127.0.0.1:1/rates.xml")
    monkeypatch.setenv("MERCAT_CURRENCIES", '["USD"]')
    await shop.rows(
        "INSERT INTO exchange_rates (id, base, currency, rate, dated, source, fetched_at) "
        "VALUES (gen_random_uuid(), 'EUR', 'USD', 1.1, %s, 'ecb', now()) RETURNING id",
        clock.now().date(),
    )
    item = await shop.item(price="10.00")
    cart = await shop.guest_cart(item)
    await chosen(shop, "USD", cart)

    with clock.standing_at(clock.now() + timedelta(days=11)):
        there = await look(shop, cart)
        assert (there["currency"], there["currency_problem"]) == ("EUR", "exchange.conversion_stopped")
        await add(shop, item, cart)  # seen in euros
        for refused in (
            await shop.check_out(cart),
            await choose(shop, "USD", cart),
            await add(shop, item, currency="USD"),
        ):
            assert (refused.status_code, refused.json()["code"]) == (503, "exchange.conversion_stopped")
    back = await look(shop, cart)
    assert (back["currency"], back["currency_problem"], told(back["subtotal"])) == ("USD", None, "22.00 USD")
    assert problems(back) == ["cart.price_changed"]


async def test_in_the_currency_of_the_books_nothing_is_asked_about_others(shop: Shop, asked: list[str]) -> None:
    await enable(shop, "USD")
    item = await shop.item()

    def about_others() -> list[str]:
        tables = ("currencies", "exchange_rates", "variant_prices", "product_prices")
        return [one for one in asked if any(table in one for table in tables)]

    cart = await shop.guest_cart(item)
    asked.clear()
    await add(shop, item, cart)
    await look(shop, cart)
    assert (await shop.check_out(cart)).status_code == 201
    assert (await shop.order(item)).status_code == 201
    assert len(asked) > 20
    assert about_others() == []
    await add(shop, item, currency="USD")
    assert about_others() != []


async def test_what_a_person_is_told_about_their_carts_names_the_currencies(shop: Shop) -> None:
    await enable(shop, "USD")
    item, buyer = await shop.item(price="10.00"), await shop.buyer()
    await add(shop, item, buyer.headers, currency="USD")

    answer = await shop.client.get("/users/me/export", headers=buyer.headers)
    assert answer.status_code == 200, answer.text
    [told_of] = answer.json()["carts"]
    assert (told_of["currency"], told(told_of["items"][0]["price_seen"])) == ("USD", "10.99 USD")
