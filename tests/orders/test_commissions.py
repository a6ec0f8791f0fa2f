"""The marketplace's cut: exact, frozen with the order, and given back in proportion until nothing is left of it."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mercat.kit.money import Money
from mercat.orders import allocation
from mercat.orders.allocation import Bucket, Pieces, Share
from mercat.orders.commissions import Cut, Terms, cut
from mercat.pricing.arithmetic import Line, PricedLine, Totals, price
from pricing.baskets import VENDORS, Case, baskets, everywhere

RATES = ("0", "0.1", "0.15", "0.0333", "0.00001", "1")


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

    found = cut([(VENDORS[0], eur(1000))], totals, Terms((Decimal(rate),), Decimal(tax_rate)))

    assert found.of_parts == {VENDORS[0]: expected}
    assert found.of_lines == [expected[0]]


def test_half_a_cent_is_rounded_up_and_the_tax_once_for_each_part() -> None:
    line = PricedLine(eur(0), eur(0))
    sold = [(VENDORS[0], eur(5)), (VENDORS[1], eur(5)), (VENDORS[0], eur(4))]

    found = cut(sold, totals_of(line, line, line), Terms((Decimal("0.1"),) * 3, Decimal("0.5")))

    assert found.of_lines == [1, 1, 0]
    assert found.of_parts == {VENDORS[0]: (1, 1), VENDORS[1]: (1, 1)}


def test_a_shop_may_have_a_tax_of_its_own() -> None:
    line = PricedLine(eur(0), eur(0))
    sold = [(VENDORS[0], eur(1000)), (VENDORS[1], eur(1000))]
    terms = Terms((Decimal("0.1"),) * 2, Decimal("0.19"), {VENDORS[1]: Decimal(0)})

    assert cut(sold, totals_of(line, line), terms).of_parts == {VENDORS[0]: (100, 19), VENDORS[1]: (100, 0)}


def test_without_terms_there_is_none() -> None:
    found = cut([(VENDORS[0], eur(1000))], totals_of(PricedLine(eur(0), eur(0))), Terms())

    assert (found.rates, found.of_lines, found.of_parts) == ([Decimal(0)], [0], {VENDORS[0]: (0, 0)})


def books_of(lines: list[Line], totals: Totals, taken: Cut) -> tuple[list[Bucket], dict[UUID, Pieces]]:
    """Return what was paid for what, as the books of an order have it."""
    pieces, goods = {}, defaultdict(lambda: (0, 0))
    rows = zip(lines, totals.lines, taken.of_lines, strict=True)
    for n, (line, priced, commission) in enumerate(rows):
        gross = line.total.minor - priced.discount.minor + (0 if totals.prices_include_tax else priced.tax.minor)
        item, part = UUID(int=1000 + n), line.vendor_id
        pieces[item] = Pieces(item, part, line.quantity, 0, gross, priced.tax.minor, commission)
        amount, tax = goods[part]
        goods[part] = amount + gross, tax + priced.tax.minor
    buckets = []
    for share in totals.shares:
        vendor, (amount, tax) = share.vendor_id, goods[share.vendor_id]
        sent = share.total.minor - amount
        buckets += [
            Bucket(vendor, vendor, "goods", amount, tax, *taken.of_parts[vendor]),
            Bucket(vendor, vendor, "shipping", sent, share.shipping_tax.minor),
        ]
    return buckets, pieces


def take(buckets: list[Bucket], shares: list[Share]) -> list[Bucket]:
    """Return what refunds leave."""
    for share in shares:
        of = (share.part_id, share.bucket)
        buckets = [allocation.without(b, share) if (b.part_id, b.name) == of else b for b in buckets]
    return buckets


@settings(max_examples=150, deadline=None)
@given(baskets(), st.data())
def test_whatever_goes_back_everybodys_shares_are_what_the_buyer_paid(case: Case, data: st.DataObject) -> None:
    for lines, terms in list(everywhere(case))[:1]:
        totals, currency = price(lines, terms), terms.currency
        rates = tuple(Decimal(data.draw(st.sampled_from(RATES))) for _ in lines)
        taken = cut([(line.vendor_id, line.total) for line in lines], totals, Terms(rates, Decimal("0.19")))
        buckets, pieces = books_of(lines, totals, taken)
        assert sum(bucket.amount for bucket in buckets) == totals.total.minor
        given_back: list[Share] = []

        for _ in range(data.draw(st.integers(0, 5))):
            part = data.draw(st.sampled_from(VENDORS))
            mine = [bucket for bucket in buckets if bucket.part_id == part]
            left = sum(bucket.amount for bucket in mine)
            with suppress(ValueError):  # goods that were given back by amount before are worth less than the pieces
                if not pieces or data.draw(st.booleans()):
                    amount = Money(data.draw(st.integers(0, left)), currency)
                    shares = allocation.by_amount(mine, amount)
                else:
                    item = data.draw(st.sampled_from(list(pieces)))
                    line = pieces[item]
                    wanted = {item: data.draw(st.integers(0, line.quantity - line.gone))}
                    shares = allocation.by_pieces(buckets, pieces, wanted, currency)
                    pieces[item] = replace(line, gone=line.gone + wanted[item])
                buckets = take(buckets, shares)
                given_back += shares
            assert all(min(b.amount, b.tax, b.amount - b.tax, b.commission, b.commission_tax) >= 0 for b in buckets), (
                buckets
            )
            # shops' nets, taxes, and the marketplace's cut with its tax are what is left of the buyer's money
            nets = sum(b.amount - b.tax - b.commission - b.commission_tax for b in buckets)
            rest = sum(b.tax + b.commission + b.commission_tax for b in buckets)
            assert nets + rest == totals.total.minor - sum(share.amount.minor for share in given_back)

        everything = Money(sum(bucket.amount for bucket in buckets), currency)
        buckets = take(buckets, allocation.by_amount(buckets, everything))
        assert [b for b in buckets if b.amount or b.tax or b.commission or b.commission_tax] == []
