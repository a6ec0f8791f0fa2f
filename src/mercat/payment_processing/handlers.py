"""Reactions to events of payments: a provider has to be called."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.payment_processing import refund_carrier
from mercat.payment_processing.jobs import abandon_charge, delete_saved_cards_of
from mercat.payments.events import ChargeAbandoned, CustomerForgotten, RefundRequested


@outbox.handler("payment_processing.refund")
async def give_back(session: AsyncSession, _event_id: UUID, event: RefundRequested) -> None:
    """Queue a refund, unless its job exists already."""
    await refund_carrier.queue(session, event.refund_id)


@outbox.handler("payment_processing.void_charge")
async def call_off(session: AsyncSession, _event_id: UUID, event: ChargeAbandoned) -> None:
    """Queue the voiding of a payment at its provider."""
    await outbox.defer(session, abandon_charge, payment_id=str(event.payment_id))


@outbox.handler("payment_processing.forget_saved_cards")
async def delete_saved_cards(session: AsyncSession, _event_id: UUID, event: CustomerForgotten) -> None:
    """Queue the deletion of a person's cards at a provider."""
    await outbox.defer(session, delete_saved_cards_of, provider=event.provider, customer=event.ref)
