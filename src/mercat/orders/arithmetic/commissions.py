"""The marketplace's commission: pure arithmetic, frozen on every line when an order is placed.

It is charged on a vendor's revenue from goods: the price after discounts and without tax; shipping bears none. The tax
on it is that of the marketplace's own service to the vendor, rounded once for each vendor order.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from mercat.kit.money import Money
from mercat.pricing import Totals

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """The commission rate of each line of an order, in their order, and the rate of the tax on it; 0.1 is 10 %.

    Some vendors have a tax rate of their own.
    """

    rates: tuple[Decimal, ...] = ()
    tax_rate: Decimal = NOTHING
    own_tax_rates: Mapping[UUID, Decimal] = field(default_factory=dict)

    def tax_rate_of(self, vendor_id: UUID) -> Decimal:
        """Return the rate of the tax on what a vendor is charged."""
        return self.own_tax_rates.get(vendor_id, self.tax_rate)


NONE = Terms()


@dataclass(frozen=True, slots=True)
class CommissionSplit:
    """What the marketplace keeps: of each line, and of each vendor order with the tax on it; in minor units."""

    rates: list[Decimal]
    of_lines: list[int]
    of_vendor_orders: dict[UUID, tuple[int, int]]


def split(sold: Sequence[tuple[UUID, Money]], totals: Totals, terms: Terms) -> CommissionSplit:
    """Return the commission of an order in which these vendors sell so much; without any rates there is none."""
    rates = list(terms.rates or [NOTHING] * len(sold))
    of_lines = []
    sums: dict[UUID, int] = defaultdict(int)
    for (vendor_id, price), line, rate in zip(sold, totals.lines, rates, strict=True):
        contained = line.tax.minor if totals.prices_include_tax else 0
        of_lines.append(_share(price.minor - line.discount.minor - contained, rate))
        sums[vendor_id] += of_lines[-1]
    of_vendor_orders = {vendor: (minor, _share(minor, terms.tax_rate_of(vendor))) for vendor, minor in sums.items()}
    return CommissionSplit(rates, of_lines, of_vendor_orders)


def _share(minor: int, rate: Decimal) -> int:
    return int((minor * rate).quantize(Decimal(1), ROUND_HALF_UP))
