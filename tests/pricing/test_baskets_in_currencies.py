"""Terms of the books price baskets in any currency: whatever the rate and the rule, the parts add up in it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mercat.exchange import Conversion, Rounding
from mercat.kit.money import Money
from mercat.pricing.arithmetic import Band, Basis, Discount, Kind, Line, Method, Obstacle, Tariff, Terms, price
from mercat.pricing.currencies import discount_in, discounts_in, method_in
from pricing.baskets import CURRENCIES, VENDORS, Case, baskets, recast

DAY = date(2026, 11, 27)
RULES = {
    "EUR": [(1, 0), (100, 99)],
    "USD": [(1, 0), (100, 99), (100, 95), (100, 0)],
    "JPY": [(1, 0), (10, 0), (100, 98), (1000, 980)],
    "KWD": [(1, 0), (5, 0), (1000, 990), (250, 0)],
    "CHF": [(1, 0), (5, 0), (100, 90)],
}
PARTS = ("subtotal", "discount", "shipping", "tax", "included_tax", "total")


@st.composite
def conversions(draw: st.DrawFn) -> Conversion:
    """Draw books, and a currency with a rate that is as odd as they come, a margin, and a rule."""
    base = draw(st.sampled_from(CURRENCIES))
    currency = draw(st.sampled_from(sorted(RULES.keys() - {base})))
    rate = draw(st.decimals("0.0001", "500", places=7).filter(lambda one: one > 0))
    margin = draw(st.decimals("0", "20", places=4))
    rule = Rounding(*draw(st.sampled_from(RULES[currency])))
    return Conversion(base, currency, rate, DAY, "ecb", margin, rule)


def dollars(rate: str = "1.10", **more: int) -> Conversion:
    return Conversion("EUR", "USD", Decimal(rate), DAY, "settings", Decimal(0), Rounding(**more))


def elsewhere(case: Case, conversion: Conversion) -> Case:
    """Return a basket of the books as it is in another currency."""
    lines, terms = recast(case, conversion.base)
    shipping = method_in(terms.shipping, conversion) if terms.shipping else None
    coupon = discount_in(terms.coupon, conversion) if terms.coupon else None
    sales = discounts_in(terms.sales, conversion)
    priced = [replace(line, unit_price=conversion.convert(line.unit_price)) for line in lines]
    return priced, replace(terms, currency=conversion.currency, shipping=shipping, coupon=coupon, sales=sales)


@settings(max_examples=1_500, deadline=None)
@given(baskets(), conversions(), st.booleans())
def test_the_parts_add_up_in_every_currency(case: Case, conversion: Conversion, included: bool) -> None:  # noqa: FBT001
    lines, terms = elsewhere(case, conversion)
    totals = price(lines, replace(terms, taxes=replace(terms.taxes, included=included)))

    assert totals.total == totals.subtotal - totals.discount + totals.shipping + totals.tax
    for part in PARTS:
        whole = getattr(totals, part)
        assert whole.currency == conversion.currency
        assert whole.minor >= 0
        assert sum(getattr(share, part).minor for share in totals.shares) == whole.minor, part
        assert all(getattr(share, part).minor >= 0 for share in totals.shares)
    assert totals.discount <= totals.subtotal
    assert sum(one.discount.minor for one in totals.lines) == totals.discount.minor
    for one, line in zip(totals.lines, lines, strict=True):
        assert 0 <= one.discount.minor <= line.total.minor
        assert 0 <= one.tax.minor <= line.total.minor - one.discount.minor
    for share in totals.shares:
        own = [one for one, line in zip(totals.lines, lines, strict=True) if line.vendor_id == share.vendor_id]
        assert sum(one.discount.minor for one in own) == share.discount.minor
        assert sum(one.tax.minor for one in own) + share.shipping_tax.minor == (share.tax + share.included_tax).minor


@settings(max_examples=300, deadline=None)
@given(baskets())
def test_a_rate_of_one_and_no_rule_change_nothing_but_the_name_of_the_currency(case: Case) -> None:
    lines, terms = case
    there = price(*elsewhere((lines, terms), dollars("1")))
    here = price(lines, terms)

    assert [getattr(there, part).minor for part in PARTS] == [getattr(here, part).minor for part in PARTS]
    assert (there.obstacle, there.ships) == (here.obstacle, here.ships)


@settings(max_examples=300, deadline=None)
@given(baskets(), conversions())
def test_amounts_keep_their_order(case: Case, conversion: Conversion) -> None:
    """Bands stay in order: what is in a higher one of the books is not in a lower one there."""
    method = recast(case[1].shipping, conversion.base)
    if method is None or method.tariff is None:
        return
    converted = method_in(method, conversion)
    assert converted.tariff is not None
    bounds = [band.up_to for band in converted.tariff.bands if band.up_to is not None]
    assert bounds == sorted(bounds)
    if method.tariff.basis is not Basis.value:
        assert [band.up_to for band in converted.tariff.bands] == [band.up_to for band in method.tariff.bands]


def test_thresholds_fees_and_fixed_discounts_are_converted_exactly_and_percentages_stay() -> None:
    tariff = Tariff(
        Basis.value, (Band(5000, Money(490, "EUR")), Band(None, Money(990, "EUR"))), free_from=Money(10_000, "EUR")
    )
    method = Method("standard", "Standard", Tariff.flat(Money(333, "EUR")), {VENDORS[0]: tariff})
    there = method_in(method, dollars(step=100, ending=99))
    own = there.own[VENDORS[0]]
    assert there.tariff == Tariff.flat(Money(366, "USD"))
    assert own.bands == (Band(5500, Money(539, "USD")), Band(None, Money(1089, "USD")))
    assert own.free_from == Money(11_000, "USD")

    fixed = Discount(VENDORS[0], Kind.fixed, amount=Money(250, "EUR"), minimum=Money(3000, "EUR"))
    assert discount_in(fixed, dollars()) == replace(fixed, amount=Money(275, "USD"), minimum=Money(3300, "USD"))
    percent = Discount(VENDORS[0], Kind.percent, percent=1250)
    assert discount_in(percent, dollars()) == percent

    grams = Tariff(Basis.weight, (Band(2000, Money(490, "EUR")),))
    assert method_in(Method("post", "Post", grams), dollars()).tariff == Tariff(
        Basis.weight, (Band(2000, Money(539, "USD")),)
    )


@pytest.mark.parametrize(("amount", "obstacle"), [(3299, Obstacle.below_minimum), (3300, None)])
def test_a_minimum_is_reached_in_the_currency_of_the_basket(amount: int, obstacle: Obstacle | None) -> None:
    coupon = discount_in(Discount(VENDORS[0], Kind.percent, percent=1000, minimum=Money(3000, "EUR")), dollars())
    lines = [Line(VENDORS[0], Money(amount, "USD"), 1)]

    assert price(lines, Terms("USD", coupon=coupon)).obstacle is obstacle


def test_what_is_too_little_to_be_said_in_a_currency_takes_nothing_off() -> None:
    yen = Conversion("EUR", "JPY", Decimal(20), DAY, "settings", Decimal(0), Rounding())
    coupon = discount_in(Discount(VENDORS[0], Kind.fixed, amount=Money(2, "EUR")), yen)
    totals = price([Line(VENDORS[0], Money(100, "JPY"), 1)], Terms("JPY", coupon=coupon))

    assert (totals.discount, totals.obstacle) == (Money(0, "JPY"), Obstacle.out_of_scope)
