"""Transitions of a return. Lock order: the order, then its return."""

from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor, Permission
from mercat.kit import clock
from mercat.orders import transitions
from mercat.orders.models import Order
from mercat.orders.returns.events import EVENT_OF
from mercat.orders.returns.exceptions import IllegalReturnMove, ReturnNotFound
from mercat.orders.returns.lifecycle import Status, allowed
from mercat.orders.returns.models import Return, ReturnHistory


async def for_update(session: AsyncSession, return_id: UUID) -> tuple[Order, Return]:
    """Return a return and its order, locked and current.

    Raises:
        ReturnNotFound: there is none.
    """
    order_id = await session.scalar(select(Return.order_id).where(Return.id == return_id))
    if order_id is None:
        raise ReturnNotFound
    order = await transitions.for_update(session, order_id)
    found = await session.get_one(Return, return_id, with_for_update=True, populate_existing=True)
    return order, found


async def move(session: AsyncSession, actor: Actor, sent_back: Return, target: Status, *, note: str = "") -> None:
    """Move a locked return.

    Raises:
        IllegalReturnMove: its life cycle has no such transition.
    """
    origin = Status(sent_back.status)
    if not allowed(origin, target):
        raise IllegalReturnMove(current=origin.value, wanted=target.value)
    sent_back.status = target
    sent_back.updated_at = clock.now()
    await session.flush()
    await enter(session, actor, sent_back, origin, note=note)


async def enter(
    session: AsyncSession, actor: Actor, sent_back: Return, origin: Status | None, *, note: str = ""
) -> None:
    """Write down a return's new status, and publish it."""
    target = Status(sent_back.status)
    buyer = (await session.get_one(Order, sent_back.order_id)).user_id
    await session.execute(
        insert(ReturnHistory).values(
            return_id=sent_back.id,
            at=sent_back.updated_at,
            from_status=origin,
            to_status=target,
            actor=actor.reference,
            by_staff=actor.signed_in and (actor.user_id != buyer or actor.can(Permission.orders_manage)),
            note=note,
        )
    )
    if origin is not None:
        changes = {"status": audit.Change(origin, target)}
        await audit.record(session, actor, f"return.{target}", sent_back.id, changes=changes)
    if target in EVENT_OF:
        await outbox.publish(session, EVENT_OF[target](order_id=sent_back.order_id, return_id=sent_back.id))
