"""Terms that are kept in the currency of the books, as they are in that of a basket.

Percentages and weights are the same everywhere. Amounts are converted exactly, to the minor unit: what they are
compared with and taken off are prices that were rounded by their currency's rule before. What shipping costs is
converted to what can be paid by card.
"""

from collections.abc import Sequence
from dataclasses import replace

from mercat.exchange import Conversion
from mercat.kit.money import Money
from mercat.pricing.arithmetic import Band, Basis, Discount, Method, Tariff


def discounts_in(discounts: Sequence[Discount], conversion: Conversion) -> tuple[Discount, ...]:
    """Return discounts with their amounts and minimums in another currency."""
    return tuple(discount_in(discount, conversion) for discount in discounts)


def discount_in(discount: Discount, conversion: Conversion) -> Discount:
    """Return a discount with its amount and its minimum in another currency."""
    amount, minimum = _exact(discount.amount, conversion), _exact(discount.minimum, conversion)
    return replace(discount, amount=amount, minimum=minimum)


def method_in(method: Method, conversion: Conversion) -> Method:
    """Return a way of shipping with its tariffs in another currency."""
    own = {vendor_id: _tariff_in(tariff, conversion) for vendor_id, tariff in method.own.items()}
    return replace(method, tariff=_tariff_in(method.tariff, conversion) if method.tariff else None, own=own)


def _tariff_in(tariff: Tariff, conversion: Conversion) -> Tariff:
    bands = tuple(Band(_bound(band.up_to, tariff, conversion), conversion.fee(band.price)) for band in tariff.bands)
    return replace(tariff, bands=bands, free_from=_exact(tariff.free_from, conversion))


def _bound(up_to: int | None, tariff: Tariff, conversion: Conversion) -> int | None:
    if up_to is None or tariff.basis is not Basis.value:
        return up_to
    return conversion.exact(Money(up_to, conversion.base)).minor


def _exact(amount: Money | None, conversion: Conversion) -> Money | None:
    return None if amount is None else conversion.exact(amount)
