"""Moving an order from one status to the next, with everything that the move means.

One lock order everywhere: the order's row first, then its payments, the gift card that paid, its coupon, then the stock
levels in key order.
"""

from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, inventory, outbox, payments, pricing
from mercat.auth import Actor, Permission
from mercat.kit import clock
from mercat.orders import books, refunding
from mercat.orders.events import EVENT_OF
from mercat.orders.exceptions import IllegalTransition, OrderNotFound
from mercat.orders.lifecycle import NOT_SENT, Status, allowed
from mercat.orders.models import Order, OrderHistory, VendorOrder

REASONS = {Status.cancelled: refunding.CALLED_OFF, Status.expired: refunding.TOO_LATE}


async def for_update(session: AsyncSession, order_id: UUID) -> Order:
    """Return an order, locked and as it is now.

    Raises:
        OrderNotFound: there is none.
    """
    locked = select(Order).where(Order.id == order_id).with_for_update()
    order = await session.scalar(locked.execution_options(populate_existing=True))
    if order is None:
        raise OrderNotFound
    return order


def require(order: Order, target: Status) -> None:
    """Refuse a move that an order's life does not know.

    Raises:
        IllegalTransition: it does not go that way.
    """
    if not allowed(Status(order.status), target):
        raise IllegalTransition(current=order.status, wanted=target.value)


async def move(session: AsyncSession, actor: Actor, order: Order, target: Status, *, note: str = "") -> None:
    """Move a locked order.

    Raises:
        IllegalTransition: its life does not go that way.
    """
    require(order, target)
    origin, now = Status(order.status), clock.now()
    order.status = target
    order.updated_at = now
    await session.execute(update(VendorOrder).where(VendorOrder.order_id == order.id).values(status=target))
    await session.execute(
        insert(OrderHistory).values(
            order_id=order.id,
            at=now,
            from_status=origin,
            to_status=target,
            actor=actor.reference,
            by_staff=actor.signed_in and actor.can(Permission.orders_manage),
            note=note,
        )
    )
    await _take_effect(session, actor, order, origin, target)
    await session.flush()
    await audit.record(session, actor, f"order.{target}", order.id, changes={"status": audit.Change(origin, target)})
    if target in EVENT_OF:
        await outbox.publish(session, EVENT_OF[target](order_id=order.id))


async def _take_effect(session: AsyncSession, actor: Actor, order: Order, origin: Status, target: Status) -> None:
    if target is Status.paid:
        order.paid_at, order.expires_at = order.updated_at, None
        await books.sold(session, order)
        await inventory.confirm(session, order.id)
    elif target is Status.shipped:
        await inventory.ship(session, order.id, actor=actor.reference)
    elif target in REASONS:
        await payments.abandon(session, actor, order.id)
        await refunding.return_all(session, actor, order, reason=REASONS[target])
        await pricing.give_back(session, order.id)
        await inventory.release(session, order.id, actor=actor.reference, expired=target is Status.expired)
    elif target is Status.refunded and origin in NOT_SENT:
        await inventory.release(session, order.id, actor=actor.reference)
