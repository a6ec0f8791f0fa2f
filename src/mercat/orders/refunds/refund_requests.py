"""Requests for refunds of an order: their lines are written down before the money goes, and count when it is refunded.

Lock order: the order, then its payment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox, payments
from mercat.auth import Actor
from mercat.kit.money import Money
from mercat.orders import books
from mercat.orders.arithmetic import allocation
from mercat.orders.arithmetic.allocation import NotThatMany
from mercat.orders.arithmetic.shares import BUCKETS, Share
from mercat.orders.events import OrderRefunded
from mercat.orders.exceptions import OrderItemNotFound, TooManyUnits
from mercat.orders.lifecycle import Status
from mercat.orders.models import Order, RefundLine, VendorOrder
from mercat.orders.refunds import balance
from mercat.payments import refunds
from mercat.payments.providers import Charge, Returned, ReturnState

CALLED_OFF, TOO_LATE, ELSEWHERE = "order cancelled", "order expired", "given back at the provider"
SURPLUS_OF = {
    Status.expired: "the payment came after the order had expired",
    Status.cancelled: "the payment came after the order was cancelled",
}
OTHER_AMOUNT, PAID_ALREADY = "the payment was not the amount of the order", "the order was paid already"
OWN_REASONS = (CALLED_OFF, TOO_LATE, ELSEWHERE, *SURPLUS_OF.values(), OTHER_AMOUNT, PAID_ALREADY)
"""The marketplace's own reason of a refund; buyers read it in their language."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to refund: an amount, units of lines, or with neither all that is refundable; of one vendor order or of all.

    `returned`: the units were returned, and the shipping of these vendor orders is refunded with them. Nothing is
    refunded twice; where nothing is refundable, ask `worth` first. `stock`: the variants whose levels the caller
    changes afterwards, which are locked together with those that the refund releases.
    """

    reason: str
    amount: Money | None = None
    units: Mapping[UUID, int] = field(default_factory=dict)
    returned: frozenset[UUID] | None = None
    vendor_order: UUID | None = None
    stock: frozenset[UUID] = frozenset()


async def request(session: AsyncSession, actor: Actor, order: Order, payment_id: UUID, wanted: Wanted) -> UUID:
    """Reserve the amount to refund and write down what it is for; `order` is locked. A refund by hand is done at once.

    Raises:
        RefundExceedsCaptured: more than is refundable of the payment, or of what the units belong to.
        OrderItemNotFound, TooManyUnits: no such line in the order, or fewer of its units are refundable.
    """
    standing = await refunds.refundable(session, payment_id)
    shares = [] if standing.surplus or order.paid_at is None else await _shares(session, order, standing.left, wanted)
    amount = Money(sum(share.amount.minor for share in shares), standing.left.currency)
    if not shares:
        amount = wanted.amount or standing.left
        if not amount.minor:
            raise standing.refusal()
    refund_id = await refunds.request(session, actor, payment_id, amount, reason=wanted.reason)
    await _write_down(session, refund_id, shares)
    if standing.by_hand or not amount.minor:
        done = Returned("", amount, ReturnState.succeeded, refund_id)
        await settle(session, actor, order, refund_id, done)
    return refund_id


async def return_surplus(session: AsyncSession, actor: Actor, order: Order, payment_id: UUID, *, amiss: bool) -> None:
    """Refund money that cannot be for its locked order; `amiss`: it is another amount than was asked for.

    Disputed money stays with the buyer's bank.
    """
    if (await refunds.refundable(session, payment_id)).left.minor:
        otherwise = OTHER_AMOUNT if amiss or order.paid_at is None else PAID_ALREADY
        reason = otherwise if amiss else SURPLUS_OF.get(Status(order.status), otherwise)
        await request(session, actor, order, payment_id, Wanted(reason))


async def worth(session: AsyncSession, order: Order, wanted: Wanted) -> Money:
    """Return what returned units are worth to their buyer now; zero if all of it was refunded before."""
    nothing = Money(0, order.currency)
    shares = await _shares(session, order, nothing, wanted)
    return sum((share.amount for share in shares), nothing)


async def return_all(session: AsyncSession, actor: Actor, order: Order, *, reason: str) -> None:
    """Refund whatever is captured for an order and refundable."""
    for payment in await refunds.refundables(session, order.id):
        await request(session, actor, order, payment.payment_id, Wanted(reason))


async def refund_vendor_order(
    session: AsyncSession, actor: Actor, order: Order, vendor_order_id: UUID, *, reason: str
) -> None:
    """Refund what is refundable of one vendor order, out of the order's payments, the oldest first."""
    for payment in await refunds.refundables(session, order.id):
        left = await left_of_vendor_order(session, order, vendor_order_id)
        if left.minor and not payment.surplus:
            amount = min(left, payment.left)
            await request(
                session, actor, order, payment.payment_id, Wanted(reason, amount=amount, vendor_order=vendor_order_id)
            )


