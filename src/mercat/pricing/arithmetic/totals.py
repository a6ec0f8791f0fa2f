"""Totals of a cart or an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from mercat.kit.money import Money
from mercat.pricing.arithmetic.basket import Line
from mercat.pricing.arithmetic.discounts import Discount, Obstacle, reduce
from mercat.pricing.arithmetic.shipping import Method, ShippingGroup
from mercat.pricing.arithmetic.taxes import NO_TAX, Taxes

UNTAXED = Taxes({}, included=True)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a basket is priced by. Without `shipping` nothing is sent, and nothing asked for it."""

    currency: str
    shipping: Method | None = None
    sales: tuple[Discount, ...] = ()
    coupon: Discount | None = None
    taxes: Taxes = UNTAXED


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What a line's price consists of; `tax` is added to it or contained in it, as the totals say."""

    discount: Money
    tax: Money
    tax_rate: Decimal = NO_TAX


@dataclass(frozen=True, slots=True)
class Share:
    """A vendor's share of the totals; `shipping_tax` is how much of `tax` or `included_tax` is about shipping."""

    vendor_id: UUID
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    included_tax: Money

    @property
    def total(self) -> Money:
        """What the buyer pays for this share."""
        return self.subtotal - self.discount + self.shipping + self.tax


@dataclass(frozen=True, slots=True)
class Totals:
    """`total = subtotal - discount + shipping + tax`; `lines` and `shares` add up to it, to the minor unit.

    `tax` is added to prices, `included_tax` is contained in them: one of the two is always zero.
    """

    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    included_tax: Money
    prices_include_tax: bool
    lines: tuple[PricedLine, ...]
    shares: tuple[Share, ...]
    obstacle: Obstacle | None = None
    """Why the coupon reduces nothing."""
    ships: bool = True
    """Whether the shipping method takes all of it."""

    @property
    def total(self) -> Money:
        """What the buyer pays."""
        return self.subtotal - self.discount + self.shipping + self.tax


def price(lines: Sequence[Line], terms: Terms) -> Totals:
    """Return the totals of lines. Nothing to ship costs no shipping.

    Raises:
        CurrencyMismatchError: a line, a fee or a discount is not in the currency of the terms.
    """
    _require_one_currency(lines, terms)
    reduction = reduce(lines, terms.sales, terms.coupon)
    paid = [line.total.minor - off for line, off in zip(lines, reduction.by_line, strict=True)]
    taxes = terms.taxes.on_lines(lines, paid)
    groups = _groups(lines, paid)
    fees = terms.shipping.fees(groups) if terms.shipping else dict.fromkeys(groups, 0)
    ships = fees is not None
    charged = {vendor_id: 0 if vendor_id in reduction.free else fee for vendor_id, fee in (fees or {}).items()}
    shares = []
    for vendor_id in groups:
        own = [index for index, line in enumerate(lines) if line.vendor_id == vendor_id]
        of_vendor = _VendorTotals(
            vendor_id, charged.get(vendor_id, 0), [(lines[i], reduction.by_line[i], taxes[i]) for i in own]
        )
        shares.append(_share(of_vendor, terms))
    nothing = Money.zero(terms.currency)
    return Totals(
        subtotal=sum((share.subtotal for share in shares), nothing),
        discount=sum((share.discount for share in shares), nothing),
        shipping=sum((share.shipping for share in shares), nothing),
        tax=sum((share.tax for share in shares), nothing),
        included_tax=sum((share.included_tax for share in shares), nothing),
        prices_include_tax=terms.taxes.included,
        lines=tuple(
            PricedLine(Money(off, terms.currency), Money(tax, terms.currency), terms.taxes.rate(line.tax_class))
            for line, off, tax in zip(lines, reduction.by_line, taxes, strict=True)
        ),
        shares=tuple(shares),
        obstacle=reduction.obstacle,
        ships=ships,
    )


@dataclass(frozen=True, slots=True)
class _VendorTotals:
    """A vendor's lines, each with its discount and its tax."""

    vendor_id: UUID
    fee: int
    lines: list[tuple[Line, int, int]]


def _share(of_vendor: _VendorTotals, terms: Terms) -> Share:
    goods: dict[Decimal, int] = {}
    for line, off, _ in of_vendor.lines:
        rate = terms.taxes.rate(line.tax_class)
        goods[rate] = goods.get(rate, 0) + line.total.minor - off
    tariff = terms.shipping.of(of_vendor.vendor_id) if terms.shipping else None
    shipping_tax = terms.taxes.on_shipping(of_vendor.fee, tariff.tax_class if tariff else None, goods)
    tax = sum(tax for _, _, tax in of_vendor.lines) + shipping_tax

    def money(minor: int) -> Money:
        return Money(minor, terms.currency)

    return Share(
        vendor_id=of_vendor.vendor_id,
        subtotal=money(sum(line.total.minor for line, _, _ in of_vendor.lines)),
        discount=money(sum(off for _, off, _ in of_vendor.lines)),
        shipping=money(of_vendor.fee),
        shipping_tax=money(shipping_tax),
        tax=money(0 if terms.taxes.included else tax),
        included_tax=money(tax if terms.taxes.included else 0),
    )


def _groups(lines: Sequence[Line], paid: Sequence[int]) -> dict[UUID, ShippingGroup]:
    groups: dict[UUID, ShippingGroup] = {}
    for line, value in zip(lines, paid, strict=True):
        added = ShippingGroup(line.total.minor, value, line.weight_grams * line.quantity)
        before = groups.get(line.vendor_id)
        groups[line.vendor_id] = added if before is None else before + added
    return groups


def _require_one_currency(lines: Sequence[Line], terms: Terms) -> None:
    named = [line.unit_price for line in lines]
    for discount in (*terms.sales, *filter(None, [terms.coupon])):
        named += [amount for amount in (discount.amount, discount.minimum) if amount is not None]
    if terms.shipping is not None:
        for tariff in (*terms.shipping.own.values(), *filter(None, [terms.shipping.tariff])):
            named += [band.price for band in tariff.bands]
            named += [amount for amount in (tariff.free_from,) if amount is not None]
    sum(named, Money.zero(terms.currency))
