"""Refunds of returned goods: requested once, and followed until they have succeeded."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor
from mercat.kit.money import Money
from mercat.orders import service
from mercat.orders.models import Order
from mercat.orders.refunds import refund_requests
from mercat.orders.refunds.refund_requests import Wanted
from mercat.orders.returns import transitions, units
from mercat.orders.returns.exceptions import NoPaymentToRefund, RefundUnderWay
from mercat.orders.returns.lifecycle import Reason, Status
from mercat.orders.returns.models import Return
from mercat.payments import refunds


async def wanted(
    session: AsyncSession, order: Order, reason: Reason, returned: dict[UUID, int], *, of: UUID | None = None
) -> Wanted:
    """Return what is refunded for the units of a return: their price and, after a withdrawal, their shipping."""
    vendor_orders: frozenset[UUID] = frozenset()
    if reason is Reason.withdrawal:
        vendor_orders = await units.vendor_orders_withdrawn(session, order, returned, besides=of)
    return Wanted("goods returned", units=returned, returned=vendor_orders)


async def worth(
    session: AsyncSession, order: Order, reason: Reason, returned: dict[UUID, int], *, of: UUID | None = None
) -> Money:
    """Return how much that is now."""
    if not returned:
        return Money(0, order.currency)
    return await refund_requests.worth(session, order, await wanted(session, order, reason, returned, of=of))


async def request(
    session: AsyncSession, actor: Actor, order: Order, sent_back: Return, *, stock: Collection[UUID] = ()
) -> bool:
    """Request the refund of a received return; both are locked. Exchanged units bring none.

    Locks the payment, then the levels of what it releases together with those of `stock`, which the caller changes.

    Returns:
        False where no payment can refund it: the return waits without a refund, for `again`.
    """
    returned = await units.paid_back(session, sent_back.id)
    amount = await worth(session, order, Reason(sent_back.reason), returned, of=sent_back.id)
    sent_back.amount_minor = amount.minor
    await session.flush()
    if not returned:
        await transitions.move(session, actor, sent_back, Status.exchanged)
        return True
    if not amount.minor:
        await transitions.move(session, actor, sent_back, Status.refunded, note="nothing was left to give back")
        return True
    payment_id = await _payment(session, order, amount)
    if payment_id is None:
        return False
    goes_back = await wanted(session, order, Reason(sent_back.reason), returned, of=sent_back.id)
    goes_back = replace(goes_back, stock=frozenset(stock))
    sent_back.refund_id = await service.refund(session, actor, order.id, payment_id, goes_back)
    await session.flush()
    await _finish_if_gone(session, actor, sent_back)
    return True


async def again(session: AsyncSession, actor: Actor, order: Order, sent_back: Return) -> None:
    """Request a refund again that its provider has refused, or that no payment could cover; both are locked.

    Raises:
        RefundUnderWay: the provider has not refused.
        NoPaymentToRefund: there is still no payment that can cover it.
    """
    if sent_back.refund_id is not None:
        if (await refunds.read(session, sent_back.refund_id)).status != "failed":
            raise RefundUnderWay
        sent_back.refund_id = None
        await session.flush()
    if not await request(session, actor, order, sent_back):
        raise NoPaymentToRefund


async def follow(session: AsyncSession, actor: Actor, refund_id: UUID) -> None:
    """Complete the return of a refund, if it has one, that has succeeded. Idempotent."""
    return_id = await session.scalar(select(Return.id).where(Return.refund_id == refund_id))
    if return_id is None:
        return
    _, sent_back = await transitions.for_update(session, return_id)
    if sent_back.refund_id == refund_id and sent_back.status == Status.received:
        await _finish_if_gone(session, actor, sent_back)


async def _finish_if_gone(session: AsyncSession, actor: Actor, sent_back: Return) -> None:
    if sent_back.refund_id is None:
        return
    if (await refunds.read(session, sent_back.refund_id)).status == "succeeded":
        await transitions.move(session, actor, sent_back, Status.refunded)


async def _payment(session: AsyncSession, order: Order, amount: Money) -> UUID | None:
    """Return the oldest payment that paid the order and of which this much is refundable."""
    found = await refunds.refundables(session, order.id)
    return next((p.payment_id for p in found if not p.surplus and p.left.minor >= amount.minor), None)
