"""How a converted price is rounded: to an amount of a rule of its currency, never to nothing."""

from dataclasses import dataclass
from decimal import Decimal

from mercat.kit.exchange_rates import EXACT, LARGEST


@dataclass(frozen=True, slots=True)
class Rounding:
    """Prices that are a multiple of `step` and `ending` more, both in minor units: (100, 99) is 0.99, 1.99, 2.99.

    (1, 0) is any amount, (5, 0) what can be paid in coins of 0.05, (100, 0) whole amounts.
    """

    step: int = 1
    ending: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.ending < self.step:
            raise ValueError("an ending is less than its step")

    def nearest(self, minor: Decimal) -> int:
        """Return the amount of the rule that is nearest, the higher of two that are equally near.

        Nothing stays nothing, whatever the ending; what costs something still does: the least amount of the rule.
        """
        if minor <= 0:
            return 0
        doubled = EXACT.add(EXACT.multiply(EXACT.subtract(minor, Decimal(self.ending)), Decimal(2)), Decimal(self.step))
        steps = int(EXACT.divide_int(doubled, Decimal(2 * self.step))) if doubled > 0 else 0
        steps = min(steps, (LARGEST - self.ending) // self.step)
        return steps * self.step + self.ending or self.step