async def emptied_vendor_orders(session: AsyncSession, order: Order) -> set[UUID]:
    """Return the vendor orders that are refunded in full."""
    rows = await session.execute(
        select(VendorOrder.id)
        .join(RefundLine, RefundLine.vendor_order_id == VendorOrder.id)
        .where(VendorOrder.order_id == order.id, refunds.has_gone_back(RefundLine.refund_id))
        .group_by(VendorOrder.id)
        .having(func.sum(RefundLine.amount_minor) == VendorOrder.total_minor)
    )
    return set(rows.scalars())


async def left_of_vendor_order(session: AsyncSession, order: Order, vendor_order_id: UUID) -> Money:
    """Return what of a vendor order's price is neither refunded nor about to be."""
    left = await balance.left(session, order, await balance.gone(session, order.id))
    mine = [
        vendor_order.bucket(name).amount
        for vendor_order in left
        if vendor_order.vendor_order_id == vendor_order_id
        for name in BUCKETS
    ]
    return Money(sum(mine), order.currency)


async def left_of_lines(session: AsyncSession, order: Order) -> dict[UUID, int]:
    """Return how many units of each line of a locked order are neither refunded nor replaced by others."""
    found = await balance.units(session, order, await balance.gone(session, order.id), vendor_order=None)
    return {item_id: line.left for item_id, line in found.items()}


async def settle(session: AsyncSession, actor: Actor, order: Order, refund_id: UUID, returned: Returned) -> bool:
    """Update a refund of this order from its provider; returns whether it has succeeded just now.

    A refund that fails after it had succeeded is taken out of the books again, and can be requested anew.
    """
    back = await refunds.settle(session, actor, refund_id, returned)
    if returned.settled is not None and returned.state is ReturnState.succeeded:
        await _settled(session, order, refund_id, returned.settled)
    if back is None or not back.amount.minor:
        return False
    shares = await shares_of(session, refund_id, back.amount.currency)
    await books.went_back(session, order, back, shares)
    if not back.surplus:
        order.refunded_minor += -back.amount.minor if back.reversed else back.amount.minor
    await session.flush()
    if not back.reversed:
        await outbox.publish(session, OrderRefunded(order_id=order.id, refund_id=refund_id))
    return not back.reversed


async def _settled(session: AsyncSession, order: Order, refund_id: UUID, settled: Money) -> None:
    refund = await refunds.read(session, refund_id)
    if refund.books_amount is not None and order.rate is not None:
        about = await payments.snapshot(session, refund.payment_id)
        cause, booked = f"refund.settled:{refund_id}", refund.books_amount * -1
        move = books.ProviderConversion(cause, about.payment_id, about.provider, booked, settled * -1)
        await books.settled(session, order, move)


async def follow(session: AsyncSession, actor: Actor, order: Order, payment_id: UUID, charge: Charge) -> None:
    """Update refunds from the charge, also those made at the provider itself."""
    known = await refunds.known_returns(session, payment_id, charge.returns)
    for refund_id, returned in known:
        if refund_id is not None:
            await settle(session, actor, order, refund_id, returned)
    for refund_id, returned in known:
        if refund_id is None and returned.state is not ReturnState.failed:
            await _record_made(session, actor, order, payment_id, returned)


async def follow_disputes(session: AsyncSession, actor: Actor, order: Order, payment_id: UUID, charge: Charge) -> None:
    """Update disputes from the charge. Money of a cancelled order that its bank releases is refunded to the buyer."""
    won = False
    for dispute in charge.disputes:
        for move in await payments.follow_dispute(session, actor, payment_id, dispute):
            await books.disputed(session, order, move)
            won = won or move.state == "won"
    if won and order.status in (Status.cancelled, Status.expired):
        reason = CALLED_OFF if order.status == Status.cancelled else TOO_LATE
        await return_all(session, actor, order, reason=reason)


