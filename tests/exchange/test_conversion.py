"""Converted prices are what the rule of their currency says, in order, and never nothing; amounts are exact."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mercat.exchange import Conversion, Rounding
from mercat.exchange.queries import cross
from mercat.exchange.rounding_rules import LARGEST
from mercat.kit.currencies import EXPONENTS
from mercat.kit.money import CurrencyMismatchError, Money

DAY = date(2026, 11, 27)
RULES = {
    "EUR": [(1, 0), (100, 99), (100, 95), (5, 0), (100, 0)],
    "USD": [(1, 0), (100, 99), (100, 95), (100, 0)],
    "CHF": [(5, 0), (100, 90), (100, 0)],
    "JPY": [(1, 0), (10, 0), (100, 98), (1000, 980)],
    "KWD": [(1, 0), (5, 0), (1000, 990), (250, 0)],
    "CLF": [(1, 0), (10_000, 9_900)],
}
minors = st.integers(0, 10**14)
rates = st.decimals("0.000001", "500000", places=6).filter(lambda rate: rate > 0)
margins = st.decimals("0", "99", places=4)


@st.composite
def conversions(draw: st.DrawFn) -> Conversion:
    base, currency = draw(st.sampled_from([(a, b) for a in RULES for b in RULES if a != b]))
    rule = Rounding(*draw(st.sampled_from(RULES[currency])))
    return Conversion(base, currency, draw(rates), DAY, "ecb", draw(margins), rule)


def truly(one: Conversion, minor: int) -> Fraction:
    """Say in minor units of the currency what an amount of the books is worth, by another arithmetic."""
    shift = Fraction(10) ** (EXPONENTS[one.currency] - EXPONENTS[one.base])
    return minor * shift * Fraction(one.rate) * (1 + Fraction(one.margin) / 100)


@given(conversions(), minors)
def test_a_price_is_the_nearest_of_its_rule(one: Conversion, minor: int) -> None:
    found = one.convert(Money(minor, one.base))
    exact, rule = truly(one, minor), one.rounding

    assert found.currency == one.currency
    if minor == 0:
        assert found.minor == 0
        return
    assert found.minor > 0
    assert found.minor % rule.step == rule.ending
    if exact > LARGEST - rule.step:
        assert LARGEST - rule.step < found.minor <= LARGEST
        return
    least = rule.ending or rule.step
    if found.minor == least:
        assert exact < least + Fraction(rule.step, 2)
    else:
        assert -Fraction(rule.step, 2) <= found.minor - exact
        assert found.minor - exact <= Fraction(rule.step, 2)
        assert exact - found.minor < Fraction(rule.step, 2)  # of two that are equally near, the higher one


@given(conversions(), minors, minors)
def test_what_is_cheaper_is_never_dearer_in_another_currency(one: Conversion, a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert one.convert(Money(low, one.base)).minor <= one.convert(Money(high, one.base)).minor
    assert one.exact(Money(low, one.base)).minor <= one.exact(Money(high, one.base)).minor


@given(conversions(), st.integers(-(10**14), 10**14))
def test_amounts_are_exact_to_the_minor_unit(one: Conversion, minor: int) -> None:
    found, exact = one.exact(Money(minor, one.base)), truly(one, minor)
    if abs(exact) < LARGEST:
        assert abs(found.minor - exact) <= Fraction(1, 2)
        assert found.minor == round(exact)  # half to even
    assert one.exact(Money(-minor, one.base)).minor == -found.minor


@given(conversions(), st.integers(0, 10**12))
def test_back_and_forth_differs_by_half_a_unit_and_its_worth_at_most(one: Conversion, minor: int) -> None:
    there = Money(minor, one.currency)
    back = one.back(there)
    assert back.currency == one.base
    if back.minor < LARGEST and truly(one, back.minor) < LARGEST:
        assert abs(one.exact(back).minor - minor) <= truly(one, 1) / 2 + 1


def test_ties_go_up_and_rules_are_those_of_shops() -> None:
    def of(step: int, ending: int, *minors: str) -> list[int]:
        return [Rounding(step, ending).nearest(Decimal(minor)) for minor in minors]

    assert of(100, 99, "0", "1", "148", "149", "150", "199", "249") == [0, 99, 99, 199, 199, 199, 299]
    assert of(5, 0, "1", "2.49", "2.5", "7.5", "12") == [5, 5, 5, 10, 10]
    assert of(100, 0, "1", "149.999", "150") == [100, 100, 200]
    assert of(1, 0, "0.01", "0.5", "1.4999", "1.5") == [1, 1, 1, 2]


@pytest.mark.parametrize("rule", [(0, 0), (1, 1), (100, 100), (-1, 0), (5, -1)])
def test_what_is_no_rule_is_refused(rule: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="an ending is less than its step"):
        Rounding(*rule)


def test_the_currency_of_the_books_stays_as_it_is() -> None:
    one = Conversion.identity("EUR", DAY)
    assert one.convert(Money(1995, "EUR")) == one.exact(Money(1995, "EUR")) == one.back(Money(1995, "EUR"))
    assert one.convert(Money(1995, "EUR")) == Money(1995, "EUR")


def test_currencies_do_not_mix_and_prices_are_not_below_zero() -> None:
    one = Conversion("EUR", "USD", Decimal("1.1"), DAY, "ecb", Decimal(0), Rounding())
    for wrong in (one.convert, one.exact):
        with pytest.raises(CurrencyMismatchError):
            wrong(Money(1, "USD"))
    with pytest.raises(CurrencyMismatchError):
        one.back(Money(1, "EUR"))
    with pytest.raises(ValueError, match="below zero"):
        one.convert(Money(-1, "EUR"))


def test_yen_have_no_decimals_and_dinars_three() -> None:
    yen = Conversion("EUR", "JPY", Decimal("163.18"), DAY, "ecb", Decimal(0), Rounding())
    dinars = Conversion("EUR", "KWD", Decimal("0.3345"), DAY, "operator", Decimal("2.5"), Rounding(5, 0))
    assert yen.convert(Money(1999, "EUR")) == Money(3262, "JPY")
    assert dinars.convert(Money(1999, "EUR")) == Money(6855, "KWD")
    assert dinars.exact(Money(1999, "EUR")) == Money(6854, "KWD")
    assert yen.back(Money(3262, "JPY")) == Money(1999, "EUR")


def test_books_in_another_currency_take_cross_rates_of_the_older_day() -> None:
    legs = {"USD": (Decimal("1.25"), DAY), "JPY": (Decimal(160), date(2026, 11, 26)), "CHF": (Decimal("0.95"), DAY)}
    found = cross(legs, "USD", ["EUR", "JPY", "CHF", "KWD"])
    assert {code: (quote.rate, quote.dated) for code, quote in found.items()} == {
        "EUR": (Decimal("0.8"), DAY),
        "JPY": (Decimal(128), date(2026, 11, 26)),
        "CHF": (Decimal("0.76"), DAY),
    }
    assert cross(legs, "KWD", ["EUR", "USD"]) == {}
    assert cross(legs, "EUR", ["USD"])["USD"].rate == Decimal("1.25")
