"""Tax and commission of refunds, whatever is refunded in whatever order: never negative, never stuck, sums exact."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mercat.kit.money import Money
from mercat.orders.arithmetic import allocation
from mercat.orders.arithmetic.allocation import Units
from mercat.orders.arithmetic.commissions import CommissionSplit, Terms, split
from mercat.orders.arithmetic.shares import BUCKETS, Share, Sold, SoldVendorOrder, without
from mercat.pricing.arithmetic import Line, Totals, price
from mercat.pricing.arithmetic import Terms as PriceTerms
from pricing.baskets import VENDORS, Case, baskets, everywhere

RATES = ("0", "0.1", "0.15", "0.0333", "0.00001", "1")


@dataclass
class Purchase:
    """An order of which things go back."""

    vendor_orders: list[SoldVendorOrder]
    units: dict[UUID, Units]
    currency: str

    def take(self, shares: Sequence[Share]) -> None:
        """Let shares go back."""
        self.vendor_orders = [without(vendor_order, shares) for vendor_order in self.vendor_orders]
        for share in shares:
            if share.quantity and share.item_id is not None:
                line = self.units[share.item_id]
                gone, left = line.gone + share.quantity, line.left - share.quantity
                self.units[share.item_id] = replace(line, gone=gone, left=left)

    @property
    def left(self) -> int:
        """How much can still go back."""
        return sum(vendor_order.bucket(name).amount for vendor_order in self.vendor_orders for name in BUCKETS)


def purchase(lines: list[Line], totals: Totals, taken: CommissionSplit, terms: PriceTerms) -> Purchase:
    """Return an order as the books have it."""
    goods: dict[UUID, list[Sold]] = defaultdict(list)
    units = {}
    for n, (line, priced, commission) in enumerate(zip(lines, totals.lines, taken.of_lines, strict=True)):
        gross = line.total.minor - priced.discount.minor + (0 if totals.prices_include_tax else priced.tax.minor)
        item, rate = UUID(int=1000 + n), str(terms.taxes.rates.get(line.tax_class, ""))
        goods[line.vendor_id].append(Sold("goods", rate, gross, priced.tax.minor, commission, item))
        units[item] = Units(item, line.vendor_id, item, line.quantity, 0, line.quantity)
    vendor_orders = []
    for share in totals.shares:
        vendor, things = share.vendor_id, goods[share.vendor_id]
        rates = {one.rate for one in things}
        rate = rates.pop() if len(rates) == 1 and share.shipping_tax.minor else "shipping"
        sent = share.total.minor - sum(one.amount for one in things)
        things.append(Sold("shipping", rate, sent, share.shipping_tax.minor))
        vendor_orders.append(SoldVendorOrder(vendor, vendor, tuple(things), *taken.of_vendor_orders[vendor]))
    return Purchase(vendor_orders, units, terms.currency)


def draw_purchase(case: Case, data: st.DataObject) -> Purchase:
    lines, terms = data.draw(st.sampled_from(list(everywhere(case))))
    totals = price(lines, terms)
    rates = tuple(Decimal(data.draw(st.sampled_from(RATES))) for _ in lines)
    taken = split([(line.vendor_id, line.total) for line in lines], totals, Terms(rates, Decimal("0.19")))
    bought = purchase(lines, totals, taken, terms)
    assert bought.left == totals.total.minor
    return bought


def draw_refund(bought: Purchase, data: st.DataObject) -> list[Share]:
    """Refund an amount of everything or of a part, units in each of the two ways, shipping; [] where it is refused."""
    kind = data.draw(st.sampled_from(["amount", "part", "units", "returned", "shipping"]))
    vendor_orders = bought.vendor_orders
    if kind == "part":
        vendor_orders = [one for one in vendor_orders if one.vendor_order_id == data.draw(st.sampled_from(VENDORS))]
    if kind in ("amount", "part"):
        left = sum(vendor_order.bucket(name).amount for vendor_order in vendor_orders for name in BUCKETS)
        amount = data.draw(st.integers(0, min(left, 30)) | st.integers(0, left))
        return allocation.by_amount(vendor_orders, Money(amount, bought.currency))
    if kind == "shipping":
        return allocation.shipping_of(vendor_orders, data.draw(st.sets(st.sampled_from(VENDORS))), bought.currency)
    wanted = {
        item: data.draw(st.integers(1, line.left))
        for item, line in bought.units.items()
        if line.left and data.draw(st.booleans())
    }
    take = allocation.by_units if kind == "units" else allocation.up_to_units
    try:
        shares = take(vendor_orders, bought.units, wanted, bought.currency)
    except ValueError:  # so much was refunded by amount that the units are worth more than is left
        assert kind == "units"
        return []
    if kind == "units":
        assert {share.item_id: share.quantity for share in shares if share.quantity} == wanted
    return shares


def assert_sane(bought: Purchase, shares: Sequence[Share]) -> None:
    for share in shares:
        assert 0 <= share.tax.minor <= share.amount.minor, share
        assert share.commission.minor >= 0, share
        assert share.commission_tax.minor >= 0, share
    for vendor_order in bought.vendor_orders:
        taken = vendor_order.taken()
        assert all(0 <= taken[one.item_id] <= one.amount for one in vendor_order.sold), vendor_order
        for name in BUCKETS:
            left = vendor_order.bucket(name)
            assert 0 <= left.tax <= left.amount, left
            assert 0 <= left.commission <= left.amount, left
            assert left.commission_tax >= 0, left


def near(found: int, exact: Fraction) -> bool:
    return abs(found - exact) <= 1


def assert_documents_are_right(bought: Purchase, shares: Sequence[Share]) -> None:
    """Every document's tax is within a minor unit of what it is for, for each rate; its commission is so too."""
    for vendor_order in bought.vendor_orders:
        sold = {one.item_id: one for one in vendor_order.sold}
        mine = [share for share in shares if share.vendor_order_id == vendor_order.vendor_order_id]
        exact: dict[str, Fraction] = defaultdict(Fraction)
        found: dict[str, int] = defaultdict(int)
        for share in mine:
            one = sold[share.sold_id]
            exact[one.rate] += Fraction(one.tax * share.amount.minor, one.amount) if one.amount else 0
            found[one.rate] += share.tax.minor
        assert all(near(found[rate], exact[rate]) for rate in found), (found, exact)
        charged = sum(Fraction(sold[s.sold_id].commission * s.amount.minor, sold[s.sold_id].amount or 1) for s in mine)
        assert near(sum(share.commission.minor for share in mine), Fraction(charged)), mine


