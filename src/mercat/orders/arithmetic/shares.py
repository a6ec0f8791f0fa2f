"""Shares of the tax and the commission that are refunded with an amount: pure arithmetic, to the minor unit.

Cumulative sums are rounded, not single amounts: after every refund the tax refunded so far is the tax of everything
refunded so far, to the nearest minor unit. So each document is within one minor unit of its rate, all documents
together are exact, and what is refundable never holds more tax than money (ADR 0033).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Literal
from uuid import UUID

from mercat.kit.money import Money

BucketName = Literal["goods", "shipping"]
BUCKETS: tuple[BucketName, ...] = ("goods", "shipping")
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Bucket:
    """An amount of a vendor order's goods or of its shipping, the `tax` in it, and the commission on it."""

    vendor_order_id: UUID
    vendor_id: UUID
    name: BucketName
    amount: int
    tax: int
    commission: int = 0
    commission_tax: int = 0


@dataclass(frozen=True, slots=True)
class Sold:
    """Something that was paid for: a line as it was sold, or shipping, which has no `item_id`; `tax` is in the amount.

    What has the same `rate` is added up on documents before its tax is rounded.
    """

    bucket: BucketName
    rate: str
    amount: int
    tax: int
    commission: int = 0
    item_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """What a refund took of something sold; `sold_id` names the line as it was sold, None is shipping."""

    sold_id: UUID | None
    amount: int
    tax: int
    commission: int = 0
    commission_tax: int = 0


