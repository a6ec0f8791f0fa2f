"""What units that replace others are worth: to the minor unit what the former were, however they are split."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest

from mercat.orders.arithmetic import allocation
from mercat.orders.arithmetic.allocation import NotThatMany, Units
from mercat.orders.arithmetic.shares import Sold, SoldVendorOrder, without

PART, SOLD, NEW, NEWER = (UUID(int=n) for n in range(4))
BOUGHT = SoldVendorOrder(
    PART, PART, (Sold("goods", "0.19", 1000, 160, 84, SOLD), Sold("shipping", "0.19", 0, 0)), 84, 16
)
LINES = {item: Units(item, PART, SOLD, quantity=3, gone=0, left=1) for item in (SOLD, NEW, NEWER)}
"""Three units were sold; two of them were exchanged, and one of those again."""


@pytest.mark.parametrize("order", list(permutations(LINES)))
def test_units_of_replacements_add_up_to_what_was_sold(order: tuple[UUID, ...]) -> None:
    for take in (allocation.by_units, allocation.up_to_units):
        shares = take([BOUGHT], LINES, dict.fromkeys(order, 1), "EUR")
        assert [share.item_id for share in shares] == list(order)
        assert [share.amount.minor for share in shares] == [333, 333, 334]
        assert [sum(getattr(s, name).minor for s in shares) for name in ("tax", "commission", "commission_tax")] == [
            160, 84, 16,
        ]  # fmt: skip


def test_they_add_up_in_several_refunds_too() -> None:
    amounts, bought = [], BOUGHT
    for gone, item in enumerate(LINES):
        [share] = allocation.by_units([bought], {item: replace(LINES[item], gone=gone)}, {item: 1}, "EUR")
        bought = without(bought, [share])
        amounts.append(share.amount.minor)

    assert amounts == [333, 333, 334]
    goods = bought.bucket("goods")
    assert (goods.amount, goods.tax, goods.commission, goods.commission_tax) == (0, 0, 0, 0)


def test_no_more_of_a_line_goes_back_than_is_left_of_it() -> None:
    with pytest.raises(NotThatMany):
        allocation.by_units([BOUGHT], LINES, {SOLD: 2}, "EUR")
    assert [share.quantity for share in allocation.up_to_units([BOUGHT], LINES, {SOLD: 2}, "EUR")] == [1]
