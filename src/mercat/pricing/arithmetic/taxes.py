"""Taxes on goods and shipping, added to prices or contained in them.

The tax of a rate is computed once on all that a vendor sells at this rate, rounded half up, and then split over the
lines: so a vendor's own invoice is right by itself, and the order's tax is the sum of its vendor orders'.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from mercat.pricing.arithmetic.basket import STANDARD, Line
from mercat.pricing.arithmetic.rounding import divided, split

DECIMALS = 5
UNIT = 10**DECIMALS
NO_TAX = Decimal(0)


@dataclass(frozen=True, slots=True)
class Taxes:
    """The rates at one address by tax class, and whether prices contain them."""

    rates: Mapping[str, Decimal]
    included: bool

    def rate(self, tax_class: str) -> Decimal:
        """Return a rate; a class without one of its own is taxed as the standard one."""
        return self.rates.get(tax_class, self.rates.get(STANDARD, NO_TAX))

    def of(self, amount: int, rate: Decimal) -> int:
        """Return the tax on an amount, or in it."""
        units = int(rate.scaleb(DECIMALS))
        return divided(amount * units, UNIT + units if self.included else UNIT)

    def on_lines(self, lines: Sequence[Line], paid: Sequence[int]) -> list[int]:
        """Return the tax of each line, for which so much is paid after discounts."""
        groups: dict[tuple[UUID, Decimal], list[int]] = defaultdict(list)
        for index, line in enumerate(lines):
            groups[line.vendor_id, self.rate(line.tax_class)].append(index)
        found = [0] * len(lines)
        for (_, rate), members in groups.items():
            amounts = [paid[index] for index in members]
            for index, tax in zip(members, split(self.of(sum(amounts), rate), amounts), strict=True):
                found[index] = tax
        return found

    def on_shipping(self, fee: int, tax_class: str | None, goods: Mapping[Decimal, int]) -> int:
        """Return the tax of a fee: by its own class, else by the rates of the goods, by what is paid for each."""
        if tax_class is not None:
            return self.of(fee, self.rate(tax_class))
        return sum(self.of(part, rate) for rate, part in zip(goods, split(fee, list(goods.values())), strict=True))
