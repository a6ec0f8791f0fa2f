"""Imported products that cannot be bought, and why: what a merchant asks first."""

from dataclasses import dataclass, field
from types import MappingProxyType

EXPLAINED = MappingProxyType({
    "vendor_not_selling": "the vendor does not sell: it is suspended, perhaps until its legal details are known",
    "draft": "drafts: publish them when they are ready",
    "archived": "archived",
    "no_variants": "no variant is left",
    "disabled_variation": "variations that the file switches off",
    "missing_price": "no price: these rows were left out",
    "not_counted": "no stock was counted: the file says neither how many there are nor that they are not tracked",
    "out_of_stock": "out of stock, and no backorders",
})  # fmt: skip
"""Every reason, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Products and variants that are not for sale for one reason. Rows without a price count as variants."""

    reason: str
    products: int
    variants: int
    example: str = ""
    """One of them, by name."""
    explanation: str = field(init=False, compare=False)
    """The reason in words."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "explanation", EXPLAINED[self.reason])


@dataclass(frozen=True, slots=True)
class NotForSale:
    """What is not for sale, by reason."""

    found: tuple[Withheld, ...] = ()

    def __add__(self, other: "NotForSale") -> "NotForSale":
        by_reason: dict[str, Withheld] = {}
        for one in (*self.found, *other.found):
            known = by_reason.get(one.reason)
            by_reason[one.reason] = (
                one
                if known is None
                else Withheld(one.reason, known.products + one.products, known.variants + one.variants, known.example)
            )
        return NotForSale(tuple(by_reason[reason] for reason in EXPLAINED if reason in by_reason))
