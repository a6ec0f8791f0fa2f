"""Discounts: automatic sales, then a coupon.

One rule says what goes together: at most one sale for each line, then at most one sale over the order, then one coupon,
each taken off what the one before has left. Of several sales the one that takes most off is used. Free shipping goes
together with everything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mercat.kit.money import Money
from mercat.pricing.arithmetic.basket import EVERYTHING, Line, Scope
from mercat.pricing.arithmetic.rounding import divided, split

WHOLE = 10_000
"""All of an amount, in hundredths of a percent."""


class Kind(StrEnum):
    """What a discount reduces."""

    percent = "percent"
    fixed = "fixed"
    free_shipping = "free_shipping"


class Obstacle(StrEnum):
    """Why a coupon reduces nothing of a basket."""

    below_minimum = "below_minimum"
    out_of_scope = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount of what is in scope: of each unit of it (`each`), or of its sum."""

    id: UUID
    kind: Kind
    each: bool = False
    percent: int = 0
    """In hundredths of a percent, up to `WHOLE`."""
    amount: Money | None = None
    scope: Scope = EVERYTHING
    minimum: Money | None = None
    """What the lines in scope must cost before any discount."""

    def reached(self, lines: Sequence[Line]) -> bool:
        """Whether the lines in scope cost enough."""
        if self.minimum is None:
            return True
        return sum(line.total.minor for line in lines if self.scope.covers(line)) >= self.minimum.minor

    def taken_off(self, lines: Sequence[Line], left: Sequence[int]) -> list[int]:
        """Return the discount of each line, of which so much remains to be paid."""
        nothing = [0] * len(lines)
        if self.kind is Kind.free_shipping or not self.reached(lines):
            return nothing
        base = [rest if self.scope.covers(line) else 0 for line, rest in zip(lines, left, strict=True)]
        if self.each:
            return [self._of(rest, line.quantity) for line, rest in zip(lines, base, strict=True)]
        whole = sum(base)
        return split(self._of(whole, 1), base) if whole else nothing

    def _of(self, rest: int, units: int) -> int:
        if self.kind is Kind.percent:
            return divided(rest * self.percent, WHOLE)
        return min(rest, self.amount.minor * units) if self.amount else 0

    def ships_free(self, lines: Sequence[Line]) -> set[UUID]:
        """Return the vendors whose packages are free: those of which everything is in scope."""
        if self.kind is not Kind.free_shipping or not self.reached(lines):
            return set()
        vendors = {line.vendor_id for line in lines}
        return vendors - {line.vendor_id for line in lines if not self.scope.covers(line)}


@dataclass(frozen=True, slots=True)
class Reduction:
    """The discount of each line, whose shipping is free, and why the coupon does not apply."""

    by_line: list[int]
    free: set[UUID]
    obstacle: Obstacle | None


def reduce(lines: Sequence[Line], sales: Sequence[Discount], coupon: Discount | None) -> Reduction:
    """Apply sales and a coupon; see the rule above."""
    left = [line.total.minor for line in lines]
    each = _largest([sale.taken_off(lines, left) for sale in sales if sale.each], len(lines))
    left = _without(left, each)
    whole = max((sale.taken_off(lines, left) for sale in sales if not sale.each), key=sum, default=[0] * len(lines))
    left = _without(left, whole)
    free = set().union(*(sale.ships_free(lines) for sale in sales))
    obstacle = None
    if coupon is not None:
        by_coupon, sent_free = coupon.taken_off(lines, left), coupon.ships_free(lines)
        left, free = _without(left, by_coupon), free | sent_free
        if not coupon.reached(lines):
            obstacle = Obstacle.below_minimum
        elif not any(by_coupon) and not sent_free:
            obstacle = Obstacle.out_of_scope
    return Reduction([line.total.minor - rest for line, rest in zip(lines, left, strict=True)], free, obstacle)


def _largest(offers: Iterable[list[int]], count: int) -> list[int]:
    return [max(one) for one in zip([0] * count, *offers, strict=True)]


def _without(left: Sequence[int], taken: Sequence[int]) -> list[int]:
    return [rest - off for rest, off in zip(left, taken, strict=True)]