async def _record_made(session: AsyncSession, actor: Actor, order: Order, payment_id: UUID, returned: Returned) -> None:
    refund_id = await refunds.record_made(session, actor, payment_id, returned, ELSEWHERE)
    if refund_id is None:
        return
    standing = await refunds.refundable(session, payment_id)
    if not standing.surplus and order.paid_at is not None:
        shares = await _shares(session, order, standing.left, Wanted(ELSEWHERE, amount=returned.amount))
        await _write_down(session, refund_id, shares)
    await settle(session, actor, order, refund_id, returned)


async def _write_down(session: AsyncSession, refund_id: UUID, shares: Sequence[Share]) -> None:
    if shares:
        await session.execute(insert(RefundLine), [_row(refund_id, share) for share in shares])


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund of an order, and what it was for; `surplus`: it was money that could not be for the order."""

    refund_id: UUID
    order_id: UUID
    amount: Money
    reason: str
    shares: Sequence[Share]
    surplus: bool = False


async def given_back(session: AsyncSession, refund_id: UUID) -> GivenBack:
    """Return what was refunded and for what; the caller has authorised."""
    refund = await refunds.read(session, refund_id)
    shares = await shares_of(session, refund_id, refund.amount.currency)
    payment = await payments.read_any(session, refund.payment_id)
    return GivenBack(refund_id, refund.order_id, refund.amount, refund.reason, shares, payment.surplus)


async def shares_of(session: AsyncSession, refund_id: UUID, currency: str) -> list[Share]:
    """Return what a refund is for."""
    rows = await session.execute(
        select(RefundLine, VendorOrder.vendor_id)
        .join(VendorOrder, VendorOrder.id == RefundLine.vendor_order_id)
        .where(RefundLine.refund_id == refund_id)
        .order_by(RefundLine.id)
    )
    return [
        Share(
            vendor_order_id=line.vendor_order_id,
            vendor_id=vendor_id,
            bucket="goods" if line.bucket == "goods" else "shipping",
            amount=Money(line.amount_minor, currency),
            tax=Money(line.tax_minor, currency),
            commission=Money(line.commission_minor, currency),
            commission_tax=Money(line.commission_tax_minor, currency),
            item_id=line.order_item_id,
            quantity=line.quantity,
        )
        for line, vendor_id in rows
    ]


async def _shares(session: AsyncSession, order: Order, most: Money, wanted: Wanted) -> list[Share]:
    gone = await balance.gone(session, order.id)
    left = await balance.left(session, order, gone)
    if wanted.vendor_order is not None:
        left = [vendor_order for vendor_order in left if vendor_order.vendor_order_id == wanted.vendor_order]
    try:
        if wanted.units:
            lines = await balance.units(session, order, gone, vendor_order=wanted.vendor_order)
            if unknown := [str(item) for item in wanted.units if item not in lines]:
                raise OrderItemNotFound(items=unknown)
            if wanted.returned is None:
                return allocation.by_units(left, lines, wanted.units, order.currency)
            goods = allocation.up_to_units(left, lines, wanted.units, order.currency)
            return goods + allocation.shipping_of(left, wanted.returned, order.currency)
        rest = min(most.minor, sum(vendor_order.bucket(name).amount for vendor_order in left for name in BUCKETS))
        amount = wanted.amount or Money(rest, order.currency)
        if amount.currency != order.currency:
            raise refunds.RefundInOtherCurrency(currency=order.currency)
        return allocation.by_amount(left, amount)
    except NotThatMany:
        raise TooManyUnits from None
    except ValueError:
        raise payments.RefundExceedsCaptured(left=most) from None


def _row(refund_id: UUID, share: Share) -> dict[str, object]:
    return {
        "refund_id": refund_id,
        "vendor_order_id": share.vendor_order_id,
        "order_item_id": share.item_id,
        "bucket": share.bucket,
        "quantity": share.quantity,
        "amount_minor": share.amount.minor,
        "tax_minor": share.tax.minor,
        "commission_minor": share.commission.minor,
        "commission_tax_minor": share.commission_tax.minor,
    }
