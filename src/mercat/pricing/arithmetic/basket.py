"""What is bought, as far as its price depends on it."""

from dataclasses import dataclass
from uuid import UUID

from mercat.kit.money import Money

STANDARD = "standard"
"""The tax class of what names no other."""
NONE: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """Units of something that a vendor sells; `weight_grams` is that of one unit."""

    vendor_id: UUID
    unit_price: Money
    quantity: int
    product_id: UUID | None = None
    category_ids: frozenset[UUID] = NONE
    """Its category and those above it."""
    tax_class: str = STANDARD
    weight_grams: int = 0

    @property
    def total(self) -> Money:
        """Price times quantity."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Scope:
    """Which lines something is about: each kind that names any must name the line's; naming none means all."""

    vendor_ids: frozenset[UUID] = NONE
    category_ids: frozenset[UUID] = NONE
    product_ids: frozenset[UUID] = NONE

    def covers(self, line: Line) -> bool:
        """Whether it is about this line."""
        return (
            (not self.vendor_ids or line.vendor_id in self.vendor_ids)
            and (not self.category_ids or not self.category_ids.isdisjoint(line.category_ids))
            and (not self.product_ids or line.product_id in self.product_ids)
        )


EVERYTHING = Scope()
