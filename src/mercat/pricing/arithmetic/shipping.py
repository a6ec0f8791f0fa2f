"""Prices of shipping: one package of the marketplace, and one of each vendor that has a tariff of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from mercat.kit.currencies import step_of
from mercat.kit.money import Money
from mercat.pricing.arithmetic.rounding import split


class Basis(StrEnum):
    """What a tariff goes by."""

    flat = "flat"
    weight = "weight"
    value = "value"


@dataclass(frozen=True, slots=True)
class Band:
    """A price up to so many grams or minor units, that much included; None is no bound."""

    up_to: int | None
    price: Money


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a package costs, by bands in ascending order; a flat price is one band without a bound.

    `tax_class` None: shipping is taxed as the goods are that it brings.
    """

    basis: Basis
    bands: tuple[Band, ...]
    free_from: Money | None = None
    """From this value of goods, after discounts, it costs nothing."""
    tax_class: str | None = None

    @classmethod
    def flat(cls, price: Money) -> "Tariff":
        """Return the tariff of one price for everything."""
        return cls(Basis.flat, (Band(None, price),))

    def fee(self, group: "ShippingGroup") -> int | None:
        """Return what a package costs; None if it is more than the last band takes."""
        if self.free_from is not None and group.value >= self.free_from.minor:
            return 0
        size = {Basis.flat: 0, Basis.weight: group.weight_grams, Basis.value: group.value}[self.basis]
        found = (band.price.minor for band in self.bands if band.up_to is None or size <= band.up_to)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class ShippingGroup:
    """A vendor's share of a basket, or several together; `value` is what is paid for the goods after discounts."""

    subtotal: int
    value: int
    weight_grams: int

    def __add__(self, other: "ShippingGroup") -> "ShippingGroup":
        return ShippingGroup(
            self.subtotal + other.subtotal, self.value + other.value, self.weight_grams + other.weight_grams
        )


@dataclass(frozen=True, slots=True)
class Method:
    """A way of shipping: the marketplace's tariff, and those of vendors who have their own for it."""

    code: str
    name: str
    tariff: Tariff | None
    own: Mapping[UUID, Tariff] = field(default_factory=dict)
    id: UUID | None = None
    """That of the method whose name it has; none for the one of the settings."""
    translated_name: str | None = None
    """In the language that was asked for, where it differs."""

    @property
    def shown_name(self) -> str:
        """Its name for readers of the language that was asked for."""
        return self.translated_name or self.name

    def of(self, vendor_id: UUID) -> Tariff | None:
        """Return the tariff of a vendor's share."""
        return self.own.get(vendor_id, self.tariff)

    def fees(self, groups: Mapping[UUID, ShippingGroup]) -> dict[UUID, int] | None:
        """Return each vendor's fee; None if some of it cannot be sent this way.

        What goes by the marketplace's tariff is one package, whose fee the vendors share by their subtotals.
        """
        fees: dict[UUID, int] = {}
        shared = {vendor_id: group for vendor_id, group in groups.items() if vendor_id not in self.own}
        for vendor_id in groups.keys() - shared.keys():
            own = self.own[vendor_id].fee(groups[vendor_id])
            if own is None:
                return None
            fees[vendor_id] = own
        if shared:
            whole = self.tariff.fee(sum(shared.values(), ShippingGroup(0, 0, 0))) if self.tariff else None
            if whole is None:
                return None
            fees |= zip(shared, self._split(whole, [group.subtotal for group in shared.values()]), strict=True)
        return fees

    def _split(self, whole: int, weights: list[int]) -> list[int]:
        """Split a fee that can be paid by card into parts that can."""
        step = step_of(self.tariff.bands[0].price.currency) if self.tariff and self.tariff.bands else 1
        step = 1 if whole % step else step
        return [part * step for part in split(whole // step, weights)]
