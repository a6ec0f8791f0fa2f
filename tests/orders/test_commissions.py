"""The marketplace's cut: exact, and frozen with the order."""

from decimal import Decimal

import pytest

from mercat.kit.money import Money
from mercat.orders.arithmetic.commissions import Terms, split
from mercat.pricing.arithmetic import PricedLine, Totals
from pricing.baskets import VENDORS


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def totals_of(*lines: PricedLine, included: bool = True) -> Totals:
    nothing = eur(0)
    return Totals(nothing, nothing, nothing, nothing, nothing, included, lines, ())


@pytest.mark.parametrize(
    ("included", "rate", "tax_rate", "expected"),
    [
        (True, "0.1", "0", (83, 0)),  # 10.00 - 0.10 off, of which 1.58 tax: 8.32 net
        (True, "0.1", "0.19", (83, 16)),
        (False, "0.1", "0.19", (99, 19)),
        (True, "0", "0.19", (0, 0)),
        (True, "1", "0", (832, 0)),
    ],
)
def test_it_is_taken_of_the_price_after_discounts_without_tax(
    *, included: bool, rate: str, tax_rate: str, expected: tuple[int, int]
) -> None:
    totals = totals_of(PricedLine(eur(10), eur(158), Decimal("0.19")), included=included)

    found = split([(VENDORS[0], eur(1000))], totals, Terms((Decimal(rate),), Decimal(tax_rate)))

    assert found.of_vendor_orders == {VENDORS[0]: expected}
    assert found.of_lines == [expected[0]]


def test_half_a_cent_is_rounded_up_and_the_tax_once_for_each_part() -> None:
    line = PricedLine(eur(0), eur(0))
    sold = [(VENDORS[0], eur(5)), (VENDORS[1], eur(5)), (VENDORS[0], eur(4))]

    found = split(sold, totals_of(line, line, line), Terms((Decimal("0.1"),) * 3, Decimal("0.5")))

    assert found.of_lines == [1, 1, 0]
    assert found.of_vendor_orders == {VENDORS[0]: (1, 1), VENDORS[1]: (1, 1)}


def test_a_shop_may_have_a_tax_of_its_own() -> None:
    line = PricedLine(eur(0), eur(0))
    sold = [(VENDORS[0], eur(1000)), (VENDORS[1], eur(1000))]
    terms = Terms((Decimal("0.1"),) * 2, Decimal("0.19"), {VENDORS[1]: Decimal(0)})

    assert split(sold, totals_of(line, line), terms).of_vendor_orders == {VENDORS[0]: (100, 19), VENDORS[1]: (100, 0)}


def test_without_terms_there_is_none() -> None:
    found = split([(VENDORS[0], eur(1000))], totals_of(PricedLine(eur(0), eur(0))), Terms())

    assert (found.rates, found.of_lines, found.of_vendor_orders) == ([Decimal(0)], [0], {VENDORS[0]: (0, 0)})
