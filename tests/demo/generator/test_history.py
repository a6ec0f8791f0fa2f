from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from content import ACCOUNTS, PEOPLE, PastOrder, past_orders, products

TODAY = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
SOLD = {variant.sku: product for product in products() for variant in product.variants}


@pytest.fixture
def orders() -> tuple[PastOrder, ...]:
    return past_orders(TODAY)


def test_orders_are_of_the_last_half_year_and_none_is_of_the_future(orders: tuple[PastOrder, ...]) -> None:
    assert 300 <= len(orders) <= 340
    assert all(1 <= order.placed_days_ago <= 180 for order in orders)
    assert all(0 <= order.minute_of_day < 24 * 60 for order in orders)
    moments = [(-order.placed_days_ago, order.minute_of_day) for order in orders]
    assert moments == sorted(moments)


def test_lines_are_of_variants_that_exist_and_products_that_existed_then(orders: tuple[PastOrder, ...]) -> None:
    for order in orders:
        assert 1 <= len(order.lines) <= 4
        bought = [SOLD[sku] for sku, _ in order.lines]
        assert len({product.handle for product in bought}) == len(bought)
        assert len({product.shop for product in bought}) <= 3
        assert all(product.created_days_ago > order.placed_days_ago for product in bought)
        assert all(1 <= quantity <= 4 for _, quantity in order.lines)


def test_most_quantities_are_one_and_many_baskets_cross_shops(orders: tuple[PastOrder, ...]) -> None:
    quantities = Counter(quantity for order in orders for _, quantity in order.lines)
    assert quantities[1] > 0.75 * quantities.total()
    assert sum(len({SOLD[sku].shop for sku, _ in order.lines}) > 1 for order in orders) > 40


def test_the_marketplace_grows_and_is_busiest_at_weekends_and_in_the_evening(orders: tuple[PastOrder, ...]) -> None:
    early = sum(order.placed_days_ago > 120 for order in orders)
    late = sum(order.placed_days_ago <= 60 for order in orders)
    assert late > 1.3 * early
    days = Counter((TODAY - timedelta(days=order.placed_days_ago)).weekday() for order in orders)
    assert (days[5] + days[6]) / 2 > sum(days[day] for day in range(5)) / 5
    evening = sum(18 * 60 <= order.minute_of_day < 23 * 60 for order in orders)
    assert evening > 0.25 * len(orders)


def test_weekends_follow_the_callers_today() -> None:
    for later in range(1, 7):
        today = TODAY + timedelta(days=later)
        days = Counter((today - timedelta(days=order.placed_days_ago)).weekday() for order in past_orders(today))
        assert (days[5] + days[6]) / 2 > sum(days[day] for day in range(5)) / 5, today


def test_fates_fit_the_age(orders: tuple[PastOrder, ...]) -> None:
    fates = Counter(order.outcome for order in orders)
    assert 0.02 <= fates["cancelled"] / len(orders) <= 0.08
    assert 0.005 <= fates["expired"] / len(orders) <= 0.04
    assert set(fates) == {"completed", "delivered", "shipped", "processing", "cancelled", "expired"}
    for order in orders:
        if order.placed_days_ago > 20:
            assert order.outcome in {"completed", "cancelled", "expired"}
        if order.placed_days_ago <= 3:
            assert order.outcome not in {"completed", "delivered"}


def test_a_few_buyers_come_back_and_many_come_at_all(orders: tuple[PastOrder, ...]) -> None:
    visits = Counter(order.buyer_index for order in orders)
    assert set(visits) <= set(range(len(PEOPLE)))
    assert len(visits) >= 35
    assert 12 <= visits.most_common(1)[0][1] <= 40
    assert visits[0] >= 10


def test_the_first_buyer_is_the_demo_login_and_nobody_can_be_written_to() -> None:
    assert len(PEOPLE) == 40
    buyer = ACCOUNTS["buyer"]
    assert (PEOPLE[0].email, PEOPLE[0].first_name, PEOPLE[0].last_name) == (
        buyer.email,
        buyer.first_name,
        buyer.last_name,
    )
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)
    assert all(person.email.endswith(("@example.com", "@example.org")) for person in PEOPLE)
    assert all(person.email.isascii() and " " not in person.email for person in PEOPLE)
    assert len({person.country for person in PEOPLE}) >= 12
    assert all(person.city and person.line1 and person.postal_code for person in PEOPLE)


def test_every_shop_sells_something(orders: tuple[PastOrder, ...]) -> None:
    sold = Counter(SOLD[sku].shop for order in orders for sku, _ in order.lines)
    assert len(sold) == 8
    assert min(sold.values()) >= 20
