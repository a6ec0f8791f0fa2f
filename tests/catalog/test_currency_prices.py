"""Prices in other currencies: kept for every product, shown wherever prices are, and never mixed."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import httpx2
import pytest

from mercat.catalog.jobs import follow_currencies
from mercat.kit import clock
from mercat.kit.currencies import EXPONENTS
from mercat.outbox import JobContext
from pricing.operating import operate, sale
from shopping import Item, Shop

Body = dict[str, Any]
RATES = {"USD": "1.10", "JPY": "163.18", "KWD": "0.3345", "CHF": "0.9311"}
RULES = {
    "USD": {"step": "1.00", "ending": "0.99"},
    "JPY": {"step": "10"},
    "KWD": {"step": "0.005"},
    "CHF": {"step": "0.05"},
}


async def enable(shop: Shop, *codes: str, **rates: str) -> None:
    """Show prices in currencies, at fixed rates and by the rule of each."""
    for code in codes:
        answer = await operate(shop, "PUT", f"/currencies/{code}", {"rounding": RULES[code]})
        assert answer.status_code == 200, answer.text
    wanted = {code: RATES[code] for code in codes} | rates
    assert (await operate(shop, "POST", "/currencies/rates", {"rates": wanted})).status_code == 200
    await shop.handle_events()


async def read(shop: Shop, path: str, **query: str) -> Body:
    answer = await shop.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def listed(shop: Shop, path: str = "/products", **query: str) -> list[tuple[str, str, str | None]]:
    found = await read(shop, path, **query)
    return [(one["name"], *shown(one)) for one in found["items"]]


def shown(one: Body) -> tuple[str, str | None]:
    """Return a price and what it is compared with, both with their currency."""
    return told(one["price"]), one["compare_at_price"] and told(one["compare_at_price"])


def told(money: Body) -> str:
    return f"{money['amount']} {money['currency']}"


async def set_prices(shop: Shop, item: Item, *prices: Body, price: str = "10.00") -> httpx2.Response:
    variant = {"id": item.variant_id, "price": price, "prices": list(prices)}
    return await operate(shop, "PATCH", f"/products/{item.product_id}", {"variants": [variant]})


def costs(amount: str, currency: str, compare_at: str | None = None) -> Body:
    price = {"amount": amount, "currency": currency}
    return {"price": price, "compare_at_price": compare_at and {"amount": compare_at, "currency": currency}}


@pytest.fixture
async def three(shop: Shop) -> list[Item]:
    """Three products, cheap to dear."""
    names = (("Mug", "9.50"), ("Bowl", "19.99"), ("Vase", "120.00"))
    return [await shop.item(name=name, price=price) for name, price in names]


async def test_lists_pages_search_and_suggestions_show_the_currency_that_is_asked_for(
    shop: Shop, three: list[Item]
) -> None:
    await enable(shop, "USD", "JPY", "KWD")
    dollars = [("Mug", "9.99 USD", None), ("Bowl", "21.99 USD", None), ("Vase", "131.99 USD", None)]
    for path in ("/products", "/products/search"):
        assert await listed(shop, path, currency="USD", sort="price") == dollars
        assert await listed(shop, path, currency="USD", sort="-price") == dollars[::-1]
        assert await listed(shop, path, currency="USD", sort="price", min_price="10", max_price="21.99") == dollars[1:2]
        assert await listed(shop, path, sort="price", currency="EUR") == await listed(shop, path, sort="price")
    assert [one for *_, one, _ in await listed(shop, currency="JPY")] == ["19580 JPY", "3260 JPY", "1550 JPY"]
    assert [one for *_, one, _ in await listed(shop, currency="KWD")] == ["40.140 KWD", "6.685 KWD", "3.180 KWD"]
    assert await listed(shop, q="bowl", currency="USD") == dollars[1:2]

    page = await read(shop, f"/products/{three[1].slug}", currency="USD")
    assert [shown(one) for one in (page, *page["variants"])] == [("21.99 USD", None)] * 2
    same = await read(shop, f"/products/{three[1].product_id}", currency="JPY")
    assert shown(same["variants"][0]) == ("3260 JPY", None)
    assert shown(await read(shop, f"/products/{three[1].slug}")) == ("19.99 EUR", None)

    [suggested] = (await read(shop, "/products/suggest", q="bow", currency="KWD"))["products"]
    assert told(suggested["price"]) == "6.685 KWD"


async def test_pages_by_number_and_by_cursor_have_everything_once(shop: Shop) -> None:
    for n in range(7):
        await shop.item(name=f"Thing {n}", price=f"{10 + n // 2}.00")
    await enable(shop, "USD")
    for sort in ("price", "-price", "newest", "name", "-rating", "best_selling"):
        whole = await listed(shop, currency="USD", sort=sort, size="100")
        by_number = [
            one
            for page in ("1", "2", "3", "4")
            for one in await listed(shop, currency="USD", sort=sort, page=page, size="2")
        ]
        by_cursor, cursor = [], ""
        while cursor is not None:
            found = await read(shop, "/products", currency="USD", sort=sort, cursor=cursor, limit="3")
            by_cursor += [(one["name"], *shown(one)) for one in found["items"]]
            cursor = found["next_cursor"]
        assert whole == by_number == by_cursor
        assert len(set(whole)) == 7
    priced = await read(shop, "/products", currency="USD", sort="price", cursor="", limit="3")
    elsewhere = {"sort": "price", "cursor": priced["next_cursor"], "limit": "3"}
    assert (await shop.client.get("/products", params=elsewhere)).status_code == 422
    narrowed = await read(shop, "/products", currency="USD", min_price="11", max_price="13", size="2")
    assert (narrowed["total"], narrowed["pages"]) == (4, 2)


async def test_facets_count_prices_in_the_currency_that_is_asked_for(shop: Shop, three: list[Item]) -> None:
    await enable(shop, "JPY")
    for filters in ({}, {"min_price": "1000", "max_price": "5000"}, {"q": "mug"}):
        found = await read(shop, "/products/search", currency="JPY", **filters)
        buckets = found["facets"]["price"]["values"]
        assert sum(bucket["count"] for bucket in buckets) == (1 if "q" in filters else 3)
        assert all(bucket["label"].endswith(" JPY") for bucket in buckets)
        for bucket in buckets:
            inside = await listed(
                shop, "/products/search", currency="JPY", min_price=bucket["min"], max_price=bucket["max"],
                **({"q": "mug"} if "q" in filters else {}),
            )  # fmt: skip
            assert len(inside) == bucket["count"]
    assert len(three) == 3


async def test_what_a_vendor_has_set_wins_and_sales_are_taken_off_it(shop: Shop) -> None:
    await enable(shop, "USD", "JPY")
    item = await shop.item(price="10.00", name="Mug")
    assert (await set_prices(shop, item, costs("12.34", "USD", "15.00"))).status_code == 200
    page = await read(shop, f"/products/{item.slug}", currency="USD")
    assert shown(page["variants"][0]) == shown(page) == ("12.34 USD", "15.00 USD")
    assert page["variants"][0]["prices"] == [costs("12.34", "USD", "15.00")]
    assert await listed(shop, currency="JPY") == [("Mug", "1630 JPY", None)]

    made = await sale(shop, kind="percent", percent="10", applies_to="lines")
    await shop.handle_events()
    assert await listed(shop, currency="USD") == [("Mug", "11.11 USD", "15.00 USD")]
    assert await listed(shop, currency="JPY") == [("Mug", "1467 JPY", "1630 JPY")]
    assert (await operate(shop, "DELETE", f"/promotions/{made['id']}")).status_code == 204
    await shop.handle_events()

    # left out, they stay; an empty list removes them
    kept = {"variants": [{"id": item.variant_id, "price": "20.00"}]}
    assert (await operate(shop, "PATCH", f"/products/{item.product_id}", kept)).status_code == 200
    assert await listed(shop, currency="USD") == [("Mug", "12.34 USD", "15.00 USD")]
    assert (await set_prices(shop, item)).status_code == 200
    assert await listed(shop, currency="USD") == [("Mug", "10.99 USD", None)]
    [(changes,)] = await shop.rows(
        "SELECT changes FROM audit_log WHERE action = 'product.updated' ORDER BY at DESC, id DESC LIMIT 1"
    )
    assert "12.34" in json.dumps(changes)


@pytest.mark.parametrize(
    "prices",
    [
        [costs("1", "EUR")],
        [costs("1", "USD"), costs("2", "USD")],
        [costs("-1", "USD")],
        [{"price": {"amount": "1", "currency": "USD"}, "compare_at_price": {"amount": "1", "currency": "JPY"}}],
        [costs("1", "GBP")],
        [costs("1", "XXX")],
        [costs("1.5", "JPY")],
        [{"price": "1"}],
        [{}],
        "USD",
    ],
)
async def test_prices_that_make_no_sense_are_refused(shop: Shop, prices: Any) -> None:
    await enable(shop, "USD", "JPY")
    item = await shop.item()
    body = {"variants": [{"id": item.variant_id, "prices": prices}]}
    assert (await operate(shop, "PATCH", f"/products/{item.product_id}", body)).status_code == 422
    assert await shop.rows("SELECT count(*) FROM variant_prices") == [(0,)]


@pytest.mark.parametrize("path", ["/products", "/products/search", "/products/suggest?q=mug", "/products/mug"])
@pytest.mark.parametrize(
    "currency", ["", "GBP", "XXX", "usd", "US", "USDD", "EUR;", "%00", "'; DROP TABLE products; --", "USD&currency=JPY"]
)
async def test_a_currency_that_is_none_is_refused(shop: Shop, path: str, currency: str) -> None:
    await shop.item(name="Mug")
    await enable(shop, "USD")
    address = f"{path}{'&' if '?' in path else '?'}currency={currency}"
    answer = await shop.client.get(address)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.json()["code"] != "internal_error"


async def test_a_currency_is_shown_once_every_product_has_its_prices_and_not_when_it_is_gone(
    shop: Shop, three: list[Item]
) -> None:
    await operate(shop, "PUT", "/currencies/USD", {})
    await operate(shop, "POST", "/currencies/rates", {"rates": {"USD": "1.1"}})

    async def answers() -> set[tuple[int, str]]:
        paths = ("/products", "/products/search", "/products/suggest?q=mug", f"/products/{three[0].slug}")
        asked = [await shop.client.get(path, params={"currency": "USD"}) for path in paths]
        asked = [await shop.client.get(f"{path}{'&' if '?' in path else '?'}currency=USD") for path in paths]
        return {(one.status_code, one.json().get("code", "")) for one in asked}

    assert await answers() == {(422, "exchange.unknown_currency")}
    await shop.handle_events()
    assert await answers() == {(200, "")}
    assert (await operate(shop, "DELETE", "/currencies/USD")).status_code == 204
    await shop.handle_events()
    assert await answers() == {(422, "exchange.unknown_currency")}
    assert await shop.rows("SELECT count(*) FROM product_prices") == [(0,)]


async def test_prices_by_rates_that_are_too_old_are_not_shown(
    shop: Shop, three: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_RATES_URL", "http://127.0.0.1:1/rates.xml")
    monkeypatch.setenv("MERCAT_CURRENCIES", '["USD"]')
    day = clock.now().date()

    async def publish(rate: str, days: int) -> None:
        await shop.rows(
            "INSERT INTO exchange_rates (id, base, currency, rate, dated, source, fetched_at) "
            "VALUES (gen_random_uuid(), 'EUR', 'USD', %s, %s, 'ecb', now()) RETURNING id",
            rate, day - timedelta(days=days),
        )  # fmt: skip

    async def follow(days: int = 0) -> httpx2.Response:
        with clock.standing_at(clock.now() + timedelta(days=days)):
            await follow_currencies(JobContext(shop.database))
        return await shop.client.get("/products", params={"currency": "USD", "sort": "price"})

    await publish("1.1", 3)
    assert [told(one["price"]) for one in (await follow()).json()["items"]] == ["10.45 USD", "21.99 USD", "132.00 USD"]
    assert (await follow(days=7)).status_code == 200
    stopped = await follow(days=8)
    assert (stopped.status_code, stopped.json()["code"]) == (503, "exchange.conversion_stopped")
    page = await shop.client.get(f"/products/{three[0].slug}", params={"currency": "USD"})
    assert page.status_code == 503
    await publish("1.2", 0)
    assert [told(one["price"]) for one in (await follow()).json()["items"]] == ["11.40 USD", "23.99 USD", "144.00 USD"]


def naive(minor: int, currency: str, rate: str) -> int:
    """Convert by another arithmetic than that of the product."""
    rule = RULES[currency]
    unit = Decimal(10) ** EXPONENTS[currency]
    step, ending = Decimal(rule["step"]) * unit, Decimal(rule.get("ending", "0")) * unit
    value = Decimal(minor) / 100 * unit * Decimal(rate)
    steps = max(Decimal(0), ((value - ending) / step).to_integral_value(ROUND_HALF_UP))
    if value < ending:
        steps = Decimal(0)
    return int(steps * step + ending) or (int(step) if minor else 0)


class Market:
    """A marketplace in which anything may happen, and which remembers what was said."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.chance = random.Random(20)
        self.rates = dict(RATES)
        self.items: list[Item] = []
        self.sales: list[Body] = []
        self.set: dict[tuple[str, str], int] = {}

    @property
    def item(self) -> Item:
        return self.chance.choice(self.items)

    @property
    def price(self) -> str:
        return f"{self.chance.randint(0, 20000) / 100:.2f}"

    async def happen(self) -> None:
        kind = self.chance.choice((self.edit, self.edit, self.give, self.publish, self.reduce, self.add, self.hide))
        await kind()
        await self.shop.handle_events()

    async def edit(self) -> None:
        await operate(self.shop, "PATCH", f"/products/{self.item.product_id}", {"price": self.price})

    async def give(self) -> None:
        item, code, amount = self.item, self.chance.choice(list(RATES)), self.chance.randint(1, 90)
        self.set = {key: value for key, value in self.set.items() if key[0] != item.product_id}
        self.set[item.product_id, code] = amount * 10 ** EXPONENTS[code]
        answer = await set_prices(self.shop, item, costs(str(amount), code), price=self.price)
        assert answer.status_code == 200, answer.text

    async def publish(self) -> None:
        code = self.chance.choice(list(RATES))
        self.rates[code] = f"{Decimal(RATES[code]) * self.chance.randint(80, 120) / 100:f}"
        await operate(self.shop, "POST", "/currencies/rates", {"rates": {code: self.rates[code]}})

    async def reduce(self) -> None:
        if self.sales:
            await operate(self.shop, "DELETE", f"/promotions/{self.sales.pop()['id']}")
        else:
            kinds = (
                {"kind": "percent", "percent": str(self.chance.randint(1, 60))},
                {"kind": "fixed", "amount": "1.37"},
            )
            self.sales.append(await sale(self.shop, applies_to="lines", **self.chance.choice(kinds)))

    async def add(self) -> None:
        self.items.append(await self.shop.item(name=f"Thing {len(self.items)}", price=self.price))

    async def hide(self) -> None:
        status = self.chance.choice(("draft", "active", "active"))
        await operate(self.shop, "PATCH", f"/products/{self.item.product_id}", {"status": status})

    async def expected(self, one: Body, code: str) -> int:
        """Say what a listed product costs in a currency: its own price there, less what the sale takes off that."""
        [(before,)] = await self.shop.rows("SELECT price_minor FROM variants WHERE product_id = %s", one["id"])
        own = self.set.get((one["id"], code), naive(before, code, self.rates[code]))
        for made in self.sales:
            if made["kind"] == "percent":
                off = (own * Decimal(made["percent"]) / 100).to_integral_value(ROUND_HALF_UP)
            else:
                scale = Decimal(10) ** EXPONENTS[code]
                exact = Decimal(made["amount"]["amount"]) * Decimal(self.rates[code]) * scale
                off = min(Decimal(own), exact.to_integral_value(ROUND_HALF_EVEN))
            own -= int(off)
        return own


