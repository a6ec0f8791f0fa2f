"""Reactions to events of orders and providers."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.orders import clearing
from mercat.orders.events import OrderRefunded
from mercat.payments.events import AccountChanged
from mercat.payouts.lifecycle import Method
from mercat.payouts.stripe_accounts import refresh_account


@outbox.handler("payouts.reverse_refunded")
async def take_back(session: AsyncSession, _event_id: UUID, event: OrderRefunded) -> None:
    """Take a refund from the payable balance, where its vendor order had cleared before."""
    await clearing.sweep(session, event.order_id)


@outbox.handler("payouts.update_account")
async def follow_account(session: AsyncSession, _event_id: UUID, event: AccountChanged) -> None:
    """Queue the question to a provider whether money can be sent to a vendor's account now."""
    if event.provider == Method.stripe:
        await outbox.defer(session, refresh_account, ref=event.ref)
