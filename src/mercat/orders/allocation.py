"""What a refund is for: pure arithmetic that splits an amount over the shops' parts of an order, to the minor unit."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from mercat.kit.money import Money

BucketName = Literal["goods", "shipping"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of a part's goods or of its shipping: what the buyer paid for it, and how much of that is tax.

    `commission` is the marketplace's cut of it, `commission_tax` the tax on that.
    """

    part_id: UUID
    vendor_id: UUID
    name: BucketName
    amount: int
    tax: int
    commission: int = 0
    commission_tax: int = 0


@dataclass(frozen=True, slots=True)
class Pieces:
    """A line of the order: `gross` is what was paid for all of its pieces, `gone` how many were given back before.

    Pieces that replace others are worth what those were: such a line has the numbers of the line that was `sold`, and
    `most` says how many of its own pieces can go back.
    """

    item_id: UUID
    part_id: UUID
    quantity: int
    gone: int
    gross: int
    tax: int
    commission: int = 0
    sold: UUID | None = None
    most: int | None = None

    @property
    def left(self) -> int:
        """How many can go back."""
        return self.quantity - self.gone if self.most is None else self.most


@dataclass(frozen=True, slots=True)
class Share:
    """A line of a refund: so much of a part's goods or shipping; `quantity` pieces of an item if it is for pieces.

    The marketplace gives its cut of it back to the shop, with the tax on that.
    """

    part_id: UUID
    vendor_id: UUID
    bucket: BucketName
    amount: Money
    tax: Money
    commission: Money
    commission_tax: Money
    item_id: UUID | None = None
    quantity: int = 0


class NotThatMany(ValueError):
    """More pieces of a line were to be refunded than are left of it."""


def by_amount(buckets: Sequence[Bucket], amount: Money) -> list[Share]:
    """Split an amount in proportion to what is left of each bucket. All that is left takes all tax that is left.

    Raises:
        ValueError: more than is left.
    """
    left = sum(bucket.amount for bucket in buckets)
    if amount.minor > left:
        raise ValueError("more than is left of the order")
    parts = amount.allocate([bucket.amount for bucket in buckets]) if left else []
    return [_take(bucket, part) for bucket, part in zip(buckets, parts, strict=bool(parts)) if part.minor]


def by_pieces(
    buckets: Sequence[Bucket], pieces: Mapping[UUID, Pieces], wanted: Mapping[UUID, int], currency: str
) -> list[Share]:
    """Take pieces of lines. However they are split over several refunds, all pieces are worth what was paid for them.

    Raises:
        NotThatMany: a line has fewer left.
        ValueError: goods of that part were given back by amount before, and less is left than the pieces were worth.
    """
    goods = {bucket.part_id: bucket for bucket in buckets if bucket.name == "goods"}
    shares = []
    taken: Counter[UUID] = Counter()
    for item_id, quantity in wanted.items():
        line = _after(pieces[item_id], taken)
        if quantity > line.left:
            raise NotThatMany
        bucket = goods[line.part_id]
        if _step(line.gross, line, quantity) > bucket.amount:
            raise ValueError("less is left of this shop's goods than the pieces were worth")
        share, goods[line.part_id] = _pieces(bucket, line, quantity, currency)
        taken[line.sold or item_id] += quantity
        shares.append(share)
    return shares


def up_to_pieces(
    buckets: Sequence[Bucket], pieces: Mapping[UUID, Pieces], wanted: Mapping[UUID, int], currency: str
) -> list[Share]:
    """Take what is left of pieces of lines, and of what they were worth; nothing if all of it was given back before."""
    goods = {bucket.part_id: bucket for bucket in buckets if bucket.name == "goods"}
    shares = []
    taken: Counter[UUID] = Counter()
    for item_id, quantity in wanted.items():
        line = _after(pieces[item_id], taken)
        left = min(quantity, line.left)
        share, goods[line.part_id] = _pieces(goods[line.part_id], line, left, currency)
        taken[line.sold or item_id] += left
        if share.amount.minor:
            shares.append(share)
    return shares


def shipping_of(buckets: Sequence[Bucket], parts: Collection[UUID], currency: str) -> list[Share]:
    """Take what is left of the shipping of these parts."""
    sent = [bucket for bucket in buckets if bucket.name == "shipping" and bucket.part_id in parts]
    return [_take(bucket, Money(bucket.amount, currency)) for bucket in sent if bucket.amount]


def _after(line: Pieces, taken: Counter[UUID]) -> Pieces:
    """Return a line as it is when these pieces have gone, of it or of others that were sold as the same."""
    return replace(line, gone=line.gone + taken[line.sold or line.item_id])


def _pieces(bucket: Bucket, line: Pieces, quantity: int, currency: str) -> tuple[Share, Bucket]:
    """Take pieces out of their part's goods; returns the share, and what is left of the goods."""
    amount = min(_step(line.gross, line, quantity), bucket.amount)
    everything = amount == bucket.amount
    tax = bucket.tax if everything else min(_step(line.tax, line, quantity), amount, bucket.tax)
    cut = bucket.commission if everything else min(_step(line.commission, line, quantity), bucket.commission)
    return _shared(bucket, Money(amount, currency), tax, cut, item_id=line.item_id, quantity=quantity)


def _shared(
    bucket: Bucket, amount: Money, tax: int, cut: int, *, item_id: UUID | None = None, quantity: int = 0
) -> tuple[Share, Bucket]:
    """Take an amount out of a bucket; the tax on the cut follows the cut, and all that is left goes with the last."""
    cut_tax = bucket.commission_tax * cut // bucket.commission if bucket.commission else 0
    share = Share(
        part_id=bucket.part_id,
        vendor_id=bucket.vendor_id,
        bucket=bucket.name,
        amount=amount,
        tax=Money(tax, amount.currency),
        commission=Money(cut, amount.currency),
        commission_tax=Money(cut_tax, amount.currency),
        item_id=item_id,
        quantity=quantity,
    )
    return share, without(bucket, share)


def whole(share: Share) -> Bucket:
    """Return a share as a bucket of which nothing else is left."""
    return Bucket(
        part_id=share.part_id,
        vendor_id=share.vendor_id,
        name=share.bucket,
        amount=share.amount.minor,
        tax=share.tax.minor,
        commission=share.commission.minor,
        commission_tax=share.commission_tax.minor,
    )


def without(bucket: Bucket, share: Share) -> Bucket:
    """Return what a share leaves of its bucket."""
    return replace(
        bucket,
        amount=bucket.amount - share.amount.minor,
        tax=bucket.tax - share.tax.minor,
        commission=bucket.commission - share.commission.minor,
        commission_tax=bucket.commission_tax - share.commission_tax.minor,
    )


def _step(whole: int, line: Pieces, quantity: int) -> int:
    """Return what so many more pieces are worth of the whole line; the steps of a line add up to it."""
    return whole * (line.gone + quantity) // line.quantity - whole * line.gone // line.quantity


def _take(bucket: Bucket, part: Money) -> Share:
    tax = bucket.tax * part.minor // bucket.amount
    cut = bucket.commission * part.minor // bucket.amount
    return _shared(bucket, part, tax, cut)[0]