def give_the_rest_back(bought: Purchase) -> None:
    bought.take(allocation.by_amount(bought.vendor_orders, Money(bought.left, bought.currency)))
    rest = [vendor_order.bucket(name) for vendor_order in bought.vendor_orders for name in BUCKETS]
    assert [one for one in rest if one.amount or one.tax or one.commission or one.commission_tax] == []


@settings(max_examples=400, deadline=None)
@given(baskets(), st.data())
def test_whatever_is_refunded_everything_can_be_given_back_and_documents_are_right(
    case: Case, data: st.DataObject
) -> None:
    bought = draw_purchase(case, data)
    for _ in range(data.draw(st.integers(0, 8))):
        shares = draw_refund(bought, data)
        bought.take(shares)
        assert_sane(bought, shares)
        assert_documents_are_right(bought, shares)
    give_the_rest_back(bought)


@settings(max_examples=200, deadline=None)
@given(baskets(), st.data())
def test_refunds_that_fail_leave_nothing_stuck(case: Case, data: st.DataObject) -> None:
    fresh = draw_purchase(case, data)
    bought, taken = replace(fresh, units=dict(fresh.units)), list[Sequence[Share]]()
    for _ in range(data.draw(st.integers(0, 8))):
        shares = draw_refund(bought, data)
        bought.take(shares)
        taken.append(shares)
        assert_sane(bought, shares)
        if data.draw(st.booleans()):  # one of them fails: as if it had never been
            taken.pop(data.draw(st.integers(0, len(taken) - 1)))
            bought = replace(fresh, units=dict(fresh.units))
            for shares in taken:
                bought.take(shares)
            assert_sane(bought, [])
    give_the_rest_back(bought)


def one_vendor(*lines: Sold, commission: int = 0) -> tuple[SoldVendorOrder, dict[UUID, Units]]:
    vendor_order = SoldVendorOrder(VENDORS[0], VENDORS[0], lines, commission)
    units = {one.item_id: Units(one.item_id, VENDORS[0], one.item_id, 1, 0, 1) for one in lines if one.item_id}
    return vendor_order, units


def test_a_unit_of_one_rate_after_an_amount_of_two() -> None:
    low, high = UUID(int=1), UUID(int=2)
    vendor_order, units = one_vendor(
        Sold("goods", "0.07", 10000, 654, 0, low),
        Sold("goods", "0.19", 10000, 1597, 0, high),
        Sold("shipping", "x", 0, 0),
    )
    bought = Purchase([vendor_order], units, "EUR")

    bought.take(first := allocation.by_amount(bought.vendor_orders, Money(9900, "EUR")))
    bought.take(second := allocation.by_units(bought.vendor_orders, bought.units, {low: 1}, "EUR"))

    assert [(s.amount.minor, s.tax.minor, s.quantity) for s in first] == [(4950, 324, 0), (4950, 791, 0)]
    assert [(s.amount.minor, s.tax.minor, s.quantity) for s in second] == [(5050, 330, 1), (4950, 790, 0)]
    left = bought.vendor_orders[0].bucket("goods")
    assert (left.amount, left.tax) == (100, 16)
    give_the_rest_back(bought)


def test_taxes_of_many_small_refunds_do_not_drift() -> None:
    item = UUID(int=1)
    vendor_order, units = one_vendor(Sold("goods", "0.19", 610, 97, 0, item), Sold("shipping", "0.19", 490, 78))
    bought, taxes = Purchase([vendor_order], units, "EUR"), []
    for amount in (320, 90, 80, 30, 60, 30, 490):
        shares = allocation.by_amount(bought.vendor_orders, Money(amount, "EUR"))
        bought.take(shares)
        taxes.append(sum(share.tax.minor for share in shares))
        assert near(taxes[-1], Fraction(amount * 19, 119))
    assert sum(taxes) == 175
    assert bought.left == 0


@pytest.mark.parametrize("commission", [0, 100])
def test_thirty_refunds_of_five_cents_have_the_tax_of_one_and_a_half(commission: int) -> None:
    item = UUID(int=1)
    vendor_order, units = one_vendor(
        Sold("goods", "0.19", 1000, 160, commission, item), Sold("shipping", "x", 0, 0), commission=commission
    )
    bought, taken = Purchase([vendor_order], units, "EUR"), list[Share]()
    for _ in range(30):
        shares = allocation.by_amount(bought.vendor_orders, Money(5, "EUR"))
        bought.take(shares)
        taken += shares
    assert {share.tax.minor for share in taken} == {0, 1}
    assert sum(share.tax.minor for share in taken) == 24
    assert sum(share.commission.minor for share in taken) == commission * 150 // 1000
