"""Lookup of the payment of a provider's charge, given only a webhook or a line of its books."""

from uuid import UUID

from mercat import payments
from mercat.kit.database import Database
from mercat.kit.logs import logger
from mercat.payment_processing.provider_calls import follow
from mercat.payments import PaymentSnapshot, inbox, providers
from mercat.payments.providers import Charge, asking


async def handle(database: Database, webhook_id: UUID) -> None:
    """Process a stored webhook."""
    async with database.transaction() as session:
        webhook = await inbox.kept(session, webhook_id)
    if webhook is None or webhook.outcome:
        return
    outcome = "about nothing of ours"
    if webhook.charge_ref is not None:
        provider = providers.provider(webhook.provider, database)
        async with asking():
            charge = await provider.find(webhook.charge_ref)
        outcome = await match(database, webhook.provider, charge)
    async with database.transaction() as session:
        await inbox.dealt_with(session, webhook_id, outcome)


async def match(database: Database, name: str, charge: Charge) -> str:
    """Update the payment of a charge; returns the outcome in a few words.

    A charge that names a payment of ours which knows another one, or which asked for another amount, pays nothing: it
    is refunded.
    """
    async with database.transaction() as session:
        payment_id = await payments.by_charge(session, name, charge.ref)
        named = None
        if payment_id is None and charge.payment_id is not None:
            named = await payments.named(session, charge.payment_id)
    if payment_id is not None:
        await follow(database, payment_id, charge)
        return "followed"
    if named is None or named.provider != name:
        return "about nothing of ours"
    if named.provider_ref is None and named.amount == charge.amount:
        await follow(database, named.payment_id, charge)
        return "found its payment"
    return await _turn_away(database, named, charge)


async def _turn_away(database: Database, named: PaymentSnapshot, charge: Charge) -> str:
    """Refund a charge that our payment did not ask for."""
    provider = providers.provider(named.provider, database)
    logger.warning("charge_turned_away", payment=str(named.payment_id), charge=charge.ref, amount=str(charge.amount))
    async with database.transaction() as session:
        stray_id = await payments.record_stray(session, named, charge)
    if charge.captured.minor:
        await follow(database, stray_id, charge)
        return "came for a payment that did not ask for it, and goes back"
    try:
        async with asking():
            await provider.cancel(charge.ref, key=f"cancel-{stray_id}")
    except payments.PaymentRefused:
        return "cannot be given up"
    return "named a payment that did not ask for it, and was given up"
