"""Reactions to what happened to payments: somebody has to talk to a provider."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.payment_processing import refund_carrier
from mercat.payment_processing.jobs import abandon_charge, delete_saved_cards_of
from mercat.payments.events import ChargeAbandoned, CustomerForgotten, RefundRequested


@outbox.handler("payment_processing.refund")
async def give_back(session: AsyncSession, _event_id: UUID, event: RefundRequested) -> None:
    """Have a refund sent, unless its job is there already."""
    await refund_carrier.queue(session, event.refund_id)


@outbox.handler("payment_processing.void_charge")
async def call_off(session: AsyncSession, _event_id: UUID, event: ChargeAbandoned) -> None:
    """Have a provider told that a payment is not wanted any more."""
    await outbox.defer(session, abandon_charge, payment_id=str(event.payment_id))


@outbox.handler("payment_processing.forget_saved_cards")
async def delete_saved_cards(session: AsyncSession, _event_id: UUID, event: CustomerForgotten) -> None:
    """Have a provider forget somebody's cards."""
    await outbox.defer(session, delete_saved_cards_of, provider=event.provider, customer=event.ref)