@dataclass(frozen=True, slots=True)
class SoldVendorOrder:
    """A vendor order as it was sold, and what of it was refunded. The tax on the commission is one sum for all."""

    vendor_order_id: UUID
    vendor_id: UUID
    sold: tuple[Sold, ...]
    commission: int = 0
    commission_tax: int = 0
    gone: tuple[Gone, ...] = ()

    def taken(self) -> Counter[UUID | None]:
        """Return how much of each line, and of the shipping, was refunded."""
        counted: Counter[UUID | None] = Counter()
        for one in self.gone:
            counted[one.sold_id] += one.amount
        return counted

    def bucket(self, name: BucketName) -> Bucket:
        """Return what is refundable of the goods or of the shipping."""
        mine = [one for one in self.sold if one.bucket == name]
        gone = [one for one in self.gone if (one.sold_id is None) == (name == "shipping")]
        split, split_tax = (self.commission, self.commission_tax) if name == "goods" else (0, 0)
        return Bucket(
            vendor_order_id=self.vendor_order_id,
            vendor_id=self.vendor_id,
            name=name,
            amount=sum(one.amount for one in mine) - sum(one.amount for one in gone),
            tax=sum(one.tax for one in mine) - sum(one.tax for one in gone),
            commission=split - sum(one.commission for one in gone),
            commission_tax=split_tax - sum(one.commission_tax for one in gone),
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An amount to be refunded of something that was sold; for `quantity` units of a line, or without units."""

    sold: Sold
    amount: int
    item_id: UUID | None = None
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A line of a refund: an amount of a vendor order's goods or shipping; `quantity` units of an item, or none.

    The marketplace refunds its commission on it to the vendor, with the tax on that. `sold_id` is the line as it was
    sold: `item_id` itself, or what that replaces.
    """

    vendor_order_id: UUID
    vendor_id: UUID
    bucket: BucketName
    amount: Money
    tax: Money
    commission: Money
    commission_tax: Money
    item_id: UUID | None = None
    quantity: int = 0
    sold_id: UUID | None = None

    @property
    def whole(self) -> Bucket:
        """The share as a bucket of which nothing else is refundable."""
        return Bucket(
            vendor_order_id=self.vendor_order_id,
            vendor_id=self.vendor_id,
            name=self.bucket,
            amount=self.amount.minor,
            tax=self.tax.minor,
            commission=self.commission.minor,
            commission_tax=self.commission_tax.minor,
        )


@dataclass(frozen=True, slots=True)
class _Range:
    """Something's cumulative sum, exact before and after, and what may be taken now so that it stays near that."""

    given: int
    before: Fraction
    after: Fraction
    least: int
    most: int


def without(vendor_order: SoldVendorOrder, shares: Iterable[Share]) -> SoldVendorOrder:
    """Return what is refundable of a vendor order after these shares."""
    gone = (
        Gone(share.sold_id, share.amount.minor, share.tax.minor, share.commission.minor, share.commission_tax.minor)
        for share in shares
        if share.vendor_order_id == vendor_order.vendor_order_id
    )
    return replace(vendor_order, gone=(*vendor_order.gone, *gone))


def priced(vendor_order: SoldVendorOrder, drafts: Sequence[Draft], currency: str) -> list[Share]:
    """Return shares of what is refunded of a vendor order: with their tax, commission, and the tax on that."""
    taxes = _taxes(vendor_order, drafts)
    cuts = _commissions(vendor_order, drafts)
    split_taxes = _commission_taxes(vendor_order, cuts)
    return [
        Share(
            vendor_order_id=vendor_order.vendor_order_id,
            vendor_id=vendor_order.vendor_id,
            bucket=draft.sold.bucket,
            amount=Money(draft.amount, currency),
            tax=Money(tax, currency),
            commission=Money(split, currency),
            commission_tax=Money(split_tax, currency),
            item_id=draft.item_id,
            quantity=draft.quantity,
            sold_id=draft.sold.item_id,
        )
        for draft, tax, split, split_tax in zip(drafts, taxes, cuts, split_taxes, strict=True)
    ]


def _taxes(vendor_order: SoldVendorOrder, drafts: Sequence[Draft]) -> list[int]:
    """Round the tax of everything of one rate together; goods and shipping each keep within what is theirs."""
    taxes = [0] * len(drafts)
    rates = {one.item_id: one.rate for one in vendor_order.sold}
    for rate in sorted({draft.sold.rate for draft in drafts}):
        members: list[_Range] = []
        taking: list[list[int]] = []
        for bucket in BUCKETS:
            things = [one for one in vendor_order.sold if (one.rate, one.bucket) == (rate, bucket)]
            gone = [one for one in vendor_order.gone if rates[one.sold_id] == rate and _bucket(one) == bucket]
            mine = [n for n, one in enumerate(drafts) if (one.sold.rate, one.sold.bucket) == (rate, bucket)]
            given = sum(one.tax for one in gone)
            members.append(_range(vendor_order, things, [drafts[n] for n in mine], given, lambda one: one.tax))
            taking.append(mine)
        for value, mine in zip(_rounded(members), taking, strict=True):
            for n, tax in zip(mine, _spread(value, [Fraction(drafts[n].amount) for n in mine]), strict=True):
                taxes[n] = tax
    return taxes


def _commissions(vendor_order: SoldVendorOrder, drafts: Sequence[Draft]) -> list[int]:
    goods = [one for one in vendor_order.sold if one.bucket == "goods"]
    mine = [n for n, draft in enumerate(drafts) if draft.sold.bucket == "goods"]
    given = sum(one.commission for one in vendor_order.gone)
    [value] = _rounded([_range(vendor_order, goods, [drafts[n] for n in mine], given, lambda one: one.commission)])
    weights = [_of(drafts[n].sold.commission, drafts[n].sold.amount, drafts[n].amount) for n in mine]
    if not any(weights):
        weights = [Fraction(drafts[n].amount) for n in mine]
    cuts = [0] * len(drafts)
    for n, split in zip(mine, _spread(value, weights), strict=True):
        cuts[n] = split
    return cuts


def _commission_taxes(vendor_order: SoldVendorOrder, cuts: Sequence[int]) -> list[int]:
    """Let the tax on the commission follow the commission; the rest of it goes with the last of that."""
    given = sum(one.commission_tax for one in vendor_order.gone)
    split = sum(one.commission for one in vendor_order.gone) + sum(cuts)
    left = vendor_order.commission_tax - given
    value = left
    if split < vendor_order.commission:
        value = _clamp(_nearest(_of(vendor_order.commission_tax, vendor_order.commission, split)) - given, 0, left)
    return _spread(value if any(cuts) else 0, [Fraction(one) for one in cuts])


def _range(
    vendor_order: SoldVendorOrder,
    things: Sequence[Sold],
    drafts: Sequence[Draft],
    given: int,
    what: Callable[[Sold], int],
) -> _Range:
    """Return what may be taken with these drafts of the tax, or of the commission, of these things.

    Never more than the amount or than is refundable, and never so little that more tax would remain than money.
    """
    amounts: Counter[UUID | None] = Counter()
    for draft in drafts:
        amounts[draft.sold.item_id] += draft.amount
    already = vendor_order.taken()
    before = after = Fraction(0)
    rest = 0
    for one in things:
        taken, more = already[one.item_id], amounts[one.item_id]
        before += _of(what(one), one.amount, taken)
        after += _of(what(one), one.amount, taken + more)
        rest += one.amount - taken - more
    left = sum(what(one) for one in things) - given
    most = max(0, min(sum(amounts.values()), left))
    least = _clamp(left - rest, 0, most)
    near = (_clamp(edge(after) - given, least, most) for edge in (floor, ceil))
    return _Range(given, before, after, *near)


def _rounded(members: Sequence[_Range]) -> list[int]:
    """Return what each takes, so that the sum of all is the nearest to what is exact."""
    exact = sum((one.after - one.before for one in members), Fraction(0))
    target = _nearest(sum((one.after for one in members), Fraction(0))) - sum(one.given for one in members)
    target = _clamp(target, ceil(exact - 1), floor(exact + 1))
    values = [one.least for one in members]
    short = target - sum(values)
    for n in sorted(range(len(members)), key=lambda n: members[n].after - members[n].given - values[n], reverse=True):
        more = _clamp(short, 0, members[n].most - values[n])
        values[n] += more
        short -= more
    return values


def _spread(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Split a sum in proportion, by largest remainders; the earlier of two alike gets more."""
    whole = sum(weights, Fraction(0))
    if not total or not whole:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    found = [floor(one) for one in exact]
    for n in sorted(range(len(exact)), key=lambda n: found[n] - exact[n])[: total - sum(found)]:
        found[n] += 1
    return found


def _bucket(gone: Gone) -> BucketName:
    return "shipping" if gone.sold_id is None else "goods"


def _of(whole: int, amount: int, taken: int) -> Fraction:
    return Fraction(whole * taken, amount) if amount else Fraction(0)


def _nearest(exact: Fraction) -> int:
    return floor(exact + HALF)


def _clamp(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def paid_for(goods: int, discount: int, tax: int, *, tax_included: bool) -> int:
    """Return what the buyer pays for a line, with its discount and its tax, in minor units."""
    return goods - discount + (0 if tax_included else tax)
