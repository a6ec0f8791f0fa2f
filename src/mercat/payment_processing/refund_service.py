"""Refunds and voids through providers."""

from uuid import UUID

from mercat import orders, payments
from mercat.kit.database import Database
from mercat.payment_processing.provider_calls import find, follow
from mercat.payments import providers, refunds
from mercat.payments.providers import ProviderRefused, Returned, ReturnState, asking
from mercat.payments.refunds import RefundRead


async def send(database: Database, refund_id: UUID) -> RefundRead:
    """Request a refund from its provider, and update it. Idempotent: nothing is refunded twice.

    Raises:
        ProviderUnavailable: the refund waits, and is retried.
    """
    async with database.transaction() as session:
        refund = await refunds.read(session, refund_id)
        if refund.status != "pending":
            return refund
        about = await payments.snapshot(session, refund.payment_id)
    if not about.by_hand and about.provider_ref is not None:
        provider = providers.provider(about.provider, database)
        try:
            async with asking():
                returned = await provider.refund(
                    about.provider_ref, refund.amount, refund_id=refund_id, reason=refund.reason
                )
        except payments.PaymentRefused as refused:
            returned = Returned("", refund.amount, ReturnState.failed, refund_id, str(refused.extras["reason"]))
        async with database.transaction() as session:
            await orders.settle_refund(session, refund_id, returned)
    return await shown(database, refund_id)


async def shown(database: Database, refund_id: UUID) -> RefundRead:
    """Return a refund as it is now; the caller has authorised."""
    async with database.transaction() as session:
        return await refunds.read(session, refund_id)


async def abandon(database: Database, payment_id: UUID) -> None:
    """Void a payment at its provider. If it was captured meanwhile, it is refunded.

    Raises:
        ProviderUnavailable: the void is retried.
    """
    async with database.transaction() as session:
        about = await payments.snapshot(session, payment_id)
    if about.by_hand or about.status != "cancelled":
        return
    provider = providers.provider(about.provider, database)
    async with asking():
        try:
            made = await find(provider, about)
        except ProviderRefused as refused:
            if refused.code not in providers.UNKNOWN:
                raise
            made = None
        if made is None:
            return
        try:
            charge = await provider.cancel(made.ref, key=f"cancel-{payment_id}")
        except ProviderRefused:  # it was captured or cancelled meanwhile
            charge = await provider.find(made.ref)
    await follow(database, payment_id, charge)
