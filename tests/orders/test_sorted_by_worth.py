"""Lists of orders and payments in several currencies are sorted by what these are worth in the books."""

from typing import Any
from uuid import UUID

from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.pricing.arithmetic import Line, Terms
from payouts.stories import DINARS, DOLLARS, YEN, sell
from shopping import Person, Shop

EUROS = None
SOLD = [("12000", YEN), ("100.00", EUROS), ("40.000", DINARS), ("110.00", DOLLARS)]
"""Worth 75, 100, 119.58 and 88 euros."""
BY_WORTH = ["12000 JPY", "110.00 USD", "100.00 EUR", "40.000 KWD"]


async def sold(shop: Shop, vendor_id: UUID) -> None:
    for amount, rate in SOLD:
        currency = rate.currency if isinstance(rate, FrozenRate) else "EUR"
        line = Line(vendor_id, Money.of(amount, currency), 1, new_id())
        await sell(shop.database, [line], Terms(currency), exchange=rate)


async def listed(shop: Shop, person: Person, path: str, of: str, **query: Any) -> list[str]:
    answer = await shop.client.get(path, params=query, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return [f"{item[of]['amount']} {item[of]['currency']}" for item in answer.json()["items"]]


async def test_by_what_they_are_worth(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    admin = await shop.admin()
    await sold(shop, vendor_id)

    for person, path in ((admin, "/orders"), (owner, "/vendor/orders")):
        assert await listed(shop, person, path, "total", sort="total") == BY_WORTH
        assert await listed(shop, person, path, "total", sort="-total") == BY_WORTH[::-1]
    assert await listed(shop, admin, "/payments", "amount", sort="amount") == BY_WORTH
    assert await listed(shop, admin, "/payments", "amount", sort="-amount") == BY_WORTH[::-1]


async def test_a_payment_whose_worth_nobody_knows_is_the_last(shop: Shop) -> None:
    _, vendor_id = await shop.seller("north-kiln")
    admin = await shop.admin()
    await sold(shop, vendor_id)
    await shop.rows("UPDATE payments SET books_minor = NULL WHERE currency = 'KWD' RETURNING id")

    for sort, known in (("amount", BY_WORTH[:3]), ("-amount", BY_WORTH[2::-1])):
        assert await listed(shop, admin, "/payments", "amount", sort=sort) == [*known, "40.000 KWD"]


async def test_by_cursor_as_by_number(shop: Shop) -> None:
    _, vendor_id = await shop.seller("north-kiln")
    admin = await shop.admin()
    await sold(shop, vendor_id)
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        query = {"sort": "total", "cursor": cursor, "limit": "1"}
        answer = (await shop.client.get("/orders", params=query, headers=admin.headers)).json()
        found += [f"{item['total']['amount']} {item['total']['currency']}" for item in answer["items"]]
        cursor = answer["next_cursor"]

    assert found == BY_WORTH
