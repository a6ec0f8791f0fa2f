"""Allocation of a refund over lines and shipping, to the minor unit: pure arithmetic.

Units are worth what was paid for them. An amount without units is allocated to every line and to the shipping, in
proportion to what is refundable of each, so that it has their rates of tax. If an amount of a line was refunded before
its units are, the other lines of its vendor order cover what that line lacks.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from mercat.kit.money import Money
from mercat.orders.arithmetic.shares import BUCKETS, Draft, Share, Sold, SoldVendorOrder, priced


@dataclass(frozen=True, slots=True)
class Units:
    """A line of the order, of which `left` units are refundable.

    Units that replace others are worth what those were: `sold` is the line that was sold originally, `quantity` how
    many units were sold with it, and `gone` how many of those were refunded.
    """

    item_id: UUID
    vendor_order_id: UUID
    sold: UUID
    quantity: int
    gone: int
    left: int


class NotThatMany(ValueError):
    """More units of a line were to be refunded than are refundable."""


@dataclass(slots=True)
class _Till:
    """What is refundable of vendor orders while a refund is allocated, and what was allocated."""

    vendor_orders: Mapping[UUID, SoldVendorOrder]
    left: dict[tuple[UUID, UUID | None], int]
    drafts: list[tuple[UUID, Draft]]

    @classmethod
    def of(cls, vendor_orders: Sequence[SoldVendorOrder]) -> "_Till":
        """Open it."""
        left = {}
        for vendor_order in vendor_orders:
            taken = vendor_order.taken()
            left.update(
                {
                    (vendor_order.vendor_order_id, one.item_id): one.amount - taken[one.item_id]
                    for one in vendor_order.sold
                }
            )
        return cls({vendor_order.vendor_order_id: vendor_order for vendor_order in vendor_orders}, left, [])

    def goods(self, vendor_order_id: UUID) -> list[Sold]:
        """Return the lines of a vendor order."""
        return [one for one in self.vendor_orders[vendor_order_id].sold if one.bucket == "goods"]

    def rest(self, vendor_order_id: UUID, things: Sequence[Sold]) -> int:
        """Return how much of these is refundable."""
        return sum(self.left[vendor_order_id, one.item_id] for one in things)

    def take(
        self, vendor_order_id: UUID, one: Sold, amount: int, item_id: UUID | None = None, quantity: int = 0
    ) -> None:
        """Allocate an amount to one thing."""
        self.left[vendor_order_id, one.item_id] -= amount
        self.drafts.append((vendor_order_id, Draft(one, amount, item_id or one.item_id, quantity)))

    def spread(self, vendor_order_id: UUID, things: Sequence[Sold], amount: Money) -> None:
        """Allocate an amount to several things, in proportion to what is refundable of each."""
        weights = [self.left[vendor_order_id, one.item_id] for one in things]
        if amount.minor:
            for one, share in zip(things, amount.allocate(weights), strict=True):
                if share.minor:
                    self.take(vendor_order_id, one, share.minor)

    def shares(self, currency: str) -> list[Share]:
        """Return what was allocated, with its tax and commission."""
        order = {
            vendor_order_id: n
            for n, vendor_order_id in enumerate(dict.fromkeys(vendor_order_id for vendor_order_id, _ in self.drafts))
        }
        found = []
        by_vendor_order = sorted(self.drafts, key=lambda draft: order[draft[0]])
        for vendor_order_id, drafts in groupby(by_vendor_order, key=lambda draft: draft[0]):
            found += priced(self.vendor_orders[vendor_order_id], [draft for _, draft in drafts], currency)
        return found


def by_amount(vendor_orders: Sequence[SoldVendorOrder], amount: Money) -> list[Share]:
    """Split an amount in proportion to what is refundable of goods and shipping, and of each line.

    Raises:
        ValueError: more than is refundable.
    """
    till = _Till.of(vendor_orders)
    buckets = [
        (vendor_order.vendor_order_id, [one for one in vendor_order.sold if one.bucket == name])
        for vendor_order in vendor_orders
        for name in BUCKETS
    ]
    weights = [till.rest(vendor_order_id, things) for vendor_order_id, things in buckets]
    if amount.minor > sum(weights):
        raise ValueError("more than is left of the order")
    if any(weights):
        for (vendor_order_id, things), share in zip(buckets, amount.allocate(weights), strict=True):
            till.spread(vendor_order_id, things, share)
    return till.shares(amount.currency)


def by_units(
    vendor_orders: Sequence[SoldVendorOrder], units: Mapping[UUID, Units], wanted: Mapping[UUID, int], currency: str
) -> list[Share]:
    """Allocate units of lines. However several refunds split them, all units are worth what was paid for them.

    Raises:
        NotThatMany: fewer units of a line are refundable.
        ValueError: an amount of that vendor order's goods was refunded before, and less is refundable than the units
            worth.
    """
    if any(quantity > units[item_id].left for item_id, quantity in wanted.items()):
        raise NotThatMany
    return _units(vendor_orders, units, wanted, currency, all_of_it=True)


def up_to_units(
    vendor_orders: Sequence[SoldVendorOrder], units: Mapping[UUID, Units], wanted: Mapping[UUID, int], currency: str
) -> list[Share]:
    """Allocate what is refundable of units of lines, and of their worth; nothing if all of it was refunded before."""
    most = {item_id: min(quantity, units[item_id].left) for item_id, quantity in wanted.items()}
    shares = _units(vendor_orders, units, most, currency, all_of_it=False)
    return shares if any(share.amount.minor for share in shares) else []


def shipping_of(vendor_orders: Sequence[SoldVendorOrder], wanted: Collection[UUID], currency: str) -> list[Share]:
    """Allocate what is refundable of the shipping of these vendor orders."""
    till = _Till.of(vendor_orders)
    for vendor_order in vendor_orders:
        for one in vendor_order.sold:
            if (
                vendor_order.vendor_order_id in wanted
                and one.bucket == "shipping"
                and till.left[vendor_order.vendor_order_id, one.item_id]
            ):
                till.take(vendor_order.vendor_order_id, one, till.left[vendor_order.vendor_order_id, one.item_id])
    return till.shares(currency)


def _units(
    vendor_orders: Sequence[SoldVendorOrder],
    units: Mapping[UUID, Units],
    wanted: Mapping[UUID, int],
    currency: str,
    *,
    all_of_it: bool,
) -> list[Share]:
    till = _Till.of(vendor_orders)
    taken: Counter[UUID] = Counter()
    lacking: Counter[UUID] = Counter()
    for item_id, quantity in wanted.items():
        line = units[item_id]
        [one] = [one for one in till.goods(line.vendor_order_id) if one.item_id == line.sold]
        worth = _step(one.amount, line, taken[line.sold], quantity)
        own = min(worth, till.left[line.vendor_order_id, line.sold])
        till.take(line.vendor_order_id, one, own, item_id, quantity)
        taken[line.sold] += quantity
        lacking[line.vendor_order_id] += worth - own
    for vendor_order_id, amount in lacking.items():
        goods = till.goods(vendor_order_id)
        left = till.rest(vendor_order_id, goods)
        if amount > left and all_of_it:
            raise ValueError("less is left of these goods than the units were worth")
        till.spread(vendor_order_id, goods, Money(min(amount, left), currency))
    return till.shares(currency)


def _step(whole: int, line: Units, taken: int, quantity: int) -> int:
    """Return what so many more units are worth of the whole line; the steps of a line add up to it."""
    gone = line.gone + taken
    return whole * (gone + quantity) // line.quantity - whole * gone // line.quantity