async def test_kept_prices_are_what_is_computed_anew_after_any_edits_sales_and_rates(
    shop: Shop, size: Callable[[int, int], int]
) -> None:
    market = Market(shop)
    await enable(shop, *RATES)
    for _ in range(5):
        await market.add()
    for _ in range(size(25, 400)):
        await market.happen()

    books = (await read(shop, "/products", size="100"))["items"]
    assert books
    for code in RATES:
        found = (await read(shop, "/products", currency=code, size="100", sort="price"))["items"]
        minors = [int(Decimal(one["price"]["amount"]) * 10 ** EXPONENTS[code]) for one in found]
        assert minors == sorted(minors)
        prices = dict(zip([one["id"] for one in found], minors, strict=True))
        assert prices == {one["id"]: await market.expected(one, code) for one in books}


async def test_texts_that_look_like_prices_stay_as_they_are(shop: Shop) -> None:
    await enable(shop, "USD")
    tricky = '"price":{"amount":"1","currency":"EUR"},"compare_at_price":null'
    body = {
        "name": tricky, "price": "10.00", "description": tricky, "attributes": {"price": tricky}, "tags": [tricky[:60]],
        "options": [{"name": "price"}], "variants": [{"options": {"price": tricky}}],
    }  # fmt: skip
    made = (await operate(shop, "POST", "/products", body)).json()
    plain = await read(shop, f"/products/{made['id']}")
    page = await read(shop, f"/products/{made['id']}", currency="USD")
    [one] = (await read(shop, "/products", currency="USD"))["items"]
    assert shown(page) == shown(one) == shown(page["variants"][0]) == ("10.99 USD", None)
    for answer in (plain, page):
        for priced in (answer, answer["variants"][0]):
            del priced["price"], priced["compare_at_price"]
    assert plain == page
