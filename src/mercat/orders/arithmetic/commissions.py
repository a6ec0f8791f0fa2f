"""The marketplace's cut: pure arithmetic, frozen on every line when an order is placed.

It is taken of what a shop earns by its goods: the price after discounts and without tax; shipping bears none. The tax
on it is that of the marketplace's own service to the shop, rounded once for each part.
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
    """At which rate each line of an order is charged, in their order, and the rate of the tax on that; 0.1 is 10 %.

    Some shops have a tax rate of their own.
    """

    rates: tuple[Decimal, ...] = ()
    tax_rate: Decimal = NOTHING
    own_tax_rates: Mapping[UUID, Decimal] = field(default_factory=dict)

    def tax_rate_of(self, vendor_id: UUID) -> Decimal:
        """Return the rate of the tax on what a shop is charged."""
        return self.own_tax_rates.get(vendor_id, self.tax_rate)


NONE = Terms()


@dataclass(frozen=True, slots=True)
class CommissionSplit:
    """What the marketplace takes: of each line, and of each shop's part with the tax on it; in minor units."""

    rates: list[Decimal]
    of_lines: list[int]
    of_vendor_orders: dict[UUID, tuple[int, int]]


def split(sold: Sequence[tuple[UUID, Money]], totals: Totals, terms: Terms) -> CommissionSplit:
    """Return the cut of an order of whose lines these shops sell so much; without any rates there is none."""
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
