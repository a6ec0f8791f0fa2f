"""Totals add up to the minor unit, in every currency, for every cart, with taxes added or contained."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mercat.kit.money import CurrencyMismatchError, Money
from mercat.pricing.arithmetic import Discount, Kind, Line, Method, Obstacle, Tariff, Taxes, Terms, price
from pricing.baskets import CURRENCIES, VENDORS, Case, baskets, everywhere

PARTS = ("subtotal", "discount", "shipping", "tax", "included_tax", "total")


def every_cart(check: Callable[[list[Line], Terms], None]) -> Callable[[], None]:
    """Try more than two thousand carts, and with the five tests that do more than ten thousand."""

    @settings(max_examples=170, deadline=None)
    @given(baskets())
    def tried(case: Case) -> None:
        for lines, terms in everywhere(case):
            check(lines, terms)

    return tried


def by_fee(fee: Money) -> Terms:
    return Terms(fee.currency, shipping=Method("standard", "Standard", Tariff.flat(fee)))


def taxed(*, included: bool, **rates: str) -> Taxes:
    return Taxes({name: Decimal(rate) for name, rate in rates.items()}, included=included)


@every_cart
def test_the_parts_add_up_to_the_whole(lines: list[Line], terms: Terms) -> None:
    totals = price(lines, terms)

    assert totals.subtotal.minor == sum(line.unit_price.minor * line.quantity for line in lines)
    assert totals.total == totals.subtotal - totals.discount + totals.shipping + totals.tax
    for part in PARTS:
        assert sum(getattr(share, part).minor for share in totals.shares) == getattr(totals, part).minor, part
    assert len(totals.lines) == len(lines)
    for share in totals.shares:
        own = [one for one, line in zip(totals.lines, lines, strict=True) if line.vendor_id == share.vendor_id]
        assert sum(one.discount.minor for one in own) == share.discount.minor
        taxes = sum(one.tax.minor for one in own) + share.shipping_tax.minor
        assert taxes == share.tax.minor + share.included_tax.minor


@every_cart
def test_nothing_is_negative_and_nothing_is_more_than_what_it_is_part_of(lines: list[Line], terms: Terms) -> None:
    totals = price(lines, terms)

    for priced, line in zip(totals.lines, lines, strict=True):
        assert 0 <= priced.discount.minor <= line.total.minor
        paid = line.total.minor - priced.discount.minor
        assert 0 <= priced.tax.minor <= paid
    for part in (*totals.shares, totals):
        amounts = [getattr(part, name) for name in PARTS]
        assert {amount.currency for amount in amounts} == {terms.currency}
        assert all(type(amount.minor) is int and amount.minor >= 0 for amount in amounts)
        assert part.included_tax <= part.total
    assert 0 in {totals.tax.minor, totals.included_tax.minor}
    assert not (totals.tax.minor if terms.taxes.included else totals.included_tax.minor)
    assert [share.vendor_id for share in totals.shares] == list(dict.fromkeys(line.vendor_id for line in lines))


@every_cart
def test_a_tax_is_its_rate_within_one_minor_unit(lines: list[Line], terms: Terms) -> None:
    totals = price(lines, terms)

    for priced, line in zip(totals.lines, lines, strict=True):
        rate = Fraction(priced.tax_rate)
        assert priced.tax_rate == terms.taxes.rate(line.tax_class)
        paid = line.total.minor - priced.discount.minor
        exact = paid * rate / (1 + rate if terms.taxes.included else 1)
        assert abs(priced.tax.minor - exact) <= Fraction(3, 2)
    for share in totals.shares:
        groups: dict[Decimal, list[int]] = {}
        for priced, line in zip(totals.lines, lines, strict=True):
            if line.vendor_id == share.vendor_id:
                group = groups.setdefault(priced.tax_rate, [0, 0])
                group[0] += line.total.minor - priced.discount.minor
                group[1] += priced.tax.minor
        for group_rate, (paid, tax) in groups.items():
            rate = Fraction(group_rate)
            exact = paid * rate / (1 + rate if terms.taxes.included else 1)
            assert abs(tax - exact) <= Fraction(1, 2)


@every_cart
def test_the_order_of_the_lines_does_not_change_what_is_paid_for_goods(lines: list[Line], terms: Terms) -> None:
    goods = replace(terms, shipping=None)

    forwards, backwards = price(lines, goods), price(lines[::-1], goods)

    assert forwards.subtotal == backwards.subtotal
    if not terms.sales:
        assert forwards.total == backwards.total or terms.taxes.rates


@every_cart
def test_a_coupon_never_makes_it_dearer_and_never_costs_more_than_the_sales(lines: list[Line], terms: Terms) -> None:
    plain = replace(terms, coupon=None, sales=(), shipping=None, taxes=Taxes({}, included=True))

    nothing_off = price(lines, plain).total
    on_sale = price(lines, replace(plain, sales=terms.sales)).total
    with_coupon = price(lines, replace(plain, sales=terms.sales, coupon=terms.coupon))

    assert with_coupon.total <= on_sale <= nothing_off
    if with_coupon.obstacle is not None:
        assert with_coupon.total == on_sale


@given(st.sampled_from(CURRENCIES), st.integers(0, 10**6))
def test_an_empty_cart_costs_nothing(currency: str, fee: int) -> None:
    totals = price([], by_fee(Money(fee, currency)))

    assert totals.total == totals.subtotal == totals.shipping == Money.zero(currency)
    assert totals.shares == totals.lines == ()


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize("other", [*CURRENCIES, "USD"])
def test_currencies_never_mix(currency: str, other: str) -> None:
    def line(code: str) -> Line:
        return Line(VENDORS[0], Money(100, code), 1)

    terms = by_fee(Money(490, currency))
    if currency == other:
        assert price([line(currency), line(other)], terms).total == Money(690, currency)
        return
    off = Discount(VENDORS[0], Kind.fixed, amount=Money(1, other))
    for lines in ([line(currency), line(other)], [line(other)], [line(other), line(currency)]):
        with pytest.raises(CurrencyMismatchError):
            price(lines, terms)
    for wrong in (replace(by_fee(Money(490, other)), currency=currency), replace(terms, coupon=off)):
        with pytest.raises(CurrencyMismatchError):
            price([line(currency)], wrong)


def test_a_cent_that_cannot_be_split_goes_to_one_vendor() -> None:
    lines = [Line(vendor, Money(100, "EUR"), 1) for vendor in VENDORS[:3]]

    shares = price(lines, by_fee(Money(100, "EUR"))).shares

    assert sorted(share.shipping.minor for share in shares) == [33, 33, 34]


def test_free_goods_still_share_the_fee() -> None:
    lines = [Line(vendor, Money(0, "JPY"), 5) for vendor in VENDORS[:2]]

    totals = price(lines, by_fee(Money(501, "JPY")))

    assert (totals.total, sum(share.shipping.minor for share in totals.shares)) == (Money(501, "JPY"), 501)


def test_a_tax_is_contained_or_comes_on_top() -> None:
    lines = [Line(VENDORS[0], Money(11_900, "EUR"), 1)]

    inside = price(lines, Terms("EUR", taxes=taxed(included=True, standard="0.19")))
    on_top = price(lines, Terms("EUR", taxes=taxed(included=False, standard="0.19")))

    assert (inside.total.amount, inside.included_tax.amount, inside.tax.minor) == ("119.00", "19.00", 0)
    assert (on_top.total.amount, on_top.tax.amount, on_top.included_tax.minor) == ("141.61", "22.61", 0)


def test_shipping_is_taxed_as_the_goods_or_by_its_own_class() -> None:
    lines = [
        Line(VENDORS[0], Money(3000, "EUR"), 1, tax_class="books"),
        Line(VENDORS[0], Money(1000, "EUR"), 1),
    ]
    taxes = taxed(included=False, standard="0.20", books="0.10")
    fee = by_fee(Money(400, "EUR"))
    assert fee.shipping is not None
    assert fee.shipping.tariff is not None
    by_class = replace(fee.shipping, tariff=replace(fee.shipping.tariff, tax_class="standard"))

    assert price(lines, replace(fee, taxes=taxes)).shares[0].shipping_tax.minor == 30 + 20
    assert price(lines, replace(fee, taxes=taxes, shipping=by_class)).shares[0].shipping_tax.minor == 80


def test_a_class_without_a_rate_is_taxed_as_standard() -> None:
    assert taxed(included=True, standard="0.2", books="0").rate("toys") == Decimal("0.2")
    assert taxed(included=True, books="0.1").rate("toys") == 0


def test_one_sale_a_line_then_one_over_the_order_then_the_coupon() -> None:
    lines = [Line(VENDORS[0], Money(1000, "EUR"), 2), Line(VENDORS[1], Money(1000, "EUR"), 1)]

    def off(kind: Kind = Kind.percent, **more: object) -> Discount:
        return Discount(VENDORS[0], kind, **more)  # type: ignore[arg-type]  # as the cases below say

    sales = (
        off(each=True, percent=1000),
        off(Kind.fixed, each=True, amount=Money(150, "EUR")),  # more than ten percent of each piece
        off(percent=500),
        off(Kind.fixed, amount=Money(200, "EUR")),  # more than five percent of what is left
    )
    totals = price(lines, Terms("EUR", sales=sales, coupon=off(percent=5000)))

    after_lines = 2 * 850 + 850
    after_order = after_lines - 200
    assert totals.total.minor == after_order - after_order // 2 - after_order % 2
    assert totals.obstacle is None


def test_a_coupon_says_what_keeps_it_from_applying() -> None:
    lines = [Line(VENDORS[0], Money(1000, "EUR"), 1)]
    coupon = Discount(VENDORS[0], Kind.percent, percent=1000, minimum=Money(1001, "EUR"))

    def obstacle(given: Discount, priced: list[Line] = lines) -> Obstacle | None:
        return price(priced, Terms("EUR", coupon=given)).obstacle

    assert obstacle(coupon) is Obstacle.below_minimum
    assert obstacle(replace(coupon, minimum=Money(1000, "EUR"))) is None
    assert obstacle(replace(coupon, minimum=None), []) is Obstacle.out_of_scope
