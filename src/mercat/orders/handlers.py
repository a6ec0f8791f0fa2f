"""Reactions to what happened to people."""

from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, outbox, payments
from mercat.auth.events import EmailVerified
from mercat.orders.models import Order


@outbox.handler("orders.claim_guest_orders")
async def claim_of_guest(session: AsyncSession, _event_id: UUID, event: EmailVerified) -> None:
    """Assign a person's guest orders to their account: the address is proven to be theirs now."""
    account = (await auth.user_references(session, [event.user_id])).get(event.user_id)
    if account is None:
        return
    claimed = await session.scalars(
        update(Order)
        .where(Order.user_id.is_(None), func.lower(Order.email) == account.email.lower())
        .values(user_id=account.id, guest_key=None)
        .returning(Order.id)
    )
    order_ids = claimed.all()
    await payments.claim(session, order_ids, account.id)
    changes = {"user_id": audit.Change(None, account.id)}
    entries = [audit.Entry("order.claimed", order_id, changes) for order_id in order_ids]
    await audit.record_many(session, auth.Actor.system(), entries)
