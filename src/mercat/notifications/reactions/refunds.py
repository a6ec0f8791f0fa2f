"""Reactions to refunds that did not reach their buyer: mail to the operators who give refunds."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, orders, outbox
from mercat.auth import Permission
from mercat.notifications.writing import Draft, write
from mercat.payments import refunds
from mercat.payments.events import RefundFailed


@outbox.handler("notifications.notify_refund_failed")
async def tell_of_failed_refund(session: AsyncSession, event_id: UUID, event: RefundFailed) -> None:
    """Tell everybody who may give refunds that one has failed, and why: somebody waits for the money."""
    refund = await refunds.read(session, event.refund_id)
    if refund.status != "failed":
        return
    number = (await orders.read(session, refund.order_id)).number
    values = {"amount": refund.amount, "order_number": number, "reason": refund.failure}
    for user_id in await auth.holders_of(session, Permission.orders_refund):
        card = await auth.hold(session, user_id)
        if card is not None:
            named = {"name": card.name if card.email_verified else "", **values}
            draft = Draft("refund_failed", card.email, card.locale, named, {"number": number}, user_id=user_id)
            await write(session, event_id, draft)
